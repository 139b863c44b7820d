//! Owns the proof that objects look as Go's do; the engines' tests show templates that use them.

use super::*;
use crate::chart::{File, Metadata};
use crate::source::Source;
use crate::template::format::{self, Integers};
use crate::yaml;

const CHART_YAML: &str = "apiVersion: v2
name: c
version: 1.2.3
description: \"d <&>\"
type: application
keywords: [a, b]
home: https://x
maintainers:
- name: m
  email: e@x
annotations:
  k: v
  a: \"b & c\"
dependencies:
- name: lib
  version: 0.1.0
  repository: \"\"
  condition: lib.enabled
  tags: [x]
  import-values: [{child: a, parent: b}]
";

fn sample() -> Chart {
    let file = |name: &str, data: &[u8]| File {
        name: name.to_owned(),
        data: data.to_vec().into(),
    };
    let source = Source::new("Chart.yaml", CHART_YAML);
    let mut metadata = Metadata::read(&source, None).expect("it is valid");
    for dependency in metadata.dependencies.iter_mut().flatten() {
        dependency.enabled = true;
    }
    Chart {
        metadata,
        files: vec![
            file("files/b.conf", b"no newline"),
            file("files/a.txt", b"hello\nworld\n"),
            file("files/bin", b"\xff\x00"),
            file("files/empty", b""),
            file("files/sub/a.txt", b"s\n"),
        ],
        ..Chart::default()
    }
}

/// Follows fields and methods without arguments.
fn follow(start: &Value, path: &str) -> Value {
    path.split('.').fold(start.clone(), |value, step| match &value {
        Value::Object(object) => match object.field(step) {
            Some(field) => field,
            None => object.call(step, &[]).expect(step).expect(step),
        },
        Value::List(list) => list.get(step.parse().expect("an index")).expect(step),
        other => panic!("{step} of {other:?}"),
    })
}

fn printed(value: &Value) -> String {
    format::value(value, Integers::AsFloats)
}

fn called(value: &Value, method: &str, argument: &str) -> Value {
    let Value::Object(object) = value else {
        panic!("{value:?} is no object")
    };
    let result = object.call(method, &[argument.into()]).expect("a method");
    result.unwrap_or_else(|error| panic!("{method}: {error}"))
}

fn object(value: &Value) -> &dyn yaml::Object {
    let Value::Object(object) = value else {
        panic!("{value:?} is no object")
    };
    &**object
}

/// What follows was printed by Helm 3.17.3, addresses aside.
#[test]
fn a_chart_prints_as_gos_struct() {
    let chart = chart(&sample(), true);
    let address = "0xc000000000";
    let expected = format!(
        "{{{{c https://x [] 1.2.3 d <&> [a b] [{address}]  v2    false map[a:b & c k:v]  [{address}] application}} true}}"
    );
    assert_eq!(printed(&chart), expected);
    assert_eq!(object(&chart).print_alone(), expected);
    for (path, expected) in [
        ("Name", "c"),
        ("Metadata.Name", "c"),
        ("IsRoot", "true"),
        ("Maintainers.0", "&{m e@x }"),
        ("Maintainers.0.Email", "e@x"),
        (
            "Dependencies.0",
            "&{lib 0.1.0  lib.enabled [x] true [map[child:a parent:b]] }",
        ),
        ("Annotations", "map[a:b & c k:v]"),
        ("Sources", "[]"),
        ("Deprecated", "false"),
    ] {
        assert_eq!(printed(&follow(&chart, path)), expected, "{path}");
    }
    assert_eq!(object(&follow(&chart, "Maintainers.0")).print_alone(), "{m e@x }");
    assert_eq!(object(&chart).go_type(), "struct { chart.Metadata; IsRoot bool }");
    assert!(object(&chart).field("Nope").is_none() && object(&chart).field("name").is_none());
}

/// What follows was printed by Helm 3.17.3.
#[test]
fn a_chart_is_written_as_gos_struct() {
    let chart = chart(&sample(), true);
    assert_eq!(
        yaml::to_json(&chart, None).as_deref(),
        Ok(concat!(
            r#"{"name":"c","home":"https://x","version":"1.2.3","description":"d \u003c\u0026\u003e","#,
            r#""keywords":["a","b"],"maintainers":[{"name":"m","email":"e@x"}],"apiVersion":"v2","#,
            r#""annotations":{"a":"b \u0026 c","k":"v"},"dependencies":[{"name":"lib","version":"0.1.0","#,
            r#""repository":"","condition":"lib.enabled","tags":["x"],"enabled":true,"#,
            r#""import-values":[{"child":"a","parent":"b"}]}],"type":"application","IsRoot":true}"#
        ))
    );
    let text = yaml::write(&chart).expect("it can be written");
    assert!(
        text.starts_with("IsRoot: true\nannotations:\n  a: b & c\n"),
        "{text}"
    );
}

