//! Owns `runnerctl validate`: the checks of a customer's overrides without rendering.

use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::inputs;
use super::render;
use super::ui::{self, Stop};
use time::OffsetDateTime;

/// Flags of `validate`.
#[derive(clap::Args, Debug)]
pub(super) struct ValidateArgs {
    #[command(flatten)]
    release: ReleaseArgs,

    #[command(flatten)]
    values: ValuesArgs,
}

/// Checks the overrides against the chart's schema and its minimum required configuration.
pub(super) fn run(args: &ValidateArgs, now: OffsetDateTime) -> Result<(), Stop> {
    let (capabilities, selection) = (CapabilitiesArgs::default(), SelectionArgs::default());
    let inputs = inputs::gather(&args.release, &args.values, &capabilities, &selection, now)?;
    render::check_values(&inputs, now)?;
    let metadata = &inputs.processed.chart.metadata;
    ui::print(&format!(
        "the values are complete and valid for release `{}` of {} {}\n",
        inputs.request.release.name, metadata.name, metadata.version
    ))
}
