//! Owns parsing and rendering on two threads at once, where nobody can tell it from doing one template after the other.
//!
//! Templates may write to the values, which later templates then see. So each thread renders with values of its own, and
//! what they made counts only if no template has written to them, but for those that are rendered before all others.
//! How a template is parsed or rendered is not here.

use super::format::Integers;
use super::tree::Entry;
use super::{Compiled, RenderedFile, STACK, Scene, jinja};
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::yaml::{Map, Slot};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

/// How many bytes of Jinja templates a second thread is worth: it starts in the time in which these are parsed.
const LONG: usize = 8 << 10;

/// What [`start`] has done.
#[derive(Debug)]
pub struct Started<'c, T, E> {
    /// The parsed templates.
    pub templates: Result<Compiled<'c>, Vec<Diagnostic>>,
    /// What `prepare` gave.
    pub values: Result<Map, E>,
    /// What `read` made of each text, in Helm's order of rendering. None if the templates are to be rendered in order,
    /// which also words the errors.
    pub rendered: Option<Vec<T>>,
}

/// Parses a chart's templates while `prepare` finds the values; renders with these at once if all templates are Jinja.
///
/// The threads that parse go on to render: each start of a thread takes as long as some templates.
pub fn start<'c, T: Send, E>(
    chart: &'c Chart,
    scene: Scene<'_>,
    prepare: impl FnOnce() -> Result<Map, E>,
    read: impl Fn(RenderedFile) -> T + Sync,
) -> Started<'c, T, E> {
    let unparsed = OnceLock::new();
    let work = Work::new(scene, &read);
    let (values, shares) = thread::scope(|scope| {
        let (work, unparsed) = (&work, &unparsed);
        let (to_first, first_values) = mpsc::channel();
        let first = spawn(scope, move || {
            let (compiled, _) = unparsed.get_or_init(|| Compiled::unparsed(chart));
            let (to_second, second_values) = mpsc::channel();
            let second = is_long(compiled).then(|| {
                spawn(scope, move || {
                    work.share(compiled, || work.follow(compiled, &second_values))
                })
            });
            let mut shares = vec![work.share(compiled, || {
                // Without values there is nothing to render.
                let values: Map = first_values.recv().ok()?;
                work.lead(compiled, &values, &to_second)
            })];
            drop(to_second);
            // Without another thread, this one has done everything.
            shares.extend(second.and_then(Result::ok).map(end));
            shares
        });
        let values = prepare();
        if let Ok(values) = &values {
            // A thread that has ended, or was never started, needs none.
            let _ = to_first.send(values.clone());
        }
        drop(to_first);
        (values, first.ok().map(end).unwrap_or_default())
    });
    let (compiled, mut errors) = unparsed.into_inner().unwrap_or_else(|| Compiled::unparsed(chart));
    let (broken, rendered): (Vec<_>, Vec<_>) = shares
        .into_iter()
        .map(|share| (share.broken, share.rendered))
        .unzip();
    if rendered.is_empty() {
        errors.extend(parse(&compiled));
    }
    errors.extend(in_order(broken.into_iter().flatten().collect()));
    Started {
        templates: if errors.is_empty() {
            Ok(compiled)
        } else {
            Err(errors)
        },
        values,
        rendered: all(rendered),
    }
}

/// Parses the Jinja templates; gives the errors in the order of charts and names.
pub(super) fn parse(compiled: &Compiled<'_>) -> Vec<Diagnostic> {
    let next = AtomicUsize::new(0);
    let broken = thread::scope(|scope| {
        let share = || parse_share(compiled, &next);
        let other = is_long(compiled).then(|| spawn(scope, share));
        let mut broken = share();
        broken.extend(other.and_then(Result::ok).into_iter().flat_map(end));
        broken
    });
    in_order(broken)
}

/// Renders all templates and gives what `read` makes of each, in their order.
///
/// None if the order of templates may matter or if one of them fails: then they are to be rendered one after the other,
/// which also words the errors.
pub(super) fn render<T: Send>(
    compiled: &Compiled<'_>,
    values: &Map,
    scene: Scene<'_>,
    read: &(impl Fn(RenderedFile) -> T + Sync),
) -> Option<Vec<T>> {
    let work = Work::new(scene, read);
    let rendered = thread::scope(|scope| {
        let (to_second, second_values) = mpsc::channel();
        let work = &work;
        let threads = [
            spawn(scope, move || work.lead(compiled, values, &to_second)),
            spawn(scope, move || work.follow(compiled, &second_values)),
        ];
        threads.map(|thread| end(thread.ok()?)).into()
    });
    all(rendered)
}

