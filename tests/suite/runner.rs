//! Owns what must hold of every rendering of the runner chart, whatever its values: names, references,
//! permissions, security, credentials.
//!
//! What a single value changes is shown by the golden cases.

mod alloy;
mod credentials;
mod manifests;
mod network;
mod pairwise;
mod telemetry;

use crate::process::root;
use manifests::Manifests;
use manifests::Workload;
use manifests::list;
use manifests::render;
use manifests::render_in;
use manifests::strings;
use manifests::text;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

/// A complete overrides file without credentials.
const EXAMPLE: &str = "values/kubiya-runner/examples/overrides.yaml";

/// The charts that make up a runner.
const CHARTS: &[&str] = &[
    "kubiya-runner",
    "dagger-helm",
    "kube-state-metrics",
    "alloy",
    "opentelemetry-collector",
    "prometheus-blackbox-exporter",
];

/// The Secrets that it names.
const EXISTING_SECRETS: &[&str] = &[
    "acme-nats-runner",
    "acme-nats-customer",
    "acme-registry-tls",
    "mimir",
    "prometheus",
];

/// Ways to render the chart that differ in what they render.
const VARIANTS: &[&[&str]] = &[
    &[],
    &["-f", "values/kubiya-runner/minimal.yaml"],
    &["-f", "values/kubiya-runner/high-availability.yaml"],
    &["-f", "values/kubiya-runner/restricted.yaml"],
    &["-f", "values/kubiya-runner/gitops.yaml"],
    &["--set", "enforcer.enabled=true"],
    &["--set", "registryTls.enabled=false"],
    &["--set", "dagger.engine.replicas=2"],
    &["--set", "dagger.engine.kind=DaemonSet"],
    &[
        "--set",
        "dagger.engine.statefulSet.persistentVolumeClaim.enabled=false",
    ],
    &["--set", "dagger.engine.hostPath.dataVolume.enabled=true"],
    &["--set", "dagger.enabled=false,kubestatemetrics.enabled=false"],
    &["--set", "toolManager.enabled=false"],
    &["-f", "testdata/render/ok/alloy-full/overrides.yaml"],
    &["-f", "testdata/render/ok/otelcollector-full/overrides.yaml"],
    &["--set", "agentManager.enabled=false,workflowEngine.enabled=false"],
    &[
        "--set",
        "toolManager.sdkServer.enabled=false,kubiyaOperator.enabled=false",
    ],
    &[
        "--set",
        "runnerNameOverride=a-runner-whose-name-goes-on-until-it-is-longer-than-any-label-may-be",
    ],
];

/// All variants, rendered once.
fn variants() -> &'static [(String, Manifests)] {
    static RENDERED: LazyLock<Vec<(String, Manifests)>> = LazyLock::new(|| {
        let rendered = VARIANTS.iter().map(|variant| {
            let mut args = vec!["-f", EXAMPLE];
            args.extend(*variant);
            (variant.join(" "), render("acme", &args))
        });
        let pairs = pairwise::settings().into_iter().map(|settings| {
            let rendered = render("acme", &["-f", EXAMPLE, "--set", &settings]);
            (settings, rendered)
        });
        rendered.chain(pairs).collect()
    });
    &RENDERED
}

#[test]
fn every_object_is_in_the_namespace_and_named_after_the_runner_within_63_characters() {
    for (variant, manifests) in variants() {
        let runner = if variant.contains("runnerNameOverride") {
            "a-runner-whose-name"
        } else {
            "acme-runner"
        };
        for object in &manifests.0 {
            let name = text(object, "/metadata/name");
            assert!(name.starts_with(&format!("{runner}-")), "{variant}: {name}");
            assert!(name.len() <= 63, "{variant}: {name}");
            assert_eq!(text(object, "/metadata/namespace"), "kubiya", "{variant}: {name}");
        }
        for job in manifests.of_kind("CronJob") {
            assert!(
                text(job, "/metadata/name").len() <= 52,
                "{variant}: names of Jobs are longer"
            );
        }
    }
}

