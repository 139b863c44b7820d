//! Owns which versions of an API are gone or going in which minor version of Kubernetes, and what replaces them.
//!
//! It covers what charts still carry; the table of types knows what is served since its first version. The facts are those
//! of Kubernetes' guide to deprecated APIs.

use super::table::Table;
use crate::suggest;

/// One version of an API that was removed or will be.
struct Retired {
    api: &'static str,
    kind: &'static str,
    /// The first minor version that warns.
    deprecated: u32,
    /// The first minor version that does not serve it.
    removed: u32,
    /// What to write instead; empty if there is nothing.
    instead: &'static str,
}

const fn retired(
    api: &'static str,
    kind: &'static str,
    deprecated: u32,
    removed: u32,
    instead: &'static str,
) -> Retired {
    Retired {
        api,
        kind,
        deprecated,
        removed,
        instead,
    }
}

const RETIRED: &[Retired] = &[
    retired(
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        16,
        22,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingWebhookConfiguration",
        16,
        22,
        "admissionregistration.k8s.io/v1",
    ),
    retired(
        "apiextensions.k8s.io/v1beta1",
        "CustomResourceDefinition",
        16,
        22,
        "apiextensions.k8s.io/v1",
    ),
    retired(
        "apiregistration.k8s.io/v1beta1",
        "APIService",
        19,
        22,
        "apiregistration.k8s.io/v1",
    ),
    retired("apps/v1beta1", "Deployment", 9, 16, "apps/v1"),
    retired("apps/v1beta1", "StatefulSet", 9, 16, "apps/v1"),
    retired("apps/v1beta2", "DaemonSet", 9, 16, "apps/v1"),
    retired("apps/v1beta2", "Deployment", 9, 16, "apps/v1"),
    retired("apps/v1beta2", "ReplicaSet", 9, 16, "apps/v1"),
    retired("apps/v1beta2", "StatefulSet", 9, 16, "apps/v1"),
    retired(
        "autoscaling/v2beta1",
        "HorizontalPodAutoscaler",
        22,
        25,
        "autoscaling/v2",
    ),
    retired(
        "autoscaling/v2beta2",
        "HorizontalPodAutoscaler",
        23,
        26,
        "autoscaling/v2",
    ),
    retired("batch/v1beta1", "CronJob", 21, 25, "batch/v1"),
    retired("batch/v2alpha1", "CronJob", 8, 21, "batch/v1"),
    retired(
        "certificates.k8s.io/v1beta1",
        "CertificateSigningRequest",
        19,
        22,
        "certificates.k8s.io/v1",
    ),
    retired(
        "coordination.k8s.io/v1beta1",
        "Lease",
        19,
        22,
        "coordination.k8s.io/v1",
    ),
    retired(
        "discovery.k8s.io/v1beta1",
        "EndpointSlice",
        21,
        25,
        "discovery.k8s.io/v1",
    ),
    retired("extensions/v1beta1", "DaemonSet", 9, 16, "apps/v1"),
    retired("extensions/v1beta1", "Deployment", 9, 16, "apps/v1"),
    retired("extensions/v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1"),
    retired(
        "extensions/v1beta1",
        "NetworkPolicy",
        9,
        16,
        "networking.k8s.io/v1",
    ),
    retired("extensions/v1beta1", "PodSecurityPolicy", 11, 16, ""),
    retired("extensions/v1beta1", "ReplicaSet", 9, 16, "apps/v1"),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "FlowSchema",
        23,
        26,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "PriorityLevelConfiguration",
        23,
        26,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "FlowSchema",
        26,
        29,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "PriorityLevelConfiguration",
        26,
        29,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "FlowSchema",
        29,
        32,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "PriorityLevelConfiguration",
        29,
        32,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    retired(
        "networking.k8s.io/v1beta1",
        "Ingress",
        19,
        22,
        "networking.k8s.io/v1",
    ),
    retired(
        "networking.k8s.io/v1beta1",
        "IngressClass",
        19,
        22,
        "networking.k8s.io/v1",
    ),
    retired("node.k8s.io/v1beta1", "RuntimeClass", 20, 25, "node.k8s.io/v1"),
    retired("policy/v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1"),
    retired("policy/v1beta1", "PodSecurityPolicy", 21, 25, ""),
    retired(
        "rbac.authorization.k8s.io/v1alpha1",
        "ClusterRole",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1alpha1",
        "ClusterRoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1alpha1",
        "Role",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1alpha1",
        "RoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1beta1",
        "ClusterRole",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1beta1",
        "ClusterRoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1beta1",
        "Role",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "rbac.authorization.k8s.io/v1beta1",
        "RoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    retired(
        "scheduling.k8s.io/v1beta1",
        "PriorityClass",
        14,
        22,
        "scheduling.k8s.io/v1",
    ),
    retired("storage.k8s.io/v1beta1", "CSIDriver", 19, 22, "storage.k8s.io/v1"),
    retired("storage.k8s.io/v1beta1", "CSINode", 17, 22, "storage.k8s.io/v1"),
    retired(
        "storage.k8s.io/v1beta1",
        "CSIStorageCapacity",
        24,
        27,
        "storage.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1beta1",
        "StorageClass",
        19,
        22,
        "storage.k8s.io/v1",
    ),
    retired(
        "storage.k8s.io/v1beta1",
        "VolumeAttachment",
        19,
        22,
        "storage.k8s.io/v1",
    ),
];

