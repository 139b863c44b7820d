//! Owns the parsed templates of an environment; long ones are parsed by two threads.
//!
//! What the environment holds besides is in `mod.rs`, what is put into texts in `traced.rs`.

use super::environment;
use super::traced::Prepared;
use crate::source::Source;
use minijinja::{Environment, Error};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

/// Templates in an environment of their own.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) environment: Environment<'static>,
    pub(super) sources: Arc<BTreeMap<String, Text>>,
}

/// A template's text as the user wrote it and as it was compiled.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: Arc<Source>,
    pub(super) prepared: Prepared,
}

impl Text {
    /// The text as it is parsed.
    pub(super) fn compiled(&self) -> &str {
        self.prepared.text.as_deref().unwrap_or(&self.source.text)
    }
}

/// How many bytes of templates a second thread is worth: it starts in the time in which these are parsed.
const LONG: usize = 8 << 10;

/// The parser recurses as deeply as expressions nest, up to its own limit.
const STACK: usize = 8 << 20;

impl Parsed {
    /// Parses templates; gives the errors of those that do not parse too.
    pub(super) fn new(
        templates: impl Iterator<Item = (String, Arc<Source>)>,
        prepare: fn(&str) -> Prepared,
    ) -> (Self, Vec<Error>) {
        let text = |(name, source): (String, Arc<Source>)| {
            let prepared = prepare(&source.text);
            (name, Text { source, prepared })
        };
        let sources: Arc<BTreeMap<String, Text>> = Arc::new(templates.map(text).collect());
        let filters = sources
            .values()
            .flat_map(|text| filters(text.compiled()))
            .collect();
        let mut environment = environment(&filters);
        let texts = Arc::clone(&sources);
        // A loader, since the environment lets any thread parse what has been asked of one.
        environment.set_loader(move |name| Ok(texts.get(name).map(|text| text.compiled().to_owned())));
        let broken = parse(&environment, &sources);
        (Self { environment, sources }, broken)
    }
}

/// The names that stand where those of filters do: behind `|` and in `{% filter name %}`. Some may be none.
fn filters(text: &str) -> impl Iterator<Item = &str> {
    let behind = |mark| text.split(mark).skip(1);
    behind("|").chain(behind("filter")).map(|rest| {
        let rest = rest.trim_start();
        let is_name = |character: char| character == '_' || character.is_alphanumeric();
        &rest[..rest.find(|character| !is_name(character)).unwrap_or(rest.len())]
    })
}

/// Has the environment parse all templates; gives the errors in the order of the names.
fn parse(environment: &Environment<'static>, sources: &BTreeMap<String, Text>) -> Vec<Error> {
    let names: Vec<&String> = sources.keys().collect();
    let next = AtomicUsize::new(0);
    let parse_share = || {
        let mut broken = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(index) else {
                break broken;
            };
            if let Err(error) = environment.get_template(name) {
                broken.push((index, error));
            }
        }
    };
    let length: usize = sources.values().map(|text| text.compiled().len()).sum();
    let mut broken = thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let other = (length > LONG).then(|| builder.spawn_scoped(scope, parse_share));
        let mut broken = parse_share();
        // Without another thread, this one has done everything.
        match other.and_then(Result::ok).map(ScopedJoinHandle::join) {
            Some(Ok(share)) => broken.extend(share),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
        broken
    });
    broken.sort_by_key(|(index, _)| *index);
    broken.into_iter().map(|(_, error)| error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_filters_are_found_wherever_they_may_stand() {
        let text =
            "{{ a|upper | trunc( 3 )|\n  toYaml }}{%- filter lower|trim %}{{ b }}{% endfilter %} a | b-c";
        let found: Vec<&str> = filters(text).filter(|name| !name.is_empty()).collect();
        assert_eq!(found, ["upper", "trunc", "toYaml", "trim", "b", "lower"]);
    }
}