#[test]
fn no_object_is_rendered_twice() {
    for (variant, manifests) in variants() {
        let all = manifests.identities();
        let different: BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{variant}: {all:?}");
    }
}

#[test]
fn two_runners_share_a_namespace_and_the_cluster() {
    let wide = "toolManager.clusterRoles.admin=true,toolManager.clusterRoles.persistentVolumes=true";
    let names = |runner: &str| -> BTreeSet<String> {
        let name = format!("runnerNameOverride={runner}");
        render("acme", &["-f", EXAMPLE, "--set", wide, "--set", &name])
            .identities()
            .into_iter()
            .collect()
    };
    assert!(names("first").is_disjoint(&names("second")));

    let cluster_scoped = |namespace: &str| -> BTreeSet<String> {
        let manifests = render_in(namespace, "acme", &["-f", EXAMPLE, "--set", wide]);
        let mut identities: BTreeSet<String> = manifests.identities().into_iter().collect();
        identities.retain(|identity| identity.starts_with("Cluster"));
        identities
    };
    let here = cluster_scoped("here");
    assert_eq!(here.len(), 4);
    assert!(here.is_disjoint(&cluster_scoped("there")));
}

#[test]
fn a_selector_picks_the_pods_of_one_workload() {
    for (variant, manifests) in variants() {
        let pods: BTreeMap<&str, BTreeMap<&str, &str>> = manifests
            .workloads()
            .iter()
            .map(|workload| (workload.name, strings(workload.pod_metadata, "/labels")))
            .collect();
        for object in &manifests.0 {
            let selector = match text(object, "/kind") {
                "Deployment" | "StatefulSet" | "DaemonSet" | "PodDisruptionBudget" => {
                    strings(object, "/spec/selector/matchLabels")
                }
                "Service" => strings(object, "/spec/selector"),
                _ => continue,
            };
            for needed in ["app.kubernetes.io/instance", "app.kubernetes.io/component"] {
                assert!(selector.contains_key(needed), "{variant}: {object}");
            }
            let name = text(object, "/metadata/name");
            let picked: Vec<&str> = pods
                .iter()
                .filter(|(_, labels)| selector.iter().all(|(key, value)| labels.get(key) == Some(value)))
                .map(|(workload, _)| *workload)
                .collect();
            // A second Service of a workload adds to its name.
            assert!(
                matches!(picked[..], [workload] if name.starts_with(workload)),
                "{variant}: {picked:?} by {object}"
            );
        }
    }
}

#[test]
fn every_reference_is_to_something_that_exists() {
    for (variant, manifests) in variants() {
        let mut missing = Vec::new();
        let mut need = |kind: &str, name: &str, by: &str| {
            let existing = kind == "Secret" && EXISTING_SECRETS.contains(&name);
            if !existing && manifests.find(kind, name).is_none() {
                missing.push(format!("{by}: {kind} {name}"));
            }
        };
        for workload in manifests.workloads() {
            need(
                "ServiceAccount",
                text(workload.pod, "/serviceAccountName"),
                workload.name,
            );
            for volume in list(workload.pod, "/volumes") {
                for (kind, pointer) in [("Secret", "/secret/secretName"), ("ConfigMap", "/configMap/name")] {
                    if !text(volume, pointer).is_empty() {
                        need(kind, text(volume, pointer), workload.name);
                    }
                }
            }
            for (variable, value) in workload.variables() {
                let host = value
                    .strip_prefix("http://")
                    .or_else(|| value.strip_prefix("tcp://"))
                    .filter(|host| !host.starts_with("127."));
                let Some(host) = host else {
                    continue;
                };
                let (service, rest) = host.split_once('.').unwrap();
                need("Service", service, variable);
                let service = manifests.get("Service", service);
                assert_eq!(
                    rest,
                    format!("kubiya:{}", service["spec"]["ports"][0]["port"]),
                    "{variant}: {variable}"
                );
            }
        }
        for binding in manifests.of_kind("RoleBinding") {
            let name = text(binding, "/metadata/name");
            need("Role", text(binding, "/roleRef/name"), name);
            need("ServiceAccount", text(binding, "/subjects/0/name"), name);
        }
        assert!(missing.is_empty(), "{variant}: {missing:?}");
    }
}