/// What follows was printed by Helm 3.17.3.
#[test]
fn capabilities_are_structs_with_methods() {
    let given = capabilities(&Capabilities {
        api_versions: vec!["v1".to_owned(), "foo/v1".to_owned()],
        ..Capabilities::default()
    });
    let helm = "{v3.17.3 e4da49785aa6e6ee2b86efd5dd9e43400318262b clean go1.23.7}";
    let all = format!("{{{{v1.32.0 1 32}} [v1 foo/v1] {helm}}}");
    assert_eq!(printed(&given), format!("&{all}"));
    assert_eq!(object(&given).print_alone(), all);
    let kube = follow(&given, "KubeVersion");
    assert_eq!(printed(&kube), "{v1.32.0 1 32}");
    assert_eq!(object(&kube).print_alone(), "v1.32.0");
    for path in [
        "KubeVersion.Version",
        "KubeVersion.GitVersion",
        "KubeVersion.String",
        "Copy.KubeVersion.Version",
    ] {
        assert_eq!(printed(&follow(&given, path)), "v1.32.0", "{path}");
    }
    let extra = object(&kube).call("GitVersion", &["a".into()]);
    assert_eq!(extra, Some(Err("takes 0 arguments, not 1".to_owned())));
    assert_eq!(
        yaml::to_json(&follow(&given, "HelmVersion"), None).as_deref(),
        Ok(concat!(
            r#"{"version":"v3.17.3","git_commit":"e4da49785aa6e6ee2b86efd5dd9e43400318262b","#,
            r#""git_tree_state":"clean","go_version":"go1.23.7"}"#
        ))
    );
    assert_eq!(
        yaml::write(&kube).as_deref(),
        Ok("Major: \"1\"\nMinor: \"32\"\nVersion: v1.32.0")
    );
}

/// What follows was printed by Helm 3.17.3.
#[test]
fn files_are_a_map_of_bytes_with_methods() {
    let files = files(&sample());
    assert_eq!(printed(&called(&files, "Get", "files/a.txt")), "hello\nworld\n");
    assert_eq!(printed(&called(&files, "Get", "nope")), "");
    assert_eq!(printed(&called(&files, "Lines", "files/a.txt")), "[hello world]");
    assert_eq!(printed(&called(&files, "Lines", "nope")), "[]");
    assert_eq!(printed(&called(&files, "GetBytes", "files/bin")), "[255 0]");
    assert_eq!(printed(&called(&files, "GetBytes", "nope")), "[]");
    let picked = called(&files, "Glob", "files/*");
    assert_eq!(
        printed(&called(&files, "Glob", "files/{empty,bin}")),
        "map[files/bin:[255 0] files/empty:[]]"
    );
    assert_eq!(
        printed(&follow(&picked, "AsConfig")),
        "a.txt: |\n  hello\n  world\nb.conf: no newline\nbin: \"\u{fffd}\\0\"\nempty: \"\""
    );
    assert_eq!(
        printed(&follow(&picked, "AsSecrets")),
        "a.txt: aGVsbG8Kd29ybGQK\nb.conf: bm8gbmV3bGluZQ==\nbin: /wA=\nempty: \"\""
    );
    let none = called(&files, "Glob", "nope/*");
    assert!(!none.is_true() && files.is_true());
    assert_eq!(printed(&follow(&none, "AsConfig")), "{}");
    assert_eq!(printed(&follow(&files, "some")), "[]");
    assert_eq!(
        called(&files, "Glob", "["),
        files,
        "a malformed pattern matches everything"
    );
    assert_eq!(
        yaml::to_json(&called(&files, "Glob", "**/a.txt"), None).as_deref(),
        Ok(r#"{"files/a.txt":"aGVsbG8Kd29ybGQK","files/sub/a.txt":"cwo="}"#)
    );
}

#[test]
fn methods_of_files_say_what_they_want() {
    let files = files(&sample());
    let refused = |method: &str, arguments: &[Value]| {
        let result = object(&files).call(method, arguments).expect("a method");
        result.expect_err("it is refused")
    };
    assert_eq!(refused("Get", &[]), "takes 1 argument, not 0");
    assert_eq!(refused("AsConfig", &["a".into()]), "takes 0 arguments, not 1");
    assert!(refused("Get", &[true.into()]).starts_with("takes a text"));
    assert!(refused("Lines", &["files/empty".into()]).contains("empty"));
    assert!(object(&files).call("get", &[]).is_none());
}
