//! Owns snapshots: reading, comparing with a readable difference, writing when asked, finding forgotten ones.
//!
//! It never writes expected output that real Helm made: only files ending in `.snap` below `snapshots/`.

use crate::process::root;
use similar::ChangeTag;
use similar::TextDiff;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The most lines of a difference that are shown.
const MOST_LINES: usize = 120;

/// Compares `actual` with `snapshots/<name>.snap`, or writes it when `UPDATE_SNAPSHOTS` is set.
pub(crate) fn check(name: &str, actual: &str) -> Result<(), String> {
    let relative = format!("snapshots/{name}.snap");
    let path = root().join(&relative);
    let expected = fs::read_to_string(&path).ok();
    if expected.as_deref() == Some(actual) {
        return Ok(());
    }
    if updating() {
        let parent = path.parent().expect("a snapshot lies in a folder");
        fs::create_dir_all(parent)
            .map_err(|error| format!("failed to create `{}`: {error}", parent.display()))?;
        fs::write(&path, actual).map_err(|error| format!("failed to write `{relative}`: {error}"))?;
        return Ok(());
    }
    match expected {
        Some(expected) => Err(format!(
            "{relative} differs (- expected, + now); UPDATE_SNAPSHOTS=1 accepts it\n{}",
            difference(&expected, actual)
        )),
        None => Err(format!(
            "{relative} does not exist; UPDATE_SNAPSHOTS=1 writes it:\n{actual}"
        )),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the switch is the tester's, not the program's"
)]
fn updating() -> bool {
    std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1")
}

/// Both texts line by line, only what differs and three lines around it.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(3) {
        if let Some(first) = group.first() {
            lines.push(format!("@@ line {}", first.new_range().start + 1));
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            // Blanks at the end and carriage returns must be visible, or a difference looks like none.
            lines.push(format!(
                "{sign}{}",
                visible_blanks(change.value().trim_end_matches('\n'))
            ));
        }
    }
    let hidden = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    if hidden > 0 {
        lines.push(format!("… and {hidden} more lines"));
    }
    lines.join("\n")
}

/// The line with the blanks at its end shown as signs.
fn visible_blanks(line: &str) -> String {
    let body = line.trim_end_matches([' ', '\t', '\r']);
    let mut shown = body.to_owned();
    for blank in line[body.len()..].chars() {
        shown.push(match blank {
            '\t' => '→',
            '\r' => '␍',
            _ => '·',
        });
    }
    shown
}

/// Fails when a file of `snapshots/<area>` belongs to no case in `cases` (`render/ok/name`).
pub(crate) fn nothing_forgotten(area: &str, cases: &BTreeSet<String>) -> Result<(), String> {
    let mut forgotten = Vec::new();
    let mut pending = vec![area.to_owned()];
    while let Some(folder) = pending.pop() {
        for name in names_in(&root().join("snapshots").join(&folder))? {
            let path = format!("{folder}/{name}");
            if root().join("snapshots").join(&path).is_dir() {
                pending.push(path);
            } else if !path
                .strip_suffix(".snap")
                .is_some_and(|case| cases.contains(case))
            {
                forgotten.push(format!("snapshots/{path}"));
            }
        }
    }
    if forgotten.is_empty() {
        Ok(())
    } else {
        Err(format!("no case has these snapshots:\n{}", forgotten.join("\n")))
    }
}

/// The names in a folder, sorted; none when there is no such folder. Hidden names are left out.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<String>, String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("failed to read `{}`: {error}", folder.display())),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("failed to read `{}`: {error}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
