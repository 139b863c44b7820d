//! Owns golden cases that are a command line: `testdata/<area>/{ok,err}/<name>/case.yaml`.
//!
//! A case must first succeed (`ok`) or fail in an orderly way (`err`); only then is its snapshot read, so an
//! error can never be accepted as output. Areas with another shape of case have their own module.
//!
//! `{case}` in an argument stands for the case's folder, `{tmp}` for a fresh folder that is deleted afterwards.
//! Commands run in the repository's root and write to `{tmp}` only; what they leave there is in the snapshot.

mod generate;

use crate::cases;
use crate::process;
use crate::process::Invocation;
use crate::process::Outcome;
use crate::process::root;
use crate::snapshot;
use generate::Generated;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use serde::Deserialize;
use sha2::Digest as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What `case.yaml` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the case exists, a sentence.
    why: String,
    /// The command line after `runnerctl`.
    args: Vec<String>,
    /// Commands that must succeed first, each as its arguments; their output is not compared.
    #[serde(default)]
    before: Vec<Vec<String>>,
    /// The text of standard input.
    #[serde(default)]
    stdin: String,
    /// The whole environment.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Files made in `{tmp}` before the run: too large, or not storable in a repository.
    #[serde(default)]
    generate: Vec<Generated>,
}

/// Makes one trial of each case of an area, and one that looks for forgotten snapshots.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    cases::trials(area, check)
}

fn check(name: &str) -> Result<(), Failed> {
    check_name(name)?;
    let relative = format!("testdata/{name}");
    let case = read(&relative)?;
    let scratch =
        tempfile::tempdir().map_err(|error| format!("failed to create a temporary folder: {error}"))?;
    let scratch_name = scratch.path().to_string_lossy().into_owned();
    for generated in &case.generate {
        generated.write(scratch.path())?;
    }
    let expand = |text: &String| text.replace("{case}", &relative).replace("{tmp}", &scratch_name);
    for args in &case.before {
        let outcome = process::run(&Invocation {
            args: args.iter().map(expand).collect(),
            ..Invocation::default()
        })?;
        if outcome.code != 0 {
            return Err(format!(
                "`{}` of `before` failed\n{}",
                args.join(" "),
                shown(&outcome, &scratch_name)
            )
            .into());
        }
    }
    let present = files_in(scratch.path())?;
    let outcome = process::run(&Invocation {
        args: case.args.iter().map(expand).collect(),
        stdin: case.stdin.clone().into_bytes(),
        env: case
            .env
            .iter()
            .map(|(key, value)| (key.clone(), expand(value)))
            .collect(),
        ..Invocation::default()
    })?;
    let mut text = shown(&outcome, &scratch_name);
    check_verdict(name, &outcome, &text)?;
    check_helm(&relative, &outcome, &scratch_name)?;
    for (path, bytes) in files_in(scratch.path())? {
        if present.get(&path) != Some(&bytes) {
            show_file(&mut text, &path, &bytes, &scratch_name);
        }
    }
    Ok(snapshot::check(name, &text)?)
}

/// `area/verdict/name`, the last part a phrase in kebab-case.
fn check_name(name: &str) -> Result<(), Failed> {
    let parts: Vec<&str> = name.split('/').collect();
    if !matches!(parts[1], "ok" | "err") {
        return Err(format!("testdata/{name}: cases lie under `ok` or `err`").into());
    }
    let kebab =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if !parts[2].chars().all(kebab) {
        return Err(format!("testdata/{name}: the folder's name is not kebab-case").into());
    }
    Ok(())
}

fn read(folder: &str) -> Result<Case, Failed> {
    let path = format!("{folder}/case.yaml");
    let text = fs::read_to_string(root().join(&path))
        .map_err(|error| format!("failed to read `{path}`: {error}"))?;
    let case: Case = serde_yaml::from_str(&text).map_err(|error| format!("`{path}`: {error}"))?;
    if case.why.split_whitespace().count() < 4 {
        return Err(format!("`{path}`: `why` is not a sentence").into());
    }
    Ok(case)
}

/// Success or orderly failure, as the case's folder promises.
fn check_verdict(name: &str, outcome: &Outcome, shown: &str) -> Result<(), Failed> {
    if name.split('/').nth(1) == Some("ok") {
        if outcome.code != 0 {
            return Err(format!("must succeed\n{shown}").into());
        }
        return Ok(());
    }
    if !matches!(outcome.code, 1 | 2) {
        return Err(format!("must fail with exit code 1 or 2\n{shown}").into());
    }
    if !outcome.stdout.is_empty() {
        return Err(format!("must fail before anything is printed to standard output\n{shown}").into());
    }
    if outcome.stderr.is_empty() {
        return Err("must say on standard error why it fails".into());
    }
    Ok(())
}

/// Standard output must equal `helm.yaml` beside the case, which real Helm made.
///
/// Its first line names the version and the command that made it: `# helm v3.17.3: template …`. `{tmp}` in it
/// stands for the case's folder.
fn check_helm(folder: &str, outcome: &Outcome, scratch: &str) -> Result<(), Failed> {
    let path = format!("{folder}/helm.yaml");
    let Ok(text) = fs::read_to_string(root().join(&path)) else {
        return Ok(());
    };
    let (label, expected) = text.split_once('\n').unwrap_or((&text, ""));
    if !label.starts_with("# helm v3.17.3: ") {
        return Err(format!("`{path}`: the first line must be `# helm v3.17.3: ` and the command").into());
    }
    let actual = String::from_utf8_lossy(&outcome.stdout).replace(scratch, "{tmp}");
    if actual == expected {
        return Ok(());
    }
    Err(format!(
        "standard output differs from Helm's (- Helm, + ours)\n{}",
        snapshot::difference(expected, &actual)
    )
    .into())
}

/// The outcome as a snapshot shows it.
fn shown(outcome: &Outcome, scratch: &str) -> String {
    let mut text = format!("exit code {}\n", outcome.code);
    show_text(&mut text, "stdout", &outcome.stdout, scratch);
    show_text(&mut text, "stderr", &outcome.stderr, scratch);
    text
}

fn show_text(text: &mut String, title: &str, bytes: &[u8], scratch: &str) {
    if bytes.is_empty() {
        return;
    }
    let body = String::from_utf8_lossy(bytes).replace(scratch, "[TMP]");
    writeln!(text, "===== {title}").expect("a string can be written to");
    text.push_str(&body);
    if !body.ends_with('\n') {
        text.push_str("\n===== (no line break at the end)\n");
    }
}

/// A written file: texts in full, all else by its digest.
fn show_file(text: &mut String, path: &str, bytes: &[u8], scratch: &str) {
    if std::str::from_utf8(bytes).is_ok() {
        show_text(text, path, bytes, scratch);
        if bytes.is_empty() {
            writeln!(text, "===== {path} (empty)").expect("a string can be written to");
        }
    } else {
        let digest = sha2::Sha256::digest(bytes);
        let hex = digest
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        writeln!(text, "===== {path} ({} bytes, sha256 {hex})", bytes.len())
            .expect("a string can be written to");
    }
}

/// Every regular file below `folder` with its bytes, by its path from there.
fn files_in(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).expect("the walk starts there");
            let bytes = fs::read(entry.path())
                .map_err(|error| format!("failed to read `{}`: {error}", path.display()))?;
            files.insert(path.to_string_lossy().into_owned(), bytes);
        }
    }
    Ok(files)
}