/// What a version of an API is to a minor version of Kubernetes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// Served, by a type of that number.
    Yes(usize),
    /// Served still, with what to say of it.
    Deprecated(usize, String),
    /// Not served any more, or not yet; with what to say, and what to write instead.
    No(String, Option<String>),
    /// None of Kubernetes' own: a custom resource.
    Unknown,
}

/// Whether `api` serves `kind` in minor version `minor`.
pub(super) fn served(table: &Table, api: &str, kind: &str, minor: u32) -> Served {
    let retired = RETIRED
        .iter()
        .find(|retired| retired.api == api && retired.kind == kind);
    let instead =
        |replacement: &str| (!replacement.is_empty()).then(|| format!("write `apiVersion: {replacement}`"));
    if let Some(known) = table.kinds(kind).find(|known| known.api == api) {
        if known.minors.contains(&minor) {
            return match retired {
                Some(gone) if gone.deprecated <= minor => {
                    let what = format!(
                        "is deprecated since Kubernetes 1.{} and gone in 1.{}",
                        gone.deprecated, gone.removed
                    );
                    Served::Deprecated(known.of_type, what)
                }
                _ => Served::Yes(known.of_type),
            };
        }
        let others = table
            .kinds(kind)
            .filter(|other| other.minors.contains(&minor) && group(other.api) == group(api));
        // Stable versions are the last in the order of their names.
        let other = others.max_by_key(|other| {
            (
                !other.api.contains("alpha") && !other.api.contains("beta"),
                other.api,
            )
        });
        let what = if minor < *known.minors.start() {
            format!(
                "is served since Kubernetes 1.{}, and the target is 1.{minor}",
                known.minors.start()
            )
        } else {
            format!(
                "is gone since Kubernetes 1.{}, and the target is 1.{minor}",
                known.minors.end() + 1
            )
        };
        return Served::No(what, other.and_then(|other| instead(other.api)));
    }
    if let Some(gone) = retired {
        // The table starts after it was removed, so there are no types to check it with.
        let what = format!("is gone since Kubernetes 1.{}", gone.removed);
        return Served::No(what, instead(gone.instead));
    }
    if !is_own_group(table, api) {
        return Served::Unknown;
    }
    let served: Vec<&str> = table
        .kinds(kind)
        .filter(|known| known.minors.contains(&minor))
        .map(|known| known.api)
        .collect();
    let help = match served.as_slice() {
        [] => {
            let kinds = table
                .all_kinds()
                .iter()
                .filter(|known| known.api == api)
                .map(|known| known.name);
            suggest::nearest(kind, kinds).map(|nearest| format!("did you mean `{nearest}`?"))
        }
        [first, ..] => instead(first),
    };
    Served::No(format!("has no kind `{}`", kind.escape_debug()), help)
}

fn group(api: &str) -> &str {
    api.rsplit_once('/').map_or("", |(group, _)| group)
}

/// Whether the group of an API is one of Kubernetes' own.
fn is_own_group(table: &Table, api: &str) -> bool {
    table
        .all_kinds()
        .iter()
        .any(|known| group(known.api) == group(api))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(api: &str, kind: &str, minor: u32) -> String {
        match served(&Table::new(), api, kind, minor) {
            Served::Yes(_) => "served".to_owned(),
            Served::Deprecated(_, what) => what,
            Served::No(what, help) => format!("{what}; {}", help.unwrap_or_default()),
            Served::Unknown => "custom".to_owned(),
        }
    }

    #[test]
    fn versions_of_apis_come_and_go() {
        assert_eq!(said("apps/v1", "Deployment", 32), "served");
        assert_eq!(
            said("extensions/v1beta1", "Ingress", 32),
            "is gone since Kubernetes 1.22; write `apiVersion: networking.k8s.io/v1`"
        );
        assert_eq!(
            said("policy/v1beta1", "PodSecurityPolicy", 32),
            "is gone since Kubernetes 1.25; "
        );
        assert_eq!(
            said("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25),
            "is deprecated since Kubernetes 1.23 and gone in 1.26"
        );
        assert_eq!(
            said("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26),
            "is gone since Kubernetes 1.26, and the target is 1.26; write `apiVersion: autoscaling/v2`"
        );
        assert_eq!(
            said("v1", "Deployment", 32),
            "has no kind `Deployment`; write `apiVersion: apps/v1`"
        );
        assert_eq!(
            said("apps/v1", "Deploymnet", 32),
            "has no kind `Deploymnet`; did you mean `Deployment`?"
        );
        assert_eq!(said("monitoring.coreos.com/v1", "PrometheusRule", 32), "custom");
        assert!(
            said("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", 29)
                .starts_with("is served since Kubernetes 1.30")
        );
    }

    #[test]
    fn what_the_table_knows_agrees_with_what_is_retired() {
        let table = Table::new();
        for gone in RETIRED {
            if let Some(known) = table.kinds(gone.kind).find(|known| known.api == gone.api) {
                assert_eq!(known.minors.end() + 1, gone.removed, "{} {}", gone.api, gone.kind);
            }
        }
    }
}
