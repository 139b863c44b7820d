//! Owns rendering: picks the engine for each template, builds what templates see, and gives back texts.
//!
//! It reads no disk and knows no Kubernetes.

use crate::capabilities::Capabilities;
use crate::chart::{Chart, JINJA_SUFFIX, Template};
use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::source::Source;
use crate::yaml::Map;
use std::sync::{Arc, mpsc};

mod context;
mod file_glob;
mod files;
mod format;
pub mod functions;
#[allow(dead_code, reason = "rendering does not use it yet")]
mod go;
mod jinja;
#[allow(dead_code, reason = "rendering does not use it yet")]
mod objects;

/// The text of one rendered template.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// What Helm's `# Source:` line says: `kubiya-runner/templates/components/x.yaml`, without `.j2`.
    pub path: String,
    /// The template it came from.
    pub template: Arc<Source>,
    /// The text, untouched.
    pub text: String,
}

/// What rendering may know besides chart, values and release.
#[derive(Clone, Debug)]
pub struct Options {
    /// What `now` says; fixed by default, so that the same inputs give the same bytes.
    pub clock: time::OffsetDateTime,
    /// Makes random functions reproducible.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: time::OffsetDateTime::UNIX_EPOCH,
            seed: None,
        }
    }
}

/// The largest text that one template may render.
const OUTPUT_LIMIT: usize = 64 << 20;

/// The stack of the thread that renders: recursion in templates is bounded to what fits in it.
const STACK: usize = 256 << 20;

/// A chart whose templates are parsed; renders any number of releases.
#[derive(Debug)]
pub struct Compiled<'c> {
    chart: &'c Chart,
    jinja: jinja::Engine,
}

impl<'c> Compiled<'c> {
    /// Parses every template; all syntax errors are reported at once.
    pub fn new(chart: &'c Chart) -> Result<Self, Vec<Diagnostic>> {
        let templates = chart.templates.iter().filter(|template| template.is_jinja());
        let jinja = jinja::Engine::new(templates)?;
        Ok(Self { chart, jinja })
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
        let mut rendered = Vec::new();
        self.render_each(values, release, capabilities, options, |file| {
            rendered.push(file);
        })?;
        Ok(rendered)
    }

    /// As [`Compiled::render`]; gives each text to `take` in order, while the next template is being rendered.
    pub fn render_each(
        &self,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
        options: &Options,
        take: impl FnMut(RenderedFile),
    ) -> Result<(), Vec<Diagnostic>> {
        let (sender, receiver) = mpsc::channel();
        let work = move || self.render_all(values, release, capabilities, options, &sender);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work);
            // Ends when the thread has dropped its sender, whether it was started or not.
            receiver.into_iter().for_each(take);
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(errors)) if errors.is_empty() => Ok(()),
                Ok(Ok(errors)) => Err(errors),
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                Err(error) => Err(vec![Diagnostic::error(
                    "no-thread",
                    format!("cannot start rendering: {error}"),
                )]),
            }
        })
    }

    /// Sends every rendered text; gives the errors.
    fn render_all(
        &self,
        values: &Map,
        release: &Release,
        capabilities: &Capabilities,
        options: &Options,
        rendered: &mpsc::Sender<RenderedFile>,
    ) -> Vec<Diagnostic> {
        let names = context::names(self.chart, values, release, capabilities);
        let context = functions::Context {
            clock: options.clock,
            random: functions::Random::new(options.seed),
            integers: format::Integers::Exact,
        };
        let run = jinja::Run::new(&self.jinja, names, files::ChartFiles::new(self.chart), context);
        let mut errors = Vec::new();
        for template in self
            .chart
            .templates
            .iter()
            .filter(|template| !is_partial(&template.name))
        {
            let name = template.name.strip_suffix(JINJA_SUFFIX).unwrap_or(&template.name);
            let own = context::template(&self.chart.metadata.name, name);
            let result = if template.is_jinja() {
                run.render(&template.name, &own)
            } else {
                copy(template)
            };
            match result {
                Ok(text) => {
                    let file = RenderedFile {
                        path: format!("{}/{name}", self.chart.metadata.name),
                        template: Arc::clone(&template.source),
                        text,
                    };
                    // Nobody listens only when the other side has panicked, which ends the process.
                    let _ = rendered.send(file);
                }
                Err(error) => report(&mut errors, error),
            }
        }
        errors
    }
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

/// Whether Helm keeps the file for definitions alone.
fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
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

/// A file without template marks is its own rendering.
fn copy(template: &Template) -> Result<String, Diagnostic> {
    let text = &template.source.text;
    let Some(offset) = text.find("{{") else {
        return Ok(text.clone());
    };
    Err(
        Diagnostic::error("go-template", "Go templates are not rendered yet")
            .label(template.source.place_at(offset), 2, "")
            .help("a Jinja template has the suffix `.j2`"),
    )
}
