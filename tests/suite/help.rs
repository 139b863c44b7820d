//! The help of every command, compared with its snapshot; commands are found by reading the help of their parent.

use crate::process;
use crate::process::Invocation;
use crate::snapshot;
use std::collections::BTreeSet;

/// The help of a command, as printed.
fn help(command: &[String]) -> String {
    let mut args = command.to_vec();
    args.push("--help".to_owned());
    let outcome = process::run(&Invocation {
        args,
        ..Invocation::default()
    })
    .expect("help ends soon");
    let text = String::from_utf8(outcome.stdout).expect("help is a text");
    assert_eq!(
        (outcome.code, outcome.stderr.as_slice()),
        (0, b"".as_slice()),
        "{text}"
    );
    text
}

/// The names that stand under `Commands:`, without clap's own `help`.
fn commands_in(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_help_of_every_command_is_a_snapshot() {
    let mut pending = vec![Vec::new()];
    let mut seen = BTreeSet::new();
    let mut differing = Vec::new();
    while let Some(command) = pending.pop() {
        let text = help(&command);
        for name in commands_in(&text) {
            pending.push([command.clone(), vec![name]].concat());
        }
        let name = [&["runnerctl".to_owned()], command.as_slice()].concat().join("-");
        let name = format!("help/{name}");
        differing.extend(snapshot::check(&name, &text).err());
        seen.insert(name);
    }
    assert!(seen.contains("help/runnerctl-render"), "{seen:?}");
    differing.extend(snapshot::nothing_forgotten("help", &seen).err());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
