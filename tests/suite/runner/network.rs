//! Owns what must hold of the runner's `NetworkPolicies`: every pod has its policy, and a connection that one side may
//! open is one that the other accepts, on a port where it listens.

use super::EXAMPLE;
use super::manifests::Manifests;
use super::manifests::Workload;
use super::manifests::list;
use super::manifests::render;
use super::manifests::strings;
use super::manifests::text;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const COMPONENT: &str = "app.kubernetes.io/kubiya-runner-component";

/// Ways to render the chart that differ in who speaks to whom.
const VARIANTS: &[&[&str]] = &[
    &[],
    &["--set", "enforcer.enabled=true"],
    &["--set", "dagger.enabled=false,kubestatemetrics.enabled=false"],
    &["--set", "toolManager.enabled=false"],
    &[
        "--set",
        "dagger.additionalResources.service.port=9090,toolManager.containerPort=4000",
    ],
    &[
        "--set",
        "dagger.fullnameOverride=shared,dagger.engine.kind=DaemonSet",
    ],
    &["--set", "registryTls.enabled=false,imageUpdater.enabled=false"],
];

fn with_policies(variant: &[&str]) -> Manifests {
    let mut args = vec!["-f", EXAMPLE, "--set", "networkPolicy.enabled=true"];
    args.extend(variant);
    render("acme", &args)
}

/// Whether a policy's or a peer's selector picks pods with these labels.
fn picks(selector: &Json, labels: &BTreeMap<&str, &str>) -> bool {
    let expressions = list(selector, "/matchExpressions");
    strings(selector, "/matchLabels")
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
        && expressions.iter().all(|expression| {
            assert_eq!(text(expression, "/operator"), "Exists");
            labels.contains_key(text(expression, "/key"))
        })
}

/// The workloads among `workloads` that a rule's peers pick in the runner's own namespace, with the rule's ports.
fn reached<'a>(rule: &'a Json, side: &str, workloads: &'a [Workload<'a>]) -> BTreeSet<(&'a str, u64)> {
    let mut found = BTreeSet::new();
    for peer in list(rule, side).iter().filter_map(|peer| peer.get("podSelector")) {
        for workload in workloads {
            if picks(peer, &strings(workload.pod_metadata, "/labels")) {
                let ports = list(rule, "/ports").iter();
                let ports = ports.map(|port| port["port"].as_u64().expect("a port is a number"));
                found.extend(ports.map(|port| (workload.name, port)));
            }
        }
    }
    found
}

/// The policies that pick a workload's pods.
fn policies_of<'a>(manifests: &'a Manifests, workload: &Workload<'_>) -> Vec<&'a Json> {
    let labels = strings(workload.pod_metadata, "/labels");
    let policies = manifests.of_kind("NetworkPolicy");
    policies
        .filter(|policy| picks(&policy["spec"]["podSelector"], &labels))
        .collect()
}

#[test]
fn without_being_asked_for_there_is_no_network_policy() {
    let manifests = render("acme", &["-f", EXAMPLE]);
    assert_eq!(manifests.of_kind("NetworkPolicy").count(), 0);
}

#[test]
fn every_pod_is_denied_by_default_and_has_one_policy_of_its_own() {
    for variant in VARIANTS {
        let manifests = with_policies(variant);
        for workload in &manifests.workloads() {
            let policies = policies_of(&manifests, workload);
            let names: Vec<&str> = policies
                .iter()
                .map(|policy| text(policy, "/metadata/name"))
                .collect();
            let component = strings(workload.pod_metadata, "/labels")[COMPONENT];
            let own = format!("acme-runner-{component}");
            assert_eq!(names, ["acme-runner-default-deny", &own], "{variant:?}");
            for policy in policies {
                let both = serde_json::json!(["Ingress", "Egress"]);
                assert_eq!(policy["spec"]["policyTypes"], both, "{variant:?}: {own}");
            }
        }
        for policy in manifests.of_kind("NetworkPolicy") {
            let used = manifests.workloads().iter().any(|workload| {
                picks(
                    &policy["spec"]["podSelector"],
                    &strings(workload.pod_metadata, "/labels"),
                )
            });
            assert!(used, "{variant:?}: {policy}");
        }
    }
}

#[test]
fn what_one_side_may_open_the_other_accepts_on_a_port_where_it_listens() {
    for variant in VARIANTS {
        let manifests = with_policies(variant);
        let workloads = manifests.workloads();
        let mut opened = BTreeSet::new();
        let mut accepted = BTreeSet::new();
        for workload in &workloads {
            for policy in policies_of(&manifests, workload) {
                for rule in list(policy, "/spec/egress") {
                    let reached = reached(rule, "/to", &workloads).into_iter();
                    opened.extend(reached.map(|(to, port)| (workload.name, to, port)));
                }
                for rule in list(policy, "/spec/ingress") {
                    let reached = reached(rule, "/from", &workloads).into_iter();
                    accepted.extend(reached.map(|(from, port)| (from, workload.name, port)));
                }
            }
        }
        assert_eq!(opened, accepted, "{variant:?}");
        for (_, to, port) in opened {
            let workload = workloads.iter().find(|workload| workload.name == to);
            let listens = workload
                .expect("a peer is a workload")
                .containers()
                .flat_map(|container| list(container, "/ports"))
                .any(|listed| listed["containerPort"] == port);
            assert!(listens, "{variant:?}: {to} does not listen on {port}");
        }
    }
}

#[test]
fn every_address_that_a_component_is_told_is_one_that_it_may_reach() {
    for variant in VARIANTS {
        let manifests = with_policies(variant);
        let workloads = manifests.workloads();
        for workload in &workloads {
            let allowed: BTreeSet<&str> = policies_of(&manifests, workload)
                .into_iter()
                .flat_map(|policy| list(policy, "/spec/egress"))
                .flat_map(|rule| reached(rule, "/to", &workloads))
                .map(|(to, _)| to)
                .collect();
            for (variable, value) in workload.variables() {
                let host = value.split_once("://").and_then(|(_, host)| host.split_once('.'));
                let Some((service, _)) = host else { continue };
                if manifests.find("Service", service).is_some() {
                    assert!(
                        allowed.contains(service),
                        "{variant:?}: {} {variable}",
                        workload.name
                    );
                }
            }
        }
    }
}
