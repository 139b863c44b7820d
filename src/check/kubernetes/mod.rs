//! Owns the check of manifests against Kubernetes itself, as strict as `kubectl apply --validate=strict` and the API server
//! behind it: kinds, fields, types, required fields, words, names, ports, selectors, volumes.
//!
//! It needs no cluster: `table.txt` holds the types of several minor versions. What an object refers to outside itself is
//! in `references`, custom resources in `custom`. It renders nothing and reads no files.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::{Map, Value};
use findings::Findings;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use table::Table;
use versions::Served;

mod allowed;
mod findings;
mod lexical;
mod references;
mod release;
mod rules;
mod shape;
mod table;
mod versions;

pub use release::check_release;

/// What manifests are checked against.
#[derive(Clone, Debug)]
pub struct Target {
    /// The minor version of Kubernetes 1.
    pub minor: u32,
    /// Where objects go that name no namespace.
    pub namespace: String,
    /// Objects that are there though nothing renders them, as `Secret/name`.
    pub external: Vec<String>,
    /// Names of objects of any kind that are there though nothing renders them.
    pub existing: Vec<String>,
}

/// An object that manifests describe.
struct Object {
    /// The document it stands in.
    document: usize,
    api: String,
    kind: String,
    name: String,
    namespace: String,
    value: Map,
    place: Place,
}

/// The first and the last minor version whose types are known.
pub fn known_minors() -> (u32, u32) {
    let covers = Table::new().covers;
    (*covers.start(), *covers.end())
}

/// Checks manifests, a document each, and gives the findings of each; places lie in the documents.
///
/// A minor version that is not known is taken for the nearest that is.
pub fn check(documents: &[Arc<Source>], target: &Target) -> Vec<Vec<Diagnostic>> {
    let table = Table::new();
    let minor = target.minor.clamp(*table.covers.start(), *table.covers.end());
    let mut findings: Vec<Vec<Diagnostic>> = Vec::new();
    let mut objects = Vec::new();
    for (index, source) in documents.iter().enumerate() {
        match yaml::read_document(source) {
            Ok(document) => {
                findings.push(document.warnings.into_iter().map(as_error).collect());
                gather(index, &document.value, &document.place, target, &mut objects);
            }
            Err(errors) => findings.push(errors),
        }
    }
    for object in &objects {
        let mut found = Findings::new(described(object), object.place.clone());
        check_object(&table, object, minor, &mut found);
        findings[object.document].append(&mut found.list);
    }
    for (document, finding) in duplicates(&objects)
        .into_iter()
        .chain(references::check(&objects, target))
    {
        findings[document].push(finding);
    }
    findings
}

/// Helm takes the last of two equal keys; the API server takes neither.
fn as_error(mut finding: Diagnostic) -> Diagnostic {
    finding.severity = Severity::Error;
    finding
}

