//! Owns the pipeline from a loaded chart and a request to manifests: process dependencies, coalesce, check, render,
//! split, select and sort.
//!
//! It loads nothing and prints nothing.

use crate::capabilities::Capabilities;
use crate::chart::{Chart, Crd};
use crate::diagnostic::Diagnostic;
use crate::manifest;
use crate::manifest::{Arranged, ManifestFile, ReadFile, Selection};
use crate::release::Release;
use crate::template;
use crate::template::{Compiled, RenderedFile, Scene, Started};
use crate::values;
use crate::values::{Processed, SchemaOptions};
use crate::yaml::Map;
use std::sync::Arc;
use std::thread;
use std::thread::ScopedJoinHandle;

mod requirements;

pub use requirements::missing_dependencies;

/// Everything besides the chart that decides what is rendered.
#[derive(Clone, Debug)]
pub struct RenderRequest {
    /// What templates see as `Release`.
    pub release: Release,
    /// What templates see as `Capabilities`.
    pub capabilities: Capabilities,
    /// The merged overrides.
    pub overrides: Map,
    /// How values are checked against the chart's schema; None leaves that out.
    pub schema: Option<SchemaOptions>,
    /// Clock and seed.
    pub template: template::Options,
    /// Which manifests are wanted.
    pub selection: Selection,
}

/// The values of a release before anything is rendered.
#[derive(Debug)]
pub struct Prepared {
    /// Defaults and overrides, coalesced.
    pub values: Map,
    /// Warnings and errors of the chart as such, of its dependencies, of coalescing and of the schemas.
    pub findings: Vec<Diagnostic>,
}

/// Asks whether the chart can be rendered at all, and decides which of its subcharts the request's overrides enable.
pub fn process_dependencies(chart: &Arc<Chart>, request: &RenderRequest) -> Processed {
    let mut findings = requirements::unmet(chart, &request.capabilities);
    let processed = values::process_dependencies(chart, &request.overrides, requirements::allows);
    findings.extend(processed.findings);
    Processed {
        chart: processed.chart,
        findings,
    }
}

/// Coalesces the request's overrides with the defaults of the chart and its subcharts, and checks them against
/// their schemas.
pub fn prepare(processed: &Processed, request: &RenderRequest) -> Prepared {
    let Processed { chart, findings } = processed;
    let mut findings = findings.clone();
    let coalesced = values::coalesce(chart, &request.overrides);
    for finding in coalesced.findings {
        // Dependencies are processed by the same rules, so both may find one fault.
        let is_known =
            |known: &Diagnostic| known.message == finding.message && known.labels == finding.labels;
        if !findings.iter().any(is_known) {
            findings.push(finding);
        }
    }
    if let Some(options) = &request.schema {
        findings.extend(values::check_schema(chart, &coalesced.values, options));
    }
    Prepared {
        values: coalesced.values,
        findings,
    }
}

/// Parses a chart's templates while `prepare` finds the values, and renders with these what can be rendered at once.
pub fn start<'c, E>(
    chart: &'c Chart,
    request: &RenderRequest,
    prepare: impl FnOnce() -> Result<Map, E>,
) -> Started<'c, ReadFile, E> {
    template::start(chart, scene(request), prepare, read)
}

fn scene(request: &RenderRequest) -> Scene<'_> {
    Scene {
        release: &request.release,
        capabilities: &request.capabilities,
        options: &request.template,
    }
}

/// Reads what a template rendered, which need not wait until all are rendered.
fn read(file: RenderedFile) -> ReadFile {
    ReadFile::new(ManifestFile::rendered(
        file.path,
        file.template,
        file.text,
        file.map,
    ))
}

/// Does one thing on a thread of its own, and another on this one.
fn at_once<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let started = thread::Builder::new().spawn_scoped(scope, &other);
        let done = own();
        let others = match started.map(ScopedJoinHandle::join) {
            Ok(Ok(others)) => others,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread is to be had; the work can be done on this one.
            Err(_) => other(),
        };
        (others, done)
    })
}

/// The files of `crds/`, read.
fn read_crds(chart: &Chart) -> Result<Vec<ReadFile>, Vec<Diagnostic>> {
    let read = |crd: Crd| ReadFile::of_crds(ManifestFile::written(crd.path, crd.source));
    Ok(chart.crds()?.into_iter().map(read).collect())
}

/// Renders every template with prepared values, if [`start`] has not, and gives the wanted manifests in install order.
pub fn finish(
    templates: &Compiled<'_>,
    values: &Map,
    request: &RenderRequest,
    rendered: Option<Vec<ReadFile>>,
) -> Result<Arranged, Vec<Diagnostic>> {
    let chart = templates.chart();
    let render = || match rendered {
        Some(files) => Ok((files, Vec::new())),
        None => templates.render_in_order(values, scene(request), read),
    };
    let (rendered, crds) = if request.selection.include_crds {
        let (crds, rendered) = at_once(|| read_crds(chart), render);
        (rendered, crds)
    } else {
        (render(), Ok(Vec::new()))
    };
    let (files, mut warnings) = rendered?;
    let unread = chart.failures();
    if !unread.is_empty() {
        return Err(unread);
    }
    let mut arranged = manifest::arrange_read(files, crds?, request.selection)?;
    warnings.append(&mut arranged.warnings);
    arranged.warnings = warnings;
    Ok(arranged)
}
