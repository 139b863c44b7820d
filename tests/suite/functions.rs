//! The function table: every example in Jinja, and Go pipelines against what real Helm printed.
//!
//! `testdata/template/functions/*.txt` holds the pipelines, `*.helm` beside them Helm's output, which
//! `testdata/template/oracle.sh` makes. `examples.txt` is the table's own list.

use crate::pipeline;
use crate::process::root;
use runnerctl::bytes;
use runnerctl::capabilities::Capabilities;
use runnerctl::chart::Chart;
use runnerctl::chart::Template;
use runnerctl::release::Release;
use runnerctl::source::Source;
use runnerctl::template;
use runnerctl::template::functions::FUNCTIONS;
use runnerctl::yaml;
use runnerctl::yaml::Map;
use std::fs;

/// Ends each example's text in one rendering of all.
const END: &str = "\u{1}";

#[test]
fn every_example_prints_in_jinja_what_it_says() {
    let mut chart = Chart::default();
    let examples: Vec<_> = FUNCTIONS.iter().flat_map(|function| function.examples).collect();
    let text: Vec<_> = examples
        .iter()
        .map(|example| format!("{{{{ {} }}}}{END}", example.jinja))
        .collect();
    let text = text.concat();
    let name = "templates/examples.yaml.j2".to_owned();
    chart.templates.push(Template {
        source: Source::new(name.clone(), text),
        name,
    });
    let release = Release {
        name: "demo".to_owned(),
        namespace: "default".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let (capabilities, options) = (Capabilities::default(), template::Options::default());
    let rendered = template::render(&chart, &Map::new(), &release, &capabilities, &options);
    let rendered = rendered.unwrap_or_else(|errors| panic!("{}", errors[0]));
    let printed: Vec<&str> = rendered[0].text.split(END).collect();
    assert_eq!(printed.len(), examples.len() + 1);
    for (printed, example) in printed.iter().zip(&examples) {
        assert_eq!(*printed, example.output, "{}", example.jinja);
    }
}

#[test]
fn the_examples_are_those_that_helm_ran() {
    let folder = root().join("testdata/template/functions");
    let examples: Vec<_> = FUNCTIONS.iter().flat_map(|function| function.examples).collect();
    let list: Vec<_> = examples
        .iter()
        .map(|example| {
            format!(
                "{}
",
                example.go
            )
        })
        .collect();
    let list = list.concat();
    let listed = fs::read_to_string(folder.join("examples.txt")).unwrap_or_default();
    if listed != list {
        let hint = root().join("target/examples.txt");
        fs::write(&hint, &list).unwrap();
        panic!(
            "examples.txt is not the table's list, which is in {}",
            hint.display()
        );
    }
    let recorded = fs::read_to_string(folder.join("examples.helm")).unwrap();
    for (recorded, example) in recorded.lines().zip(&examples) {
        let recorded: Option<String> = serde_json::from_str(recorded).unwrap();
        assert_eq!(recorded.as_deref(), Some(example.output), "{}", example.go);
    }
    assert_eq!(recorded.lines().count(), examples.len());
}

#[test]
fn pipelines_print_what_helm_prints() {
    let folder = root().join("testdata/template/functions");
    let values = fs::read_to_string(folder.join("values.yaml")).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let (cases, recorded) = (path.clone(), path.with_extension("helm"));
        let cases = fs::read_to_string(cases).unwrap();
        let cases = cases
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let recorded = fs::read_to_string(recorded).unwrap();
        for (case, recorded) in cases.zip(recorded.lines()) {
            let expected: Option<String> = serde_json::from_str(recorded).unwrap();
            let values = yaml::read(&Source::new("values.yaml", values.as_str())).unwrap();
            let values = values.as_map().expect("values are a map");
            let got = pipeline::print(case.trim_start_matches("! "), values);
            count += 1;
            // What Helm printed is kept as JSON, which has no bytes beyond UTF-8.
            let got = got.map(|text| bytes::replaced(&text).into_owned());
            if got.as_ref().ok() != expected.as_ref() {
                wrong.push(format!("{case}\n   helm: {expected:?}\n   ours: {got:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 300, "only {count} pipelines");
}
