//! Tests of parts: together they are the whole, and each is a chart that renders alone.

use super::{component, components, is_partial, split};
use crate::chart;
use crate::chart::{Chart, Dependency, File, Template};
use crate::package;
use crate::package::{Extent, Sources, Trial};
use crate::source::Source;
use crate::template::compile;
use crate::yaml::{Map, Number};
use std::collections::BTreeMap;
use std::sync::Arc;

fn template(name: &str, text: &str) -> Template {
    Template {
        name: format!("templates/{name}"),
        source: Source::new(name, text),
    }
}

fn named(name: &str) -> Chart {
    let mut chart = Chart::default();
    name.clone_into(&mut chart.metadata.name);
    "v2".clone_into(&mut chart.metadata.api_version);
    "1.0.0".clone_into(&mut chart.metadata.version);
    chart
}

/// Two components, what they share, a library and an application below, whose default one of them reads.
fn chart() -> Chart {
    let mut chart = named("all");
    chart.templates = vec![
        template(
            "_names.tpl",
            "{{ define \"name\" }}{{ .Chart.Name }}-{{ include \"lib.name\" . }}{{ end }}",
        ),
        template("_unused.tpl", "{{ define \"unused\" }}{{ end }}"),
        template(
            "components/a/_own.tpl",
            "{{ define \"a.own\" }}{{ template `name` . }}{{ end }}",
        ),
        template("components/a/a.yaml", "a: {{ include \"a.own\" . }}\n"),
        template(
            "components/b/deep/b.yaml",
            "b: {{ include \"a.own\" . }} {{ .Values.app.size }}\n",
        ),
        template("components/readme.yaml", "shared: {{ $.Chart.Name }}\n"),
    ];
    let mut library = Chart {
        templates: vec![template(
            "_lib.tpl",
            "{{ define \"lib.name\" }}{{ .Chart.Name }}{{ end }}",
        )],
        ..named("lib")
    };
    "library".clone_into(&mut library.metadata.chart_type);
    let application = Chart {
        templates: vec![template("x.yaml", "x: {{ include \"lib.name\" . }}\n")],
        values: Map::from_iter([("size", Number::Whole(3))]),
        values_source: Some(Source::new("values.yaml", "size: 3\n")),
        ..named("app")
    };
    let declared = ["lib", "app"].map(|name| Dependency {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        ..Dependency::default()
    });
    chart.metadata.dependencies = Some(declared.to_vec());
    for mut child in [library, application] {
        "all".clone_into(&mut child.parent);
        chart.dependencies.push(Arc::new(child));
    }
    chart.files.push(File {
        name: "crds/x.yaml".to_owned(),
        data: b"kind: X\n".to_vec().into(),
    });
    chart
}

fn proved(whole: &Chart, part: &Chart) {
    let trials = [Trial {
        name: "the defaults".to_owned(),
        overrides: Map::new(),
        is_complete: false,
    }];
    let whole = Sources::new(whole.clone(), &trials);
    if let Err(errors) = package::pack_proved(&whole, part, Extent::Part, 0) {
        let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}: {}", part.metadata.name, text.join("\n"));
    }
}

fn template_names(chart: &Chart) -> Vec<&str> {
    chart.templates.iter().map(|template| &*template.name).collect()
}

fn subchart_names(chart: &Chart) -> Vec<&str> {
    chart
        .dependencies
        .iter()
        .map(|child| &*child.metadata.name)
        .collect()
}

#[test]
fn each_part_has_what_it_renders_and_what_that_calls() {
    let whole = chart();
    let parts = split(&whole).expect("it has components");
    let names: Vec<&str> = parts.iter().map(|part| &*part.metadata.name).collect();
    assert_eq!(names, ["all-a", "all-b", "all-shared"]);
    assert_eq!(
        template_names(&parts[1]),
        [
            "templates/_names.tpl",
            "templates/components/a/_own.tpl",
            "templates/components/b/deep/b.yaml"
        ]
    );
    assert_eq!(template_names(&parts[2]), ["templates/components/readme.yaml"]);
    for part in &parts[..2] {
        assert_eq!(subchart_names(part), ["lib", "app"]);
        assert_eq!(template_names(&part.dependencies[0]), ["templates/_lib.tpl"]);
        assert!(template_names(&part.dependencies[1]).is_empty());
        assert!(part.files.is_empty(), "{:?}", part.files);
    }
    assert_eq!(subchart_names(&parts[2]), ["lib", "app"]);
    assert_eq!(template_names(&parts[2].dependencies[1]), ["templates/x.yaml"]);
    assert_eq!(parts[2].files.len(), 1);
    for part in &parts {
        proved(&whole, part);
    }
}

#[test]
fn a_component_alone_has_what_is_shared() {
    let whole = chart();
    let part = component(&whole, "b").expect("it is a component");
    assert!(template_names(&part).contains(&"templates/components/readme.yaml"));
    assert_eq!(part.files.len(), 1);
    assert!(template_names(&part.dependencies[1]).is_empty());
    proved(&whole, &part);
    let error = component(&whole, "c").expect_err("there is no such component");
    assert_eq!(error.help, ["its components are `a`, `b`"]);
    let error = component(&named("plain"), "c").expect_err("there is none");
    assert!(error.help[0].ends_with("and it has none"), "{error}");
    assert!(split(&named("plain")).is_err());
}

#[test]
fn no_part_takes_the_name_of_a_component_called_shared() {
    let mut whole = named("all");
    whole.templates = vec![template("components/shared/a.yaml", "a"), template("b.yaml", "b")];
    let parts = split(&whole).expect("it has components");
    let names: Vec<&str> = parts.iter().map(|part| &*part.metadata.name).collect();
    assert_eq!(names, ["all-shared", "all-shared-parts"]);
}

#[test]
fn the_parts_of_the_built_in_runner_are_the_whole() {
    let whole = chart::bundled("kubiya-runner")
        .expect("it is built in")
        .expect("it loads");
    let compiled = compile::compile(&whole).expect("it compiles");
    let parts = split(&compiled).expect("it has components");
    assert_eq!(parts.len(), components(&compiled).len() + 1);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for template in parts.iter().flat_map(|part| &part.templates) {
        *found.entry(&template.name).or_default() += 1;
    }
    for template in &compiled.templates {
        let count = found.get(&*template.name).copied().unwrap_or_default();
        assert!(
            count == 1 || (count > 1 && is_partial(&template.name)),
            "{}: {count}",
            template.name
        );
    }
    let trials = package::trials(&whole).expect("its values can be read");
    let whole = Sources::new(whole, &trials);
    for part in &parts {
        let proved = package::pack_proved(&whole, part, Extent::Part, 0);
        assert!(proved.is_ok(), "{}: {:?}", part.metadata.name, proved.err());
    }
}
