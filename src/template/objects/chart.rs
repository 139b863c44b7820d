//! Owns `.Chart`: Helm's metadata of a chart, and the structs in it.
//!
//! It does not read `Chart.yaml`.

use super::record::{Field, Json, Record};
use super::strings_or_nil;
use crate::chart::{Dependency, Maintainer, Metadata};
use crate::yaml::{Entries, List, ListKind, Map, MapKind, Slot, Value};
use std::sync::Arc;

pub(super) fn object(metadata: &Metadata, is_root: bool) -> Value {
    let fields = vec![
        field("Metadata", Json::Embedded, metadata_object(metadata)),
        field("IsRoot", Json::Always("IsRoot"), is_root),
    ];
    record("struct { chart.Metadata; IsRoot bool }", fields)
}

fn metadata_object(metadata: &Metadata) -> Value {
    let maintainers = metadata.maintainers.iter().map(maintainer);
    let dependencies = metadata.declared().iter().map(dependency);
    let fields = vec![
        text("Name", "name", &metadata.name),
        text("Home", "home", &metadata.home),
        optional("Sources", "sources", strings_or_nil(&metadata.sources)),
        text("Version", "version", &metadata.version),
        text("Description", "description", &metadata.description),
        optional("Keywords", "keywords", strings_or_nil(&metadata.keywords)),
        optional(
            "Maintainers",
            "maintainers",
            List::of_kind(ListKind::Maintainers, maintainers),
        ),
        text("Icon", "icon", &metadata.icon),
        text("APIVersion", "apiVersion", &metadata.api_version),
        text("Condition", "condition", &metadata.condition),
        text("Tags", "tags", &metadata.tags),
        text("AppVersion", "appVersion", &metadata.app_version),
        optional("Deprecated", "deprecated", metadata.deprecated),
        optional("Annotations", "annotations", annotations(metadata)),
        text("KubeVersion", "kubeVersion", &metadata.kube_version),
        optional(
            "Dependencies",
            "dependencies",
            List::of_kind(ListKind::Dependencies, dependencies),
        ),
        text("Type", "type", &metadata.chart_type),
    ];
    record("chart.Metadata", fields)
}

fn maintainer(maintainer: &Maintainer) -> Value {
    let fields = vec![
        text("Name", "name", &maintainer.name),
        text("Email", "email", &maintainer.email),
        text("URL", "url", &maintainer.url),
    ];
    record("*chart.Maintainer", fields)
}

fn dependency(dependency: &Dependency) -> Value {
    let import_values: List = dependency.import_values.iter().cloned().collect();
    let fields = vec![
        text("Name", "name", &dependency.name),
        text("Version", "version", &dependency.version),
        field(
            "Repository",
            Json::Always("repository"),
            dependency.repository.as_str(),
        ),
        text("Condition", "condition", &dependency.condition),
        optional("Tags", "tags", strings_or_nil(&dependency.tags)),
        optional("Enabled", "enabled", dependency.enabled),
        optional("ImportValues", "import-values", import_values),
        text("Alias", "alias", &dependency.alias),
    ];
    record("*chart.Dependency", fields)
}

fn annotations(metadata: &Metadata) -> Map {
    let slot = |text: &String| Slot {
        value: Value::from(text.as_str()),
        origin: None,
    };
    let entries: Entries = metadata
        .annotations
        .iter()
        .map(|(key, text)| (Arc::from(key.as_str()), slot(text)))
        .collect();
    Map::of_kind(MapKind::Strings, entries)
}

fn record(go_type: &'static str, fields: Vec<Field>) -> Value {
    Value::Object(Arc::new(Record::new(go_type, fields)))
}

fn field(name: &'static str, json: Json, value: impl Into<Value>) -> Field {
    let value = value.into();
    Field { name, json, value }
}

fn optional(name: &'static str, json: &'static str, value: impl Into<Value>) -> Field {
    field(name, Json::NotEmpty(json), value)
}

fn text(name: &'static str, json: &'static str, text: &str) -> Field {
    optional(name, json, text)
}
