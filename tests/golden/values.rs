//! Owns golden cases of values: what overrides and defaults become, compared with real Helm, and what users are
//! told, compared with snapshots.
//!
//! A file `testdata/values/{ok,err}/<topic>.cases` holds cases that start with `=== name`; each has sections that
//! start with `--- section`: `args` (a flag and its text on each line), and files, the chart's below `chart/`.
//! A section `differs` says why a case is not compared with Helm. In a file `<topic>.table` every line of the
//! section `table` is a case, its flags separated by ` && `; other sections are files that all cases share.
//!
//! Compared are the values of the chart and of each subchart that is enabled, and what templates see as
//! `.Chart.Dependencies`.
//!
//! Beside each file lies `<topic>.helm-3.17.3`, which `testdata/values/oracle.sh` writes and nothing else.

use crate::process::root;
use crate::snapshot;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::chart;
use runnerctl::chart::Chart;
use runnerctl::diagnostic::Diagnostic;
use runnerctl::source::Source;
use runnerctl::template::functions::satisfies;
use runnerctl::values;
use runnerctl::values::Input;
use runnerctl::values::SchemaOptions;
use runnerctl::yaml;
use runnerctl::yaml::Map;
use runnerctl::yaml::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const HELM: &str = "helm-3.17.3";

type Sections = BTreeMap<String, String>;

/// Makes one trial of each case against Helm, and one of each file for what users are told.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut topics = BTreeSet::new();
    for verdict in ["ok", "err"] {
        let folder = root().join("testdata").join(area).join(verdict);
        for file in snapshot::names_in(&folder).unwrap_or_default() {
            let Some((topic, "cases" | "table")) = file.rsplit_once('.') else {
                continue;
            };
            let name = format!("{area}/{verdict}/{topic}");
            let cases = read_cases(&folder.join(&file));
            let expected = read_text(&folder.join(format!("{topic}.{HELM}")));
            trials.extend(against_helm(&name, &cases, &expected));
            topics.insert(name.clone());
            trials.push(Trial::test(format!("{name}: messages"), move || {
                messages(&name, &cases)
            }));
        }
    }
    trials.push(Trial::test(
        format!("{area}: every snapshot has a case"),
        move || Ok(snapshot::nothing_forgotten(area, &topics)?),
    ));
    trials
}

fn against_helm(topic: &str, cases: &[(String, Sections)], expected: &str) -> Vec<Trial> {
    let expected: BTreeMap<String, Sections> = split(expected, "=== ")
        .into_iter()
        .map(|(name, body)| (name, sections(&body)))
        .collect();
    let trial = |(name, case): &(String, Sections)| {
        let case = case.clone();
        let expected = expected.get(name).cloned();
        let succeeds = topic.contains("/ok/");
        Trial::test(format!("{topic}: {name}"), move || {
            check(&case, expected.as_ref(), succeeds)
        })
    };
    cases.iter().map(trial).collect()
}

/// What this program makes of a case.
struct Outcome {
    /// What Helm's file says of it, less the warnings; None if anything is an error.
    rendered: Option<Sections>,
    findings: Vec<Diagnostic>,
}

fn check(case: &Sections, expected: Option<&Sections>, succeeds: bool) -> Result<(), Failed> {
    let outcome = run(case)?;
    let told: String = outcome.findings.iter().map(Diagnostic::to_string).collect();
    if outcome.rendered.is_some() != succeeds {
        return Err(format!("success is {}, must be {succeeds}\n{told}", !succeeds).into());
    }
    if case.contains_key("differs") {
        return Ok(());
    }
    let expected = expected.ok_or(format!("no result of {HELM}: run testdata/values/oracle.sh"))?;
    if expected.contains_key("values") != succeeds {
        return Err("Helm does not agree with the folder that the case is in".into());
    }
    if let Some(ours) = &outcome.rendered {
        let helm: Sections = expected
            .iter()
            .filter(|(name, _)| *name != "warnings")
            .map(|(name, text)| (name.clone(), text.trim_end().to_owned()))
            .collect();
        if ours != &helm {
            let difference = snapshot::difference(&joined(&helm), &joined(ours));
            return Err(format!("- Helm, + ours\n{difference}").into());
        }
    }
    if succeeds {
        same_warnings(
            &outcome.findings,
            expected.get("warnings").map_or("", String::as_str),
        )?;
    }
    Ok(())
}

