//! The project's own rules, each a test: who may import whom, module docs, sizes, names, no secrets.
//!
//! It reads sources as text and knows nothing of what they do.

mod imports;

use crate::process::root;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// No file is longer: it would hold a second concern.
const LONGEST_FILE: usize = 800;

/// Module names that say nothing of what a module owns.
const EMPTY_NAMES: &[&str] = &[
    "common", "core", "helper", "helpers", "misc", "prelude", "shared", "types", "util", "utils",
];

/// Folders at the root that are not sources of the project.
const NOT_SOURCES: &[&str] = &[".git", "dist", "target"];

/// A file of the project.
struct SourceFile {
    /// Its path from the root, with `/`.
    path: String,
    text: String,
}

/// Every text file of the project, sorted by path.
fn files() -> Vec<SourceFile> {
    let walk = walkdir::WalkDir::new(root()).sort_by_file_name();
    walk.into_iter()
        .filter_entry(|entry| {
            entry.depth() != 1 || !NOT_SOURCES.contains(&entry.file_name().to_string_lossy().as_ref())
        })
        .map(|entry| entry.expect("the project's files can be listed"))
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let text = String::from_utf8(fs::read(entry.path()).ok()?).ok()?;
            let path = entry.path().strip_prefix(root()).expect("the walk starts there");
            let path = path.to_string_lossy().replace('\\', "/");
            Some(SourceFile { path, text })
        })
        .collect()
}

fn rust_files() -> Vec<SourceFile> {
    let mut files = files();
    files.retain(|file| {
        Path::new(&file.path)
            .extension()
            .is_some_and(|suffix| suffix == "rs")
    });
    assert!(files.len() > 20, "the scan must find the sources");
    files
}

#[track_caller]
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// Each place at which `pattern` matches a line of `files`.
fn matches<'a>(files: impl IntoIterator<Item = &'a SourceFile>, pattern: &str, finding: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("the pattern is valid");
    let mut findings = Vec::new();
    for file in files {
        for (number, line) in (1..).zip(file.text.lines()) {
            if pattern.is_match(line) {
                findings.push(format!("{}:{number}: {finding}", file.path));
            }
        }
    }
    findings
}

#[test]
fn every_file_says_first_what_it_owns() {
    let bare = |file: &SourceFile| !file.text.starts_with("//! ");
    let findings: Vec<String> = rust_files()
        .iter()
        .filter(|file| bare(file))
        .map(|file| format!("{}:1: opens without `//!`", file.path))
        .collect();
    assert_none(&findings);
}

#[test]
fn no_file_is_too_long_to_hold_in_mind() {
    let findings: Vec<String> = rust_files()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(file, lines)| format!("{}: {lines} lines, at most {LONGEST_FILE}", file.path))
        .collect();
    assert_none(&findings);
}

#[test]
fn no_module_has_an_empty_name() {
    let findings: Vec<String> = rust_files()
        .iter()
        .filter(|file| {
            let mut names = file.path.trim_end_matches(".rs").split('/');
            names.any(|name| EMPTY_NAMES.contains(&name))
        })
        .map(|file| format!("{}: the name says nothing of what it owns", file.path))
        .collect();
    assert_none(&findings);
}

#[test]
fn imports_are_one_to_a_line() {
    assert_none(&matches(
        &rust_files(),
        r"^\s*(pub )?use crate::\{",
        "write one import per module",
    ));
}

#[test]
fn every_test_file_is_part_of_its_binary() {
    let files = rust_files();
    let mut findings = Vec::new();
    for binary in ["tests/golden", "tests/suite"] {
        let main = format!("{binary}/main.rs");
        let main = files
            .iter()
            .find(|file| file.path == main)
            .expect("each test binary has a main");
        for file in &files {
            let Some(name) = file.path.strip_prefix(&format!("{binary}/")) else {
                continue;
            };
            let name = name.trim_end_matches(".rs").trim_end_matches("/mod");
            let declared = main.text.lines().any(|line| line == format!("mod {name};"));
            if !name.contains('/') && name != "main" && !declared {
                findings.push(format!("{}: {binary}/main.rs does not declare it", file.path));
            }
        }
    }
    assert_none(&findings);
}

#[test]
fn every_folder_with_a_command_line_is_a_case() {
    let findings: Vec<String> = files()
        .iter()
        .filter(|file| file.path.starts_with("testdata/") && file.path.ends_with("/case.yaml"))
        .filter(|file| {
            let parts: Vec<&str> = file.path.split('/').collect();
            parts.len() != 5 || !matches!(parts[2], "ok" | "err")
        })
        .map(|file| {
            format!(
                "{}: not at testdata/<area>/<ok or err>/<name>/, so it never runs",
                file.path
            )
        })
        .collect();
    assert_none(&findings);
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let files = files();
    let ours = files
        .iter()
        .filter(|file| !file.path.starts_with("tests/suite/tidy"));
    assert_none(&matches(
        ours,
        r"/home/[a-z]+/|/Users/[A-Za-z]+/|/root/\.|/var/folders/",
        "names a path of one machine",
    ));
}

#[test]
fn no_file_holds_a_key_or_a_token() {
    let patterns = [
        (r"PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{40}", "a private key"),
        (r"^\s*MI[A-Za-z0-9+/]{60}", "key or certificate material"),
        (
            r"\bLS0tLS1CRUdJTi[A-Za-z0-9+/]{100}",
            "key or certificate material in base64",
        ),
        (r"\bS[UAONCX][A-Z2-7]{54,}\b", "a NATS seed"),
        (r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}", "a token"),
    ];
    let files = files();
    for (pattern, what) in patterns {
        assert_none(&matches(
            &files,
            pattern,
            &format!("looks like {what}; make it at test time"),
        ));
    }
}

#[test]
fn every_module_of_the_crate_is_in_the_import_table() {
    let declared: BTreeSet<String> = rust_files()
        .iter()
        .filter_map(|file| {
            let name = file.path.strip_prefix("src/")?.trim_end_matches(".rs");
            Some(name.split('/').next()?.to_owned())
        })
        .filter(|name| name != "lib" && name != "main")
        .collect();
    let listed: BTreeSet<String> = imports::TABLE
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(declared, listed);
}

#[test]
fn imports_point_only_down_the_table() {
    let findings: Vec<String> = rust_files()
        .iter()
        .flat_map(|file| imports::upward(&file.path, &file.text))
        .collect();
    assert_none(&findings);
}
