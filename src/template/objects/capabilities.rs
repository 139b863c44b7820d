//! Owns `.Capabilities` as Go templates see it.
//!
//! Which versions it holds is `crate::capabilities`'; the method `Has` of its list is the engine's.

use super::record::{Field, Json, Record};
use super::texts_of_kind;
use crate::capabilities::Capabilities;
use crate::yaml::{ListKind, Value};
use std::sync::Arc;

pub(super) fn object(capabilities: &Capabilities) -> Value {
    let kube = &capabilities.kube_version;
    let kube_version = Record {
        methods: &[("GitVersion", version), ("String", version)],
        stringer: Some(version),
        ..Record::new(
            "chartutil.KubeVersion",
            vec![
                field("Version", "Version", kube.version.as_str()),
                field("Major", "Major", kube.major.as_str()),
                field("Minor", "Minor", kube.minor.as_str()),
            ],
        )
    };
    let helm_version = Record::new(
        "version.BuildInfo",
        vec![
            optional("Version", "version", Capabilities::HELM_VERSION),
            optional("GitCommit", "git_commit", Capabilities::HELM_COMMIT),
            optional("GitTreeState", "git_tree_state", "clean"),
            optional("GoVersion", "go_version", Capabilities::GO_VERSION),
        ],
    );
    let versions = texts_of_kind(ListKind::Versions, &capabilities.api_versions);
    let fields = vec![
        field("KubeVersion", "KubeVersion", value(kube_version)),
        field("APIVersions", "APIVersions", versions),
        field("HelmVersion", "HelmVersion", value(helm_version)),
    ];
    value(Record {
        methods: &[("Copy", copy)],
        ..Record::new("*chartutil.Capabilities", fields)
    })
}

fn version(kube_version: &Record) -> Value {
    let fields = &kube_version.fields;
    fields.first().map_or(Value::Null, |field| field.value.clone())
}

fn copy(capabilities: &Record) -> Value {
    value(capabilities.clone())
}

fn value(record: Record) -> Value {
    Value::Object(Arc::new(record))
}

fn field(name: &'static str, json: &'static str, value: impl Into<Value>) -> Field {
    let (json, value) = (Json::Always(json), value.into());
    Field { name, json, value }
}

fn optional(name: &'static str, json: &'static str, text: &str) -> Field {
    let (json, value) = (Json::NotEmpty(json), Value::from(text));
    Field { name, json, value }
}
