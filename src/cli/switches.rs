//! Owns what Go's flags allow and clap does not: `--wait=true`, `--wait=false`.
//!
//! It knows no flag by name: the command line's own definition says which take no value.

use clap::ArgAction;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

/// The arguments with `--switch=true` written as `--switch`, and a switch that is turned off left out.
///
/// As in Go the last word about a switch counts. What follows `--` is no flag.
pub(super) fn plain(
    arguments: impl IntoIterator<Item = OsString>,
    command: impl FnOnce() -> clap::Command,
) -> Vec<OsString> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if !arguments.iter().any(|argument| has_truth(argument)) {
        // Most command lines; defining all commands for nothing costs as much as reading some charts.
        return arguments;
    }
    let switches = switches(&command());
    let mut plain: Vec<OsString> = Vec::new();
    let mut arguments = arguments.into_iter();
    for argument in arguments.by_ref() {
        let text = argument.to_str().unwrap_or_default();
        if text == "--" {
            plain.push(argument);
            break;
        }
        let Some((name, value)) = text.split_once('=') else {
            plain.push(argument);
            continue;
        };
        match (switches.contains(name), truth(value)) {
            (true, Some(true)) => plain.push(name.into()),
            (true, Some(false)) => plain.retain(|earlier| earlier != name),
            _ => plain.push(argument),
        }
    }
    plain.extend(arguments);
    plain
}

/// Whether an argument looks like a switch with a value.
fn has_truth(argument: &OsStr) -> bool {
    let text = argument.to_str().filter(|text| text.starts_with("--"));
    text.and_then(|text| text.split_once('='))
        .is_some_and(|(_, value)| truth(value).is_some())
}

/// `--name` of every flag without a value, of all commands.
fn switches(command: &clap::Command) -> BTreeSet<String> {
    let commands = command.get_subcommands().chain([command]);
    let arguments = commands.flat_map(clap::Command::get_arguments);
    let without_value = arguments.filter(|argument| matches!(argument.get_action(), ArgAction::SetTrue));
    without_value
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect()
}

/// Go's `ParseBool`.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};

    #[test]
    fn switches_may_have_a_value_as_in_go() {
        let switch = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        let sub = Command::new("sub")
            .arg(switch("wait"))
            .arg(Arg::new("set").long("set"));
        let command = Command::new("x").arg(switch("debug")).subcommand(sub);
        for (given, expected) in [
            ("x --debug=1 sub --wait=true", "x --debug sub --wait"),
            ("x sub --wait --wait=false --set=true", "x sub --set=true"),
            ("x sub --wait=F --wait=T", "x sub --wait"),
            (
                "x sub --wait=maybe -- --wait=true",
                "x sub --wait=maybe -- --wait=true",
            ),
        ] {
            let given = given.split(' ').map(OsString::from);
            let expected: Vec<OsString> = expected.split(' ').map(OsString::from).collect();
            assert_eq!(plain(given, || command.clone()), expected);
        }
    }
}
