//! What golden cases cannot show: what is shared, what is bounded, and imports that Helm never finishes.

use super::{Processed, process_dependencies};
use crate::chart::{Chart, Dependency};
use crate::source::Source;
use crate::yaml;
use crate::yaml::{Map, Value};
use std::sync::Arc;

/// A chart with these defaults, subcharts and the dependencies of this YAML, if any.
fn chart(name: &str, defaults: &str, subcharts: Vec<Arc<Chart>>, dependencies: Option<&str>) -> Arc<Chart> {
    let mut chart = Chart::default();
    chart.metadata.name = name.to_owned();
    chart.metadata.version = "1.0.0".to_owned();
    chart.metadata.dependencies = dependencies.map(|text| {
        let list = yaml::read(&Source::new("Chart.yaml", text)).unwrap();
        let items = list.as_list().unwrap().values();
        items.iter().map(dependency).collect()
    });
    let source = Source::new("values.yaml", defaults);
    if let Value::Map(values) = yaml::read(&source).unwrap() {
        chart.values = values;
    }
    chart.values_source = Some(source);
    chart.dependencies = subcharts;
    for subchart in &mut chart.dependencies {
        Arc::make_mut(subchart).parent = name.to_owned();
    }
    chart.into()
}

fn dependency(item: &Value) -> Dependency {
    let text = |key: &str| {
        let value = item.lookup(key);
        value
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    Dependency {
        name: text("name"),
        alias: text("alias"),
        condition: text("condition"),
        import_values: item
            .lookup("import-values")
            .map_or(Vec::new(), |list| list.as_list().unwrap().values()),
        ..Dependency::default()
    }
}

fn processed(chart: &Arc<Chart>) -> Processed {
    process_dependencies(chart, &Map::new(), |_, _| true)
}

#[test]
fn charts_that_declare_nothing_are_not_copied() {
    let plain = chart("c", "a: 1", vec![chart("sub", "b: 1", Vec::new(), None)], None);
    assert!(Arc::ptr_eq(&plain, &processed(&plain).chart));
}

#[test]
fn what_does_not_change_is_shared() {
    let subcharts = ["one", "two"].map(|name| chart(name, "a: 1", Vec::new(), None));
    let root = chart(
        "c",
        "",
        subcharts.to_vec(),
        Some("[{name: one}, {name: two, alias: other}]"),
    );
    let processed = processed(&root).chart;
    let names: Vec<String> = processed
        .dependencies
        .iter()
        .map(|chart| chart.full_path())
        .collect();
    assert_eq!(names, ["c/charts/one", "c/charts/other"]);
    assert!(Arc::ptr_eq(&processed.dependencies[0], &root.dependencies[0]));
    assert!(
        processed.dependencies[1]
            .values
            .same(&root.dependencies[1].values)
    );
    assert_eq!(root.dependencies[1].metadata.name, "two");
}

#[test]
fn the_values_that_were_given_are_not_changed() {
    let leaf = chart("leaf", "a: 1", Vec::new(), None);
    let sub = chart("sub", "b: {x: 1}", vec![leaf], Some("[{name: leaf}]"));
    let root = chart(
        "c",
        "sub: {b: {y: 1}}",
        vec![sub],
        Some("[{name: sub, import-values: [{child: b, parent: b}]}]"),
    );
    let before = yaml::write(&Value::Map(root.values.clone())).unwrap();
    let processed = processed(&root);
    assert!(processed.chart.values.get("b").is_some());
    assert_eq!(before, yaml::write(&Value::Map(root.values.clone())).unwrap());
}

#[test]
fn aliases_cannot_eat_memory() {
    let large = format!("a: {}", "x".repeat(1 << 20));
    let declared: Vec<String> = (0..200)
        .map(|number| format!("{{name: sub, alias: a{number}}}"))
        .collect();
    let sub = chart("sub", &large, Vec::new(), None);
    let root = chart("c", "", vec![sub], Some(&format!("[{}]", declared.join(","))));
    let told = processed(&root).findings[0].to_string();
    assert!(
        told.contains("the aliases of subcharts make the chart `c` too large to render"),
        "{told}"
    );
}

#[test]
fn an_import_of_a_table_into_itself_is_refused() {
    let sub = chart("sub", "t: {q: {x: 1}}", Vec::new(), None);
    let imports = "[{child: t, parent: p}, {child: t.q, parent: p.r}, {child: t, parent: p.r}]";
    let root = chart(
        "c",
        "",
        vec![sub],
        Some(&format!("[{{name: sub, import-values: {imports}}}]")),
    );
    let told = processed(&root).findings[0].to_string();
    assert!(
        told.contains("importing `t` to `p.r` makes a table that contains itself"),
        "{told}"
    );
}
