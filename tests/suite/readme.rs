//! Runs the README: what a newcomer copies must work and print what stands there.
//!
//! The convention, so that adding an example needs no Rust:
//! - a ```` ```console ```` block holds commands after `$ ` and their output, standard error after standard output;
//!   a line that is `…` alone stands for any number of lines, and `…` in a line for any text;
//! - a ```` ```yaml name.yaml ```` block is a file of that name in the folder where the commands run;
//! - all blocks run in order in one fresh folder, which holds a copy of `values/`;
//! - only `runnerctl …` and `cargo run --release -- …` run, both as the built binary, `; echo $?` prints the exit
//!   code, and a command that ends in ` > file` writes it. Other shells' blocks (`sh`) are not run.

use crate::process;
use crate::process::Invocation;
use crate::process::root;
use regex::Regex;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A fenced block: what stands after the fence, the line number of the fence, the text within.
struct Block {
    info: String,
    line: usize,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(readme.lines()) {
        match (&mut open, text.strip_prefix("```")) {
            (None, Some(info)) => {
                let info = info.trim().to_owned();
                open = Some(Block {
                    info,
                    line,
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => writeln!(block.text, "{text}").expect("a string can be written to"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "README.md: a block is not closed");
    blocks
}

/// Runs one command line of a console block and gives what the terminal shows.
fn run(command: &str, folder: &Path) -> String {
    let (command, show_code) = match command.strip_suffix("; echo $?") {
        Some(command) => (command.trim_end(), true),
        None => (command, false),
    };
    let (command, target) = match command.split_once(" > ") {
        Some((command, target)) => (command, Some(target.trim())),
        None => (command, None),
    };
    let args = command
        .strip_prefix("runnerctl ")
        .or_else(|| command.strip_prefix("cargo run --release -- "))
        .unwrap_or_else(|| panic!("README.md: `{command}` is no command of runnerctl"));
    let outcome = process::run(&Invocation {
        directory: folder.to_owned(),
        args: args
            .split_whitespace()
            .map(|word| word.trim_matches('\'').to_owned())
            .collect(),
        ..Invocation::default()
    })
    .unwrap_or_else(|bound| panic!("README.md: `{command}`: {bound}"));
    let mut shown = String::new();
    match target {
        Some(target) => {
            fs::write(folder.join(target), &outcome.stdout).expect("the folder can be written to");
        }
        None => shown.push_str(&String::from_utf8_lossy(&outcome.stdout)),
    }
    shown.push_str(&String::from_utf8_lossy(&outcome.stderr));
    if show_code {
        writeln!(shown, "{}", outcome.code).expect("a string can be written to");
    } else {
        assert_eq!(outcome.code, 0, "README.md: `{command}` fails:\n{shown}");
    }
    shown
}

/// Whether `actual` is the text that `expected` describes with its `…`.
fn agrees(expected: &str, actual: &str) -> bool {
    let mut pattern = String::from(r"\A");
    for line in expected.lines() {
        if line.trim() == "…" {
            pattern.push_str(r"(?:.*\n)*?");
        } else {
            let parts: Vec<String> = line.split('…').map(regex::escape).collect();
            pattern.push_str(&parts.join(".*"));
            pattern.push_str(r"[ \t]*\n");
        }
    }
    pattern.push_str(r"\z");
    Regex::new(&pattern)
        .expect("the pattern is valid")
        .is_match(actual)
}

fn copy_values(folder: &Path) {
    for entry in walkdir::WalkDir::new(root().join("values")) {
        let entry = entry.expect("values/ can be listed");
        let path = entry.path().strip_prefix(root()).expect("the walk starts there");
        if entry.file_type().is_dir() {
            fs::create_dir_all(folder.join(path)).expect("a folder can be created");
        } else {
            fs::copy(entry.path(), folder.join(path)).expect("a file can be copied");
        }
    }
}

#[test]
fn every_console_block_prints_what_it_shows() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README exists");
    let scratch = tempfile::tempdir().expect("a temporary folder can be created");
    copy_values(scratch.path());
    let mut commands = 0;
    let mut differing = String::new();
    for block in blocks(&readme) {
        if let Some(name) = block.info.strip_prefix("yaml ") {
            let path = scratch.path().join(name);
            let folder = path.parent().expect("the file lies in the scratch folder");
            fs::create_dir_all(folder).expect("a folder can be made");
            fs::write(path, &block.text).expect("a file can be written");
        }
        if block.info != "console" {
            continue;
        }
        for step in block.text.split("$ ").filter(|step| !step.is_empty()) {
            let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
            let actual = run(command, scratch.path());
            commands += 1;
            if !agrees(expected, &actual) {
                let line = block.line;
                writeln!(
                    differing,
                    "README.md:{line}: `{command}` shows\n{expected}\nbut prints\n{actual}"
                )
                .expect("a string can be written to");
            }
        }
    }
    assert!(commands >= 5, "the README must show commands");
    assert!(differing.is_empty(), "{differing}");
}

#[test]
fn the_readme_names_the_two_commands_of_a_newcomer() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README exists");
    for command in [
        "cargo run --release -- render -f values/kubiya-runner/examples/overrides.yaml",
        "cargo test",
    ] {
        assert!(readme.contains(command), "README.md lacks `{command}`");
    }
}

#[test]
fn every_link_into_the_project_leads_somewhere() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README exists");
    let links = Regex::new(r"\]\(([^)#]+)").expect("the pattern is valid");
    let broken: Vec<&str> = links
        .captures_iter(&readme)
        .map(|link| link.get(1).expect("the group always matches").as_str())
        .filter(|target| !target.contains("://") && !root().join(target).exists())
        .collect();
    assert_eq!(broken, Vec::<&str>::new());
}

#[test]
fn an_ellipsis_stands_for_lines_or_for_text_in_a_line() {
    assert!(agrees("a\n…\nz\n", "a\nb\nc\nz\n"));
    assert!(agrees("a … c\n", "a b c\n"));
    assert!(!agrees("a\n", "a\nb\n"));
    assert!(!agrees("a\n…\n", "b\n"));
}
