//! Owns the pipeline from a loaded chart and a request to manifests: process dependencies, coalesce, check, render,
//! split, select and sort.
//!
//! It loads nothing and prints nothing.

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::manifest;
use crate::manifest::{Arranged, ManifestFile, ReadFile, Selection};
use crate::release::Release;
use crate::source::TextMap;
use crate::template;
use crate::template::{Compiled, RenderedFile};
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

/// Parses a chart's templates and prepares its values at once, each on a core of its own: neither needs the other.
pub fn compile_and<T>(
    chart: &Chart,
    prepare: impl FnOnce() -> T,
) -> (Result<Compiled<'_>, Vec<Diagnostic>>, T) {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(PARSER_STACK);
        let parsing = builder.spawn_scoped(scope, || Compiled::new(chart));
        let prepared = prepare();
        let compiled = match parsing.map(ScopedJoinHandle::join) {
            Ok(Ok(compiled)) => compiled,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread is to be had; the work can be done on this one.
            Err(_) => Compiled::new(chart),
        };
        (compiled, prepared)
    })
}

/// The parser recurses as deeply as expressions nest, up to its own limit.
const PARSER_STACK: usize = 8 << 20;

/// Renders every template with prepared values and gives the wanted manifests in install order.
pub fn render(
    templates: &Compiled<'_>,
    values: &Map,
    request: &RenderRequest,
) -> Result<Arranged, Vec<Diagnostic>> {
    // Reading what a template rendered need not wait until all are rendered.
    let read = |file: RenderedFile| {
        ReadFile::new(ManifestFile {
            path: file.path,
            template: file.template,
            text: file.text,
            map: file.map,
        })
    };
    let RenderRequest {
        release,
        capabilities,
        template,
        ..
    } = request;
    let (files, mut warnings) = templates.render_each(values, release, capabilities, template, read)?;
    let chart = templates.chart();
    let unread = chart.failures();
    if !unread.is_empty() {
        return Err(unread);
    }
    let crds = if request.selection.include_crds {
        chart.crds()?
    } else {
        Vec::new()
    };
    let crds = crds.into_iter().map(|crd| ManifestFile {
        path: crd.path,
        text: crd.source.text.clone(),
        template: crd.source,
        map: TextMap::default(),
    });
    let mut arranged = manifest::arrange_read(files, crds.collect(), request.selection)?;
    warnings.append(&mut arranged.warnings);
    arranged.warnings = warnings;
    Ok(arranged)
}
