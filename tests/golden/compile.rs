//! Owns golden cases of compiling Jinja into Go templates: `testdata/compile/{ok,err}/<name>.txt`.
//!
//! A case has the shape of those of the template engines; a section `--- values.schema.json` is the chart's schema, and
//! each `--- values` is one more set of values. `--- values.yaml` tells the types of defaults. `ok` must compile, and the compiled templates must render to what the
//! sources render to; the snapshot shows both. The engines' own cases are compiled too: each is refused or renders alike.

use crate::process::root;
use crate::snapshot;
use crate::template::{shown, split};
use libtest_mimic::{Failed, Trial};
use runnerctl::capabilities::Capabilities;
use runnerctl::chart::{Chart, File, Template};
use runnerctl::release::Release;
use runnerctl::source::Source;
use runnerctl::template;
use runnerctl::template::compile;
use runnerctl::yaml;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

/// Cases of Jinja that Helm cannot render alike: it holds integers as fractions, which shows beyond 2^53 and where a text
/// of the values is a Go template itself.
const HELM_CANNOT: [&str; 2] = ["/a-go-template-in-a-value", "/numbers-print-every-digit"];

/// One trial for each case, and one that finds forgotten snapshots.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    let mut cases = BTreeSet::new();
    for verdict in ["ok", "err"] {
        cases.extend(names(&format!("{area}/{verdict}")));
    }
    let mut trials: Vec<Trial> = cases
        .iter()
        .cloned()
        .map(|case| Trial::test(case.clone(), move || run(&case)))
        .collect();
    let jinja = names("template/jinja/ok");
    for case in jinja
        .iter()
        .filter(|case| !HELM_CANNOT.iter().any(|name| case.ends_with(name)))
    {
        let case = case.clone();
        trials.push(Trial::test(format!("compile of {case}"), move || {
            let case = Case::read(&case)?;
            match compile::compile(&case.chart) {
                Ok(compiled) => case.compare(&compiled).map(|_| ()),
                Err(_) => Ok(()),
            }
        }));
    }
    trials.push(Trial::test(
        format!("{area}: no snapshot is forgotten"),
        move || Ok(snapshot::nothing_forgotten(area, &cases)?),
    ));
    trials
}

fn names(folder: &str) -> Vec<String> {
    let path = root().join("testdata").join(folder);
    let names = snapshot::names_in(&path).expect("the folder of cases can be read");
    let stems = names.iter().map(|name| name.strip_suffix(".txt").unwrap_or(name));
    stems.map(|name| format!("{folder}/{name}")).collect()
}

fn run(name: &str) -> Result<(), Failed> {
    let case = Case::read(name)?;
    let text = match (name.contains("/ok/"), compile::compile(&case.chart)) {
        (true, Ok(compiled)) => {
            let rendered = case.compare(&compiled)?;
            let mut text = String::new();
            for template in &compiled.templates {
                writeln!(text, "=== {}\n{}", template.name, template.source.text)?;
            }
            text + &rendered
        }
        (false, Err(errors)) => shown(&errors),
        (true, Err(errors)) => return Err(format!("should compile, but:\n{}", shown(&errors)).into()),
        (false, Ok(_)) => return Err("should be refused, but compiles".into()),
    };
    Ok(snapshot::check(name, &text)?)
}

/// A chart and sets of values.
struct Case {
    chart: Chart,
    values: Vec<String>,
}

impl Case {
    fn read(name: &str) -> Result<Self, Failed> {
        let text = fs::read_to_string(root().join("testdata").join(format!("{name}.txt")))?;
        let (values, sections) = split(&text);
        let mut case = Self {
            chart: Chart::default(),
            values: vec![values],
        };
        "case".clone_into(&mut case.chart.metadata.name);
        "1.2.3".clone_into(&mut case.chart.metadata.version);
        "v9".clone_into(&mut case.chart.metadata.app_version);
        for (name, text) in sections {
            let source = Source::new(name.clone(), text.clone());
            match name.as_str() {
                "values" => case.values.push(text),
                "values.yaml" => {
                    let defaults = yaml::read(&source).map_err(|errors| shown(&errors))?;
                    case.chart.values = defaults.as_map().cloned().unwrap_or_default();
                }
                "values.schema.json" => case.chart.schema = Some(source),
                _ if name.starts_with("templates/") => case.chart.templates.push(Template { name, source }),
                _ => case.chart.files.push(File {
                    name,
                    data: text.into_bytes().into(),
                }),
            }
        }
        Ok(case)
    }

    /// Fails unless both charts render alike for every set of values; gives what they render.
    fn compare(&self, compiled: &Chart) -> Result<String, Failed> {
        let mut text = String::new();
        for values in &self.values {
            let source = Source::new("values.yaml", values.clone());
            let values = yaml::read(&source).map_err(|errors| shown(&errors))?;
            let values = values.as_map().cloned().unwrap_or_default();
            let sources = render(&self.chart, &values)?;
            let (left, right) = (sources.clone(), render(compiled, &values)?);
            if left != right {
                let mut message =
                    "the compiled chart renders another text (- sources, + compiled):\n".to_owned();
                message.push_str(&snapshot::difference(&left, &right));
                for template in &compiled.templates {
                    write!(message, "\n=== {}\n{}", template.name, template.source.text)?;
                }
                return Err(message.into());
            }
            writeln!(text, "=== rendered\n{sources}")?;
        }
        Ok(text)
    }
}

fn render(chart: &Chart, values: &yaml::Map) -> Result<String, Failed> {
    let release = Release {
        name: "demo".to_owned(),
        namespace: "default".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let (capabilities, options) = (Capabilities::default(), template::Options::default());
    let rendered = template::render(chart, values, &release, &capabilities, &options);
    let mut files = rendered.map_err(|errors| {
        let mut message = shown(&errors);
        for template in &chart.templates {
            write!(message, "\n=== {}\n{}", template.name, template.source.text)
                .expect("a String takes any text");
        }
        message
    })?;
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let mut text = String::new();
    for file in files {
        write!(text, "# {}\n{}", file.path, file.text)?;
    }
    Ok(text)
}
