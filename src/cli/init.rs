//! Owns `runnerctl init`: an overrides file with freshly generated demo credentials.

use super::global::GlobalArgs;
use super::ui::{self, Stop};
use crate::check::demo;
use crate::output;
use crate::output::OutputFile;
use std::path::PathBuf;
use time::OffsetDateTime;

/// Flags of `init`.
#[derive(clap::Args, Debug)]
pub(super) struct InitArgs {
    /// File to write, `-` is standard output
    #[arg(value_name = "FILE", default_value = "overrides.yaml")]
    file: PathBuf,

    /// Runner name, also the name inside the NATS credentials
    #[arg(long, value_name = "NAME", default_value = "demo-runner")]
    name: String,

    /// Organization that the runner belongs to
    #[arg(long, value_name = "NAME", default_value = "demo-organization")]
    organization: String,

    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

/// Writes the overrides file.
///
/// The registry's certificate is made for the namespace.
pub(super) fn run(args: &InitArgs, global: &GlobalArgs, now: OffsetDateTime) -> Result<(), Stop> {
    let text = demo::overrides(&args.name, global.namespace(), &args.organization, now)?;
    if args.file.as_os_str() == "-" {
        return ui::print(&text);
    }
    let file = OutputFile {
        path: args.file.clone(),
        data: text.into_bytes(),
        private: true,
    };
    output::write(&[file], args.force)?;
    let path = args.file.display();
    ui::print(&format!("wrote {path}\nrender it: runnerctl render -f {path}\n"))
}
