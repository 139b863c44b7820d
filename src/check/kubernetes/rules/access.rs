//! Owns rules of who may do what: roles, their rules, bindings and subjects.
//!
//! Whether a role allows too much is a matter of policy, not of the API server.

use super::{has, maps, text};
use crate::check::kubernetes::findings::Findings;
use crate::yaml::{List, Map, Value};

fn count(map: &Map, name: &str) -> usize {
    map.get(name)
        .as_ref()
        .and_then(Value::as_list)
        .map_or(0, List::len)
}

/// A rule allows verbs on resources or on paths.
pub(super) fn rule(map: &Map, _: u32, found: &mut Findings) {
    if count(map, "verbs") == 0 {
        found.error("k8s-required", "needs at least one verb");
    }
    if count(map, "nonResourceURLs") > 0 {
        if count(map, "resources") + count(map, "apiGroups") + count(map, "resourceNames") > 0 {
            found.error(
                "k8s-value",
                "is about resources or about `nonResourceURLs`, not both",
            );
        }
        return;
    }
    for name in ["apiGroups", "resources"] {
        if count(map, name) == 0 {
            let help = "the core group is written `\"\"`".to_owned();
            found.error_with("k8s-required", format!("needs at least one of `{name}`"), help);
        }
    }
}

/// Paths are of the whole cluster.
pub(super) fn role(map: &Map, _: u32, found: &mut Findings) {
    found.each(map, "rules", |found, rule| {
        if rule
            .as_map()
            .is_some_and(|rule| count(rule, "nonResourceURLs") > 0)
        {
            found.error(
                "k8s-value",
                "has `nonResourceURLs`, which only a ClusterRole can allow",
            );
        }
    });
}

/// Rules that are gathered by the cluster are overwritten.
pub(super) fn cluster_role(map: &Map, _: u32, found: &mut Findings) {
    if has(map, "aggregationRule") && count(map, "rules") > 0 {
        let help = "the cluster overwrites them with those it gathers".to_owned();
        found.warning("k8s-value", "has `rules` beside `aggregationRule`", help);
    }
}

/// Only a role of the whole cluster can be bound in all of it.
pub(super) fn cluster_role_binding(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "roleRef", |found, value| {
        if value.as_map().and_then(|role| text(role, "kind")).as_deref() == Some("Role") {
            found.error(
                "k8s-value",
                "names a Role; a ClusterRoleBinding binds a ClusterRole",
            );
        }
    });
    for (index, subject) in maps(map, "subjects").iter().enumerate() {
        if text(subject, "kind").as_deref() == Some("ServiceAccount") && text(subject, "namespace").is_none()
        {
            found.error(
                "k8s-required",
                format!("needs `namespace` for the ServiceAccount `subjects[{index}]`"),
            );
        }
    }
}

/// A role is named.
pub(super) fn role_ref(map: &Map, _: u32, found: &mut Findings) {
    if text(map, "name").is_none() {
        found.error("k8s-required", "needs the `name` of a role");
    }
    if text(map, "apiGroup").is_some_and(|group| group != "rbac.authorization.k8s.io") {
        found.error(
            "k8s-value",
            "must have the `apiGroup` `rbac.authorization.k8s.io`",
        );
    }
}

/// Accounts belong to the core group and to a namespace, users and groups to neither.
pub(super) fn subject(map: &Map, _: u32, found: &mut Findings) {
    let group = text(map, "apiGroup");
    if text(map, "name").is_none() {
        found.error("k8s-required", "needs a `name`");
    }
    match text(map, "kind").as_deref() {
        Some("ServiceAccount") if group.is_some() => {
            found.error("k8s-value", "is a ServiceAccount and must not have an `apiGroup`");
        }
        Some("User" | "Group")
            if group
                .as_deref()
                .is_some_and(|group| group != "rbac.authorization.k8s.io") =>
        {
            found.error(
                "k8s-value",
                "must have the `apiGroup` `rbac.authorization.k8s.io`",
            );
        }
        _ => {}
    }
}
