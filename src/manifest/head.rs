//! Owns what Helm reads of a manifest: its head and its hook annotations.
//!
//! It does not check the rest; clusters and schemas do.

use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml::typed::{self, Mismatch};
use crate::yaml::{Map, Slot, Value};
use std::sync::Arc;

/// What identifies a manifest; what it does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: String,
}

/// When and in which order a hook runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Names of `EVENTS`, in the order of the annotation.
    pub events: Vec<&'static str>,
    /// Lower weights run first.
    pub weight: i64,
    /// `helm.sh/hook-delete-policy`, as it stands.
    pub delete_policies: Vec<String>,
}

impl Hook {
    /// Whether it runs for `helm test`.
    pub fn is_test(&self) -> bool {
        self.events
            .iter()
            .any(|event| matches!(*event, "test" | "test-success"))
    }
}

/// Every point at which Helm runs hooks; the last is Helm 2's name for `test`.
pub(super) const EVENTS: [&str; 10] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

/// What was read of a manifest.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) head: Head,
    pub(super) hook: Hooked,
    /// Whether the document holds nothing.
    pub(super) is_empty: bool,
}

/// Whether a manifest is a hook.
#[derive(Debug)]
pub(super) enum Hooked {
    No,
    Yes(Hook),
    /// One of its events is none of Helm's; the whole annotation.
    Unknown(String),
}

/// Whether [`read`] looks at the entry `key` of a manifest.
pub(super) fn is_read(key: &str) -> bool {
    let fields = ["apiVersion", "kind", "metadata"];
    fields.iter().any(|field| field.eq_ignore_ascii_case(key))
}

/// Reads a manifest as Helm does, into text fields: a number becomes its text, a map is an error.
pub(super) fn read(value: &Value, source: &Arc<Source>) -> Result<Reading, Vec<Diagnostic>> {
    let mut reader = Reader {
        source,
        errors: Vec::new(),
    };
    let Ok(map) = typed::map(value) else {
        let message = format!("a manifest must be a map, found a {}", value.kind());
        return Err(vec![
            Diagnostic::error("manifest-type", message).at(Place::new(source, 1, 1)),
        ]);
    };
    let metadata = reader.map(&map, "metadata", "metadata");
    let annotations = reader.map(&metadata, "annotations", "metadata.annotations");
    let head = Head {
        api_version: reader.text(&map, "apiVersion", "apiVersion"),
        kind: reader.text(&map, "kind", "kind"),
        name: reader.text(&metadata, "name", "metadata.name"),
        // Helm does not read this one, so its type is not for us to refuse.
        namespace: metadata
            .get("namespace")
            .and_then(|value| typed::text(&value).ok())
            .unwrap_or_default(),
    };
    let hook = reader.hook(&annotations);
    if reader.errors.is_empty() {
        let is_empty = value.is_null();
        Ok(Reading { head, hook, is_empty })
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn text(&mut self, map: &Map, name: &str, path: &str) -> String {
        let slot = typed::field(map, name).unwrap_or_default();
        typed::text(&slot.value).unwrap_or_else(|mismatch| self.mismatch(&slot, path, mismatch))
    }

    fn map(&mut self, map: &Map, name: &str, path: &str) -> Map {
        let slot = typed::field(map, name).unwrap_or_default();
        typed::map(&slot.value).unwrap_or_else(|mismatch| self.mismatch(&slot, path, mismatch))
    }

    fn mismatch<T: Default>(&mut self, slot: &Slot, path: &str, Mismatch(wanted): Mismatch) -> T {
        let place = slot
            .origin
            .clone()
            .unwrap_or_else(|| Place::new(self.source, 1, 1));
        let message = format!("`{path}` must be {wanted}, found a {}", slot.value.kind());
        self.errors
            .push(Diagnostic::error("manifest-type", message).at(place));
        T::default()
    }

    /// Every annotation must be text, also those that are not Helm's.
    fn hook(&mut self, annotations: &Map) -> Hooked {
        let mut hook = None;
        let mut weight = String::new();
        let mut policies = String::new();
        for (key, slot) in annotations.entries() {
            let text = match typed::text(&slot.value) {
                Ok(text) => text,
                Err(mismatch) => self.mismatch(&slot, &format!("metadata.annotations.{key}"), mismatch),
            };
            match &*key {
                "helm.sh/hook" => hook = Some(text),
                "helm.sh/hook-weight" => weight = text,
                "helm.sh/hook-delete-policy" => policies = text,
                _ => {}
            }
        }
        let Some(text) = hook else { return Hooked::No };
        let known = |event: String| EVENTS.into_iter().find(|known| *known == event);
        match words(&text).map(known).collect::<Option<Vec<_>>>() {
            None => Hooked::Unknown(text),
            Some(events) => Hooked::Yes(Hook {
                events,
                // Helm takes what is not a whole number for 0.
                weight: weight.parse().unwrap_or(0),
                delete_policies: words(&policies).filter(|policy| !policy.is_empty()).collect(),
            }),
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(',').map(|word| word.trim().to_lowercase())
}
