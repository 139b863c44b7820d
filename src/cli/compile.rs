//! Owns `runnerctl compile`: a chart of Jinja templates written as a chart that plain Helm installs.

use super::Defaults;
use super::helm_args::RemoteArgs;
use super::reference;
use super::ui::{self, Stop};
use crate::output;
use crate::output::OutputFile;
use crate::package;
use crate::template::compile;
use std::path::PathBuf;

/// Flags of `compile`.
#[derive(clap::Args, Debug)]
pub(super) struct CompileArgs {
    /// A bundled chart, a chart directory or an archive
    #[arg(value_name = "CHART", default_value = reference::DEFAULT_CHART)]
    chart: String,

    /// Directory that the chart is written to
    #[arg(short, long, value_name = "DIR")]
    destination: PathBuf,

    /// Overwrite files with other content
    #[arg(long)]
    force: bool,
}

/// Compiles the chart's templates and writes the chart's directory.
pub(super) fn run(args: &CompileArgs) -> Result<(), Stop> {
    let chart = reference::load(&args.chart, &RemoteArgs::default(), Defaults::Own)?;
    let compiled = compile::compile(&chart)?;
    let folder = args.destination.join(&chart.metadata.name);
    let files: Vec<OutputFile> = package::files(&compiled)?
        .into_iter()
        .map(|(name, data)| OutputFile {
            path: folder.join(name),
            data,
            private: false,
        })
        .collect();
    output::write(&files, args.force)?;
    ui::print(&format!("compiled the chart to {}\n", folder.display()))
}
