//! What golden cases cannot show: origins, bounds, and what templates may do to the result.

use super::*;
use crate::chart::Chart;
use crate::yaml;
use crate::yaml::Map;

fn merged(inputs: &[Input]) -> Map {
    merge(inputs).expect("the inputs are sound").values
}

fn fault(input: Input) -> String {
    let faults = merge(&[input]).expect_err("the input is at fault");
    faults.iter().map(ToString::to_string).collect()
}

fn file(name: &str, text: &str) -> Input {
    Input::File(Source::sensitive(name, text))
}

fn origin(values: &Map, path: &str) -> String {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = match parent {
        "" => values.clone(),
        parent => Value::Map(values.clone())
            .lookup(parent)
            .unwrap()
            .as_map()
            .unwrap()
            .clone(),
    };
    parent.origin(key).unwrap().to_string()
}

#[test]
fn every_value_knows_what_set_it() {
    let values = merged(&[
        file("one.yaml", "a:\n  b: 1\n  c: 1\n"),
        file("two.yaml", "a:\n  c: 2\n"),
        Input::Set("a.d=3,e[0].f=4".to_owned()),
        Input::SetJson(r#"{"g":{"h":5}}"#.to_owned()),
    ]);
    assert_eq!(origin(&values, "a.b"), "one.yaml:2:3");
    assert_eq!(origin(&values, "a.c"), "two.yaml:2:3");
    assert_eq!(origin(&values, "a"), "two.yaml:1:1");
    assert_eq!(origin(&values, "a.d"), "--set a.d");
    assert_eq!(origin(&values, "e"), "--set e[0].f");
    assert_eq!(origin(&values, "g.h"), "--set-json g");
}

#[test]
fn origins_and_faults_of_flags_hold_no_value() {
    let values = merged(&[Input::Set("token=hunter2".to_owned())]);
    let place = values.origin("token").unwrap();
    assert!(!format!("{:?}", place.source).contains("hunter2"));
    for text in [
        "password=hunter2,hunter2",
        "a={hunter2",
        "a=hunter2,b[x]=hunter2",
        "a=hunter2,a.b=hunter2",
    ] {
        let told = fault(Input::Set(text.to_owned()));
        assert!(!told.contains("hunter2"), "{told}");
    }
    let told = fault(Input::SetJson("a=hunter2".to_owned()));
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn set_file_names_its_files_before_they_are_read() {
    assert_eq!(files_named("a=x.txt,b.c[1]={y\\,z,w}"), ["x.txt", "y,z", "w"]);
    assert_eq!(files_named("a=x.txt,b"), ["x.txt"]);
    assert_eq!(files_named(""), [""; 0]);
}

#[test]
fn short_flags_cannot_make_huge_lists() {
    let text: Vec<String> = (0..20).map(|number| format!("k{number}[65536]=x")).collect();
    let told = fault(Input::Set(text.join(",")));
    assert!(told.contains("more than 1000000 list items"), "{told}");
}

#[test]
fn indexes_cannot_nest_beyond_the_stack() {
    let told = fault(Input::Set(format!("a{}=x", "[0]".repeat(20_000))));
    assert!(told.contains("more than 100 indexes"), "{told}");
}

#[test]
fn a_change_to_the_result_reaches_neither_chart_nor_overrides() {
    let defaults = yaml::read(&Source::new("values.yaml", "a: {b: 1}\nl: [{c: 1}]\n")).unwrap();
    let chart = Chart {
        values: defaults.as_map().unwrap().clone(),
        ..Chart::default()
    };
    let overrides = merged(&[file("one.yaml", "o: {p: 1}\n")]);
    let values = Value::Map(coalesce(&chart, &overrides).values);
    for path in ["a", "o"] {
        values.lookup(path).unwrap().as_map().unwrap().insert("new", true);
    }
    let item = values.lookup("l").unwrap().as_list().unwrap().get(0).unwrap();
    item.as_map().unwrap().insert("new", true);
    assert!(
        !yaml::write(&Value::Map(chart.values.clone()))
            .unwrap()
            .contains("new")
    );
    assert!(!yaml::write(&Value::Map(overrides)).unwrap().contains("new"));
}

#[test]
fn a_subchart_sees_the_same_node_as_its_parent() {
    let mut subchart = Chart::default();
    subchart.metadata.name = "sub".to_owned();
    let chart = Chart {
        dependencies: vec![subchart.into()],
        ..Chart::default()
    };
    let overrides = merged(&[Input::Set("global.m.n.x=1".to_owned())]);
    let values = Value::Map(coalesce(&chart, &overrides).values);
    let parent = values.lookup("global.m.n").unwrap();
    let subchart = values.lookup("sub.global.m.n").unwrap();
    // Helm copies the tables of `global` one level deep; below, parent and subchart share them.
    assert!(parent.as_map().unwrap().same(subchart.as_map().unwrap()));
    let (parent, subchart) = (
        values.lookup("global.m").unwrap(),
        values.lookup("sub.global.m").unwrap(),
    );
    assert!(!parent.as_map().unwrap().same(subchart.as_map().unwrap()));
}

#[test]
fn a_huge_file_for_another_chart_is_refused_in_bounded_time() {
    let schema = r#"{"additionalProperties": false, "properties": {"a": {"x-secret": true}}}"#;
    let chart = Chart {
        schema: Some(Source::new("values.schema.json", schema)),
        ..Chart::default()
    };
    let lines: Vec<String> = (0..100_000).map(|number| format!("key{number}: 1")).collect();
    let text = lines.join("\n");
    let values = merged(&[file("one.yaml", &text)]);
    let findings = check_schema(&chart, &values, &SchemaOptions::default());
    assert_eq!(findings.len(), 201);
    assert!(
        findings[200].message.contains("more than 200"),
        "{}",
        findings[200]
    );
}
