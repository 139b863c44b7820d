//! Owns the YAML cases: `testdata/yaml/*.txt`, whose expectations real Helm made (`testdata/yaml/oracle.sh`).
//!
//! A case starts with `#### name [tag]…`, then comes the input, then parts that start with `>>>> kind`.
//! What the tags and kinds mean stands in `testdata/yaml/oracle/templates/cases.yaml`, which fills them in.
//! Nothing here writes expectations.

use crate::process::root;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use runnerctl::source::Source;
use runnerctl::yaml;
use runnerctl::yaml::JsonStyle;
use runnerctl::yaml::Number;
use runnerctl::yaml::Value;
use std::fs;
use std::path::Path;

/// One case as its file has it.
struct Case {
    head: String,
    input: String,
    /// Kind and text, such as `json` and what `toJson` gives.
    expected: Vec<(String, String)>,
}

/// Makes one trial of each case.
pub(crate) fn trials(area: &'static str) -> Vec<Trial> {
    let mut trials = Vec::new();
    let folder = root().join("testdata").join(area);
    for file in case_files(&folder) {
        let group = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&file).unwrap_or_default();
        let cases: Vec<Case> = text.split("\n#### ").skip(1).map(parse).collect();
        if cases.is_empty() {
            trials.push(Trial::test(format!("{area}/{group}"), || {
                Err("no case in this file".into())
            }));
        }
        for case in cases {
            let name = case.head.split(" [").next().unwrap_or_default();
            trials.push(Trial::test(format!("{area}/{group}/{name}"), move || {
                check(&case)
            }));
        }
    }
    trials
}

fn case_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
}

fn parse(part: &str) -> Case {
    let part = part.strip_suffix('\n').unwrap_or(part);
    let (head, body) = part.split_once('\n').unwrap_or((part, ""));
    let body = format!("\n{body}");
    let mut parts = body.split("\n>>>> ");
    let input = match parts.next() {
        None | Some("") => String::new(),
        Some(input) => format!("{}\n", &input[1..]),
    };
    let expected = parts
        .map(|part| part.split_once('\n').unwrap_or((part, "")))
        .map(|(kind, text)| (kind.to_owned(), text.to_owned()))
        .collect();
    Case {
        head: head.to_owned(),
        input,
        expected,
    }
}

fn check(case: &Case) -> Result<(), Failed> {
    let has = |tag: &str| case.head.contains(&format!(" [{tag}]"));
    let input = if has("escaped") {
        serde_json::from_str(&case.input).map_err(|error| format!("the input is no JSON string: {error}"))?
    } else {
        case.input.clone()
    };
    let read = yaml::read(&Source::new("case.yaml", input));
    if case.expected.iter().any(|(kind, _)| kind == "error") {
        return match read {
            Ok(value) if value.as_map().is_some() || value.is_null() => {
                Err(format!("Helm refuses this, we read it: {:?}", yaml::to_json(&value, None)).into())
            }
            _ => Ok(()),
        };
    }
    let document = read.map_err(|errors| {
        let errors: String = errors.iter().map(ToString::to_string).collect();
        format!("Helm reads this, we refuse it:\n{errors}")
    })?;
    // Helm reads the document into a map, and an empty one leaves the map empty.
    let document = if document.is_null() {
        Value::empty_map()
    } else {
        document
    };
    let value = if has("value") {
        document.lookup("v").unwrap_or_default()
    } else {
        document
    };
    if case.expected.is_empty() {
        return Err("the case has no expectation; testdata/yaml/oracle.sh fills it in".into());
    }
    for (kind, expected) in &case.expected {
        let actual = write(kind, &value)?;
        if actual != *expected {
            return Err(format!("{kind} differs\n--- Helm\n{expected}\n--- here\n{actual}").into());
        }
    }
    Ok(())
}

/// What Helm's function of this kind gives; an error becomes an empty text there.
fn write(kind: &str, value: &Value) -> Result<String, String> {
    let raw = JsonStyle {
        escape_html: false,
        ..JsonStyle::default()
    };
    Ok(match kind {
        "json" => yaml::to_json(value, None).unwrap_or_default(),
        "yaml" => yaml::write(value).unwrap_or_default(),
        "pretty" => yaml::to_json(value, Some("  ")).unwrap_or_default(),
        "raw" => yaml::to_json_with(value, raw).unwrap_or_default(),
        "print" => match value {
            Value::Number(number @ (Number::Whole(_) | Number::BigWhole(_) | Number::Float(_))) => {
                yaml::format_float(number.as_f64())
            }
            other => return Err(format!("only numbers are printed here, not {}", other.kind())),
        },
        other => return Err(format!("`{other}` is no kind of expectation")),
    })
}