/// Starts a thread for parsing and rendering.
fn spawn<'s, T: Send + 's>(
    scope: &'s Scope<'s, '_>,
    work: impl FnOnce() -> T + Send + 's,
) -> io::Result<ScopedJoinHandle<'s, T>> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work)
}

/// Waits for a thread.
fn end<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether the Jinja templates are worth a second thread.
fn is_long(compiled: &Compiled<'_>) -> bool {
    let engines = compiled.jinja.iter().flatten();
    engines
        .flat_map(jinja::Engine::templates)
        .map(|(_, length)| length)
        .sum::<usize>()
        > LONG
}

/// What several threads made, in its order, if all of them could.
fn all<T>(shares: Vec<Option<Vec<(usize, T)>>>) -> Option<Vec<T>> {
    if shares.is_empty() {
        return None;
    }
    let shares: Option<Vec<_>> = shares.into_iter().collect();
    Some(in_order(shares?.into_iter().flatten().collect()))
}

fn in_order<T>(mut all: Vec<(usize, T)>) -> Vec<T> {
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, made)| made).collect()
}

/// Parses whichever Jinja template comes next until there is none; gives the places and errors of broken ones.
fn parse_share(compiled: &Compiled<'_>, next: &AtomicUsize) -> Vec<(usize, Diagnostic)> {
    let engines = compiled.jinja.iter().flatten();
    let all: Vec<_> = engines
        .flat_map(|engine| engine.templates().map(move |(name, _)| (engine, name)))
        .collect();
    let mut broken = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some((engine, name)) = all.get(index) else {
            break broken;
        };
        if let Err(error) = engine.parse(name) {
            broken.push((index, error));
        }
    }
}

/// What the two threads share that parse and render the same chart. A third would take longer to start than it saves.
struct Work<'w, R> {
    scene: Scene<'w>,
    read: &'w R,
    /// The next template to parse.
    unparsed: AtomicUsize,
    /// The next template to render, of those that have no place before all others.
    shared: AtomicUsize,
}

/// What one thread has done.
struct Share<T> {
    broken: Vec<(usize, Diagnostic)>,
    rendered: Option<Vec<(usize, T)>>,
}

impl<'w, R> Work<'w, R> {
    fn new(scene: Scene<'w>, read: &'w R) -> Self {
        Self {
            scene,
            read,
            unparsed: AtomicUsize::new(0),
            shared: AtomicUsize::new(0),
        }
    }

    /// Parses with the other thread, then renders.
    fn share<T>(
        &self,
        compiled: &Compiled<'_>,
        render: impl FnOnce() -> Option<Vec<(usize, T)>>,
    ) -> Share<T> {
        let broken = parse_share(compiled, &self.unparsed);
        let rendered = if broken.is_empty() { render() } else { None };
        Share { broken, rendered }
    }

    /// Renders what must come first, hands the values over to the other thread, and renders with it.
    fn lead<T>(
        &self,
        compiled: &Compiled<'_>,
        values: &Map,
        second: &mpsc::Sender<Map>,
    ) -> Option<Vec<(usize, T)>>
    where
        R: Fn(RenderedFile) -> T,
    {
        let stage = Stage::new(compiled, values, self.scene)?;
        let mut share = Vec::new();
        for index in 0..stage.first {
            share.push((index, (self.read)(stage.render(index)?)));
        }
        if stage.first > 0 {
            stage.settle_values()?;
        }
        // Without another thread, this one renders everything.
        let _ = second.send(stage.values.clone());
        self.rest(&stage, share)
    }

