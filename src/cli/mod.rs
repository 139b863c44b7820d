//! Owns the command line: arguments to requests, results to the terminal and exit codes.
//!
//! It alone knows clap, the terminal, the environment and the current directory. Each command is a file.

use clap::{CommandFactory as _, Parser};
use std::ffi::OsString;
use std::process::ExitCode;
use time::OffsetDateTime;
use ui::Outcome;

mod args;
mod check;
mod compile;
mod dependencies;
mod evaluation;
mod files;
mod fixtures;
mod global;
mod helm_args;
mod init;
mod inputs;
mod named;
mod package;
mod post_renderer;
mod reference;
mod render;
mod signing;
mod switches;
mod ui;
mod validate;
mod verify;

/// Render, check and package Helm charts; the runner charts are built in
#[derive(Parser, Debug)]
#[command(
    name = "runnerctl",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(flatten)]
    global: global::GlobalArgs,

    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Render a chart to plain manifests
    Render(render::RenderArgs),
    /// Render a chart as `helm template` does: the same flags, Helm's defaults and exit status
    // As in Helm, of a flag that is given twice the last counts.
    #[command(args_override_self = true)]
    Template(render::RenderArgs),
    /// Check an overrides file: schema and minimum required configuration
    Validate(validate::ValidateArgs),
    /// Write an overrides file with freshly generated demo credentials
    Init(init::InitArgs),
    /// Package a chart as a .tgz archive that Helm installs
    Package(package::PackageArgs),
    /// Verify that a package is what the owner of a key signed, as `helm verify` does
    // As in Helm, of a flag that is given twice the last counts.
    #[command(args_override_self = true)]
    Verify(verify::VerifyArgs),
    /// Compile a chart's Jinja templates into Go templates that plain Helm renders to the same bytes
    Compile(compile::CompileArgs),
}

/// Whose defaults count where Helm's and ours differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defaults {
    /// Those of `helm template`, so that scripts keep running.
    Helm,
    /// Those of `render`, which protect files and need no chart's name.
    Own,
}

/// Runs the command that `arguments` name and gives the process's exit code: 0 fine, 1 the chart, values or
/// manifests are at fault, 2 usage; `template` knows only 0 and 1, as Helm does.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = switches::plain(arguments, Cli::command);
    match named::read(&arguments).map_or_else(|| Cli::try_parse_from(&arguments), Ok) {
        Ok(cli) => dispatch(&cli).into(),
        Err(error) => as_helm(ui::usage(&error), is_template(&arguments)).into(),
    }
}

/// Whether a command line that could not be read is one of `template`.
fn is_template(arguments: &[OsString]) -> bool {
    let mut commands = Cli::command();
    let known = |argument: &&OsString| {
        let text = argument.to_str().unwrap_or_default();
        commands.find_subcommand_mut(text).is_some()
    };
    arguments
        .iter()
        .skip(1)
        .find(known)
        .is_some_and(|command| command == "template")
}

/// Helm's exit status is 1 for whatever goes wrong.
fn as_helm(outcome: Outcome, is_template: bool) -> Outcome {
    match outcome {
        Outcome::Usage if is_template => Outcome::Fault,
        outcome => outcome,
    }
}

fn dispatch(cli: &Cli) -> Outcome {
    let now = OffsetDateTime::now_utc();
    let global = &cli.global;
    let outcome = ui::finish(match &cli.command {
        Command::Render(args) => render::run(args, global, Defaults::Own, now),
        Command::Template(args) => render::run(args, global, Defaults::Helm, now),
        Command::Validate(args) => validate::run(args, global, now),
        Command::Init(args) => init::run(args, global, now),
        Command::Package(args) => package::run(args, global, now),
        Command::Verify(args) => verify::run(args, now),
        Command::Compile(args) => compile::run(args),
    });
    as_helm(outcome, matches!(cli.command, Command::Template(_)))
}
