//! Owns golden cases of manifests: `testdata/manifest/{ok,err}/<name>/` with `case.yaml` and `chart/`.
//!
//! The charts hold no template actions, so that their files are what Helm renders of them: no engine is needed
//! to compare splitting, hooks, order, selection and writing. `helm.yaml` beside an `ok` case is what real Helm
//! printed; `oracle.sh` makes it. Of an `err` case the diagnostics are a snapshot.

use crate::cases;
use crate::process::root;
use crate::snapshot;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::chart;
use runnerctl::chart::Chart;
use runnerctl::diagnostic::Diagnostic;
use runnerctl::manifest;
use runnerctl::manifest::ManifestFile;
use runnerctl::manifest::Selection;
use runnerctl::source::TextMap;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// What `case.yaml` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the case exists, a sentence.
    why: String,
    /// Flags of `helm template`, separated by blanks; `{tmp}` is a fresh folder.
    #[serde(default)]
    flags: String,
    /// Why Helm accepts an `err` case.
    #[serde(default)]
    stricter: String,
}

/// Makes one trial of each case, and one that looks for forgotten snapshots.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    cases::trials(area, check)
}

fn check(name: &str) -> Result<(), Failed> {
    let folder = root().join("testdata").join(name);
    let text = fs::read_to_string(folder.join("case.yaml")).map_err(|error| format!("case.yaml: {error}"))?;
    let case: Case = serde_yaml::from_str(&text).map_err(|error| format!("case.yaml: {error}"))?;
    if !case.why.ends_with('.') || (!case.stricter.is_empty() && !case.stricter.ends_with('.')) {
        return Err("case.yaml: `why` and `stricter` are sentences".into());
    }
    let scratch =
        tempfile::tempdir().map_err(|error| format!("failed to create a temporary folder: {error}"))?;
    let outcome = run(&folder.join("chart"), &case.flags, scratch.path());
    if !name.contains("/err/") {
        let printed = outcome.map_err(|errors| format!("must succeed\n{}", shown(&errors)))?;
        return check_helm(&folder, &printed);
    }
    match outcome {
        Ok(printed) => Err(format!("must fail, but prints\n{printed}").into()),
        Err(errors) => Ok(snapshot::check(name, &shown(&errors))?),
    }
}

fn shown(errors: &[Diagnostic]) -> String {
    let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
    text.join("\n").replace(&root().display().to_string(), "[ROOT]")
}

/// What `render` prints for a chart without template actions.
fn run(chart: &Path, flags: &str, scratch: &Path) -> Result<String, Vec<Diagnostic>> {
    let chart = chart::load(chart)?;
    let mut rendered = Vec::new();
    gather(&chart, &chart.metadata.name, &mut rendered);
    let file = |crd: chart::Crd| ManifestFile::written(crd.path, crd.source);
    let crds = chart.crds()?.into_iter().map(file).collect();
    let mut selection = Selection::default();
    let mut patterns = Vec::new();
    let mut to_directory = false;
    let mut flags = flags.split_whitespace();
    while let Some(flag) = flags.next() {
        match flag {
            "--include-crds" => selection.include_crds = true,
            "--no-hooks" => selection.no_hooks = true,
            "--skip-tests" => selection.skip_tests = true,
            "-s" => patterns.extend(flags.next().map(str::to_owned)),
            "--output-dir" => to_directory = flags.next() == Some("{tmp}"),
            other => panic!("the harness does not know the flag {other}"),
        }
    }
    let arranged = manifest::arrange(rendered, crds, selection)?;
    let manifests = arranged.manifests;
    if to_directory {
        let written = manifest::write_directory(&manifests, scratch, None, false)?;
        return Ok(directory(&written, scratch));
    }
    if patterns.is_empty() {
        return Ok(manifest::write(&manifests));
    }
    let selected = manifest::select(&manifests, &arranged.silent, &patterns).map_err(|error| vec![error])?;
    Ok(manifest::write_selected(&selected))
}

/// The templates of a chart and its subcharts, as if they were rendered.
fn gather(chart: &Chart, path: &str, files: &mut Vec<ManifestFile>) {
    for template in &chart.templates {
        files.push(ManifestFile::rendered(
            format!("{path}/{}", template.name),
            template.source.clone(),
            template.source.text.clone(),
            TextMap::default(),
        ));
    }
    for subchart in &chart.dependencies {
        gather(
            subchart,
            &format!("{path}/charts/{}", subchart.metadata.name),
            files,
        );
    }
}

/// What `--output-dir` reports, and each file that it left.
fn directory(written: &[PathBuf], scratch: &Path) -> String {
    let mut text = String::new();
    for path in written {
        writeln!(text, "wrote {}", path.display()).expect("a string can be written to");
    }
    text.push('\n');
    // Sorted as texts, which is how the oracle lists them.
    let paths: BTreeSet<String> = written.iter().map(|path| path.display().to_string()).collect();
    for path in paths {
        let content = fs::read_to_string(&path).expect("the file was written");
        write!(text, "===== {path}\n{content}").expect("a string can be written to");
    }
    text.replace(&scratch.display().to_string(), "[TMP]")
}

fn check_helm(folder: &Path, printed: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(folder.join("helm.yaml")).map_err(|error| format!("helm.yaml: {error}"))?;
    let (label, expected) = text.split_once('\n').unwrap_or((&text, ""));
    if !label.starts_with("# helm v3.17.3: ") {
        return Err("helm.yaml: the first line must be `# helm v3.17.3: ` and the command".into());
    }
    if printed == expected {
        return Ok(());
    }
    Err(format!(
        "differs from Helm's (- Helm, + ours)\n{}",
        snapshot::difference(expected, printed)
    )
    .into())
}
