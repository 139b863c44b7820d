//! Owns which values the schema marks as secret, and keeps the lines that hold them out of diagnostics.
//!
//! Lines are masked by the names of keys wherever they are shown; what only the schema knows is hidden here.

use super::lookup;
use super::lookup::Part;
use super::spot::{Spot, Step};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml::{Map, Slot, Value};
use serde_json::Value as Json;
use std::sync::Arc;

const HIDDEN: &str = "<hidden>";

/// A secret shorter than this is looked for on its own line only: short texts stand in many lines.
const SHORTEST: usize = 4;

/// The values that a schema marks as secret.
pub(super) struct Secrets {
    found: Vec<(Option<Place>, Option<Arc<str>>)>,
}

impl Secrets {
    /// Every secret among `values`.
    pub(super) fn of(schema: &Json, values: &Map) -> Self {
        let mut secrets = Self { found: Vec::new() };
        if mentions_secrets(schema) {
            let root = Slot {
                value: Value::Map(values.clone()),
                origin: None,
            };
            secrets.collect(schema, &lookup::parts(schema, &[]), false, &root);
        }
        secrets
    }

    fn collect(&mut self, schema: &Json, parts: &[&Part], inside: bool, slot: &Slot) {
        let secret = inside || parts.iter().any(|part| lookup::marks_secret(part));
        match &slot.value {
            Value::Map(map) => {
                for (key, slot) in map.entries() {
                    let step = Step::Key(key.to_string());
                    self.collect(schema, &lookup::next(schema, parts, &step), secret, &slot);
                }
            }
            Value::List(list) => {
                let items = list.read().clone();
                for (index, slot) in items.iter().enumerate() {
                    let step = Step::Index(index);
                    self.collect(schema, &lookup::next(schema, parts, &step), secret, slot);
                }
            }
            Value::String(text) if secret => self.found.push((slot.origin.clone(), Some(Arc::clone(text)))),
            _ if secret => self.found.push((slot.origin.clone(), None)),
            _ => {}
        }
    }

    /// Points `finding` at the place of `spot`, showing the whole line only if it holds no secret.
    pub(super) fn mark(&self, finding: Diagnostic, spot: &Spot, text: &str) -> Diagnostic {
        let Some(place) = &spot.place else { return finding };
        if self.is_on_line_of(place) {
            finding.label(only_key(place, spot), spot.width(), text)
        } else {
            finding.label(place.clone(), spot.width(), text)
        }
    }

    fn is_on_line_of(&self, place: &Place) -> bool {
        let Some(line) = place.source.line(place.line) else {
            return false;
        };
        self.found.iter().any(|(origin, secret)| {
            let same_line = origin.as_ref().is_some_and(|origin| {
                origin.line == place.line && Arc::ptr_eq(&origin.source, &place.source)
            });
            let repeated = secret.as_ref().is_some_and(|secret| {
                secret
                    .lines()
                    .any(|part| part.len() >= SHORTEST && line.contains(part))
            });
            same_line || repeated
        })
    }
}

/// The same place in a text of which nothing but the key is left.
fn only_key(place: &Place, spot: &Spot) -> Place {
    let before = "\n".repeat(place.line.saturating_sub(1) as usize);
    let indent = " ".repeat(place.column.saturating_sub(1) as usize);
    let key = match spot.steps.last() {
        Some(Step::Key(key)) => format!("{key}: "),
        _ => String::new(),
    };
    let text = format!("{before}{indent}{key}{HIDDEN}");
    let source = Source::sensitive(place.source.name.as_str(), text);
    Place::new(&source, place.line, place.column)
}

fn mentions_secrets(schema: &Json) -> bool {
    match schema {
        Json::Object(part) => lookup::marks_secret(part) || part.values().any(mentions_secrets),
        Json::Array(items) => items.iter().any(mentions_secrets),
        _ => false,
    }
}
