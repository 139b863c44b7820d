//! Telemetry: that Alloy's configuration is well-formed however it is made, and that dashboards and alerts ask only for
//! what is collected, in the shape that Grafana knows.

use super::alloy;
use super::manifests::{list, render, text};
use crate::process::root;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const EXAMPLE: &str = super::EXAMPLE;

/// The configuration that a rendering has for Alloy.
fn configuration(args: &[&str]) -> String {
    let mut line = vec!["-f", EXAMPLE, "-s", "templates/telemetry/alloy/configmap.yaml"];
    line.extend(args);
    let manifests = render("acme", &line);
    let map = manifests
        .of_kind("ConfigMap")
        .next()
        .expect("the configuration is a ConfigMap");
    map["data"]["config.alloy"]
        .as_str()
        .expect("it is a text")
        .to_owned()
}

#[test]
fn every_combination_of_switches_makes_a_configuration_that_alloy_can_read() {
    // What each switch turns on or off, and a component that is there when it is on.
    let switches = [
        (
            "alloy.jobs.agentManager.enabled",
            "prometheus.scrape.agent_manager",
        ),
        (
            "alloy.jobs.kubeStateMetrics.enabled",
            "prometheus.scrape.kube_state_metrics",
        ),
        (
            "alloy.jobs.blackbox.enabled",
            "prometheus.exporter.blackbox.runner",
        ),
        ("alloy.jobs.alloy.enabled", "prometheus.exporter.self.alloy"),
        (
            "alloy.extraExporters.cadvisor.enabled",
            "prometheus.scrape.cadvisor",
        ),
    ];
    for combination in 0..1_u32 << switches.len() {
        let on = |index: usize| combination >> index & 1 == 1;
        let mut settings: Vec<String> = switches
            .iter()
            .enumerate()
            .map(|(index, (key, _))| format!("{key}={}", on(index)))
            .collect();
        // The rest alternates, so that it meets both states of every switch.
        let other = combination.count_ones() % 2 == 0;
        settings.push(format!(
            "alloy.livedebugging.enabled={other},alloy.controller.replicas={}",
            1 + u8::from(other)
        ));
        settings.push(format!(
            "workflowEngine.enabled={other},toolManager.enabled={other},enforcer.enabled={other}"
        ));
        let source = configuration(&["--set", &settings.join(",")]);
        let config = alloy::read(&source).unwrap_or_else(|wrong| panic!("{settings:?}: {wrong}\n{source}"));
        for (index, (_, component)) in switches.iter().enumerate() {
            assert_eq!(
                config.components.contains(*component),
                on(index),
                "{settings:?}: {component}"
            );
        }
        assert_eq!(config.settings.contains("livedebugging"), other, "{settings:?}");
        assert_eq!(source.contains("clustering"), other, "{settings:?}");
    }
}

#[test]
fn endpoints_of_every_kind_make_a_configuration_that_alloy_can_read() {
    let source = configuration(&["-f", "testdata/render/ok/alloy-full/overrides.yaml"]);
    let config = alloy::read(&source).unwrap_or_else(|wrong| panic!("{wrong}\n{source}"));
    for component in [
        "local.file.azure_client_id",
        "local.file.mimir_username",
        "prometheus.scrape.registry",
    ] {
        assert!(config.components.contains(component), "{component}");
    }
    for secret in ["not a real secret", "an-application"] {
        assert!(
            !source.contains(secret),
            "credentials are not part of the configuration"
        );
    }
}

/// The files of a folder of the chart, parsed. All are JSON, which is YAML too.
fn files(folder: &str) -> BTreeMap<String, Json> {
    let folder = root().join("chart/kubiya-runner/files").join(folder);
    let entries = fs::read_dir(folder).expect("the folder is there");
    let parsed = entries.map(|entry| {
        let path = entry.expect("the folder is readable").path();
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let content = fs::read_to_string(&path).expect("the file is readable");
        (name, serde_json::from_str(&content).expect("the file is JSON"))
    });
    parsed.collect()
}

