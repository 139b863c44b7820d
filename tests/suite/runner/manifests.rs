//! Owns what the tests of the runner chart ask of a rendering: its objects, workloads, containers, references.
//!
//! It judges nothing.

use crate::process;
use crate::process::Invocation;
use serde::Deserialize as _;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The objects of one rendering.
pub(super) struct Manifests(pub(super) Vec<Json>);

/// What makes pods, with the parts that tests look at.
pub(super) struct Workload<'a> {
    pub(super) name: &'a str,
    pub(super) pod_metadata: &'a Json,
    pub(super) pod: &'a Json,
    /// Claims that every pod gets for itself.
    pub(super) claims: &'a [Json],
}

/// Runs `runnerctl render` with `args` in namespace `kubiya`.
#[track_caller]
pub(super) fn render(release: &str, args: &[&str]) -> Manifests {
    render_in("kubiya", release, args)
}

/// Runs `runnerctl render` with `args` in that namespace.
#[track_caller]
pub(super) fn render_in(namespace: &str, release: &str, args: &[&str]) -> Manifests {
    let mut line = vec!["render", release, "--namespace", namespace];
    line.extend(args);
    let outcome = process::run(&Invocation {
        args: line.into_iter().map(str::to_owned).collect(),
        ..Invocation::default()
    });
    let outcome = outcome.expect("render ends in time");
    assert_eq!(outcome.code, 0, "{}", String::from_utf8_lossy(&outcome.stderr));
    let text = String::from_utf8(outcome.stdout).expect("manifests are UTF-8");
    let documents = serde_yaml::Deserializer::from_str(&text)
        .map(|document| Json::deserialize(document).expect("manifests are YAML"));
    let objects: Vec<Json> = documents.filter(|object| !object.is_null()).collect();
    assert!(!objects.is_empty(), "nothing was rendered");
    Manifests(objects)
}

/// The text at a JSON pointer, empty where there is none.
pub(super) fn text<'a>(object: &'a Json, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The list at a JSON pointer, empty where there is none.
pub(super) fn list<'a>(object: &'a Json, pointer: &str) -> &'a [Json] {
    object
        .pointer(pointer)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The map of strings at a JSON pointer, empty where there is none.
pub(super) fn strings<'a>(object: &'a Json, pointer: &str) -> BTreeMap<&'a str, &'a str> {
    let map = object.pointer(pointer).and_then(Json::as_object);
    let entries = map.into_iter().flatten();
    entries
        .map(|(key, value)| (key.as_str(), value.as_str().expect("the map holds strings")))
        .collect()
}

impl Manifests {
    /// The objects of a kind.
    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Json> {
        self.0.iter().filter(move |object| text(object, "/kind") == kind)
    }

    /// The object of that kind and name.
    #[track_caller]
    pub(super) fn get(&self, kind: &str, name: &str) -> &Json {
        self.find(kind, name)
            .unwrap_or_else(|| panic!("there is no {kind} {name}"))
    }

    /// The object of that kind and name, if there is one.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<&Json> {
        self.0
            .iter()
            .find(|object| text(object, "/kind") == kind && text(object, "/metadata/name") == name)
    }

    /// `Kind name` of every object.
    pub(super) fn identities(&self) -> Vec<String> {
        let identity = |object| format!("{} {}", text(object, "/kind"), text(object, "/metadata/name"));
        self.0.iter().map(identity).collect()
    }

    /// Everything that makes pods.
    pub(super) fn workloads(&self) -> Vec<Workload<'_>> {
        self.0.iter().filter_map(workload).collect()
    }
}

fn workload(object: &Json) -> Option<Workload<'_>> {
    let template = match text(object, "/kind") {
        "Deployment" | "StatefulSet" | "DaemonSet" => "/spec/template",
        "CronJob" => "/spec/jobTemplate/spec/template",
        _ => return None,
    };
    let template = object.pointer(template)?;
    Some(Workload {
        name: text(object, "/metadata/name"),
        pod_metadata: template.get("metadata")?,
        pod: template.get("spec")?,
        claims: list(object, "/spec/volumeClaimTemplates"),
    })
}

impl Workload<'_> {
    /// All containers, those of the preparation included.
    pub(super) fn containers(&self) -> impl Iterator<Item = &Json> {
        list(self.pod, "/initContainers")
            .iter()
            .chain(list(self.pod, "/containers"))
    }

    /// Values of the environment variables of all containers.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.containers()
            .flat_map(|container| list(container, "/env"))
            .map(|variable| (text(variable, "/name"), text(variable, "/value")))
    }
}
