//! Owns rendering: picks the engine for each template, builds what templates see, and gives back texts.
//!
//! It reads no disk and knows no Kubernetes.

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::source::{Source, TextMap};
use crate::yaml::{Map, Value};
use std::sync::{Arc, mpsc};

pub mod compile;
mod context;
mod file_glob;
mod files;
mod format;
pub mod functions;
mod go;
mod jinja;
mod lookup;
mod objects;
mod parallel;
mod tree;

pub use lookup::Cluster;
pub use parallel::{Started, start};
use tree::{ChartTree, Entry};

/// The text of one rendered template.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// What Helm's `# Source:` line says: `kubiya-runner/templates/components/x.yaml`, without `.j2`.
    pub path: String,
    /// The template it came from.
    pub template: Arc<Source>,
    /// The text, untouched.
    pub text: String,
    /// Which parts of the template made which parts of the text; empty for Jinja.
    pub map: TextMap,
}

/// What rendering may know besides chart, values and release.
#[derive(Clone, Debug)]
pub struct Options {
    /// What `now` says; fixed by default, so that the same inputs give the same bytes.
    pub clock: time::OffsetDateTime,
    /// Makes random functions reproducible.
    pub seed: Option<u64>,
    /// Whether Go templates see integers from values with every digit, where Helm makes them floats.
    pub exact_integers: bool,
    /// What `lookup` finds.
    pub cluster: Cluster,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: time::OffsetDateTime::UNIX_EPOCH,
            seed: None,
            exact_integers: false,
            cluster: Cluster::default(),
        }
    }
}

impl Options {
    /// How Go templates see integers.
    fn integers(&self) -> format::Integers {
        if self.exact_integers {
            format::Integers::Exact
        } else {
            format::Integers::AsFloats
        }
    }

    /// What functions may know.
    fn context(&self, integers: format::Integers) -> functions::Context {
        functions::Context {
            clock: self.clock,
            random: functions::Random::new(self.seed),
            integers,
            cluster: self.cluster.clone(),
            swallows: false,
        }
    }
}

/// The largest text that one template may render.
const OUTPUT_LIMIT: usize = 64 << 20;

/// The stack of the thread that renders: recursion in templates is bounded to what fits in it.
const STACK: usize = 256 << 20;

/// A chart whose templates are parsed, with those of its subcharts; renders any number of releases.
#[derive(Debug)]
pub struct Compiled<'c> {
    chart: &'c Chart,
    tree: ChartTree<'c>,
    go: Arc<go::Engine>,
    /// One for each chart that has Jinja templates.
    jinja: Vec<Option<jinja::Engine>>,
}

impl<'c> Compiled<'c> {
    /// Parses every template; all syntax errors are reported at once.
    pub fn new(chart: &'c Chart) -> Result<Self, Vec<Diagnostic>> {
        let (compiled, mut errors) = Self::unparsed(chart);
        errors.extend(parallel::parse(&compiled));
        if errors.is_empty() {
            Ok(compiled)
        } else {
            Err(errors)
        }
    }

    /// The chart with its Go templates parsed and its Jinja templates still to be; gives the errors so far too.
    fn unparsed(chart: &'c Chart) -> (Self, Vec<Diagnostic>) {
        let tree = ChartTree::new(chart);
        let mut errors = Vec::new();
        let written_in_go = tree.templates.iter().filter(|entry| !entry.template.is_jinja());
        let go = go::Engine::new(written_in_go.map(|entry| (&*entry.path, &entry.template.source)));
        let go = go.unwrap_or_else(|broken| {
            errors.extend(broken);
            go::Engine::default()
        });
        let mut jinja = Vec::new();
        for node in &tree.charts {
            let templates = node.chart.templates.iter().filter(|template| template.is_jinja());
            let engine = node.chart.is_jinja().then(|| jinja::Engine::new(templates));
            jinja.push(engine.transpose().unwrap_or_else(|broken| {
                errors.extend(broken);
                None
            }));
        }
        let compiled = Self {
            chart,
            tree,
            go: Arc::new(go),
            jinja,
        };
        (compiled, errors)
    }

