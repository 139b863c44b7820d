//! Owns the templates of an environment: what is parsed of them, and when.
//!
//! What the environment holds besides is in `mod.rs`, what is put into texts in `traced.rs`.

use super::environment;
use super::traced::Prepared;
use crate::source::Source;
use minijinja::{Environment, Error};
use std::collections::BTreeMap;
use std::sync::Arc;

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

impl Parsed {
    /// Templates that are parsed when they are first asked for.
    pub(super) fn new(
        templates: impl Iterator<Item = (String, Arc<Source>)>,
        prepare: fn(&str) -> Prepared,
    ) -> Self {
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
        // A loader, since the environment lets any thread parse what it asks for.
        environment.set_loader(move |name| Ok(texts.get(name).map(|text| text.compiled().to_owned())));
        Self { environment, sources }
    }

    /// Parses a template.
    pub(super) fn parse(&self, name: &str) -> Result<(), Error> {
        self.environment.get_template(name).map(|_| ())
    }
}

/// The names that stand where those of filters do: behind `|` and in `{% filter name %}`. Some may be none.
fn filters(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split('%').skip(1);
    let blocks = tags.filter_map(|tag| {
        tag.trim_start_matches(['-', '+'])
            .trim_start()
            .strip_prefix("filter")
    });
    text.split('|').skip(1).chain(blocks).map(|rest| {
        let rest = rest.trim_start();
        let is_name = |character: char| character == '_' || character.is_alphanumeric();
        &rest[..rest.find(|character| !is_name(character)).unwrap_or(rest.len())]
    })
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
