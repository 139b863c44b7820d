//! Owns the proof that a chart made from sources renders what the sources render, to the byte.
//!
//! It does not make the chart, and does not choose the values: `trial` does.

use super::trial::Trial;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, JINJA_SUFFIX};
use crate::diagnostic::Diagnostic;
use crate::manifest::Selection;
use crate::release::Release;
use crate::render;
use crate::render::RenderRequest;
use crate::source::{Place, Source};
use crate::template;
use crate::template::{Compiled, RenderedFile};
use crate::values::SchemaOptions;
use crate::yaml::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

/// Which templates of the sources the made chart must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Whole,
    /// Some: it is a part of the chart.
    Part,
}

/// The sources that charts are made from, and what they render with each trial.
#[derive(Debug)]
pub struct Sources<'t> {
    chart: Arc<Chart>,
    trials: &'t [Trial],
    rendered: OnceLock<Renderings>,
    /// The same with a seed.
    seeded: OnceLock<Renderings>,
}

type Renderings = Result<Vec<Rendering>, Vec<Diagnostic>>;

/// What makes functions that draw by lot give the same in both charts.
const SEED: u64 = 0;

impl<'t> Sources<'t> {
    /// The sources, and the values they are to be tried with.
    pub fn new(chart: Chart, trials: &'t [Trial]) -> Self {
        Self {
            chart: Arc::new(chart),
            trials,
            rendered: OnceLock::new(),
            seeded: OnceLock::new(),
        }
    }