    /// The chart whose templates they are.
    pub fn chart(&self) -> &'c Chart {
        self.chart
    }

    /// Renders every template that is no partial; the errors of all failing templates are reported.
    pub fn render(
        &self,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
        options: &Options,
    ) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
        let rendered = self.render_each(values, release, capabilities, options, |file| file)?;
        Ok(rendered.0)
    }

    /// As [`Compiled::render`]; gives what `read` makes of each text, in Helm's order of rendering, and warnings. Other
    /// templates are being rendered meanwhile.
    pub fn render_each<T: Send>(
        &self,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
        options: &Options,
        read: impl Fn(RenderedFile) -> T + Sync,
    ) -> Result<(Vec<T>, Vec<Diagnostic>), Vec<Diagnostic>> {
        let scene = Scene {
            release,
            capabilities,
            options,
        };
        if let Some(all) = parallel::render(self, values, scene, &read) {
            return Ok((all, Vec::new()));
        }
        self.render_in_order(values, scene, read)
    }

    /// As [`Compiled::render_each`], one template after the other.
    pub fn render_in_order<T: Send>(
        &self,
        values: &Map,
        scene: Scene<'_>,
        read: impl Fn(RenderedFile) -> T + Sync,
    ) -> Result<(Vec<T>, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (sender, receiver) = mpsc::channel();
        let work = move || self.render_all(values, scene, &sender);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work);
            // Ends when the thread has dropped its sender, whether it was started or not.
            let all = receiver.into_iter().map(read).collect();
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(findings)) if findings.iter().any(Diagnostic::is_error) => Err(findings),
                Ok(Ok(warnings)) => Ok((all, warnings)),
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(error) => Err(vec![no_thread(&error)]),
            }
        })
    }

    /// Sends every rendered text; gives warnings and errors.
    fn render_all(
        &self,
        values: &Map,
        scene: Scene<'_>,
        rendered: &mpsc::Sender<RenderedFile>,
    ) -> Vec<Diagnostic> {
        let values = self.tree.values(values);
        let exact = scene.options.context(format::Integers::Exact);
        let as_in_helm = functions::Context {
            integers: scene.options.integers(),
            swallows: true,
            ..exact.clone()
        };
        let dots = self.tree.dots(&values, scene.release, scene.capabilities);
        let mut go = go::Run::new(&self.go, &as_in_helm);
        let jinja = self.jinja_runs(&self.jinja_names(&values, scene), &exact);
        let (mut failed, mut findings) = (Vec::new(), Vec::new());
        for entry in self.rendered_entries() {
            let dot = &dots[entry.chart];
            self.tree.enter(dot, entry);
            let result = self.render_jinja(&jinja, entry).unwrap_or_else(|| {
                let rendered = go.render(&entry.path, dot.clone().into());
                rendered.map(|(text, map)| RenderedFile::new(entry, text, map))
            });
            let warnings = go.take_warnings();
            if !is_notes(&entry.path) {
                findings.extend(warnings);
            }
            match result {
                // Nobody listens only when the other side has panicked, which ends the process.
                Ok(file) => drop(rendered.send(file)),
                Err(error) => failed.push((&entry.path, error)),
            }
        }
        // Helm's order of rendering says nothing to who reads the errors.
        failed.sort_by_key(|(path, _)| *path);
        findings.sort_by_cached_key(first_place);
        for (_, error) in failed {
            report(&mut findings, error);
        }
        findings
    }

    /// The templates that are no partials, in Helm's order of rendering.
    fn rendered_entries(&self) -> impl Iterator<Item = &Entry<'c>> {
        self.tree.templates.iter().filter(|entry| !entry.is_partial())
    }

    /// What the Jinja templates of each chart see, if it has any.
    fn jinja_names(&self, values: &[Map], scene: Scene<'_>) -> Vec<Option<Map>> {
        let charts = self.jinja.iter().zip(&self.tree.charts).zip(values);
        let names = charts.map(|((engine, node), values)| {
            let names = || context::names(node.chart, values, scene.release, scene.capabilities);
            engine.is_some().then(names)
        });
        names.collect()
    }

    /// A run of Jinja for each chart that has such templates.
    fn jinja_runs(&self, names: &[Option<Map>], context: &functions::Context) -> Vec<Option<jinja::Run<'_>>> {
        let charts = self.jinja.iter().zip(&self.tree.charts).zip(names);
        let runs = charts.map(|((engine, node), names)| {
            let (engine, names) = (engine.as_ref()?, names.clone()?);
            let files = files::ChartFiles::new(node.chart);
            let texts = go::Evaluator::new(Arc::clone(&self.go), context.clone());
            let evaluate = move |text: &Arc<str>, dot, steps| texts.evaluate(text, dot, steps);
            let evaluate: jinja::Evaluate = Arc::new(evaluate);
            Some(jinja::Run::new(engine, names, files, context.clone(), evaluate))
        });
        runs.collect()
    }

    /// Renders a template, if it is one of Jinja.
    fn render_jinja(
        &self,
        runs: &[Option<jinja::Run<'_>>],
        entry: &Entry<'_>,
    ) -> Option<Result<RenderedFile, Diagnostic>> {
        let run = runs[entry.chart].as_ref()?;
        entry.template.is_jinja().then(|| {
            let own = context::template(&self.tree.charts[entry.chart].path, entry.name());
            let text = run.render(&entry.template.name, &own)?;
            Ok(RenderedFile::new(entry, text, TextMap::default()))
        })
    }
}