    /// Renders with the other thread, once that has rendered what must come first.
    fn follow<T>(&self, compiled: &Compiled<'_>, values: &mpsc::Receiver<Map>) -> Option<Vec<(usize, T)>>
    where
        R: Fn(RenderedFile) -> T,
    {
        match values.recv() {
            Ok(values) => self.rest(&Stage::new(compiled, &values, self.scene)?, Vec::new()),
            // The other thread could not render, and says so.
            Err(_) => Some(Vec::new()),
        }
    }

    /// Renders whichever template comes next until there is none; adds their places and what `read` made of them.
    fn rest<T>(&self, stage: &Stage<'_>, mut share: Vec<(usize, T)>) -> Option<Vec<(usize, T)>>
    where
        R: Fn(RenderedFile) -> T,
    {
        loop {
            let index = stage.first + self.shared.fetch_add(1, Ordering::Relaxed);
            if index >= stage.entries.len() {
                break;
            }
            let Some(file) = stage.render(index) else {
                // The other thread need not go on.
                self.shared.store(stage.entries.len(), Ordering::Relaxed);
                return None;
            };
            share.push((index, (self.read)(file)));
        }
        stage.is_settled().then_some(share)
    }
}

/// What a thread renders with: values of its own.
struct Stage<'c> {
    compiled: &'c Compiled<'c>,
    entries: Vec<&'c Entry<'c>>,
    /// How many of them are to be rendered before all others.
    first: usize,
    values: Map,
    names: Vec<Option<Map>>,
    runs: Vec<Option<jinja::Run<'c>>>,
}

impl<'c> Stage<'c> {
    /// None if the templates are to be rendered one after the other: those of Go write to their values as a matter of
    /// course, and a seeded stream is drawn from in order.
    fn new(compiled: &'c Compiled<'c>, values: &Map, scene: Scene<'_>) -> Option<Self> {
        let entries: Vec<_> = compiled.rendered_entries().collect();
        let order_matters =
            scene.options.seed.is_some() || !entries.iter().all(|entry| entry.template.is_jinja());
        if order_matters || entries.len() < 2 {
            return None;
        }
        let values = values.deep_copy();
        let names = compiled.jinja_names(&compiled.tree.values(&values), scene);
        names.iter().flatten().for_each(Map::settle);
        Some(Self {
            first: entries.iter().take_while(|entry| may_write(entry)).count(),
            runs: compiled.jinja_runs(&names, &scene.options.context(Integers::Exact)),
            compiled,
            entries,
            values,
            names,
        })
    }

    fn render(&self, index: usize) -> Option<RenderedFile> {
        self.compiled.render_jinja(&self.runs, self.entries[index])?.ok()
    }

    /// Whether nothing was written to that other templates see.
    fn is_settled(&self) -> bool {
        self.names.iter().flatten().all(Map::is_settled)
    }

    /// Takes the values as they are; None if anything else was written to, which the other thread would not see.
    fn settle_values(&self) -> Option<()> {
        let others_are_settled = |names: &Map| {
            let others = |(name, slot): (&Arc<str>, &Slot)| &**name == "Values" || slot.value.is_settled();
            names.read().iter().all(others)
        };
        if !self.names.iter().flatten().all(others_are_settled) {
            return None;
        }
        self.values.settle();
        Some(())
    }
}

/// Whether a template looks as if it wrote to the values. Where it is the first of all, it may tell the others something.
fn may_write(entry: &Entry<'_>) -> bool {
    entry.template.source.text.contains("set(")
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
            release: &release,
            capabilities: &capabilities,
            options: &options,
        };
        let text = |file: RenderedFile| file.text;
        let at_once = render(&compiled, &values, scene, &text);
        let key = Value::Map(values.clone()).lookup("inner.key");
        assert_eq!(
            key,
            Some(Value::from("as given")),
            "two threads leave the values alone"
        );
        let (sender, receiver) = std::sync::mpsc::channel();
        compiled.render_all(&values, scene, &sender);
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
    fn what_the_first_template_writes_is_seen_by_all_others() {
        let mut templates = vec![("z", "{% set _ = set(Values.inner, 'key', 'changed') %}")];
        templates
            .extend(["a", "b", "c", "d"].map(|name| (name, "{{ Template.Name }} {{ Values.inner.key }}")));
        let (at_once, one_by_one) = both_ways(&templates, None);
        assert!(one_by_one[1].contains("changed"), "{one_by_one:?}");
        assert_eq!(at_once, Some(one_by_one));
        let beside = [
            ("z", "{% set _ = set(Release, 'mark', 'changed') %}"),
            ("a", ""),
            ("b", ""),
        ];
        assert_eq!(
            both_ways(&beside, None).0,
            None,
            "the other thread would not see it"
        );
    }

    #[test]
    fn templates_that_write_to_what_others_see_are_rendered_in_order() {
        let reads = ("z", "{{ get(Values.inner, 'key') }} {{ get(Release, 'mark') }}");
        let after = ("a", "{{ get(Values.inner, 'key') }} {{ get(Release, 'mark') }}");
        for writes in [
            "{% set _ = set(Values.inner, 'key', 'changed') %}",
            "{% set _ = unset(Values, 'inner') %}{% set _ = set(Values, 'inner', {'key': 'changed'}) %}",
            "{% set _ = set(Release, 'mark', 'changed') %}",
        ] {
            let (at_once, one_by_one) = both_ways(&[reads, ("b", writes), after], None);
            assert_eq!(at_once, None, "{writes}");
            assert!(one_by_one[2].contains("changed"), "{writes}: {one_by_one:?}");
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
