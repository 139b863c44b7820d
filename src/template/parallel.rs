//! Owns rendering on two threads at once, where nobody can tell it from rendering one template after the other.
//!
//! Templates may write to the values, which later templates then see. So each thread renders with values of its own, and
//! what they made counts only if no template has written to them. How a template is rendered is not here.

use super::format::Integers;
use super::tree::Entry;
use super::{Compiled, RenderedFile, STACK, Scene};
use crate::yaml::Map;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};

/// How many threads render. A third would take longer to start than it saves.
const THREADS: usize = 2;

/// Renders all templates and gives what `read` makes of each, in their order.
///
/// None if the order of templates may matter or if one of them fails: then they are to be rendered one after the other,
/// which also words the errors.
pub(super) fn render<T: Send>(
    compiled: &Compiled<'_>,
    scene: Scene<'_>,
    read: &(impl Fn(RenderedFile) -> T + Sync),
) -> Option<Vec<T>> {
    let entries: Vec<&Entry<'_>> = compiled.rendered_entries().collect();
    // Go templates write to their values as a matter of course, and a seeded stream is drawn from in order.
    let suits = entries.iter().all(|entry| entry.template.is_jinja()) && scene.options.seed.is_none();
    if !suits || entries.len() < THREADS {
        return None;
    }
    let next = AtomicUsize::new(0);
    let work = || render_share(compiled, scene, &entries, &next, read);
    let shares: Option<Vec<Vec<(usize, T)>>> = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        let end = |thread: Result<ScopedJoinHandle<'_, _>, _>| match thread.ok()?.join() {
            Ok(share) => share,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(end).collect()
    });
    let mut all: Vec<(usize, T)> = shares?.into_iter().flatten().collect();
    all.sort_by_key(|(index, _)| *index);
    Some(all.into_iter().map(|(_, made)| made).collect())
}

/// Renders whichever template comes next until there is none; gives their places and what `read` made of them.
fn render_share<T>(
    compiled: &Compiled<'_>,
    scene: Scene<'_>,
    entries: &[&Entry<'_>],
    next: &AtomicUsize,
    read: &impl Fn(RenderedFile) -> T,
) -> Option<Vec<(usize, T)>> {
    let values = scene.values.deep_copy();
    let own = Scene {
        values: &values,
        ..scene
    };
    let names = compiled.jinja_names(&compiled.tree.values(&values), own);
    names.iter().flatten().for_each(Map::settle);
    let runs = compiled.jinja_runs(&names, &own.options.context(Integers::Exact));
    let mut share = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(entry) = entries.get(index) else { break };
        let Some(Ok(file)) = compiled.render_jinja(&runs, entry) else {
            // The other thread need not go on.
            next.store(entries.len(), Ordering::Relaxed);
            return None;
        };
        share.push((index, read(file)));
    }
    let untouched = names.iter().flatten().all(Map::is_settled);
    untouched.then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::Capabilities;
    use crate::chart::{Chart, Template};
    use crate::release::Release;
    use crate::source::Source;
    use crate::template::Options;
    use crate::yaml::Value;

    /// What two threads make of the templates, if they may, and what one makes of them.
    fn both_ways(templates: &[(&str, &str)], seed: Option<u64>) -> (Option<Vec<String>>, Vec<String>) {
        let template = |(name, text): &(&str, &str)| Template {
            name: format!("templates/{name}.j2"),
            source: Source::new(*name, *text),
        };
        let mut chart = Chart {
            templates: templates.iter().map(template).collect(),
            ..Chart::default()
        };
        chart.metadata.name = "c".to_owned();
        let compiled = Compiled::new(&chart).expect("the templates parse");
        let values = Map::from_iter([("inner", Map::from_iter([("key", "as given")]))]);
        let release = Release {
            name: "r".to_owned(),
            namespace: "n".to_owned(),
            revision: 1,
            is_upgrade: false,
        };
        let options = Options {
            seed,
            ..Options::default()
        };
        let capabilities = Capabilities::default();
        let scene = Scene {
            values: &values,
            release: &release,
            capabilities: &capabilities,
            options: &options,
        };
        let text = |file: RenderedFile| file.text;
        let at_once = render(&compiled, scene, &text);
        let key = Value::Map(values.clone()).lookup("inner.key");
        assert_eq!(
            key,
            Some(Value::from("as given")),
            "two threads leave the values alone"
        );
        let (sender, receiver) = std::sync::mpsc::channel();
        compiled.render_all(scene, &sender);
        drop(sender);
        (at_once, receiver.into_iter().map(text).collect())
    }

    #[test]
    fn templates_that_only_read_come_out_the_same_in_the_same_order() {
        let names: Vec<String> = (0..40).map(|number| format!("t{number}")).collect();
        let text = "{{ Template.Name }} {{ Values.inner.key }} {{ set(dict(), 'a', 1) | toJson }}";
        let templates: Vec<(&str, &str)> = names.iter().map(|name| (&**name, text)).collect();
        let (at_once, one_by_one) = both_ways(&templates, None);
        assert_eq!(one_by_one.len(), 40);
        assert_eq!(at_once, Some(one_by_one));
    }

    #[test]
    fn templates_that_write_to_what_others_see_are_rendered_in_order() {
        let reads = ("a", "{{ get(Values.inner, 'key') }} {{ get(Release, 'mark') }}");
        for writes in [
            "{% set _ = set(Values.inner, 'key', 'changed') %}",
            "{% set _ = unset(Values, 'inner') %}{% set _ = set(Values, 'inner', {'key': 'changed'}) %}",
            "{% set _ = set(Release, 'mark', 'changed') %}",
        ] {
            let (at_once, one_by_one) = both_ways(&[reads, ("b", writes)], None);
            assert_eq!(at_once, None, "{writes}");
            assert!(one_by_one[1].contains("changed"), "{writes}: {one_by_one:?}");
        }
    }

    #[test]
    fn a_seeded_stream_is_drawn_from_in_order() {
        let template = "{{ randAlpha(8) }}";
        let (at_once, _) = both_ways(&[("a", template), ("b", template)], Some(1));
        assert_eq!(at_once, None);
    }

    #[test]
    fn failing_templates_are_left_to_one_thread() {
        let (at_once, one_by_one) = both_ways(&[("a", "fine"), ("b", "{{ fail('no') }}")], None);
        assert_eq!(at_once, None);
        assert_eq!(one_by_one, ["fine"]);
    }
}