    /// Renders both charts with the values of each trial and refuses the made one if anything differs: a byte, or
    /// whether a template fails and with which words. Each template that differs is told once.
    ///
    /// Gives a warning of the templates that fail in both with all values at hand: nothing is known of what they render.
    pub fn prove(&self, made: &Arc<Chart>, extent: Extent) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let mut comparison = self.compare(made, None, extent)?;
        if !comparison.errors.is_empty() {
            // Whatever is drawn by lot differs; with a seed it does not. Without one, charts are rendered faster.
            comparison = self.compare(made, Some(SEED), extent)?;
        }
        if !comparison.errors.is_empty() {
            return Err(comparison.errors);
        }
        Ok(comparison.unproved())
    }

    /// Compares what both render, at the same time.
    fn compare(
        &self,
        made: &Arc<Chart>,
        seed: Option<u64>,
        extent: Extent,
    ) -> Result<Comparison, Vec<Diagnostic>> {
        let known = if seed.is_none() {
            &self.rendered
        } else {
            &self.seeded
        };
        let (expected, actual) = thread::scope(|scope| {
            let other = scope.spawn(|| render_all(made, self.trials, seed));
            let expected = known.get_or_init(|| render_all(&self.chart, self.trials, seed));
            match other.join() {
                Ok(actual) => (expected, actual),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
        let mut comparison = Comparison::default();
        let pairs = expected.as_ref().map_err(Clone::clone)?.iter().zip(actual?);
        for (trial, (expected, actual)) in self.trials.iter().zip(pairs) {
            comparison.add(trial, expected, &actual, extent);
        }
        Ok(comparison)
    }
}

/// What a chart rendered with the values of one trial.
#[derive(Debug, Default)]
struct Rendering {
    /// By the template's path below the chart's own folder.
    texts: BTreeMap<String, String>,
    /// What templates said that stopped the rendering on purpose.
    failures: BTreeSet<String>,
    /// Why some of them failed.
    errors: Vec<Diagnostic>,
    /// All that were to be rendered.
    attempted: BTreeSet<String>,
}

fn render_all(chart: &Arc<Chart>, trials: &[Trial], seed: Option<u64>) -> Renderings {
    let requests: Vec<RenderRequest> = trials.iter().map(|trial| request(trial, seed)).collect();
    let processed: Vec<_> = requests
        .iter()
        .map(|request| render::process_dependencies(chart, request))
        .collect();
    let mut renderings = Vec::new();
    let mut parsed: Option<(&Arc<Chart>, Compiled<'_>)> = None;
    for ((request, processed), trial) in requests.iter().zip(&processed).zip(trials) {
        let prepared = render::prepare(processed, request);
        let mut errors: Vec<Diagnostic> = prepared.findings;
        // What a chart needs of its cluster, and what its defaults lack, is no matter of how it was made.
        errors.retain(|finding| finding.is_error() && request.schema.is_some());
        if !errors.is_empty() {
            let told = |error: Diagnostic| {
                error.help(format!("the chart brings these values along: {}", trial.name))
            };
            return Err(errors.into_iter().map(told).collect());
        }
        let templates = match parsed {
            // Parsing costs as much as rendering, and trials seldom change what is parsed.
            Some((known, templates)) if Arc::ptr_eq(known, &processed.chart) => templates,
            _ => Compiled::new(&processed.chart)?,
        };
        renderings.push(render_one(&templates, &prepared.values, request));
        parsed = Some((&processed.chart, templates));
    }
    Ok(renderings)
}

fn request(trial: &Trial, seed: Option<u64>) -> RenderRequest {
    RenderRequest {
        release: Release {
            name: "release-name".to_owned(),
            namespace: "default".to_owned(),
            revision: 1,
            is_upgrade: false,
        },
        capabilities: Capabilities::default(),
        overrides: trial.overrides.clone(),
        schema: trial
            .is_complete
            .then_some(SchemaOptions { allow_unknown: false }),
        template: template::Options {
            seed,
            ..template::Options::default()
        },
        selection: Selection::default(),
    }
}

/// Every text, also if other templates fail.
fn render_one(templates: &Compiled<'_>, values: &Map, request: &RenderRequest) -> Rendering {
    let texts = Mutex::new(BTreeMap::new());
    let keep = |file: RenderedFile| {
        let path = file.path.split_once('/').map_or(&*file.path, |(_, below)| below);
        let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.insert(path.to_owned(), file.text);
    };
    let RenderRequest {
        release,
        capabilities,
        template,
        ..
    } = request;
    let rendered = templates.render_each(values, release, capabilities, template, keep);
    let errors = rendered.err().unwrap_or_default();
    let mut all = BTreeSet::new();
    attempted(templates.chart(), "", &mut all);
    let on_purpose = errors.iter().filter(|error| error.code == "template-failed");
    Rendering {
        failures: on_purpose.map(|error| error.message.clone()).collect(),
        texts: texts.into_inner().unwrap_or_else(PoisonError::into_inner),
        errors,
        attempted: all,
    }
}

/// The paths of the templates that render something, below the folder of the outermost chart.
fn attempted(chart: &Chart, prefix: &str, paths: &mut BTreeSet<String>) {
    let is_partial = |name: &str| name.rsplit('/').next().is_some_and(|base| base.starts_with('_'));
    let is_library = chart.metadata.chart_type.eq_ignore_ascii_case("library");
    for template in chart
        .templates
        .iter()
        .filter(|template| !is_partial(&template.name))
    {
        let name = template.name.strip_suffix(JINJA_SUFFIX).unwrap_or(&template.name);
        if !is_library {
            paths.insert(format!("{prefix}{name}"));
        }
    }
    for child in &chart.dependencies {
        attempted(child, &format!("{prefix}charts/{}/", child.metadata.name), paths);
    }
}

/// What the renderings show.
#[derive(Debug, Default)]
struct Comparison {
    errors: Vec<Diagnostic>,
    attempted: BTreeSet<String>,
    /// The templates that rendered alike with some values.
    proved: BTreeSet<String>,
    /// Those whose difference is told of.
    told: BTreeSet<String>,
}

impl Comparison {
    fn add(&mut self, trial: &Trial, expected: &Rendering, actual: &Rendering, extent: Extent) {
        let mut paths = actual.attempted.clone();
        if extent == Extent::Whole {
            paths.extend(expected.attempted.iter().cloned());
        }
        let mut failed: Vec<&Diagnostic> = Vec::new();
        for path in &paths {
            let finding = match (expected.texts.get(path), actual.texts.get(path)) {
                (Some(expected), Some(actual)) if expected == actual => {
                    self.proved.insert(path.clone());
                    None
                }
                (Some(expected), Some(actual)) => Some(difference(path, trial, expected, actual)),
                (Some(_), None) => {
                    failed.extend(&actual.errors);
                    Some(refusal(
                        path,
                        trial,
                        "renders from the sources, and fails once packaged",
                    ))
                }
                (None, Some(_)) => {
                    failed.extend(&expected.errors);
                    Some(refusal(
                        path,
                        trial,
                        "fails in the sources, and renders once packaged",
                    ))
                }
                (None, None) => None,
            };
            if let Some(finding) = finding
                && self.told.insert(path.clone())
            {
                self.errors.push(finding);
            }
        }
        for error in failed {
            if !self.errors.contains(error) {
                self.errors.push(error.clone());
            }
        }
        self.attempted.append(&mut paths);
        self.compare_failures(trial, expected, actual, extent);
    }

    /// What a chart tells its users when their values will not do must stay the same.
    fn compare_failures(&mut self, trial: &Trial, expected: &Rendering, actual: &Rendering, extent: Extent) {
        let lost = expected.failures.difference(&actual.failures);
        let lost = lost
            .filter(|_| extent == Extent::Whole)
            .map(|words| (words, "sources"));
        let new = actual.failures.difference(&expected.failures);
        for (words, side) in lost.chain(new.map(|words| (words, "package"))) {
            let message = format!(
                "only the {side} fail with these words, with {}: {words}",
                trial.name
            );
            self.errors.push(Diagnostic::error(CODE, message));
        }
    }

    /// A warning of the templates that failed with all values at hand.
    fn unproved(&self) -> Vec<Diagnostic> {
        let unproved: Vec<&str> = self
            .attempted
            .difference(&self.proved)
            .map(String::as_str)
            .collect();
        if unproved.is_empty() {
            return Vec::new();
        }
        let message = format!(
            "nothing is proved of what fails in the sources and once packaged: `{}`",
            unproved.join("`, `")
        );
        let help = "add a `ci/NAME-values.yaml` to the chart, with values for which it renders";
        vec![Diagnostic::warning("package-unproved", message).help(help)]
    }
}

/// What errors of the proof are called.
const CODE: &str = "package-differs";

/// A template whose two texts are not the same, with the first lines that differ.
fn difference(path: &str, trial: &Trial, expected: &str, actual: &str) -> Diagnostic {
    let same = expected
        .bytes()
        .zip(actual.bytes())
        .take_while(|(one, other)| one == other);
    let offset = same.count();
    let place = |from: &str, text: &str| -> Place {
        // Rendered from values, it may hold credentials.
        Source::sensitive(format!("{path} ({from})"), text).place_at(offset)
    };
    let message = format!(
        "`{path}` does not render from the package as from the sources, with {}",
        trial.name
    );
    Diagnostic::error(CODE, message)
        .label(
            place("rendered from the sources", expected),
            1,
            "the sources give this",
        )
        .label(
            place("rendered from the package", actual),
            1,
            "the package gives this",
        )
        .help("nothing was written: a package must render what its sources render")
}

fn refusal(path: &str, trial: &Trial, what: &str) -> Diagnostic {
    Diagnostic::error(CODE, format!("`{path}` {what}, with {}", trial.name))
}

#[cfg(test)]
mod tests;
