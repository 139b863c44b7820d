//! Owns rules of pods: containers, ports, probes, variables, volumes, mounts, scheduling.
//!
//! It does not ask whether what is referred to exists outside the pod.

use super::{at_least, chosen, has, listed, maps, number, port_number, port_or_name, text};
use crate::check::kubernetes::findings::Findings;
use crate::check::kubernetes::lexical;
use crate::yaml::{Map, Value};
use std::collections::BTreeSet;

const CONTAINERS: [&str; 2] = ["containers", "initContainers"];

/// Names are unique, and what containers mount is among the volumes.
pub(in crate::check::kubernetes) fn pod(map: &Map, _: u32, found: &mut Findings) {
    if map
        .get("containers")
        .as_ref()
        .and_then(Value::as_list)
        .is_some_and(crate::yaml::List::is_empty)
    {
        found.error("k8s-required", "needs at least one container");
    }
    at_least(map, "terminationGracePeriodSeconds", 0, found);
    at_least(map, "activeDeadlineSeconds", 1, found);
    let mut names = BTreeSet::new();
    for part in CONTAINERS {
        found.each(map, part, |found, container| {
            unique_name(container, &mut names, found);
        });
    }
    let mut volumes = BTreeSet::new();
    found.each(map, "volumes", |found, volume| {
        unique_name(volume, &mut volumes, found);
    });
    host_network(map, found);
    windows_and_users(map, found);
}

fn unique_name(item: &Value, seen: &mut BTreeSet<String>, found: &mut Findings) {
    let Some(name) = item.as_map().and_then(|item| text(item, "name")) else {
        return;
    };
    if !lexical::is_label(&name) {
        let help = "at most 63 of `a-z`, `0-9` and `-`, the latter inside only".to_owned();
        found.error_with(
            "k8s-name",
            format!("has a name that is none: `{}`", name.escape_debug()),
            help,
        );
    }
    if let Some(name) = seen.replace(name) {
        found.error("k8s-duplicate", format!("has the name `{name}` of another"));
    }
}

/// On the host's network a port is the host's.
fn host_network(map: &Map, found: &mut Findings) {
    if map.get("hostNetwork") != Some(Value::from(true)) {
        return;
    }
    found.each(map, "containers", |found, container| {
        let Some(container) = container.as_map() else {
            return;
        };
        found.each(container, "ports", |found, port| {
            let Some(port) = port.as_map() else { return };
            let (own, host) = (number(port, "containerPort"), number(port, "hostPort"));
            if host.is_some() && own != host {
                found.error(
                    "k8s-port",
                    "has a `hostPort` other than its `containerPort` on the host's network",
                );
            }
        });
    });
}

/// Users that the kubelet refuses to start.
fn windows_and_users(map: &Map, found: &mut Findings) {
    found.field(map, "securityContext", |found, context| {
        if let Some(context) = context.as_map() {
            root(context, found);
        }
    });
}

fn root(context: &Map, found: &mut Findings) {
    if context.get("runAsNonRoot") == Some(Value::from(true)) && number(context, "runAsUser") == Some(0) {
        let help = "the kubelet refuses to start such a container".to_owned();
        found.warning("k8s-value", "runs as user 0 with `runAsNonRoot: true`", help);
    }
}

/// A container has an image and ports with names of their own.
pub(super) fn container(map: &Map, _: u32, found: &mut Findings) {
    if text(map, "image").is_none() {
        found.error("k8s-required", "needs an `image`");
    }
    found.field(map, "image", |found, value| {
        if value.as_str().is_some_and(|image| image.trim() != image) {
            found.error("k8s-value", "must not have white space around it");
        }
    });
    let mut names = BTreeSet::new();
    found.each(map, "ports", |found, port| {
        if let Some(name) = port.as_map().and_then(|port| text(port, "name"))
            && !names.insert(name.clone())
        {
            found.error("k8s-duplicate", format!("has the name `{name}` of another port"));
        }
    });
    let mut variables = BTreeSet::new();
    found.each(map, "env", |found, variable| {
        if let Some(name) = variable.as_map().and_then(|variable| text(variable, "name"))
            && !variables.insert(name.clone())
        {
            let help = "the last one wins; server-side apply refuses both".to_owned();
            found.warning("k8s-duplicate", format!("sets `{name}` once more"), help);
        }
    });
}