/// Every text below `value` whose key is `key`.
fn texts<'a>(value: &'a Json, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Json::Object(map) => {
            for (name, inner) in map {
                match inner {
                    Json::String(text) if name == key => found.push(text),
                    _ => texts(inner, key, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| texts(item, key, found)),
        _ => {}
    }
}

/// The metrics that an expression of `PromQL` asks for: names that are neither functions, keywords nor labels.
fn metrics(expression: &str) -> BTreeSet<String> {
    const KEYWORDS: &[&str] = &["bool", "offset", "or", "and", "unless"];
    const LISTS: &[&str] = &[
        "by",
        "on",
        "ignoring",
        "without",
        "group_left",
        "group_right",
        "label_values",
    ];
    let mut found = BTreeSet::new();
    let mut rest = expression;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || "_\"{[($".contains(c)) {
        rest = &rest[start..];
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let skipped = match rest.as_bytes()[0] {
            b'"' => rest[1..].find('"').map(|end| end + 2),
            b'{' => rest.find('}').map(|end| end + 1),
            b'[' => rest.find(']').map(|end| end + 1),
            b'(' => Some(1),
            b'$' => Some(1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1)),
            _ => None,
        };
        if let Some(length) = skipped {
            rest = &rest[length..];
            continue;
        }
        let (word, after) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        rest = after;
        if LISTS.contains(&word) && word != "label_values" {
            if let Some(list) = rest.trim_start().strip_prefix('(') {
                rest = &list[list.find(')').expect("a list of labels ends")..];
            }
        } else if word == "label_values" {
            let inside = rest.trim_start_matches('(');
            found.extend(metrics(&inside[..inside.rfind(',').expect("a label follows")]));
            rest = "";
        } else if !KEYWORDS.contains(&word)
            && !["(", "by "]
                .iter()
                .any(|next| rest.trim_start().starts_with(next))
        {
            found.insert(word.to_owned());
        }
    }
    found.retain(|name| name.len() > 1);
    found
}

#[test]
fn dashboards_and_alerts_ask_for_metrics_that_a_job_delivers() {
    let delivered = fs::read_to_string(root().join("tests/suite/runner/metrics.yaml")).unwrap();
    let jobs: BTreeMap<String, Json> = serde_yaml::from_str(&delivered).unwrap();
    let known: BTreeSet<&str> = jobs
        .values()
        .flat_map(|job| list(job, "/metrics"))
        .filter_map(Json::as_str)
        .collect();
    let mut asked = 0;
    for (name, file) in files("dashboards").iter().chain(&files("alerts")) {
        let mut expressions = Vec::new();
        texts(file, "expr", &mut expressions);
        texts(file, "definition", &mut expressions);
        for expression in expressions {
            for metric in metrics(&expression.replace("$$", "$")) {
                assert!(
                    known.contains(metric.as_str()),
                    "{name}: no job delivers `{metric}`: {expression}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "the expressions were found");
}

#[test]
fn metrics_are_told_from_all_else_in_an_expression() {
    let expression = r#"100 * sum by (a, b) (rate(one{c="d"}[5m])) / (sum(two) > 0) or label_replace(three, "e", "f", "", "") * on (g) group_left (h) four offset 1h"#;
    let found: Vec<String> = metrics(expression).into_iter().collect();
    assert_eq!(found, ["four", "one", "three", "two"]);
    assert_eq!(
        metrics("label_values(up{a=~\"$b\"}, c)")
            .into_iter()
            .collect::<Vec<_>>(),
        ["up"]
    );
}

#[test]
fn dashboards_have_the_shape_that_grafana_knows() {
    let dashboards = files("dashboards");
    let mut uids = BTreeSet::new();
    for (name, dashboard) in &dashboards {
        let uid = text(dashboard, "/uid");
        assert!(
            !uid.is_empty() && uid.len() <= 40 && uids.insert(uid),
            "{name}: {uid}"
        );
        let variables: Vec<&str> = list(dashboard, "/templating/list")
            .iter()
            .map(|variable| text(variable, "/name"))
            .collect();
        assert_eq!(variables[0], "datasource", "{name}");
        let mut ids = BTreeSet::new();
        for panel in list(dashboard, "/panels") {
            let title = text(panel, "/title");
            assert!(
                ids.insert(panel["id"].as_u64().expect("an id is a number")),
                "{name}: {title}"
            );
            let place = |key: &str| panel["gridPos"][key].as_u64().expect("a place is a number");
            assert!(place("x") + place("w") <= 24, "{name}: {title}");
            assert!(
                text(panel, "/type") == "row" || !list(panel, "/targets").is_empty(),
                "{name}: {title}"
            );
            for target in list(panel, "/targets") {
                assert_eq!(
                    text(target, "/datasource/uid"),
                    "${datasource}",
                    "{name}: {title}"
                );
            }
        }
        let mut expressions = Vec::new();
        texts(dashboard, "expr", &mut expressions);
        texts(dashboard, "definition", &mut expressions);
        texts(dashboard, "repeat", &mut expressions);
        for expression in expressions {
            for used in expression.split('$').skip(1) {
                let end = used
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(used.len());
                let used = &used[..end];
                assert!(
                    used.starts_with("__") || variables.contains(&used),
                    "{name}: `${used}` in {expression}"
                );
            }
        }
    }
}
