//! Owns `runnerctl package`: a chart archive on disk.

use super::Defaults;
use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::evaluation::EvaluationArgs;
use super::global::GlobalArgs;
use super::helm_args::RemoteArgs;
use super::inputs::{self, Given};
use super::render;
use super::ui::{self, Stop};
use crate::package;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Flags of `package`.
#[derive(clap::Args, Debug)]
pub(super) struct PackageArgs {
    /// Package the manifests rendered for these overrides
    #[arg(long, required = true)]
    rendered: bool,

    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    capabilities: CapabilitiesArgs,

    /// Directory that the package is written to
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    destination: PathBuf,

    /// Overwrite a package of the same name with other content
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    evaluation: EvaluationArgs,
}

/// Renders the chart and packages the manifests.
pub(super) fn run(args: &PackageArgs, global: &GlobalArgs, now: OffsetDateTime) -> Result<(), Stop> {
    // CRDs travel in the package as in any chart; hooks and tests stay what they are.
    let selection = SelectionArgs {
        include_crds: false,
        no_hooks: false,
        skip_tests: false,
    };
    let inputs = inputs::gather(Given {
        release: &args.release,
        generate_name: false,
        dependency_update: false,
        values: &args.values,
        capabilities: &args.capabilities,
        selection: &selection,
        remote: &RemoteArgs::default(),
        namespace: global.namespace(),
        defaults: Defaults::Own,
        template: args.evaluation.options(now)?,
    })?;
    let rendered = render::render_checked(&inputs, now, render::OnFailure::Report)?;
    let package = package::rendered(
        &inputs.processed.chart,
        &rendered.manifests,
        args.evaluation.source_date_epoch.unwrap_or(0),
    )?;
    let path = package.save(&args.destination, args.force)?;
    ui::print(&format!(
        "packaged the chart as {}\nsha256 {}\n",
        path.display(),
        package.sha256()
    ))
}
