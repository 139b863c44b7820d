//! Tests of packages. What real Helm makes of them is checked by `.ci/package`.

use super::rendered;
use crate::chart;
use crate::chart::Chart;
use crate::manifest;
use crate::manifest::{Manifest, ManifestFile, Selection};
use crate::source::{Source, TextMap};
use std::fs;

fn chart_of(name: &str) -> Chart {
    let mut chart = Chart::default();
    name.clone_into(&mut chart.metadata.name);
    "v2".clone_into(&mut chart.metadata.api_version);
    "1.2.3".clone_into(&mut chart.metadata.version);
    chart
}

fn subchart(parent: &str, name: &str) -> Chart {
    Chart {
        parent: parent.to_owned(),
        ..chart_of(name)
    }
}

fn manifests(files: &[(&str, &str)]) -> Vec<Manifest> {
    let file = |(path, text): &(&str, &str)| {
        let template = Source::new(*path, *text);
        ManifestFile::rendered(
            (*path).to_owned(),
            template,
            (*text).to_owned(),
            TextMap::default(),
        )
    };
    let files = files.iter().map(file).collect();
    manifest::arrange(files, Vec::new(), Selection::default())
        .expect("the manifests are well-formed")
        .manifests
}

const HOOK: &str = "kind: Job\napiVersion: v1\nmetadata:\n  name: h\n  annotations:\n    helm.sh/hook: test";

#[test]
fn a_package_loads_and_holds_the_same_documents() {
    let text = format!(
        "kind: B\napiVersion: v1\nx: '{{{{ .Values.x }}}}'\n---\n{HOOK}\n---\nkind: Secret\napiVersion: v1\n"
    );
    let before = manifests(&[
        ("c/templates/b.yaml", &text),
        ("c/charts/s/templates/a.yaml", "kind: A\napiVersion: v1\n"),
    ]);
    let mut chart = chart_of("c");
    chart.dependencies = vec![subchart("c", "s").into(), subchart("c", "unused").into()];
    let package = rendered(&chart, &before, 0).expect("the chart can be packaged");
    assert_eq!(package.file_name, "c-1.2.3.tgz");
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    let path = package
        .save(scratch.path(), false)
        .expect("the directory is writable");
    assert_eq!(
        package
            .save(scratch.path(), false)
            .expect("the same bytes are no conflict"),
        path
    );
    let loaded = chart::load(&path).expect("the package loads");
    assert_eq!(loaded.metadata.version, "1.2.3");
    assert_eq!(loaded.dependencies.len(), 1);
    let unescaped = |source: &Source| source.text.replace(r#"{{ "{{" }}"#, "{{");
    let texts: Vec<(String, String)> = [("c", &loaded), ("c/charts/s", &loaded.dependencies[0])]
        .into_iter()
        .flat_map(|(path, chart)| {
            chart
                .templates
                .iter()
                .map(move |template| (format!("{path}/{}", template.name), unescaped(&template.source)))
        })
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(manifest::write(&manifests(&files)), manifest::write(&before));
}

#[test]
fn the_same_manifests_give_the_same_bytes_and_others_do_not() {
    let chart = chart_of("c");
    let one = manifests(&[("c/templates/a.yaml", "kind: A\napiVersion: v1")]);
    let pack = |manifests: &[Manifest], epoch| {
        rendered(&chart, manifests, epoch).expect("the chart can be packaged")
    };
    assert_eq!(pack(&one, 7).data, pack(&one, 7).data);
    assert_eq!(pack(&one, 7).sha256().len(), 64);
    assert_ne!(pack(&one, 7).sha256(), pack(&one, 8).sha256());
    let other = manifests(&[("c/templates/a.yaml", "kind: B\napiVersion: v1")]);
    assert_ne!(pack(&one, 7).sha256(), pack(&other, 7).sha256());
}

#[test]
fn a_package_with_other_content_is_not_overwritten() {
    let package = rendered(&chart_of("c"), &[], 0).expect("the chart can be packaged");
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    fs::write(scratch.path().join("c-1.2.3.tgz"), "mine").expect("the directory is writable");
    let errors = package
        .save(scratch.path(), false)
        .expect_err("the file holds something else");
    assert_eq!(errors[0].code, "output-exists");
    package
        .save(scratch.path(), true)
        .expect("overwriting was asked for");
}

#[test]
fn what_lies_below_the_own_name_of_an_alias_is_in_a_chart() {
    let before = manifests(&[(
        "c/charts/own/charts/leaf/templates/a.yaml",
        "kind: A\napiVersion: v1\n",
    )]);
    let mut alias = subchart("c", "alias");
    alias.dependencies = vec![subchart("c/charts/own", "leaf").into()];
    let mut chart = chart_of("c");
    chart.dependencies = vec![alias.into()];
    let package = rendered(&chart, &before, 0).expect("the chart can be packaged");
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    let path = package
        .save(scratch.path(), false)
        .expect("the directory is writable");
    let loaded = chart::load(&path).expect("the package loads");
    assert_eq!(loaded.dependencies[0].metadata.name, "own");
    assert_eq!(loaded.dependencies[0].dependencies[0].metadata.name, "leaf");
}