/// No two mounts share a path.
pub(super) fn mounts(map: &Map, _: u32, found: &mut Findings) {
    let mut paths = BTreeSet::new();
    found.each(map, "volumeMounts", |found, mount| {
        if let Some(path) = mount.as_map().and_then(|mount| text(mount, "mountPath"))
            && !paths.insert(path.clone())
        {
            found.error(
                "k8s-duplicate",
                format!("mounts at `{path}`, where another volume is"),
            );
        }
    });
}

/// What is requested lies within the limits.
pub(super) fn resources(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "resources", |found, resources| {
        let Some(resources) = resources.as_map() else {
            return;
        };
        let amounts = |name: &str| {
            resources
                .get(name)
                .as_ref()
                .and_then(Value::as_map)
                .cloned()
                .unwrap_or_default()
        };
        let (requests, limits) = (amounts("requests"), amounts("limits"));
        for (name, slot) in requests.entries() {
            let limit = limits.get(&name).and_then(|limit| amount(&limit));
            if let (Some(request), Some(limit)) = (amount(&slot.value), limit)
                && request > limit
            {
                found.error(
                    "k8s-value",
                    format!("requests more `{name}` than the limit allows"),
                );
            }
        }
    });
}

fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => lexical::quantity(text),
        Value::Number(number) => Some(number.as_f64()),
        _ => None,
    }
}

/// A port of a container.
pub(super) fn container_port(map: &Map, _: u32, found: &mut Findings) {
    port_number(map, "containerPort", found);
    port_number(map, "hostPort", found);
    found.field(map, "name", |found, value| {
        if value
            .as_str()
            .is_some_and(|name| !name.is_empty() && !lexical::is_port_name(name))
        {
            let help = "at most 15 of `a-z`, `0-9` and `-`, with a letter".to_owned();
            found.error_with("k8s-port", "is no name of a port", help);
        }
    });
}

/// A port by number or name.
pub(super) fn port(map: &Map, _: u32, found: &mut Findings) {
    port_or_name(map, "port", found);
}

/// A port by number.
pub(super) fn number_port(map: &Map, _: u32, found: &mut Findings) {
    port_number(map, "port", found);
}

/// Exactly one way to ask or to act.
pub(super) fn handler(map: &Map, _: u32, found: &mut Findings) {
    let ways = ["exec", "grpc", "httpGet", "sleep", "tcpSocket"];
    match chosen(map, &ways).as_slice() {
        [] => found.error(
            "k8s-required",
            format!("needs one of {}", listed(&["exec", "httpGet", "tcpSocket"])),
        ),
        [_] => {}
        several => found.error("k8s-value", format!("takes one of {}", listed(several))),
    }
}

/// Times and counts of probes.
pub(super) fn probe(map: &Map, _: u32, found: &mut Findings) {
    at_least(map, "initialDelaySeconds", 0, found);
    for name in [
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        // The API server fills 0 with the default.
        at_least(map, name, 0, found);
    }
}

/// A variable has a name and one value.
pub(super) fn variable(map: &Map, minor: u32, found: &mut Findings) {
    found.field(map, "name", |found, value| {
        if value
            .as_str()
            .is_some_and(|name| !lexical::is_env_name(name, minor))
        {
            found.error("k8s-name", "is no name of an environment variable");
        }
    });
    if text(map, "value").is_some() && has(map, "valueFrom") {
        found.error("k8s-value", "has `value` and `valueFrom`; one must do");
    }
}

/// One source.
pub(super) fn variable_source(map: &Map, _: u32, found: &mut Findings) {
    let sources = [
        "configMapKeyRef",
        "fieldRef",
        "fileKeyRef",
        "resourceFieldRef",
        "secretKeyRef",
    ];
    match chosen(map, &sources).as_slice() {
        [] => found.error("k8s-required", format!("needs one of {}", listed(&sources))),
        [_] => {}
        several => found.error("k8s-value", format!("takes one of {}", listed(several))),
    }
}

/// A volume is of one sort; of none it is an empty directory.
pub(super) fn volume(map: &Map, _: u32, found: &mut Findings) {
    let keys = map.keys();
    let sources: Vec<&str> = keys
        .iter()
        .map(AsRef::as_ref)
        .filter(|key| *key != "name" && has(map, key))
        .collect();
    if sources.len() > 1 {
        found.error(
            "k8s-value",
            format!("is of {} sorts at once: {}", sources.len(), listed(&sources)),
        );
    }
}

