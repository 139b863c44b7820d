//! Owns rules of what makes pods: selectors, restart policies, schedules, strategies, scaling, disruption budgets.
//!
//! The pods themselves have rules of their own.

use super::metadata::{is_selective, selects};
use super::{at_least, chosen, has, listed, number, text, whole};
use crate::check::kubernetes::findings::Findings;
use crate::check::kubernetes::lexical;
use crate::yaml::{Map, Value};

/// The selector must choose the pods of the template, or the controller would make them without end.
pub(super) fn selector(map: &Map, _: u32, found: &mut Findings) {
    let selector = map.get("selector");
    let Some(selector) = selector.as_ref().and_then(Value::as_map) else {
        return;
    };
    let labels = template_labels(map);
    found.field(map, "selector", |found, _| {
        if !is_selective(selector) {
            found.error(
                "k8s-selector",
                "is empty; it must choose the pods of the template",
            );
        } else if selects(selector, &labels) == Some(false) {
            let help = "every label of the selector must stand among `spec.template.metadata.labels`";
            found.error_with(
                "k8s-selector",
                "does not match the labels of the pod template",
                help.to_owned(),
            );
        }
    });
}

fn template_labels(map: &Map) -> Map {
    let labels = map
        .get("template")
        .and_then(|template| template.lookup("metadata.labels"));
    labels
        .as_ref()
        .and_then(Value::as_map)
        .cloned()
        .unwrap_or_default()
}

fn restart_policy(map: &Map) -> Option<String> {
    let spec = map.get("template").and_then(|template| template.lookup("spec"))?;
    text(spec.as_map()?, "restartPolicy")
}

/// Controllers of services know one restart policy.
pub(super) fn always_restarts(map: &Map, _: u32, found: &mut Findings) {
    if restart_policy(map).is_some_and(|policy| policy != "Always") {
        found.error("k8s-value", "takes pods whose `restartPolicy` is `Always`");
    }
}

/// There cannot be less than none.
pub(super) fn replicas(map: &Map, _: u32, found: &mut Findings) {
    for name in [
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
    ] {
        at_least(map, name, 0, found);
    }
}

/// `rollingUpdate` belongs to its own type.
pub(super) fn strategy(map: &Map, _: u32, found: &mut Findings) {
    if text(map, "type").as_deref() == Some("Recreate") && has(map, "rollingUpdate") {
        found.error(
            "k8s-value",
            "has `rollingUpdate`, which the type `Recreate` does not know",
        );
    }
}

/// Numbers or percents, and not both nothing.
pub(super) fn rolling(map: &Map, _: u32, found: &mut Findings) {
    for name in ["maxSurge", "maxUnavailable"] {
        share(map, name, found);
    }
    let is_zero = |name: &str| match map.get(name) {
        Some(Value::String(text)) => text.trim_end_matches('%').parse() == Ok(0),
        Some(value) => whole(&value) == Some(0),
        None => false,
    };
    if is_zero("maxSurge") && is_zero("maxUnavailable") {
        found.error("k8s-value", "needs `maxSurge` or `maxUnavailable` above zero");
    }
}

/// A number that is not negative, or a percentage.
fn share(map: &Map, name: &str, found: &mut Findings) {
    at_least(map, name, 0, found);
    found.field(map, name, |found, value| {
        if value.as_str().is_some_and(|text| !lexical::is_percent(text)) {
            let help = "write `25%`, or a number without quotes".to_owned();
            found.error_with("k8s-value", "is neither a number nor a percentage", help);
        }
    });
}

/// A Job ends, so its pods must not be restarted for ever; the selector is the controller's own.
pub(super) fn job(map: &Map, _: u32, found: &mut Findings) {
    for name in [
        "parallelism",
        "completions",
        "backoffLimit",
        "activeDeadlineSeconds",
        "ttlSecondsAfterFinished",
    ] {
        at_least(map, name, 0, found);
    }
    if has(map, "template") && !matches!(restart_policy(map).as_deref(), Some("OnFailure" | "Never")) {
        let help = "set `restartPolicy: OnFailure` or `Never` in the pod template".to_owned();
        found.error_with(
            "k8s-value",
            "takes pods whose `restartPolicy` is `OnFailure` or `Never`",
            help,
        );
    }
    if has(map, "selector") && map.get("manualSelector") != Some(Value::from(true)) {
        found.error("k8s-selector", "has a `selector`, which the cluster makes itself");
    }
}

/// A schedule of cron.
pub(super) fn schedule(map: &Map, _: u32, found: &mut Findings) {
    for name in [
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ] {
        at_least(map, name, 0, found);
    }
    found.field(map, "schedule", |found, value| {
        if value.as_str().is_some_and(|text| !lexical::is_schedule(text)) {
            let help = "five fields (minute, hour, day, month, weekday from 0), or a word such as `@daily`";
            found.error_with("k8s-schedule", "is no schedule", help.to_owned());
        }
    });
}

/// Bounds in their order.
pub(super) fn autoscaler(map: &Map, _: u32, found: &mut Findings) {
    at_least(map, "minReplicas", 0, found);
    at_least(map, "maxReplicas", 1, found);
    if let (Some(least), Some(most)) = (number(map, "minReplicas"), number(map, "maxReplicas"))
        && least > most
    {
        found.error(
            "k8s-value",
            format!("has `minReplicas` {least} above `maxReplicas` {most}"),
        );
    }
}

/// One bound, not two.
pub(super) fn budget(map: &Map, _: u32, found: &mut Findings) {
    let bounds = ["minAvailable", "maxUnavailable"];
    for name in bounds {
        share(map, name, found);
    }
    let chosen = chosen(map, &bounds);
    if chosen.len() > 1 {
        found.error("k8s-value", format!("takes one of {}", listed(&bounds)));
    }
}
