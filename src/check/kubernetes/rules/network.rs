//! Owns rules of what is reached how: services, ingresses, network policies.
//!
//! Whether a Service finds any pods takes more than one object and is not decided here.

use super::{at_least, chosen, has, listed, maps, number, port_number, port_or_name, text, whole};
use crate::check::kubernetes::findings::Findings;
use crate::check::kubernetes::lexical;
use crate::yaml::{Map, Value};
use std::collections::BTreeSet;

/// Ports, with names where there are several.
pub(super) fn service(map: &Map, _: u32, found: &mut Findings) {
    let of_type = text(map, "type").unwrap_or_else(|| "ClusterIP".to_owned());
    let ports = maps(map, "ports");
    let is_headless = text(map, "clusterIP").as_deref() == Some("None");
    if ports.is_empty() && of_type != "ExternalName" && !is_headless {
        found.error("k8s-required", "needs `ports`");
    }
    if of_type == "ExternalName" && text(map, "externalName").is_none() {
        found.error("k8s-required", "needs `externalName`");
    }
    if is_headless && matches!(of_type.as_str(), "NodePort" | "LoadBalancer") {
        found.error(
            "k8s-value",
            format!("is headless, which the type `{of_type}` cannot be"),
        );
    }
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    found.each(map, "ports", |found, port| {
        let Some(port) = port.as_map() else { return };
        let name = text(port, "name");
        match &name {
            None if ports.len() > 1 => found.error(
                "k8s-required",
                "needs a `name`, since the Service has several ports",
            ),
            Some(name) if !lexical::is_label(name) => found.error("k8s-name", "has a `name` that is none"),
            _ => {}
        }
        if let Some(name) = name
            && !names.insert(name.clone())
        {
            found.error("k8s-duplicate", format!("has the name `{name}` of another port"));
        }
        let protocol = text(port, "protocol").unwrap_or_else(|| "TCP".to_owned());
        if let Some(number) = number(port, "port")
            && !numbers.insert((number, protocol.clone()))
        {
            found.error(
                "k8s-duplicate",
                format!("is port {number} of {protocol} once more"),
            );
        }
        if has(port, "nodePort") && number(port, "nodePort") != Some(0) && of_type == "ClusterIP" {
            found.error(
                "k8s-value",
                "has a `nodePort`, which the type `ClusterIP` does not know",
            );
        }
    });
    at_least(map, "healthCheckNodePort", 0, found);
}

/// A port and where it leads.
pub(super) fn service_port(map: &Map, _: u32, found: &mut Findings) {
    port_number(map, "port", found);
    found.field(map, "nodePort", |found, value| {
        if whole(value).is_some_and(|port| !(0..=65535).contains(&port)) {
            found.error("k8s-port", "must lie between 1 and 65535");
        }
    });
    port_or_name(map, "targetPort", found);
}

/// Somewhere to go.
pub(super) fn ingress(map: &Map, _: u32, found: &mut Findings) {
    if maps(map, "rules").is_empty() && !has(map, "defaultBackend") {
        found.error("k8s-required", "needs `rules` or a `defaultBackend`");
    }
}

/// A host by its name.
pub(super) fn ingress_rule(map: &Map, _: u32, found: &mut Findings) {
    found.field(map, "host", |found, value| {
        if value
            .as_str()
            .is_some_and(|host| !host.is_empty() && !lexical::is_host(host))
        {
            found.error(
                "k8s-name",
                "is no name of a host, such as `example.com` or `*.example.com`",
            );
        }
    });
}

/// Paths start at the root.
pub(super) fn ingress_path(map: &Map, _: u32, found: &mut Findings) {
    let is_free = text(map, "pathType").as_deref() == Some("ImplementationSpecific");
    let path = text(map, "path");
    if path.as_deref().is_none_or(|path| !path.starts_with('/')) && !(is_free && path.is_none()) {
        found.error("k8s-value", "needs a `path` that starts with `/`");
    }
}

/// A Service with a port by number or name, or another resource.
pub(super) fn ingress_backend(map: &Map, _: u32, found: &mut Findings) {
    let ways = ["service", "resource"];
    if chosen(map, &ways).len() != 1 {
        return found.error("k8s-value", format!("takes one of {}", listed(&ways)));
    }
    found.field(map, "service", |found, service| {
        let port = service.lookup("port");
        let port = port.as_ref().and_then(Value::as_map);
        if port.is_none_or(|port| chosen(port, &["name", "number"]).len() != 1) {
            found.error("k8s-value", "needs a `port` with one of `name`, `number`");
        }
    });
}

/// Known directions.
pub(super) fn policy(map: &Map, _: u32, found: &mut Findings) {
    found.each(map, "policyTypes", |found, value| {
        if value
            .as_str()
            .is_some_and(|direction| !matches!(direction, "Ingress" | "Egress"))
        {
            found.error("k8s-value", "must be `Ingress` or `Egress`");
        }
    });
}

/// Pods or addresses.
pub(super) fn peer(map: &Map, _: u32, found: &mut Findings) {
    let selectors = chosen(map, &["podSelector", "namespaceSelector"]);
    let by_address = has(map, "ipBlock");
    if by_address && !selectors.is_empty() {
        found.error(
            "k8s-value",
            format!("has `ipBlock` beside {}", listed(&selectors)),
        );
    } else if !by_address && selectors.is_empty() {
        found.error(
            "k8s-required",
            "needs `podSelector`, `namespaceSelector` or `ipBlock`",
        );
    }
}

/// A port, or a range that starts with one.
pub(super) fn policy_port(map: &Map, _: u32, found: &mut Findings) {
    port_or_name(map, "port", found);
    port_number(map, "endPort", found);
    if let Some(end) = number(map, "endPort")
        && number(map, "port").is_none_or(|port| port > end)
    {
        found.error("k8s-port", "needs a `port` that is a number, not above `endPort`");
    }
}

/// Addresses with exceptions within them.
pub(super) fn ip_block(map: &Map, _: u32, found: &mut Findings) {
    let judge = |found: &mut Findings, value: &Value| {
        if value.as_str().is_some_and(|text| !lexical::is_cidr(text)) {
            found.error("k8s-value", "is no network, such as `10.0.0.0/8`");
        }
    };
    found.field(map, "cidr", judge);
    found.each(map, "except", judge);
}