fn joined(sections: &Sections) -> String {
    let text = |(name, text): (&String, &String)| format!("--- {name}\n{text}\n");
    sections.iter().map(text).collect()
}

/// Ours are Helm's without the values that Helm prints, each pair of places once.
fn same_warnings(ours: &[Diagnostic], helm: &str) -> Result<(), Failed> {
    let plain = |text: &str| {
        let text = text.to_lowercase();
        let text = text
            .trim_start_matches("warning: ")
            .trim_start_matches("conflict: ");
        // What follows is Helm's reason, or the value.
        let text = match text.split_once("missing table") {
            Some(_) => "importvalues missing table",
            None => text.split([',', '(']).next().unwrap_or_default(),
        };
        let text = text.replace(['`', '"', '\''], "");
        text.split(". ")
            .next()
            .unwrap_or_default()
            .trim_end_matches(['.', ' '])
            .to_owned()
    };
    let helm: BTreeSet<String> = helm.lines().map(plain).collect();
    let ours: BTreeSet<String> = ours.iter().map(|finding| plain(&finding.message)).collect();
    if ours.is_subset(&helm) && ours.is_empty() == helm.is_empty() {
        return Ok(());
    }
    Err(format!("warnings differ\n  Helm: {helm:?}\n  ours: {ours:?}").into())
}

/// Compares what users are told in all cases of a topic with its snapshot.
fn messages(topic: &str, cases: &[(String, Sections)]) -> Result<(), Failed> {
    let mut text = String::new();
    for (name, case) in cases {
        let told: String = run(case)?.findings.iter().map(Diagnostic::to_string).collect();
        if !told.is_empty() {
            write!(text, "=== {name}\n{told}")?;
        }
    }
    if text.is_empty() {
        text.push_str("no messages\n");
    }
    Ok(snapshot::check(topic, &text)?)
}

fn run(case: &Sections) -> Result<Outcome, Failed> {
    let folder = tempfile::tempdir()?;
    write_chart(folder.path(), case)?;
    let prefix = format!("{}/", folder.path().display());
    let chart =
        chart::load(&folder.path().join("chart")).map_err(|faults| format!("no chart: {faults:?}"))?;
    let mut findings = Vec::new();
    let mut rendered = None;
    match values::merge(&inputs(case)) {
        Err(faults) => findings.extend(faults),
        Ok(merged) => {
            let processed = values::process_dependencies(&Arc::new(chart), &merged.values, allows);
            let chart = processed.chart;
            let coalesced = values::coalesce(&chart, &merged.values);
            let known = processed.findings.clone();
            findings.extend(processed.findings);
            findings.extend(
                coalesced
                    .findings
                    .into_iter()
                    .filter(|finding| !known.contains(finding)),
            );
            let options = SchemaOptions {
                allow_unknown: case.contains_key("allow unknown values"),
            };
            findings.extend(values::check_schema(&chart, &coalesced.values, &options));
            let mut sections = Sections::new();
            describe(&chart, &coalesced.values, &mut sections);
            rendered = Some(sections);
        }
    }
    if findings.iter().any(Diagnostic::is_error) {
        rendered = None;
    }
    for finding in &mut findings {
        for label in &mut finding.labels {
            let source = &label.place.source;
            let name = source.name.replace(&prefix, "");
            label.place.source = Source {
                name,
                text: source.text.clone(),
                sensitive: source.sensitive,
            }
            .into();
        }
    }
    Ok(Outcome { rendered, findings })
}