/// A path within the container.
pub(super) fn mount(map: &Map, _: u32, found: &mut Findings) {
    if text(map, "mountPath").is_none() {
        found.error("k8s-required", "needs a `mountPath`");
    }
    if has(map, "subPath") && has(map, "subPathExpr") {
        found.error("k8s-value", "takes one of `subPath`, `subPathExpr`");
    }
    for name in ["subPath", "subPathExpr"] {
        found.field(map, name, |found, value| {
            if value
                .as_str()
                .is_some_and(|path| path.starts_with('/') || path.split('/').any(|step| step == ".."))
            {
                found.error("k8s-value", "must be a path within the volume");
            }
        });
    }
}

/// Preferences weigh 1 to 100.
pub(super) fn weight(map: &Map, _: u32, found: &mut Findings) {
    if number(map, "weight").is_some_and(|weight| !(1..=100).contains(&weight)) {
        found.error("k8s-value", "must have a `weight` from 1 to 100");
    }
}

/// At least one pod may differ.
pub(super) fn spread(map: &Map, _: u32, found: &mut Findings) {
    at_least(map, "maxSkew", 1, found);
    found.field(map, "topologyKey", |found, value| {
        if value.as_str().is_some_and(|key| !lexical::is_qualified(key)) {
            found.error("k8s-label", "is no key of a label");
        }
    });
}

/// Operators take a value or none.
pub(super) fn toleration(map: &Map, _: u32, found: &mut Findings) {
    let (key, operator) = (text(map, "key"), text(map, "operator"));
    match operator.as_deref() {
        Some("Exists") if text(map, "value").is_some() => {
            found.error("k8s-value", "takes no `value` with `Exists`");
        }
        None | Some("Equal") if key.is_none() => {
            found.error("k8s-required", "needs a `key`, or the operator `Exists`");
        }
        None | Some("Equal" | "Exists" | "Gt" | "Lt") => {}
        Some(other) => {
            found.error(
                "k8s-value",
                format!(
                    "has the operator `{}`; known are Equal, Exists",
                    other.escape_debug()
                ),
            );
        }
    }
    if has(map, "tolerationSeconds") && text(map, "effect").as_deref() != Some("NoExecute") {
        found.error(
            "k8s-value",
            "has `tolerationSeconds`, which need the effect `NoExecute`",
        );
    }
}

/// What cannot be had together.
pub(super) fn security_context(map: &Map, _: u32, found: &mut Findings) {
    let is_privileged = map.get("privileged") == Some(Value::from(true));
    let can_sys_admin = map
        .get("capabilities")
        .and_then(|capabilities| capabilities.lookup("add"))
        .and_then(|added| added.as_list().map(crate::yaml::List::values))
        .is_some_and(|added| added.iter().any(|name| name.as_str() == Some("CAP_SYS_ADMIN")));
    if map.get("allowPrivilegeEscalation") == Some(Value::from(false)) && (is_privileged || can_sys_admin) {
        found.error(
            "k8s-value",
            "has `allowPrivilegeEscalation: false` and is privileged",
        );
    }
    root(map, found);
}

/// The volumes that containers mount and nothing in the pod provides; `claims` are names of a `StatefulSet`'s own.
pub(in crate::check::kubernetes) fn unknown_volumes(
    spec: &Map,
    claims: &BTreeSet<String>,
    found: &mut Findings,
) {
    let known: BTreeSet<String> = maps(spec, "volumes")
        .iter()
        .filter_map(|volume| text(volume, "name"))
        .collect();
    for part in CONTAINERS {
        found.each(spec, part, |found, container| {
            let Some(container) = container.as_map() else {
                return;
            };
            for name in ["volumeMounts", "volumeDevices"] {
                found.each(container, name, |found, mount| {
                    let Some(name) = mount.as_map().and_then(|mount| text(mount, "name")) else {
                        return;
                    };
                    if known.contains(&name) || claims.contains(&name) {
                        return;
                    }
                    let names = known.iter().chain(claims).map(String::as_str);
                    let what = format!("names the volume `{name}`, which the pod does not have");
                    match crate::suggest::nearest(&name, names) {
                        Some(nearest) => {
                            found.error_with("k8s-volume", what, format!("did you mean `{nearest}`?"));
                        }
                        None => found.error("k8s-volume", what),
                    }
                });
            }
        });
    }
}