/// The object that a value is, or those that it lists.
fn gather(document: usize, value: &Value, place: &Place, target: &Target, objects: &mut Vec<Object>) {
    let Some(map) = value.as_map() else { return };
    let text = |value: Option<Value>| {
        value
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let kind = text(map.get("kind"));
    if let Some(Value::List(items)) = map.get("items").filter(|_| kind.ends_with("List")) {
        for slot in items.read().iter() {
            let place = slot.origin.as_ref().unwrap_or(place);
            gather(document, &slot.value, place, target, objects);
        }
        return;
    }
    let namespace = text(value.lookup("metadata.namespace"));
    objects.push(Object {
        document,
        api: text(map.get("apiVersion")),
        kind,
        name: text(value.lookup("metadata.name")),
        namespace: if namespace.is_empty() {
            target.namespace.clone()
        } else {
            namespace
        },
        value: map.clone(),
        place: place.clone(),
    });
}

fn described(object: &Object) -> String {
    match (object.kind.as_str(), object.name.as_str()) {
        ("", _) => "a manifest".to_owned(),
        (kind, "") => kind.escape_debug().to_string(),
        (kind, name) => format!("{} `{}`", kind.escape_debug(), name.escape_debug()),
    }
}

fn check_object(table: &Table, object: &Object, minor: u32, found: &mut Findings) {
    for (name, text) in [("apiVersion", &object.api), ("kind", &object.kind)] {
        if text.is_empty() {
            found.error("k8s-required", format!("needs `{name}`"));
        }
    }
    if object.api.is_empty() || object.kind.is_empty() {
        return;
    }
    found.field(&object.value, "metadata", |found, value| {
        if let Some(metadata) = value.as_map() {
            rules::names(&object.kind, metadata, found);
        }
    });
    if object
        .value
        .get("metadata")
        .is_none_or(|metadata| metadata.is_null())
    {
        found.error("k8s-required", "needs `metadata` with a `name`");
    }
    let of_type = match versions::served(table, &object.api, &object.kind, minor) {
        Served::Yes(of_type) => of_type,
        Served::Deprecated(of_type, what) => {
            found.warning(
                "k8s-deprecated",
                format!("`{}` {what}", object.api),
                "move to its successor".to_owned(),
            );
            of_type
        }
        Served::No(what, help) => {
            let what = format!("`{}` {what}", object.api.escape_debug());
            return match help {
                Some(help) => found.error_with("k8s-api", what, help),
                None => found.error("k8s-api", what),
            };
        }
        Served::Unknown => return,
    };
    shape::check(table, of_type, &Value::Map(object.value.clone()), minor, found);
    volumes(object, found);
}

/// What the pods of an object mount must be theirs.
fn volumes(object: &Object, found: &mut Findings) {
    let claims: BTreeSet<String> = object
        .value
        .get("spec")
        .and_then(|spec| spec.lookup("volumeClaimTemplates"))
        .and_then(|claims| claims.as_list().map(yaml::List::values))
        .unwrap_or_default()
        .iter()
        .filter_map(|claim| claim.lookup("metadata.name")?.as_str().map(str::to_owned))
        .collect();
    in_pod(object, found, |found, spec| {
        rules::unknown_volumes(spec, &claims, found);
    });
}

/// The fields that lead to the pods of each kind.
const PODS: &[(&str, &[&str])] = &[
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
    ("DaemonSet", &["spec", "template", "spec"]),
    ("Deployment", &["spec", "template", "spec"]),
    ("Job", &["spec", "template", "spec"]),
    ("Pod", &["spec"]),
    ("ReplicaSet", &["spec", "template", "spec"]),
    ("ReplicationController", &["spec", "template", "spec"]),
    ("StatefulSet", &["spec", "template", "spec"]),
];

/// Goes to the specification of an object's pods, if it has any.
fn in_pod(object: &Object, found: &mut Findings, mut work: impl FnMut(&mut Findings, &Map)) {
    if let Some((_, path)) = PODS.iter().find(|(kind, _)| *kind == object.kind) {
        descend(&object.value, path, found, &mut work);
    }
}

fn descend(map: &Map, path: &[&str], found: &mut Findings, work: &mut dyn FnMut(&mut Findings, &Map)) {
    let Some((first, rest)) = path.split_first() else {
        return work(found, map);
    };
    found.field(map, first, |found, value| {
        if let Some(inner) = value.as_map() {
            descend(inner, rest, found, work);
        }
    });
}

/// Two manifests of one object overwrite each other.
fn duplicates(objects: &[Object]) -> Vec<(usize, Diagnostic)> {
    let mut seen: BTreeMap<(&str, &str, &str, &str), &Object> = BTreeMap::new();
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| !object.name.is_empty()) {
        let group = object.api.rsplit_once('/').map_or("", |(group, _)| group);
        let Some(first) = seen.insert((group, &object.kind, &object.namespace, &object.name), object) else {
            continue;
        };
        let message = format!("{} is rendered twice", described(object));
        let finding = Diagnostic::error("k8s-duplicate", message)
            .at(object.place.clone())
            .label(first.place.clone(), 1, "here first")
            .help("the second overwrites the first when both are applied");
        found.push((object.document, finding));
    }
    found
}

#[cfg(test)]
mod tests;
