//! Tests of the proof: whatever a fault of the compiler could do to a chart is refused.

use super::{Extent, Sources};
use crate::chart;
use crate::chart::{Chart, Template};
use crate::package;
use crate::package::Trial;
use crate::source::Source;
use crate::template::compile;
use crate::yaml;
use crate::yaml::{Map, Value};
use std::sync::Arc;

fn template(name: &str, text: &str) -> Template {
    Template {
        name: name.to_owned(),
        source: Source::new(name, text),
    }
}

fn chart(templates: &[(&str, &str)]) -> Chart {
    let mut chart = Chart::default();
    "c".clone_into(&mut chart.metadata.name);
    "v2".clone_into(&mut chart.metadata.api_version);
    "1.0.0".clone_into(&mut chart.metadata.version);
    chart.templates = templates
        .iter()
        .map(|(name, text)| template(name, text))
        .collect();
    chart
}

fn map(text: &str) -> Map {
    match yaml::read(&Source::new("values", text)) {
        Ok(Value::Map(map)) => map,
        other => panic!("values are a map, not {other:?}"),
    }
}

fn trial(name: &str, overrides: &str) -> Trial {
    Trial {
        name: name.to_owned(),
        overrides: map(overrides),
        is_complete: true,
    }
}

/// What the proof says of `made`, errors and warnings.
fn findings(sources: Chart, made: Chart, trials: &[Trial], extent: Extent) -> (bool, String) {
    let result = Sources::new(sources, trials).prove(&Arc::new(made), extent);
    let is_proved = result.is_ok();
    let findings = result.unwrap_or_else(|errors| errors);
    let text: Vec<String> = findings.iter().map(ToString::to_string).collect();
    (is_proved, text.join("\n"))
}

#[track_caller]
fn refused(sources: Chart, made: Chart, trials: &[Trial], expected: &str) {
    let (is_proved, printed) = findings(sources, made, trials, Extent::Whole);
    assert!(!is_proved, "must be refused: {printed}");
    assert!(printed.contains(expected), "{expected}\nis not in\n{printed}");
}

const CONFIG: &str = "kind: ConfigMap\ndata:\n  name: {{ Values.name }}\n  count: {{ Values.count }}\n";

fn with_defaults(text: &str) -> Chart {
    Chart {
        values: map("{name: a, count: 1}"),
        ..chart(&[("templates/a.yaml.j2", text)])
    }
}

#[test]
fn one_changed_character_anywhere_in_the_text_is_refused() {
    let sources = with_defaults(CONFIG);
    let compiled = compile::compile(&sources).expect("the chart compiles");
    let index = compiled
        .templates
        .iter()
        .position(|template| template.name == "templates/a.yaml");
    let index = index.expect("the template is compiled");
    let text = &compiled.templates[index].source.text;
    let trials = [trial("the defaults", "{}")];
    let (is_proved, printed) = findings(sources.clone(), compiled.clone(), &trials, Extent::Whole);
    assert!(is_proved && printed.is_empty(), "{printed}");
    let start = text.find("kind:").expect("the text is there");
    let mut changed = 0;
    let mut inside = 0;
    for (offset, character) in text.char_indices().skip_while(|(offset, _)| *offset < start) {
        inside += i32::from(text[offset..].starts_with("{{"));
        inside -= i32::from(text[..offset].ends_with("}}"));
        if inside > 0 || matches!(character, '{' | '}' | '\n') {
            continue;
        }
        let mutated = format!("{}~{}", &text[..offset], &text[offset + character.len_utf8()..]);
        let mut made = compiled.clone();
        made.templates[index] = template("templates/a.yaml", &mutated);
        refused(
            sources.clone(),
            made,
            &trials,
            "`templates/a.yaml` does not render from the package",
        );
        changed += 1;
    }
    assert!(changed > 20, "only {changed} characters were changed");
}

#[test]
fn the_difference_is_shown_with_its_line_in_both_texts() {
    let mut made = with_defaults("");
    made.templates[0] = template(
        "templates/a.yaml",
        "kind: ConfigMap\ndata:\n  name: {{ .Values.name }}\n  count: {{ .Values.count | int }}0\n",
    );
    refused(
        with_defaults(CONFIG),
        made,
        &[trial("`ci/big-values.yaml`", "{count: 5}")],
        "error[package-differs]: `templates/a.yaml` does not render from the package as from the sources, with \
         `ci/big-values.yaml`\n --> templates/a.yaml (rendered from the sources):4:11\n  |\n4 |   count: 5\n  \
         |           ^ the sources give this\n ::: templates/a.yaml (rendered from the package):4:11\n  |\n4 |   count: 50\n",
    );
}

#[test]
fn a_difference_in_a_secret_does_not_show_it() {
    let text = |end: &str| format!("kind: Secret\nstringData:\n  password: hunter2hunter2{end}\n");
    let sources = chart(&[("templates/a.yaml.j2", &text("a"))]);
    let made = chart(&[("templates/a.yaml", &text("b"))]);
    let (is_proved, printed) = findings(sources, made, &[trial("the defaults", "{}")], Extent::Whole);
    assert!(!is_proved && !printed.contains("hunter2"), "{printed}");
}

#[test]
fn a_difference_with_one_set_of_values_is_enough() {
    let sources = with_defaults("{% if Values.count == 7 %}x{% endif %}");
    let made = with_defaults("").templates;
    let made = Chart {
        templates: vec![template("templates/a.yaml", "")],
        ..with_defaults(&made[0].name)
    };
    let trials = [
        trial("the defaults", "{}"),
        trial("`ci/seven-values.yaml`", "{count: 7}"),
    ];
    let (is_proved, _) = findings(sources.clone(), made.clone(), &trials[..1], Extent::Whole);
    assert!(is_proved);
    refused(sources, made, &trials, "with `ci/seven-values.yaml`");
}

