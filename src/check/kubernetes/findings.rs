//! Owns what is found in one manifest: findings with the path of the field and its place.
//!
//! It judges nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Place;
use crate::yaml::{Map, Slot, Value};

/// More findings than this in one manifest help no one.
const MAX: usize = 50;

/// The findings of a manifest while it is walked over.
pub(super) struct Findings {
    /// What messages call it: its kind and name.
    object: String,
    /// Fields and indexes on the way to where the walk is, with what stands there.
    path: Vec<(String, Option<Place>)>,
    /// What was found.
    pub(super) list: Vec<Diagnostic>,
}

impl Findings {
    /// For the object that a message calls `object`, which starts at `place`.
    pub(super) fn new(object: String, place: Place) -> Self {
        Self {
            object,
            path: vec![(String::new(), Some(place))],
            list: Vec::new(),
        }
    }

    /// Goes into a field for as long as `work` takes.
    pub(super) fn inside<T>(
        &mut self,
        name: &str,
        place: Option<&Place>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let place = place.cloned().or_else(|| self.place());
        self.path.push((name.to_owned(), place));
        let result = work(self);
        self.path.pop();
        result
    }

    /// Goes into an entry of `map`, if it is there and not null.
    pub(super) fn field<T>(
        &mut self,
        map: &Map,
        name: &str,
        work: impl FnOnce(&mut Self, &Value) -> T,
    ) -> Option<T> {
        let slot = map.read().get(name).cloned()?;
        if slot.value.is_null() {
            return None;
        }
        Some(self.inside(name, slot.origin.as_ref(), |found| work(found, &slot.value)))
    }

    /// Goes into each item of the list under `name`.
    pub(super) fn each(&mut self, map: &Map, name: &str, mut work: impl FnMut(&mut Self, &Value)) {
        self.field(map, name, |found, value| {
            found.items(value, |found, slot| work(found, &slot.value));
        });
    }

    /// Goes into each item of a list.
    pub(super) fn items(&mut self, list: &Value, mut work: impl FnMut(&mut Self, &Slot)) {
        let Some(list) = list.as_list() else { return };
        for (index, slot) in list.read().clone().iter().enumerate() {
            self.inside(&format!("[{index}]"), slot.origin.as_ref(), |found| {
                work(found, slot);
            });
        }
    }

    /// An error about the field where the walk is; `what` follows its path.
    pub(super) fn error(&mut self, code: &'static str, what: impl AsRef<str>) {
        self.add(Severity::Error, code, what.as_ref(), None);
    }

    /// The same, with what to do about it.
    pub(super) fn error_with(&mut self, code: &'static str, what: impl AsRef<str>, help: String) {
        self.add(Severity::Error, code, what.as_ref(), Some(help));
    }

    /// What the cluster accepts, though nobody can have meant it.
    pub(super) fn warning(&mut self, code: &'static str, what: impl AsRef<str>, help: String) {
        self.add(Severity::Warning, code, what.as_ref(), Some(help));
    }

    /// The path of the field where the walk is: `spec.ports[0].name`.
    pub(super) fn path(&self) -> String {
        let mut text = String::new();
        for (step, _) in &self.path {
            if !text.is_empty() && !step.starts_with('[') {
                text.push('.');
            }
            text.push_str(step);
        }
        text
    }

    fn place(&self) -> Option<Place> {
        self.path.last().and_then(|(_, place)| place.clone())
    }

    /// Where the value of an entry stands, if it follows its key on the line; entries are placed at their keys.
    fn value_place(&self, place: Place) -> Place {
        let key = self.path.last().map_or("", |(step, _)| step.as_str());
        if key.is_empty() || key.starts_with('[') {
            return place;
        }
        let before = place.column.saturating_sub(1) as usize;
        let line = place.source.line(place.line).unwrap_or_default();
        let rest: String = line.chars().skip(before).collect();
        // A key is as long as its name, or two quotes longer.
        let after = rest.strip_prefix(['"', '\'']).unwrap_or(&rest);
        let Some(value) = after
            .strip_prefix(key)
            .and_then(|after| after.trim_start_matches(['"', '\'']).strip_prefix(':'))
        else {
            return place;
        };
        let value = value.trim_start();
        if value.is_empty() || value.starts_with(['#', '|', '>', '&', '*', '!']) {
            return place;
        }
        let skipped = rest.chars().count() - value.chars().count();
        let column = u32::try_from(before + skipped + 1).unwrap_or(place.column);
        Place::new(&place.source, place.line, column)
    }

    fn add(&mut self, severity: Severity, code: &'static str, what: &str, help: Option<String>) {
        if self.list.len() >= MAX {
            return;
        }
        let path = self.path();
        let message = if path.is_empty() {
            format!("{}: {what}", self.object)
        } else {
            format!("{}: `{path}` {what}", self.object)
        };
        let finding = match severity {
            Severity::Error => Diagnostic::error(code, message),
            Severity::Warning => Diagnostic::warning(code, message),
        };
        let place = self.place();
        let place = match code {
            "k8s-unknown-field" | "k8s-required" | "k8s-duplicate" => place,
            _ => place.map(|place| self.value_place(place)),
        };
        let finding = finding.at_maybe(place);
        self.list.push(match help {
            Some(help) => finding.help(help),
            None => finding,
        });
    }
}
