//! Owns `runnerctl render`: manifests on standard output or in a directory.

use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::inputs::{self, Inputs};
use super::ui::{self, Stop};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::manifest;
use crate::manifest::Arranged;
use crate::render;
use crate::yaml::Map;
use std::fmt::Write as _;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Flags of `render`.
#[derive(clap::Args, Debug)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    capabilities: CapabilitiesArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    /// Only show manifests of the given templates; globs work (can be repeated)
    #[arg(short, long, value_name = "TEMPLATE", help_heading = "Manifests")]
    show_only: Vec<String>,

    /// Print the release's Namespace first
    #[arg(long, help_heading = "Manifests")]
    create_namespace: bool,

    /// Write the manifests to files in DIR instead of standard output
    #[arg(long, value_name = "DIR", help_heading = "Manifests")]
    output_dir: Option<PathBuf>,

    /// Overwrite files that exist in the output directory
    #[arg(long, requires = "output_dir", help_heading = "Manifests")]
    force: bool,
}

/// Renders a chart and prints or writes its manifests.
pub(super) fn run(args: &RenderArgs, now: OffsetDateTime) -> Result<(), Stop> {
    let inputs = inputs::gather(
        &args.release,
        &args.values,
        &args.capabilities,
        &args.selection,
        now,
    )?;
    let rendered = render_checked(&inputs, now)?;
    let mut manifests = rendered.manifests;
    if !args.show_only.is_empty() {
        manifests = manifest::select(&manifests, &rendered.silent, &args.show_only)?;
    }
    if args.create_namespace {
        manifests.insert(0, manifest::namespace(&inputs.request.release.namespace)?);
    }
    let output = if let Some(directory) = &args.output_dir {
        let mut report = String::new();
        for path in manifest::write_directory(&manifests, directory, args.force)? {
            let _ = writeln!(report, "wrote {}", path.display());
        }
        report
    } else if args.show_only.is_empty() {
        manifest::write(&manifests)
    } else {
        manifest::write_selected(&manifests)
    };
    leave_to_exit((inputs, manifests));
    ui::print(&output)
}

/// Keeps a value until the process ends, which is near: taking it apart would cost a tenth of a run.
fn leave_to_exit<T>(value: T) {
    std::mem::forget(value);
}

/// Checks the values and the minimum configuration, reports every warning, and renders.
pub(super) fn render_checked(inputs: &Inputs, now: OffsetDateTime) -> Result<Arranged, Stop> {
    let (templates, values) = render::compile_and(&inputs.processed.chart, || check_values(inputs, now));
    let values = values?;
    let templates = templates?;
    let rendered = render::render(&templates, &values, &inputs.request)?;
    leave_to_exit((templates, values));
    ui::report(&rendered.warnings);
    Ok(rendered)
}

/// The coalesced values, if the schema and the minimum configuration find no error; warnings are reported.
pub(super) fn check_values(inputs: &Inputs, now: OffsetDateTime) -> Result<Map, Stop> {
    let prepared = render::prepare(&inputs.processed, &inputs.request);
    let minimum = check::minimum(
        &inputs.processed.chart,
        &prepared.values,
        &inputs.request.release,
        now,
    );
    let mut findings = inputs.warnings.clone();
    let schema = prepared.findings.into_iter();
    findings.extend(schema.filter(|finding| !is_said_better(finding, &minimum)));
    findings.extend(minimum);
    if findings.iter().any(Diagnostic::is_error) {
        return Err(findings.into());
    }
    ui::report(&findings);
    Ok(prepared.values)
}

/// Whether the minimum configuration finds the same value wrong as the schema: it also says why and gives an example.
fn is_said_better(finding: &Diagnostic, minimum: &[Diagnostic]) -> bool {
    let place = |diagnostic: &Diagnostic| Some(diagnostic.labels.first()?.place.clone());
    let about_a_value = |other: &&Diagnostic| other.is_error() && other.code != "required-value";
    finding.code == "invalid-value"
        && place(finding).is_some_and(|found| {
            let mut others = minimum.iter().filter(about_a_value);
            others.any(|other| place(other).as_ref() == Some(&found))
        })
}
