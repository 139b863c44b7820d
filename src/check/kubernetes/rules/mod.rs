//! Owns which rules belong to which type: what the API server checks beyond shapes, wherever a value of the type stands.
//!
//! Each file has the rules of one area. What takes more than one object to see is not decided here.

use super::findings::Findings;
use crate::yaml::{Map, Value};

mod access;
mod metadata;
mod network;
mod pod;
mod storage;
mod workload;

pub(super) use metadata::names;
pub(super) use pod::unknown_volumes;

/// A rule: looks at a value of its type and tells what is wrong with it.
type Rule = fn(&Map, u32, &mut Findings);

/// The rules of a type, in the order in which they look.
const RULES: &[(&str, &[Rule])] = &[
    (
        "apps.v1.DaemonSetSpec",
        &[workload::selector, workload::always_restarts],
    ),
    (
        "apps.v1.DeploymentSpec",
        &[workload::selector, workload::always_restarts, workload::replicas],
    ),
    ("apps.v1.DeploymentStrategy", &[workload::strategy]),
    (
        "apps.v1.ReplicaSetSpec",
        &[workload::selector, workload::always_restarts, workload::replicas],
    ),
    ("apps.v1.RollingUpdateDaemonSet", &[workload::rolling]),
    ("apps.v1.RollingUpdateDeployment", &[workload::rolling]),
    (
        "apps.v1.StatefulSetSpec",
        &[workload::selector, workload::always_restarts, workload::replicas],
    ),
    (
        "autoscaling.v2.HorizontalPodAutoscalerSpec",
        &[workload::autoscaler],
    ),
    ("batch.v1.CronJobSpec", &[workload::schedule]),
    ("batch.v1.JobSpec", &[workload::job]),
    ("core.v1.ConfigMap", &[storage::config_map]),
    (
        "core.v1.Container",
        &[pod::container, pod::mounts, pod::resources],
    ),
    ("core.v1.ContainerPort", &[pod::container_port]),
    ("core.v1.EnvVar", &[pod::variable]),
    ("core.v1.EnvVarSource", &[pod::variable_source]),
    ("core.v1.GRPCAction", &[pod::number_port]),
    ("core.v1.HTTPGetAction", &[pod::port]),
    ("core.v1.LifecycleHandler", &[pod::handler]),
    ("core.v1.PersistentVolumeClaimSpec", &[storage::claim]),
    ("core.v1.PodSpec", &[pod::pod]),
    ("core.v1.PreferredSchedulingTerm", &[pod::weight]),
    ("core.v1.Probe", &[pod::handler, pod::probe]),
    ("core.v1.Secret", &[storage::secret]),
    ("core.v1.SecurityContext", &[pod::security_context]),
    ("core.v1.ServicePort", &[network::service_port]),
    ("core.v1.ServiceSpec", &[network::service]),
    ("core.v1.TCPSocketAction", &[pod::port]),
    ("core.v1.Toleration", &[pod::toleration]),
    ("core.v1.TopologySpreadConstraint", &[pod::spread]),
    ("core.v1.Volume", &[pod::volume]),
    ("core.v1.VolumeMount", &[pod::mount]),
    ("core.v1.WeightedPodAffinityTerm", &[pod::weight]),
    ("meta.v1.LabelSelector", &[metadata::label_selector]),
    ("meta.v1.LabelSelectorRequirement", &[metadata::requirement]),
    ("meta.v1.ObjectMeta", &[metadata::labels, metadata::annotations]),
    ("networking.v1.HTTPIngressPath", &[network::ingress_path]),
    ("networking.v1.IPBlock", &[network::ip_block]),
    ("networking.v1.IngressBackend", &[network::ingress_backend]),
    ("networking.v1.IngressRule", &[network::ingress_rule]),
    ("networking.v1.IngressSpec", &[network::ingress]),
    ("networking.v1.NetworkPolicyPeer", &[network::peer]),
    ("networking.v1.NetworkPolicyPort", &[network::policy_port]),
    ("networking.v1.NetworkPolicySpec", &[network::policy]),
    ("policy.v1.PodDisruptionBudgetSpec", &[workload::budget]),
    ("rbac.v1.ClusterRole", &[access::cluster_role]),
    ("rbac.v1.ClusterRoleBinding", &[access::cluster_role_binding]),
    ("rbac.v1.PolicyRule", &[access::rule]),
    ("rbac.v1.Role", &[access::role]),
    ("rbac.v1.RoleRef", &[access::role_ref]),
    ("rbac.v1.Subject", &[access::subject]),
];

/// Applies the rules of the type called `of_type` to a value of it.
pub(super) fn apply(of_type: &str, value: &Map, minor: u32, found: &mut Findings) {
    if let Ok(index) = RULES.binary_search_by(|(name, _)| (*name).cmp(of_type)) {
        for rule in RULES[index].1 {
            rule(value, minor, found);
        }
    }
}

/// A whole number, whatever kind of number holds it.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// The whole number under `name`.
fn number(map: &Map, name: &str) -> Option<i64> {
    map.get(name).as_ref().and_then(whole)
}

/// The text under `name`; nothing, null and "" are alike to the API server.
fn text(map: &Map, name: &str) -> Option<String> {
    let value = map.get(name)?;
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Whether something stands under `name`.
fn has(map: &Map, name: &str) -> bool {
    map.get(name).is_some_and(|value| !value.is_null())
}

/// The maps of the list under `name`.
fn maps(map: &Map, name: &str) -> Vec<Map> {
    let list = map.get(name);
    let items = list
        .as_ref()
        .and_then(Value::as_list)
        .map(crate::yaml::List::values);
    items
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.as_map().cloned())
        .collect()
}

/// Which of `names` are set.
fn chosen<'a>(map: &Map, names: &[&'a str]) -> Vec<&'a str> {
    names.iter().copied().filter(|name| has(map, name)).collect()
}

/// Names in backticks, with commas.
fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The number under `name` must not be below `least`.
fn at_least(map: &Map, name: &str, least: i64, found: &mut Findings) {
    found.field(map, name, |found, value| {
        if whole(value).is_some_and(|number| number < least) {
            found.error("k8s-value", format!("must be at least {least}"));
        }
    });
}

/// The number under `name` must be a port.
fn port_number(map: &Map, name: &str, found: &mut Findings) {
    found.field(map, name, |found, value| {
        if whole(value).is_some_and(|port| !(1..=65535).contains(&port)) {
            found.error("k8s-port", "must lie between 1 and 65535");
        }
    });
}

/// The port under `name` must be a number or the name of a port.
fn port_or_name(map: &Map, name: &str, found: &mut Findings) {
    port_number(map, name, found);
    found.field(map, name, |found, value| {
        if value
            .as_str()
            .is_some_and(|text| !super::lexical::is_port_name(text))
        {
            let help = "at most 15 of `a-z`, `0-9` and `-`, with a letter; a number stands without quotes";
            found.error_with("k8s-port", "is no name of a port", help.to_owned());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;

    #[test]
    fn rules_stand_in_the_order_of_their_types_and_every_type_exists() {
        let table = Table::new();
        for pair in RULES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{}", pair[1].0);
        }
        for (of_type, _) in RULES {
            assert!(table.named(of_type).is_some(), "{of_type} is unknown");
        }
    }
}
