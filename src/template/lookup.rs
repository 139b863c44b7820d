//! Owns what `lookup` finds: the objects of a cluster that is never asked, given as manifests.
//!
//! It reads no files; whoever renders gives the objects.

use crate::yaml::{List, Map, Number, Slot, Value};
use std::sync::Arc;

/// The objects that `lookup` serves. By default there are none, as for `helm template`.
#[derive(Clone, Debug, Default)]
pub struct Cluster(Arc<[Object]>);

#[derive(Debug)]
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
        let mut objects: Vec<Object> = manifests
            .into_iter()
            .filter_map(|manifest| object(&manifest))
            .collect();
        objects.sort_by(|left, right| (&left.namespace, &left.name).cmp(&(&right.namespace, &right.name)));
        Self(objects.into())
    }

    /// Helm's `lookup`: one object or none, or the list of all where the name is empty. An empty namespace is all
    /// namespaces; objects without one are in every namespace, as those of the cluster are.
    ///
    /// A single object of a namespace is not to be had without it: a cluster refuses, so the error is the same.
    pub(super) fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Value, &'static str> {
        if self.0.is_empty() {
            return Ok(Value::empty_map());
        }
        let mut found = self.0.iter().filter(|object| {
            object.api_version == api_version
                && object.kind == kind
                && (namespace.is_empty() || object.namespace.is_empty() || object.namespace == namespace)
        });
        if !name.is_empty() {
            return match found.find(|object| object.name == name) {
                Some(object) if namespace.is_empty() && !object.namespace.is_empty() => {
                    Err("an empty namespace may not be set when a resource name is provided")
                }
                // Templates may change what they found.
                Some(object) => Ok(object.value.deep_copy().into()),
                None => Ok(Value::empty_map()),
            };
        }
        let items: List = found
            .map(|object| Value::from(object.value.deep_copy()))
            .collect();
        let metadata: Map = [("resourceVersion", "")].into_iter().collect();
        let list: Map = [
            ("apiVersion", Value::from(api_version)),
            ("kind", Value::from(format!("{kind}List"))),
            ("metadata", Value::from(metadata)),
            ("items", Value::from(items)),
        ]
        .into_iter()
        .collect();
        Ok(list.into())
    }
}

fn object(manifest: &Value) -> Option<Object> {
    let text = |path: &str| {
        manifest
            .lookup(path)
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    Some(Object {
        api_version: text("apiVersion")?,
        kind: text("kind")?,
        namespace: text("metadata.namespace").unwrap_or_default(),
        name: text("metadata.name")?,
        value: as_from_a_cluster(manifest).as_map()?.clone(),
    })
}

/// The value with integers as Kubernetes' clients read them: int64, where Helm reads values as floats.
fn as_from_a_cluster(value: &Value) -> Value {
    let slot = |slot: &Slot| Slot {
        value: as_from_a_cluster(&slot.value),
        origin: None,
    };
    match value {
        Value::Number(Number::Whole(number)) => Value::Number(Number::Int64(*number)),
        Value::List(list) => List::from(list.read().iter().map(slot).collect::<Vec<_>>()).into(),
        Value::Map(map) => {
            let entries = map.read();
            let entries = entries.iter().map(|(key, value)| (Arc::clone(key), slot(value)));
            Map::from(entries.collect::<crate::yaml::Entries>()).into()
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::yaml;

    fn cluster() -> Cluster {
        let text = "[{apiVersion: v1, kind: Secret, metadata: {name: b, namespace: p}, data: {k: 1000000}},\n\
            {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: p}},\n\
            {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: m}},\n\
            {apiVersion: v1, kind: Node, metadata: {name: one}}, {kind: Secret}, 5]";
        let list = yaml::read(&Source::new("cluster.yaml", text)).expect("it is valid");
        Cluster::new(list.as_list().expect("a list").values())
    }

    fn found(namespace: &str, name: &str) -> String {
        let found = cluster()
            .lookup("v1", "Secret", namespace, name)
            .expect("no error");
        yaml::to_json(&found, None).expect("it can be written")
    }

    #[test]
    fn one_object_is_found_by_its_name() {
        assert_eq!(found("p", "nope"), "{}");
        assert_eq!(
            found("m", "a"),
            r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"m"}}"#
        );
        let number = cluster().lookup("v1", "Secret", "p", "b").ok();
        let number = number.and_then(|secret| secret.lookup("data.k"));
        assert_eq!(number, Some(Value::Number(Number::Int64(1_000_000))));
        assert!(cluster().lookup("v1", "Secret", "", "a").is_err());
        let node = |namespace| {
            cluster()
                .lookup("v1", "Node", namespace, "one")
                .expect("no error")
        };
        assert!(node("").is_true() && node("p").is_true());
    }

    #[test]
    fn without_a_name_a_list_is_found() {
        assert_eq!(
            found("m", ""),
            r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"m"}}],"kind":"SecretList","metadata":{"resourceVersion":""}}"#
        );
        let names = |namespace| {
            let list = cluster().lookup("v1", "Secret", namespace, "").expect("no error");
            let items = list.lookup("items").expect("items");
            let items = items.as_list().expect("a list").values();
            let name = |item: &Value| item.lookup("metadata.name").expect("a name");
            items
                .iter()
                .map(|item| name(item).as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("p"), ["a", "b"]);
        assert_eq!(names(""), ["a", "a", "b"]);
        assert_eq!(names("other"), [""; 0]);
    }

    #[test]
    fn without_objects_there_is_never_anything() {
        let found = Cluster::default().lookup("v1", "Secret", "", "");
        assert_eq!(found, Ok(Value::empty_map()));
    }
}