impl RenderedFile {
    fn new(entry: &Entry<'_>, text: String, map: TextMap) -> Self {
        Self {
            path: entry.path.clone(),
            template: Arc::clone(&entry.template.source),
            text,
            map,
        }
    }
}

/// What a chart is rendered with besides its values.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'r> {
    /// What templates see as `Release`.
    pub release: &'r Release,
    /// What templates see as `Capabilities`.
    pub capabilities: &'r Capabilities,
    /// Clock and seed.
    pub options: &'r Options,
}

/// What findings are sorted by: the file, then the line.
fn first_place(finding: &Diagnostic) -> Option<(String, u32, u32)> {
    let place = &finding.labels.first()?.place;
    Some((place.source.name.clone(), place.line, place.column))
}

/// Whether what the template renders is shown to people, and is no part of the release.
fn is_notes(path: &str) -> bool {
    path.ends_with("NOTES.txt")
}

/// Renders a chart once; see [`Compiled`] for many releases.
pub fn render(
    chart: &Chart,
    values: &Map,
    release: &Release,
    capabilities: &Capabilities,
    options: &Options,
) -> Result<Vec<RenderedFile>, Vec<Diagnostic>> {
    Compiled::new(chart)?.render(values, release, capabilities, options)
}

/// Renders a Go template that stands alone and sees nothing but functions, such as Helm's template of a release name.
pub fn render_text(source: &Arc<Source>, options: &Options) -> Result<String, Vec<Diagnostic>> {
    let work = || {
        let engine = go::Engine::new(std::iter::once((source.name.as_str(), source)))?;
        let context = options.context(options.integers());
        let mut run = go::Run::new(&engine, &context);
        let rendered = run.render(&source.name, Value::Null);
        rendered.map(|(text, _)| text).map_err(|error| vec![error])
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(vec![no_thread(&error)]),
        }
    })
}

fn no_thread(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("no-thread", format!("cannot start rendering: {error}"))
}

/// Adds an error; one in a helper that failed other templates before is told once, with all ways to it.
fn report(errors: &mut Vec<Diagnostic>, error: Diagnostic) {
    let same = |known: &&mut Diagnostic| {
        known.code == error.code && known.message == error.message && known.labels == error.labels
    };
    match (errors.iter_mut().find(same), error.trace.last()) {
        (Some(known), Some(way)) => known.trace.push(format!("also {way}")),
        _ => errors.push(error),
    }
}
