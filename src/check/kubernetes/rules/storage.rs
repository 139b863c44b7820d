//! Owns rules of what is stored: config maps, secrets and claims.
//!
//! Volumes belong to pods.

use super::{chosen, has, text};
use crate::check::kubernetes::findings::Findings;
use crate::check::kubernetes::lexical;
use crate::yaml::{List, Map, Value};

/// What the values of a config map or secret may hold together.
const MAX_DATA: usize = 1024 * 1024;

/// Which keys a Secret of a type must have.
const SECRET_KEYS: &[(&str, &[&str])] = &[
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
];

/// Keys become names of files; texts and bytes share them.
pub(super) fn config_map(map: &Map, _: u32, found: &mut Findings) {
    data(map, &["data", "binaryData"], found);
    for key in keys(map, "data") {
        if keys(map, "binaryData").contains(&key) {
            found.error(
                "k8s-duplicate",
                format!("has `{key}` in `data` and in `binaryData`"),
            );
        }
    }
}

/// Some types need certain keys.
pub(super) fn secret(map: &Map, _: u32, found: &mut Findings) {
    data(map, &["data", "stringData"], found);
    let Some(of_type) = text(map, "type") else { return };
    let needed = SECRET_KEYS.iter().find(|(known, _)| *known == of_type);
    for key in needed.into_iter().flat_map(|(_, keys)| *keys) {
        let is_there = ["data", "stringData"]
            .iter()
            .any(|part| keys(map, part).iter().any(|known| known == key));
        if !is_there {
            found.error(
                "k8s-required",
                format!("is of the type `{of_type}` and needs the key `{key}`"),
            );
        }
    }
}

fn keys(map: &Map, name: &str) -> Vec<String> {
    let part = map.get(name);
    let part = part.as_ref().and_then(Value::as_map);
    part.map(|part| part.keys().iter().map(ToString::to_string).collect())
        .unwrap_or_default()
}

fn data(map: &Map, parts: &[&str], found: &mut Findings) {
    let mut size = 0;
    for part in parts {
        found.field(map, part, |found, value| {
            for (key, slot) in value.as_map().map(Map::entries).unwrap_or_default() {
                size += slot.value.as_str().map_or(0, str::len);
                if !lexical::is_config_key(&key) {
                    let help = "letters, digits, `-`, `_` and `.`".to_owned();
                    found.inside(&key, slot.origin.as_ref(), |found| {
                        found.error_with(
                            "k8s-name",
                            "is no key: it could not become the name of a file",
                            help,
                        );
                    });
                }
            }
        });
    }
    if size > MAX_DATA {
        found.error(
            "k8s-size",
            format!("holds {size} bytes of data; the limit is {MAX_DATA}"),
        );
    }
}

/// A claim says how it is mounted and how much it wants.
pub(super) fn claim(map: &Map, _: u32, found: &mut Findings) {
    let modes = map.get("accessModes");
    let modes = modes
        .as_ref()
        .and_then(Value::as_list)
        .map(List::values)
        .unwrap_or_default();
    if modes.is_empty() {
        found.error("k8s-required", "needs `accessModes`");
    }
    let known = [
        "ReadWriteOnce",
        "ReadOnlyMany",
        "ReadWriteMany",
        "ReadWriteOncePod",
    ];
    for mode in modes
        .iter()
        .filter_map(Value::as_str)
        .filter(|mode| !known.contains(mode))
    {
        found.error(
            "k8s-value",
            format!(
                "has the access mode `{}`; known are {}",
                mode.escape_debug(),
                known.join(", ")
            ),
        );
    }
    let storage = map
        .get("resources")
        .and_then(|resources| resources.lookup("requests.storage"));
    if storage.is_none_or(|storage| storage.is_null()) {
        found.error("k8s-required", "needs `resources.requests.storage`");
    }
    if chosen(map, &["dataSource", "dataSourceRef"]).len() > 1 && !has(map, "volumeName") {
        found.warning(
            "k8s-value",
            "has `dataSource` and `dataSourceRef`",
            "one is enough: the cluster copies it".to_owned(),
        );
    }
}
