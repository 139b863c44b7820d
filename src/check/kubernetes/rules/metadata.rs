//! Owns rules of names, labels, annotations and label selectors.
//!
//! Which labels a selector must match is a rule of workloads.

use super::{has, maps, text};
use crate::check::kubernetes::findings::Findings;
use crate::check::kubernetes::lexical;
use crate::yaml::{Map, Value};

/// All annotations of an object together, keys included.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Checks the name and the namespace of an object of kind `kind`; `map` is its `metadata`.
pub(in crate::check::kubernetes) fn names(kind: &str, map: &Map, found: &mut Findings) {
    type Judge = fn(&str) -> bool;
    let (judge, help): (Judge, &str) = match kind {
        "Namespace" => (
            lexical::is_label,
            "at most 63 of `a-z`, `0-9` and `-`, the latter inside only",
        ),
        "Service" => (
            lexical::is_letter_label,
            "at most 63 of `a-z`, `0-9` and `-`, a letter first",
        ),
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => (
            lexical::is_path_segment,
            "neither `.` nor `..`, without `/` and `%`",
        ),
        _ => (
            lexical::is_subdomain,
            "at most 253 of `a-z`, `0-9`, `-` and `.`, a letter or digit at both ends",
        ),
    };
    if text(map, "name").is_none() && text(map, "generateName").is_none() {
        found.error("k8s-name", "needs a `name`");
    }
    found.field(map, "name", |found, value| {
        if let Some(name) = value.as_str()
            && !name.is_empty()
            && !judge(name)
        {
            found.error_with(
                "k8s-name",
                format!("is no name of a {kind}: `{}`", name.escape_debug()),
                help.to_owned(),
            );
        }
    });
    found.field(map, "namespace", |found, value| {
        if value
            .as_str()
            .is_some_and(|name| !name.is_empty() && !lexical::is_label(name))
        {
            found.error("k8s-name", "is no name of a namespace");
        }
    });
}

/// Keys are qualified names, values are short.
pub(super) fn labels(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "labels", |found, value| label_map(value, found));
}

fn label_map(value: &Value, found: &mut Findings) {
    let Some(labels) = value.as_map() else { return };
    for (key, slot) in labels.entries() {
        found.inside(&key, slot.origin.as_ref(), |found| {
            if !lexical::is_qualified(&key) {
                found.error("k8s-label", "is no key of a label");
            }
            if slot
                .value
                .as_str()
                .is_some_and(|value| !lexical::is_label_value(value))
            {
                let help = "at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends";
                found.error_with("k8s-label", "is no value of a label", help.to_owned());
            }
        });
    }
}

/// Keys are qualified names whose case does not matter; all together are limited.
pub(super) fn annotations(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "annotations", |found, value| {
        let Some(annotations) = value.as_map() else { return };
        let mut size = 0;
        for (key, slot) in annotations.entries() {
            size += key.len() + slot.value.as_str().map_or(0, str::len);
            if !lexical::is_qualified(&key.to_ascii_lowercase()) {
                found.inside(&key, slot.origin.as_ref(), |found| {
                    found.error("k8s-annotation", "is no key of an annotation");
                });
            }
        }
        if size > MAX_ANNOTATIONS {
            found.error(
                "k8s-annotation",
                format!("hold {size} bytes; the limit is {MAX_ANNOTATIONS}"),
            );
        }
    });
}

/// What is compared must be possible as a label.
pub(super) fn label_selector(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "matchLabels", |found, value| label_map(value, found));
}

/// Operators take values or none.
pub(super) fn requirement(map: &Map, _: u32, found: &mut Findings) {
    let values = map
        .get("values")
        .as_ref()
        .and_then(Value::as_list)
        .map_or(0, crate::yaml::List::len);
    match text(map, "operator").as_deref() {
        Some("In" | "NotIn") if values == 0 => found.error("k8s-value", "needs `values`"),
        Some("Exists" | "DoesNotExist") if values > 0 => found.error("k8s-value", "takes no `values`"),
        _ => {}
    }
}

/// Whether a selector chooses pods with these labels; None where it cannot be told.
pub(super) fn selects(selector: &Map, labels: &Map) -> Option<bool> {
    let label = |key: &str| {
        labels
            .get(key)
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    let wanted = selector.get("matchLabels");
    if let Some(wanted) = wanted.as_ref().and_then(Value::as_map) {
        for (key, slot) in wanted.entries() {
            let value = slot.value.as_str()?;
            if label(&key).as_deref() != Some(value) {
                return Some(false);
            }
        }
    }
    for requirement in maps(selector, "matchExpressions") {
        let present = label(&text(&requirement, "key")?);
        let listed = requirement.get("values");
        let listed: Vec<String> = listed
            .as_ref()
            .and_then(Value::as_list)
            .map(|list| {
                list.values()
                    .iter()
                    .filter_map(|value| value.as_str().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default();
        let fits = match text(&requirement, "operator")?.as_str() {
            "In" => present.is_some_and(|label| listed.contains(&label)),
            "NotIn" => present.is_none_or(|label| !listed.contains(&label)),
            "Exists" => present.is_some(),
            "DoesNotExist" => present.is_none(),
            _ => return None,
        };
        if !fits {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether a selector asks for anything.
pub(super) fn is_selective(selector: &Map) -> bool {
    ["matchLabels", "matchExpressions"].into_iter().any(|name| {
        has(selector, name)
            && match selector.get(name) {
                Some(Value::Map(map)) => !map.is_empty(),
                Some(Value::List(list)) => !list.is_empty(),
                _ => true,
            }
    })
}
