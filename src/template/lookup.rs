//! Owns what `lookup` finds: the objects of a cluster that is never asked, given as manifests.
//!
//! It reads no files; whoever renders gives the objects.

use crate::yaml::{List, Map, Value};

/// The objects that `lookup` serves. By default there are none, as for `helm template`.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    objects: Vec<Object>,
}

#[derive(Clone, Debug)]
struct Object {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
    value: Map,
}

impl Cluster {
    /// A cluster with these objects; what is no manifest with a name is left out.
    pub fn new(manifests: impl IntoIterator<Item = Value>) -> Self {
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let object = |manifest: Value| {
            let value = manifest.as_map()?.clone();
            Some(Object {
                api_version: text(manifest.lookup("apiVersion"))?,
                kind: text(manifest.lookup("kind"))?,
                namespace: text(manifest.lookup("metadata.namespace")).unwrap_or_default(),
                name: text(manifest.lookup("metadata.name"))?,
                value,
            })
        };
        let mut objects: Vec<Object> = manifests.into_iter().filter_map(object).collect();
        objects.sort_by(|left, right| (&left.namespace, &left.name).cmp(&(&right.namespace, &right.name)));
        Self { objects }
    }

    /// Helm's `lookup` of API version, kind, namespace and name: one object or none, or the list of all where
    /// the name is empty. An empty namespace is all namespaces.
    pub(super) fn lookup(&self, arguments: &[Value]) -> Value {
        if self.objects.is_empty() {
            return Value::empty_map();
        }
        let text = |index: usize| arguments.get(index).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind, namespace, name) = (text(0), text(1), text(2), text(3));
        let mut found = self.objects.iter().filter(|object| {
            object.api_version == api_version
                && object.kind == kind
                && (namespace.is_empty() || object.namespace == namespace)
        });
        if !name.is_empty() {
            // Templates may change what they found.
            let object = found.find(|object| object.name == name);
            return object.map_or_else(Value::empty_map, |object| object.value.deep_copy().into());
        }
        let items: List = found
            .map(|object| Value::from(object.value.deep_copy()))
            .collect();
        let list: Map = [
            ("apiVersion", Value::from(api_version)),
            ("kind", Value::from(format!("{kind}List"))),
            ("items", Value::from(items)),
        ]
        .into_iter()
        .collect();
        list.into()
    }
}