#[test]
fn every_mount_has_its_volume_and_every_named_port_its_port() {
    for (variant, manifests) in variants() {
        for workload in manifests.workloads() {
            let volumes: BTreeSet<&str> = list(workload.pod, "/volumes")
                .iter()
                .map(|volume| text(volume, "/name"))
                .chain(workload.claims.iter().map(|claim| text(claim, "/metadata/name")))
                .collect();
            let mut mounted = BTreeSet::new();
            for container in workload.containers() {
                let ports: Vec<&str> = list(container, "/ports")
                    .iter()
                    .map(|port| text(port, "/name"))
                    .collect();
                for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                    for pointer in ["/httpGet/port", "/tcpSocket/port"] {
                        let port = text(&container[probe], pointer);
                        assert!(port.is_empty() || ports.contains(&port), "{variant}: {container}");
                    }
                }
                mounted.extend(
                    list(container, "/volumeMounts")
                        .iter()
                        .map(|mount| text(mount, "/name")),
                );
            }
            assert_eq!(mounted, volumes, "{variant}: {}", workload.name);
        }
    }
}

/// Whether a namespace that enforces the Pod Security level `restricted` admits the pods.
fn is_restricted(workload: &Workload<'_>) -> bool {
    let pod = &workload.pod["securityContext"];
    pod["runAsNonRoot"] == true
        && pod["seccompProfile"]["type"] == "RuntimeDefault"
        && list(workload.pod, "/volumes")
            .iter()
            .all(|volume| volume.get("hostPath").is_none())
        && workload.containers().all(|container| {
            let security = &container["securityContext"];
            security["allowPrivilegeEscalation"] == false
                && security["privileged"] != true
                && security["capabilities"] == serde_json::json!({ "drop": ["ALL"] })
        })
}

#[test]
fn the_overlay_for_restricted_namespaces_renders_restricted_pods_alone() {
    let manifests = render(
        "acme",
        &["-f", EXAMPLE, "-f", "values/kubiya-runner/restricted.yaml"],
    );
    for workload in &manifests.workloads() {
        assert!(is_restricted(workload), "{}", workload.name);
    }
}

#[test]
fn every_pod_but_the_dagger_engine_is_restricted_and_every_container_has_its_bounds() {
    for (variant, manifests) in variants() {
        for workload in &manifests.workloads() {
            // The engine runs the containers of others inside its own: no level below `privileged` admits it.
            let privileged = workload.name.ends_with("-dagger-engine");
            assert_ne!(
                is_restricted(workload),
                privileged,
                "{variant}: {}",
                workload.name
            );
            for container in workload.containers() {
                for bound in ["/resources/requests", "/resources/limits"] {
                    let bounds = strings(container, bound);
                    assert_eq!(
                        bounds.into_keys().collect::<Vec<_>>(),
                        ["cpu", "memory"],
                        "{variant}: {container}"
                    );
                }
                assert_eq!(
                    container["imagePullPolicy"], "IfNotPresent",
                    "{variant}: {container}"
                );
                let (_, tag) = text(container, "/image").rsplit_once(':').unwrap();
                assert!(!tag.is_empty() && tag != "latest", "{variant}: {container}");
            }
        }
    }
}

#[test]
fn permissions_stay_in_the_namespace_and_name_what_they_grant() {
    for (variant, manifests) in variants() {
        for object in &manifests.0 {
            let kind = text(object, "/kind");
            assert!(!kind.starts_with("Cluster"), "{variant}: {object}");
            if kind == "Role" {
                assert!(!object["rules"].to_string().contains('*'), "{variant}: {object}");
            }
        }
    }
}

