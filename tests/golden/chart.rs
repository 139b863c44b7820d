//! Owns golden cases of charts: `testdata/chart/{ok,err}/<name>/` with `case.yaml` and `chart/`.
//!
//! `helm.txt` beside an `ok` case is what real Helm reads of the same chart: its metadata, and the names of its
//! files; `oracle.sh` makes it. Of an `err` case the diagnostics are a snapshot.

use crate::cases;
use crate::process::root;
use crate::snapshot;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::chart;
use runnerctl::chart::Chart;
use runnerctl::yaml;
use runnerctl::yaml::Value;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What `case.yaml` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the case exists, a sentence.
    why: String,
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
    let loaded = chart::load(&folder.join("chart")).map_err(|errors| {
        let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
        text.join("\n").replace(&folder.display().to_string(), "[CASE]")
    });
    match (name.contains("/err/"), loaded) {
        (false, Ok(chart)) => check_helm(&folder, &chart),
        (false, Err(errors)) => Err(format!("must load\n{errors}").into()),
        (true, Ok(chart)) => Err(format!("must be refused\n{}", metadata(&chart)).into()),
        (true, Err(errors)) => Ok(snapshot::check(name, &errors)?),
    }
}

fn metadata(chart: &Chart) -> String {
    yaml::write(&Value::from(chart.metadata.to_map())).expect("metadata can be written")
}

fn check_helm(folder: &Path, chart: &Chart) -> Result<(), Failed> {
    let text = fs::read_to_string(folder.join("helm.txt")).map_err(|error| format!("helm.txt: {error}"))?;
    let (label, expected) = text.split_once('\n').unwrap_or((&text, ""));
    if !label.starts_with("# helm v3.17.3: ") {
        return Err("helm.txt: the first line must be `# helm v3.17.3: ` and the commands".into());
    }
    let mut ours = format!("{}\n\n", metadata(chart));
    if expected.contains("===== files\n") {
        let mut files = BTreeSet::new();
        list(chart, &chart.metadata.name, &mut files);
        ours.push_str("===== files\n");
        ours.extend(files.iter().map(|file| format!("{file}\n")));
    }
    if ours == expected {
        return Ok(());
    }
    let difference = snapshot::difference(expected, &ours);
    Err(format!("differs from Helm's (- Helm, + ours)\n{difference}").into())
}

/// The paths of a chart's files, as a package has them.
fn list(chart: &Chart, path: &str, files: &mut BTreeSet<String>) {
    let own = [
        ("Chart.yaml", true),
        ("values.yaml", chart.values_source.is_some()),
        ("values.schema.json", chart.schema.is_some()),
    ];
    let own = own.iter().filter(|(_, there)| *there).map(|(name, _)| *name);
    let templates = chart.templates.iter().map(|template| template.name.as_str());
    let others = chart.files.iter().map(|file| file.name.as_str());
    files.extend(
        own.chain(templates)
            .chain(others)
            .map(|name| format!("{path}/{name}")),
    );
    for subchart in &chart.dependencies {
        list(
            subchart,
            &format!("{path}/charts/{}", subchart.metadata.name),
            files,
        );
    }
}