#[test]
fn a_template_that_is_lost_or_fails_once_packaged_is_refused() {
    let sources = chart(&[
        ("templates/a.yaml.j2", "a: 1\n"),
        ("templates/b.yaml.j2", "b: 1\n"),
    ]);
    let trials = [trial("the defaults", "{}")];
    let one = ("templates/a.yaml", "a: 1\n");
    refused(
        sources.clone(),
        chart(&[one]),
        &trials,
        "`templates/b.yaml` renders from the sources, and fails",
    );
    let failing = chart(&[one, ("templates/b.yaml", "{{ fail \"no\" }}")]);
    refused(
        sources.clone(),
        failing,
        &trials,
        "only the package fail with these words",
    );
    let more = chart(&[
        one,
        ("templates/b.yaml", "b: 1\n"),
        ("templates/c.yaml", "c: 1\n"),
    ]);
    refused(
        sources,
        more,
        &trials,
        "`templates/c.yaml` fails in the sources, and renders once packaged",
    );
}

#[test]
fn what_fails_alike_is_compared_by_its_words_and_told() {
    let sources = chart(&[
        ("templates/a.yaml.j2", "{{ fail('give me a name') }}"),
        ("templates/b.yaml.j2", "b: 1\n"),
    ]);
    let made = |words: &str| {
        let failing = format!("{{{{ fail \"{words}\" }}}}");
        chart(&[("templates/a.yaml", &failing), ("templates/b.yaml", "b: 1\n")])
    };
    let trials = [trial("the defaults", "{}")];
    let (is_proved, printed) = findings(sources.clone(), made("give me a name"), &trials, Extent::Whole);
    assert!(is_proved, "{printed}");
    assert!(
        printed.contains("warning[package-unproved]") && printed.contains("`templates/a.yaml`\n"),
        "{printed}"
    );
    refused(
        sources,
        made("give me a game"),
        &trials,
        "only the sources fail with these words",
    );
}

#[test]
fn what_is_drawn_by_lot_is_compared_with_a_seed() {
    let sources = chart(&[("templates/a.yaml.j2", "a: {{ randAlphaNum(20) }}\n")]);
    let made = |text: &str| chart(&[("templates/a.yaml", text)]);
    let trials = [trial("the defaults", "{}")];
    let (is_proved, printed) = findings(
        sources.clone(),
        made("a: {{ randAlphaNum 20 }}\n"),
        &trials,
        Extent::Whole,
    );
    assert!(is_proved, "{printed}");
    refused(
        sources,
        made("a: {{ randAlphaNum 19 }}\n"),
        &trials,
        "does not render from the package",
    );
}

#[test]
fn a_part_need_not_have_every_template_but_those_it_has_are_compared() {
    let sources = chart(&[
        ("templates/a.yaml.j2", "a: 1\n"),
        ("templates/b.yaml.j2", "b: 1\n"),
    ]);
    let part = |text: &str| chart(&[("templates/b.yaml", text)]);
    let trials = [trial("the defaults", "{}")];
    assert!(findings(sources.clone(), part("b: 1\n"), &trials, Extent::Part).0);
    assert!(!findings(sources, part("b: 2\n"), &trials, Extent::Part).0);
}

#[test]
fn values_of_ci_that_the_schema_refuses_are_told_with_their_file() {
    let files = [
        ("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("c/.helmignore", "ci/\n"),
        (
            "c/values.schema.json",
            "{\"properties\": {\"count\": {\"type\": \"integer\"}}}",
        ),
        ("c/ci/good-values.yaml", "count: 1\n"),
        ("c/ci/bad-values.yaml", "count: x\n"),
        ("c/ci/notes.yaml", "["),
        ("c/templates/a.yaml.j2", "count: {{ get(Values, 'count') }}\n"),
    ];
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    for (path, text) in files {
        let path = scratch.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("the directory is writable");
        std::fs::write(path, text).expect("the directory is writable");
    }
    let sources = chart::load(&scratch.path().join("c")).expect("the chart loads");
    let trials = package::trials(&sources).expect("the values can be read");
    assert_eq!(trials.len(), 3, "{trials:?}");
    let compiled = compile::compile(&sources).expect("the chart compiles");
    refused(sources, compiled, &trials, "c/ci/bad-values.yaml:1:1");
}

#[test]
fn the_built_in_runner_is_proved_and_a_changed_letter_of_it_refused() {
    let sources = chart::bundled("kubiya-runner")
        .expect("it is built in")
        .expect("it loads");
    let trials = package::trials(&sources).expect("its values can be read");
    let compiled = compile::compile(&sources).expect("it compiles");
    let (is_proved, printed) = findings(sources.clone(), compiled.clone(), &trials, Extent::Whole);
    assert!(
        is_proved && printed.is_empty(),
        "every template renders with some values: {printed}"
    );
    let mut made = compiled;
    let name = "templates/_pod.tpl";
    let shared = made.templates.iter_mut().find(|template| template.name == name);
    let shared = shared.expect("the pods have something in common");
    *shared = template(name, &shared.source.text.replacen("image:", "imagE:", 1));
    refused(
        sources,
        made,
        &trials,
        "templates/components/agent-manager/deployment.yaml",
    );
}
