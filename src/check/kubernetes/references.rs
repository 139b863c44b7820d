//! Owns whether what objects refer to is rendered too: service accounts, config maps, secrets, claims, roles.
//!
//! The API server does not ask; pods that cannot start do. So these are warnings.

use super::findings::Findings;
use super::{Object, Target, described, in_pod};
use crate::diagnostic::Diagnostic;
use crate::suggest;
use crate::yaml::{Map, Value};
use std::collections::BTreeSet;

/// Roles that every cluster has; the last in the namespace `kube-system`.
const BUILT_IN: [&str; 5] = [
    "admin",
    "cluster-admin",
    "edit",
    "view",
    "extension-apiserver-authentication-reader",
];

/// What is there: rendered, or said to be.
struct Known<'a> {
    rendered: BTreeSet<(&'a str, &'a str, &'a str)>,
    external: BTreeSet<&'a str>,
    existing: BTreeSet<&'a str>,
}

/// Warns of everything that is referred to and not there.
pub(super) fn check(objects: &[Object], target: &Target) -> Vec<(usize, Diagnostic)> {
    let known = Known {
        rendered: objects
            .iter()
            .map(|object| {
                (
                    object.kind.as_str(),
                    object.namespace.as_str(),
                    object.name.as_str(),
                )
            })
            .collect(),
        external: target.external.iter().map(String::as_str).collect(),
        existing: target.existing.iter().map(String::as_str).collect(),
    };
    let mut all = Vec::new();
    for object in objects {
        let mut found = Findings::new(described(object), object.place.clone());
        let look = Look {
            known: &known,
            object,
        };
        in_pod(object, &mut found, |found, spec| look.pod(spec, found));
        match object.kind.as_str() {
            "RoleBinding" | "ClusterRoleBinding" => look.binding(&mut found),
            _ => {}
        }
        all.extend(found.list.into_iter().map(|finding| (object.document, finding)));
    }
    all
}

struct Look<'a> {
    known: &'a Known<'a>,
    object: &'a Object,
}

impl Look<'_> {
    fn pod(&self, spec: &Map, found: &mut Findings) {
        found.field(spec, "serviceAccountName", |found, name| {
            self.expect("ServiceAccount", name, found);
        });
        found.each(spec, "imagePullSecrets", |found, secret| {
            self.named("Secret", secret, "name", found);
        });
        found.each(spec, "volumes", |found, volume| {
            let Some(volume) = volume.as_map() else { return };
            self.volume(volume, found);
            found.field(volume, "projected", |found, projected| {
                let Some(projected) = projected.as_map() else {
                    return;
                };
                found.each(projected, "sources", |found, source| {
                    let Some(source) = source.as_map() else { return };
                    found.field(source, "configMap", |found, map| {
                        self.named("ConfigMap", map, "name", found);
                    });
                    found.field(source, "secret", |found, secret| {
                        self.named("Secret", secret, "name", found);
                    });
                });
            });
        });
        for part in ["containers", "initContainers"] {
            found.each(spec, part, |found, container| {
                if let Some(container) = container.as_map() {
                    self.container(container, found);
                }
            });
        }
    }

    fn volume(&self, volume: &Map, found: &mut Findings) {
        found.field(volume, "configMap", |found, map| {
            self.named("ConfigMap", map, "name", found);
        });
        found.field(volume, "secret", |found, secret| {
            self.named("Secret", secret, "secretName", found);
        });
        found.field(volume, "persistentVolumeClaim", |found, claim| {
            self.named("PersistentVolumeClaim", claim, "claimName", found);
        });
    }

    fn container(&self, container: &Map, found: &mut Findings) {
        found.each(container, "envFrom", |found, source| {
            let Some(source) = source.as_map() else { return };
            found.field(source, "configMapRef", |found, map| {
                self.named("ConfigMap", map, "name", found);
            });
            found.field(source, "secretRef", |found, secret| {
                self.named("Secret", secret, "name", found);
            });
        });
        found.each(container, "env", |found, variable| {
            let Some(variable) = variable.as_map() else { return };
            found.field(variable, "valueFrom", |found, source| {
                let Some(source) = source.as_map() else { return };
                found.field(source, "configMapKeyRef", |found, map| {
                    self.named("ConfigMap", map, "name", found);
                });
                found.field(source, "secretKeyRef", |found, secret| {
                    self.named("Secret", secret, "name", found);
                });
            });
        });
    }

    fn binding(&self, found: &mut Findings) {
        found.field(&self.object.value, "roleRef", |found, role| {
            let Some(role) = role.as_map() else { return };
            let kind = role.get("kind");
            let is_cluster = kind.as_ref().and_then(Value::as_str) == Some("ClusterRole");
            found.field(role, "name", |found, name| {
                let is_built_in = |name: &str| BUILT_IN.contains(&name) || name.starts_with("system:");
                if !name.as_str().is_some_and(is_built_in) {
                    self.expect(if is_cluster { "ClusterRole" } else { "Role" }, name, found);
                }
            });
        });
    }

    /// The object named in the field `field` of a reference, unless the reference is optional.
    fn named(&self, kind: &str, reference: &Value, field: &str, found: &mut Findings) {
        let Some(reference) = reference.as_map() else {
            return;
        };
        if reference.get("optional") != Some(Value::from(true)) {
            found.field(reference, field, |found, name| self.expect(kind, name, found));
        }
    }

    fn expect(&self, kind: &str, name: &Value, found: &mut Findings) {
        let Some(name) = name.as_str().filter(|name| !name.is_empty()) else {
            return;
        };
        let is_own = kind == "ServiceAccount" && name == "default";
        let same_kind = || self.known.rendered.iter().filter(|(known, ..)| *known == kind);
        let is_there = if kind == "ClusterRole" {
            same_kind().any(|(.., known)| *known == name)
        } else {
            self.known
                .rendered
                .contains(&(kind, self.object.namespace.as_str(), name))
        };
        let wanted = format!("{kind}/{name}");
        let is_said = self.known.external.contains(wanted.as_str()) || self.known.existing.contains(name);
        if is_own || is_there || is_said {
            return;
        }
        let help = match suggest::nearest(name, same_kind().map(|(.., known)| *known)) {
            Some(nearest) => {
                format!("did you mean `{nearest}`? If it is made elsewhere, say so: `--external {wanted}`")
            }
            None => format!("if it is made elsewhere, say so: `--external {wanted}`"),
        };
        found.warning(
            "k8s-reference",
            format!("names a {kind} that nothing renders"),
            help,
        );
    }
}