#[test]
fn only_components_with_a_role_get_a_token() {
    for (variant, manifests) in variants() {
        for workload in manifests.workloads() {
            let account = text(workload.pod, "/serviceAccountName");
            let bound = manifests
                .of_kind("RoleBinding")
                .any(|binding| text(binding, "/subjects/0/name") == account);
            let token = workload.pod["automountServiceAccountToken"].as_bool();
            assert_eq!(token, Some(bound), "{variant}: {}", workload.name);
        }
    }
}

/// The paths of all values that the schema knows, without those inside free-form maps.
fn known_values(schema: &Json, at: &Json, path: &str, found: &mut BTreeSet<String>) {
    let at = at["$ref"].as_str().map_or(at, |target| {
        schema
            .pointer(&target[1..])
            .expect("the reference is in the schema")
    });
    if at["additionalProperties"] != false {
        found.insert(path.to_owned());
        return;
    }
    for (key, property) in at["properties"].as_object().expect("a closed map has properties") {
        let path = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        known_values(schema, property, &path, found);
    }
}

#[test]
fn the_default_values_and_the_schema_know_the_same_values_and_each_is_described() {
    for chart in CHARTS {
        let schema = fs::read_to_string(root().join(format!("chart/{chart}/values.schema.json"))).unwrap();
        let schema: Json = serde_json::from_str(&schema).unwrap();
        let mut known = BTreeSet::new();
        known_values(&schema, &schema, "", &mut known);
        known.remove("global");
        known.insert("global.imageRegistry".to_owned());
        // Whether a chart is used at all stands among the values of the chart above it.
        known.remove("enabled");

        let values = fs::read_to_string(root().join(format!("values/{chart}/values.yaml"))).unwrap();
        assert_eq!(described_values(&values, &known), known, "{chart}");
    }
}

/// The paths of all values with a description, without those inside one of `known`.
fn described_values(values: &str, known: &BTreeSet<String>) -> BTreeSet<String> {
    let mut described = BTreeSet::new();
    let mut parents: Vec<(usize, &str)> = Vec::new();
    let mut comment = false;
    for line in values.lines() {
        let content = line.trim_start();
        if let Some((key, _)) = content
            .split_once(':')
            .filter(|_| !content.starts_with(['#', '-']))
        {
            let indent = line.len() - content.len();
            parents.retain(|(parent, _)| *parent < indent);
            parents.push((indent, key));
            let path: Vec<&str> = parents.iter().map(|(_, key)| *key).collect();
            let inside = |known: &String| path.join(".").starts_with(&format!("{known}."));
            if comment && !known.iter().any(inside) {
                described.insert(path.join("."));
            }
        }
        comment = content.starts_with("# -- ") || comment && content.starts_with("# ");
    }
    described
}

#[test]
fn the_readme_names_the_images_that_are_rendered() {
    let readme = fs::read_to_string(root().join("chart/kubiya-runner/README.md")).unwrap();
    let manifests = render("acme", &["-f", EXAMPLE, "--set", "enforcer.enabled=true"]);
    for workload in manifests.workloads() {
        for container in workload.containers() {
            let image = text(container, "/image");
            assert!(
                readme.contains(&format!("`{image}`")),
                "README.md does not name {image}"
            );
        }
    }
}

#[test]
fn the_readme_counts_the_objects_that_are_rendered() {
    let readme = fs::read_to_string(root().join("chart/kubiya-runner/README.md")).unwrap();
    let (_, table) = readme
        .split_once("| Kind | 0.9.30 | Here |")
        .expect("README.md counts objects");
    let rows = table.lines().skip(2).map_while(|line| line.strip_prefix("| "));
    let told: BTreeMap<&str, usize> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split(" | ").collect();
            (cells[0], cells[2].parse().expect("a cell is a count"))
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let mut counted = BTreeMap::new();
    let manifests = render("acme", &["-f", EXAMPLE]);
    for object in &manifests.0 {
        *counted.entry(text(object, "/kind")).or_insert(0) += 1;
    }
    assert_eq!(told, counted);
}
