//! Owns `runnerctl validate`: the checks of a customer's overrides without rendering.

use super::Defaults;
use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::global::GlobalArgs;
use super::helm_args::RemoteArgs;
use super::inputs::{self, Given};
use super::render;
use super::ui::{self, Stop};
use crate::manifest::Files;
use crate::template;
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
pub(super) fn run(args: &ValidateArgs, global: &GlobalArgs, now: OffsetDateTime) -> Result<(), Stop> {
    let inputs = inputs::gather(Given {
        release: &args.release,
        generate_name: false,
        dependency_update: false,
        values: &args.values,
        capabilities: &CapabilitiesArgs::default(),
        selection: &SelectionArgs::default(),
        files: Files::Dropped,
        remote: &RemoteArgs::default(),
        namespace: global.namespace(),
        defaults: Defaults::Own,
        template: template::Options {
            clock: now,
            ..template::Options::default()
        },
        now,
    })?;
    render::check_values(&inputs, now)?;
    let metadata = &inputs.processed.chart.metadata;
    ui::print(&format!(
        "the values are complete and valid for release `{}` of {} {}\n",
        inputs.request.release.name, metadata.name, metadata.version
    ))
}
