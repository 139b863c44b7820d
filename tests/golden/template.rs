//! Owns golden cases of the template engines: `testdata/template/<language>/{ok,err}/<name>.txt`.
//!
//! A case is one file: values as YAML, then sections that start with a line `--- <template name>`; a bare
//! `---` is `templates/case.yaml.j2`. `ok` must render and `err` must fail before a snapshot is read.
//! Cases of Go templates have a shape of their own, which `go.rs` owns.

use crate::go;
use crate::process::root;
use crate::snapshot;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::capabilities::Capabilities;
use runnerctl::chart::Chart;
use runnerctl::chart::File;
use runnerctl::chart::Template;
use runnerctl::release::Release;
use runnerctl::source::Source;
use runnerctl::template;
use runnerctl::template::RenderedFile;
use runnerctl::yaml;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

/// One trial for each case, and one that finds forgotten snapshots.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    let mut cases = BTreeSet::new();
    for language in ["jinja"] {
        for outcome in ["ok", "err"] {
            let folder = root().join("testdata").join(area).join(language).join(outcome);
            let names = snapshot::names_in(&folder).expect("the folder of cases can be read");
            let stems = names.iter().map(|name| name.strip_suffix(".txt").unwrap_or(name));
            cases.extend(stems.map(|name| format!("{area}/{language}/{outcome}/{name}")));
        }
    }
    let mut trials: Vec<Trial> = cases
        .iter()
        .cloned()
        .map(|case| Trial::test(case.clone(), move || run(&case)))
        .collect();
    for case in ["ok", "err"].iter().flat_map(|verdict| go::cases(verdict)) {
        cases.insert(case.clone());
        trials.push(Trial::test(case.clone(), move || go::run(&case)));
    }
    trials.push(Trial::test(
        format!("{area}: no snapshot is forgotten"),
        move || Ok(snapshot::nothing_forgotten(area, &cases)?),
    ));
    trials
}

fn run(case: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(root().join("testdata").join(format!("{case}.txt")))
        .map_err(|error| format!("failed to read the case: {error}"))?;
    let rendered = render(&text)?;
    let shown = match (case.contains("/ok/"), rendered) {
        (true, Ok(text)) | (false, Err(text)) => text,
        (true, Err(errors)) => return Err(format!("should render, but:\n{errors}").into()),
        (false, Ok(text)) => return Err(format!("should fail, but renders:\n{text}").into()),
    };
    Ok(snapshot::check(case, &shown)?)
}

/// The rendered text of every template, or the text of all errors.
fn render(case: &str) -> Result<Result<String, String>, Failed> {
    let (values, templates) = split(case);
    let source = Source::new("values.yaml", values);
    let values = yaml::read(&source).map_err(|errors| shown(&errors))?;
    let mut chart = Chart::default();
    "case".clone_into(&mut chart.metadata.name);
    "1.2.3".clone_into(&mut chart.metadata.version);
    "v9".clone_into(&mut chart.metadata.app_version);
    for (name, text) in templates {
        if name.starts_with("templates/") {
            let source = Source::new(name.clone(), text);
            chart.templates.push(Template { name, source });
        } else {
            chart.files.push(File {
                name,
                data: text.into_bytes().into(),
            });
        }
    }
    let release = Release {
        name: "demo".to_owned(),
        namespace: "default".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let values = values.as_map().cloned().unwrap_or_default();
    let (capabilities, options) = (Capabilities::default(), template::Options::default());
    let rendered = template::render(&chart, &values, &release, &capabilities, &options);
    let in_order = |mut files: Vec<RenderedFile>| {
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    };
    Ok(rendered
        .map_err(|errors| shown(&errors))
        .map(in_order)
        .map(|files| match files.as_slice() {
            [file] => file.text.clone(),
            files => files.iter().fold(String::new(), |mut all, file| {
                write!(all, "# {}\n{}", file.path, file.text).expect("a String takes any text");
                all
            }),
        }))
}

pub(crate) fn shown(errors: &[runnerctl::diagnostic::Diagnostic]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The values, and each section's name and text.
pub(crate) fn split(case: &str) -> (String, Vec<(String, String)>) {
    let mut values = String::new();
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        let header = line
            .strip_prefix("---")
            .filter(|name| name.starts_with([' ', '\n']));
        if let Some(name) = header {
            let name = match name.trim() {
                "" => "templates/case.yaml.j2",
                name => name,
            };
            sections.push((name.to_owned(), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
        } else {
            values.push_str(line);
        }
    }
    (values, sections)
}
