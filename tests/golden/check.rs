//! Owns golden cases of the minimum configuration: `testdata/check/{ok,err}/<name>/` with `case.yaml` and
//! `overrides.yaml` for the bundled runner chart.
//!
//! Credentials are made for each run at a fixed time and put where the overrides say `@name@`; the snapshot holds
//! everything that is said of the result. No piece of a credential may be in it.

use crate::cases;
use crate::process::root;
use crate::snapshot;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::chart;
use runnerctl::check;
use runnerctl::check::demo::Account;
use runnerctl::diagnostic::Diagnostic;
use runnerctl::release::Release;
use runnerctl::source::Source;
use runnerctl::values;
use runnerctl::values::Input;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

/// The moment at which all cases are checked.
const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// What `case.yaml` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Why the case exists, a sentence.
    why: String,
    /// The release's name.
    #[serde(default = "release")]
    release: String,
    /// NATS credentials by name: `@name@`, and their base64 `@name.base64@`.
    #[serde(default)]
    credentials: BTreeMap<String, User>,
    /// Certificates by name, with the day from which they are valid: `@name.crt@`, `@name.key@`.
    #[serde(default)]
    certificates: BTreeMap<String, i64>,
}

fn release() -> String {
    "acme".to_owned()
}

/// Credentials of a user; days count from the check, and all credentials are valid for a year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    name: String,
    #[serde(default)]
    day: i64,
}

/// Makes one trial of each case, and one that looks for forgotten snapshots.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    cases::trials(area, run)
}

fn run(name: &str) -> Result<(), Failed> {
    let case: Case = serde_yaml::from_str(&read(name, "case.yaml")?)?;
    if case.why.split_whitespace().count() < 4 {
        return Err(format!("testdata/{name}/case.yaml: `why` is not a sentence").into());
    }
    let mut overrides = read(name, "overrides.yaml")?;
    let mut secrets = Vec::new();
    for (name, text) in credentials(&case)? {
        overrides = put(&overrides, &format!("@{name}@"), &text);
        secrets.push(text);
    }
    let findings = said_of(&overrides, &case.release)?;
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let report = findings.iter().fold(String::new(), |mut report, finding| {
        let _ = writeln!(report, "{finding}");
        report
    });
    match name.split('/').nth(1) {
        Some("ok") if errors > 0 => return Err(format!("must have no error\n{report}").into()),
        Some("err") if errors == 0 => return Err(format!("must have an error\n{report}").into()),
        _ => {}
    }
    for line in secrets
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.starts_with('-'))
    {
        let leaked =
            (0..line.len().saturating_sub(12)).any(|start| report.contains(&line[start..start + 12]));
        if leaked {
            return Err(format!("a piece of a credential is in\n{report}").into());
        }
    }
    Ok(snapshot::check(name, &report)?)
}

fn read(case: &str, file: &str) -> Result<String, Failed> {
    let path = format!("testdata/{case}/{file}");
    fs::read_to_string(root().join(&path)).map_err(|error| format!("failed to read `{path}`: {error}").into())
}

/// The texts of all credentials, by the names that stand for them.
fn credentials(case: &Case) -> Result<Vec<(String, String)>, Failed> {
    let mut texts = Vec::new();
    for (name, user) in &case.credentials {
        let text = Account::new().credentials(&user.name, NOW + Duration::days(user.day));
        texts.push((format!("{name}.base64"), STANDARD.encode(&text)));
        texts.push((name.clone(), text));
    }
    for (name, day) in &case.certificates {
        let pair = check::demo::certificate("kubiya", NOW + Duration::days(*day))
            .map_err(|problem| problem.to_string())?;
        texts.push((format!("{name}.crt"), pair.certificate));
        texts.push((format!("{name}.key"), pair.private_key));
    }
    Ok(texts)
}

/// `overrides` with `text` in place of `mark`, each of its lines indented as the mark is.
fn put(overrides: &str, mark: &str, text: &str) -> String {
    let mut out = String::new();
    for line in overrides.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        out.push_str(&line.replace(mark, &text.trim_end().replace('\n', &format!("\n{indent}"))));
        out.push('\n');
    }
    out
}

fn said_of(overrides: &str, release: &str) -> Result<Vec<Diagnostic>, Failed> {
    let joined = |findings: Vec<Diagnostic>| findings.iter().map(ToString::to_string).collect::<String>();
    let chart = chart::bundled("kubiya-runner")
        .ok_or("the runner chart is not bundled")?
        .map_err(joined)?;
    let merged =
        values::merge(&[Input::File(Source::sensitive("overrides.yaml", overrides))]).map_err(joined)?;
    let coalesced = values::coalesce(&chart, &merged.values);
    let release = Release {
        name: release.to_owned(),
        namespace: "kubiya".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    Ok(check::minimum(&chart, &coalesced.values, &release, NOW))
}
