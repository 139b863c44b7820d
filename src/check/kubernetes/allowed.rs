//! Owns which words a field may hold where Kubernetes knows them all, as its API reference lists them.
//!
//! It does not know fields whose words differ between the minor versions of the table, or that users may add to.

use super::findings::Findings;
use crate::suggest;

/// Type, field, words.
const WORDS: &[(&str, &str, &[&str])] = &[
    (
        "apps.v1.DaemonSetUpdateStrategy",
        "type",
        &["RollingUpdate", "OnDelete"],
    ),
    (
        "apps.v1.DeploymentStrategy",
        "type",
        &["Recreate", "RollingUpdate"],
    ),
    (
        "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
        "whenDeleted",
        &["Retain", "Delete"],
    ),
    (
        "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
        "whenScaled",
        &["Retain", "Delete"],
    ),
    (
        "apps.v1.StatefulSetSpec",
        "podManagementPolicy",
        &["OrderedReady", "Parallel"],
    ),
    (
        "apps.v1.StatefulSetUpdateStrategy",
        "type",
        &["RollingUpdate", "OnDelete"],
    ),
    (
        "autoscaling.v2.HPAScalingRules",
        "selectPolicy",
        &["Max", "Min", "Disabled"],
    ),
    (
        "autoscaling.v2.MetricTarget",
        "type",
        &["Utilization", "Value", "AverageValue"],
    ),
    (
        "batch.v1.CronJobSpec",
        "concurrencyPolicy",
        &["Allow", "Forbid", "Replace"],
    ),
    ("batch.v1.JobSpec", "completionMode", &["NonIndexed", "Indexed"]),
    (
        "core.v1.Container",
        "imagePullPolicy",
        &["Always", "IfNotPresent", "Never"],
    ),
    (
        "core.v1.Container",
        "terminationMessagePolicy",
        &["File", "FallbackToLogsOnError"],
    ),
    ("core.v1.ContainerPort", "protocol", &["TCP", "UDP", "SCTP"]),
    ("core.v1.HTTPGetAction", "scheme", &["HTTP", "HTTPS"]),
    (
        "core.v1.NodeSelectorRequirement",
        "operator",
        &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
    ),
    (
        "core.v1.PersistentVolumeClaimSpec",
        "volumeMode",
        &["Filesystem", "Block"],
    ),
    (
        "core.v1.PersistentVolumeSpec",
        "persistentVolumeReclaimPolicy",
        &["Retain", "Delete", "Recycle"],
    ),
    (
        "core.v1.PersistentVolumeSpec",
        "volumeMode",
        &["Filesystem", "Block"],
    ),
    (
        "core.v1.PodSecurityContext",
        "fsGroupChangePolicy",
        &["OnRootMismatch", "Always"],
    ),
    (
        "core.v1.PodSpec",
        "dnsPolicy",
        &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
    ),
    (
        "core.v1.PodSpec",
        "preemptionPolicy",
        &["PreemptLowerPriority", "Never"],
    ),
    (
        "core.v1.PodSpec",
        "restartPolicy",
        &["Always", "OnFailure", "Never"],
    ),
    (
        "core.v1.SeccompProfile",
        "type",
        &["RuntimeDefault", "Unconfined", "Localhost"],
    ),
    ("core.v1.ServicePort", "protocol", &["TCP", "UDP", "SCTP"]),
    (
        "core.v1.ServiceSpec",
        "externalTrafficPolicy",
        &["Cluster", "Local"],
    ),
    (
        "core.v1.ServiceSpec",
        "internalTrafficPolicy",
        &["Cluster", "Local"],
    ),
    (
        "core.v1.ServiceSpec",
        "ipFamilyPolicy",
        &["SingleStack", "PreferDualStack", "RequireDualStack"],
    ),
    ("core.v1.ServiceSpec", "sessionAffinity", &["ClientIP", "None"]),
    (
        "core.v1.ServiceSpec",
        "type",
        &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
    ),
    (
        "core.v1.Taint",
        "effect",
        &["NoSchedule", "PreferNoSchedule", "NoExecute"],
    ),
    (
        "core.v1.Toleration",
        "effect",
        &["NoSchedule", "PreferNoSchedule", "NoExecute"],
    ),
    (
        "core.v1.TopologySpreadConstraint",
        "whenUnsatisfiable",
        &["DoNotSchedule", "ScheduleAnyway"],
    ),
    (
        "core.v1.VolumeMount",
        "mountPropagation",
        &["None", "HostToContainer", "Bidirectional"],
    ),
    (
        "meta.v1.LabelSelectorRequirement",
        "operator",
        &["In", "NotIn", "Exists", "DoesNotExist"],
    ),
    (
        "networking.v1.HTTPIngressPath",
        "pathType",
        &["Exact", "Prefix", "ImplementationSpecific"],
    ),
    (
        "networking.v1.NetworkPolicyPort",
        "protocol",
        &["TCP", "UDP", "SCTP"],
    ),
    (
        "policy.v1.PodDisruptionBudgetSpec",
        "unhealthyPodEvictionPolicy",
        &["IfHealthyBudget", "AlwaysAllow"],
    ),
    ("rbac.v1.RoleRef", "kind", &["Role", "ClusterRole"]),
    ("rbac.v1.Subject", "kind", &["User", "Group", "ServiceAccount"]),
    (
        "storage.v1.StorageClass",
        "reclaimPolicy",
        &["Delete", "Retain", "Recycle"],
    ),
    (
        "storage.v1.StorageClass",
        "volumeBindingMode",
        &["Immediate", "WaitForFirstConsumer"],
    ),
];

/// Refuses a word that the field `field` of type `of_type` does not know.
pub(super) fn check(of_type: &str, field: &str, word: &str, found: &mut Findings) {
    // Nothing is what the API server fills with the default.
    let Some((.., words)) = WORDS
        .iter()
        .find(|(known, name, _)| *known == of_type && *name == field)
    else {
        return;
    };
    if word.is_empty() || words.contains(&word) {
        return;
    }
    let nearest = words
        .iter()
        .find(|known| known.eq_ignore_ascii_case(word))
        .copied();
    let nearest = nearest.or_else(|| suggest::nearest(word, words.iter().copied()));
    let what = format!(
        "must be one of {}, found `{}`",
        words.join(", "),
        word.escape_debug()
    );
    match nearest {
        Some(nearest) => found.error_with("k8s-value", what, format!("did you mean `{nearest}`?")),
        None => found.error("k8s-value", what),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Shape, Table};
    use super::*;

    #[test]
    fn every_field_that_is_listed_exists_and_holds_text() {
        let table = Table::new();
        for (of_type, field, words) in WORDS {
            let known = table
                .named(of_type)
                .unwrap_or_else(|| panic!("{of_type} is unknown"));
            let field = known
                .field(field, 32)
                .unwrap_or_else(|| panic!("{of_type} has no {field}"));
            assert_eq!(field.shape, Shape::Text);
            assert!(words.len() > 1);
        }
    }
}
