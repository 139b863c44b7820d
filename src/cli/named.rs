//! Owns the short way to read a command line whose first argument names the command: only that command's flags are
//! defined.
//!
//! Defining the flags of all commands takes as long as reading some charts. Help and errors need them all: a line that
//! cannot be read here is left to the definition of the whole command line, which words whatever there is to say.

use super::global::GlobalArgs;
use super::{Cli, Command};
use clap::{Args, CommandFactory, FromArgMatches, Parser};
use std::ffi::OsString;

/// A command without its name: its flags and those of every command.
#[derive(Parser, Debug)]
struct Named<A: Args> {
    #[command(flatten)]
    global: GlobalArgs,

    #[command(flatten)]
    args: A,
}

/// What the arguments say, if the first names a command and the rest are in order.
pub(super) fn read(arguments: &[OsString]) -> Option<Cli> {
    let (program, rest) = arguments.split_first()?;
    let (name, rest) = rest.split_first()?;
    let line = Line {
        program,
        rest,
        last_counts: false,
    };
    match name.to_str()? {
        "render" => line.read(Command::Render),
        "template" => line.last_counts().read(Command::Template),
        "validate" => line.read(Command::Validate),
        "init" => line.read(Command::Init),
        "package" => line.read(Command::Package),
        "compile" => line.read(Command::Compile),
        "verify" => line.read(Command::Verify),
        _ => None,
    }
}

/// The arguments around a command's name.
struct Line<'a> {
    program: &'a OsString,
    rest: &'a [OsString],
    last_counts: bool,
}

impl Line<'_> {
    /// As in Helm, of a flag that is given twice the last counts.
    fn last_counts(self) -> Self {
        Self {
            last_counts: true,
            ..self
        }
    }

    fn read<A: Args>(self, command: fn(A) -> Command) -> Option<Cli> {
        let arguments = std::iter::once(self.program).chain(self.rest);
        let flags = Named::<A>::command().args_override_self(self.last_counts);
        let matches = flags.try_get_matches_from(arguments).ok()?;
        let Named { global, args } = Named::from_arg_matches(&matches).ok()?;
        Some(Cli {
            global,
            command: command(args),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_read_as_the_whole_definition_reads_it() {
        let lines = [
            "render -f a.yaml,b.yaml --set a=b -n x name chart",
            "render --debug --kube-version 1.30 --source-date-epoch 1 --dry-run -- -n",
            "template --namespace a --namespace b --set x=1 --set y=2 --kube-token t . --wait",
            "validate -f a.yaml",
            "init out.yaml",
            "package -d out --rendered .",
            "compile chart -d out",
            "verify chart-1.0.0.tgz --keyring k",
        ];
        for line in lines {
            let arguments: Vec<OsString> = std::iter::once("runnerctl")
                .chain(line.split(' '))
                .map(OsString::from)
                .collect();
            let short = read(&arguments).expect(line);
            let whole = Cli::try_parse_from(&arguments).expect(line);
            assert_eq!(format!("{short:?}"), format!("{whole:?}"));
        }
        let whole = Cli::command();
        let named = |name: &str| lines.iter().any(|line| line.split(' ').next() == Some(name));
        for command in whole.get_subcommands() {
            assert!(named(command.get_name()), "{}", command.get_name());
        }
    }

    #[test]
    fn what_is_out_of_order_is_left_to_the_whole_definition() {
        for line in [
            "x",
            "x --version",
            "x render --help",
            "x render --version",
            "x render --unknown",
            "x render -n a -n b",
            "x -n a render",
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(read(&arguments).is_none(), "{line}");
        }
    }
}