/// Versions are not what these cases are about.
/// What the templates of a chart and of its subcharts see. Of two charts with one path, Helm renders the last.
fn describe(chart: &Chart, values: &Map, sections: &mut Sections) {
    let written = |value: Value| yaml::write(&value).unwrap_or_else(|error| format!("{error:?}"));
    let path = chart.full_path();
    for child in &chart.dependencies {
        // Helm takes the name for a path, so charts with a dot in their names look elsewhere.
        let values = Value::Map(values.clone()).lookup(&child.metadata.name);
        if let Some(Value::Map(values)) = values {
            describe(child, &values, sections);
        }
    }
    if chart.metadata.chart_type == "library" {
        return;
    }
    let name = if chart.is_root() {
        "values".to_owned()
    } else {
        format!("values of {path}")
    };
    sections.insert(name, written(Value::Map(values.clone())));
    let dependencies = chart.metadata.to_map().get("dependencies");
    let name = format!("dependencies of {path}");
    sections.remove(&name);
    if let Some(dependencies) = dependencies {
        let shown = Map::from_iter([("dependencies", dependencies)]);
        sections.insert(name, written(shown.into()));
    }
}

fn allows(constraint: &str, version: &str) -> bool {
    satisfies(constraint, version).unwrap_or(false)
}

fn inputs(case: &Sections) -> Vec<Input> {
    let file = |name: &str| case.get(name).cloned();
    let input = |line: &str| {
        let (flag, text) = line.split_once(' ').unwrap_or((line, ""));
        let text = text.to_owned();
        match flag {
            "-f" => Input::File(Source::sensitive(
                text.as_str(),
                file(&text).expect("the file is in the case"),
            )),
            "--set" => Input::Set(text),
            "--set-string" => Input::SetString(text),
            "--set-json" => Input::SetJson(text),
            "--set-literal" => Input::SetLiteral(text),
            "--set-file" => {
                let named = values::files_named(&text);
                let files = named
                    .into_iter()
                    .filter_map(|path| Some((path.clone(), file(&path)?)))
                    .collect();
                Input::SetFile { text, files }
            }
            other => panic!("unknown flag {other}"),
        }
    };
    case.get("args")
        .map_or("", String::as_str)
        .lines()
        .map(input)
        .collect()
}

/// Writes the chart; a folder with values but no `Chart.yaml` gets one, as in `oracle.py`.
fn write_chart(folder: &Path, case: &Sections) -> Result<(), Failed> {
    let mut files = case.clone();
    files.entry("chart/values.yaml".to_owned()).or_default();
    for path in files.clone().keys() {
        if let Some(chart) = path.strip_suffix("/values.yaml") {
            let name = if chart == "chart" {
                "c"
            } else {
                chart.rsplit('/').next().unwrap_or_default()
            };
            let text = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
            files.entry(format!("{chart}/Chart.yaml")).or_insert(text);
        }
    }
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("chart/")) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it lies in the chart"))?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn read_cases(path: &Path) -> Vec<(String, Sections)> {
    let text = read_text(path);
    if path.extension().is_some_and(|extension| extension == "cases") {
        let cases = split(&text, "=== ").into_iter();
        return cases.map(|(name, body)| (name, sections(&body))).collect();
    }
    let mut shared = sections(&text);
    let table = shared
        .remove("table")
        .expect("a table file has a section `table`");
    let case = |line: &str| {
        let mut case = shared.clone();
        case.insert("args".to_owned(), line.replace(" && ", "\n"));
        (line.to_owned(), case)
    };
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(case)
        .collect()
}

fn sections(text: &str) -> Sections {
    split(text, "--- ").into_iter().collect()
}

/// Splits at lines that start with `mark`, each of which names what follows; what stands before is prose.
fn split(text: &str, mark: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix(mark), parts.last_mut()) {
            (Some(name), _) => parts.push((name.trim_end_matches('\n').to_owned(), String::new())),
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => {}
        }
    }
    parts
}

fn read_text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
