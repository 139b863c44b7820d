//! Owns the command line: arguments to requests, results to the terminal and exit codes.
//!
//! It alone knows clap, the terminal, the environment and the current directory. Each command is a file.

use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;
use time::OffsetDateTime;
use ui::Outcome;

mod args;
mod files;
mod init;
mod inputs;
mod package;
mod render;
mod ui;
mod validate;

/// Render, check and package Helm charts; the runner charts are built in
#[derive(Parser, Debug)]
#[command(
    name = "runnerctl",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Render a chart to plain manifests
    #[command(visible_alias = "template")]
    Render(render::RenderArgs),
    /// Check an overrides file: schema and minimum required configuration
    Validate(validate::ValidateArgs),
    /// Write an overrides file with freshly generated demo credentials
    Init(init::InitArgs),
    /// Package a chart as a .tgz archive that Helm installs
    Package(package::PackageArgs),
}

/// Runs the command that `arguments` name and gives the process's exit code: 0 fine, 1 the chart, values or
/// manifests are at fault, 2 usage.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return ui::usage(&error).into(),
    };
    dispatch(&cli.command).into()
}

fn dispatch(command: &Command) -> Outcome {
    let now = OffsetDateTime::now_utc();
    ui::finish(match command {
        Command::Render(args) => render::run(args, now),
        Command::Validate(args) => validate::run(args, now),
        Command::Init(args) => init::run(args, now),
        Command::Package(args) => package::run(args, now),
    })
}
