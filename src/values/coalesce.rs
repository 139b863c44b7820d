//! Owns coalescing: a chart's defaults, its subcharts' defaults and the overrides become the values that
//! templates see.
//!
//! It follows Helm's `CoalesceValues` in every corner: which side wins, what a null deletes, how `global`
//! reaches subcharts. It checks no schema.

use super::described;
use super::journal::Journal;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::yaml::{Map, Slot, Value};
use std::sync::Arc;

/// The key whose values every subchart sees.
const GLOBAL: &str = "global";

/// The values of a release.
#[derive(Clone, Debug, Default)]
pub struct Coalesced {
    /// What templates see as `Values`; a subchart's values are the map under its name, not a copy of it.
    pub values: Map,
    /// Conflicts of maps with other values, as warnings; an error where a subchart's values are no map.
    pub findings: Vec<Diagnostic>,
}

/// Coalesces `overrides` with the defaults of `chart` and its subcharts, after its dependencies were processed.
///
/// The result shares no node with either, so that templates may change it.
pub fn coalesce(chart: &Chart, overrides: &Map) -> Coalesced {
    let mut pass = Pass::default();
    let values = overrides.deep_copy();
    pass.chart(&Defaults::of(chart), &values, "", Nulls::Delete);
    Coalesced {
        values,
        findings: pass.findings,
    }
}

/// What a null in the overrides does to the default of the same key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Deletes it, and itself.
    Delete,
    /// Stays, so that a later pass can delete.
    Keep,
}

/// Whether nodes of the weaker side may be shared with the result.
#[derive(Clone, Copy)]
pub(super) enum Weaker {
    /// They belong to the chart and are copied.
    Chart,
    /// They belong to the result, and Helm shares them too: a change to a table of `global` in one chart
    /// is seen by the others.
    Result,
}

/// The defaults of a chart and of its subcharts.
pub(super) struct Defaults<'a> {
    pub(super) name: &'a str,
    pub(super) values: Map,
    pub(super) subcharts: Vec<Defaults<'a>>,
}

impl<'a> Defaults<'a> {
    fn of(chart: &'a Chart) -> Self {
        Self {
            name: &chart.metadata.name,
            values: chart.values.clone(),
            subcharts: chart.dependencies.iter().map(|chart| Self::of(chart)).collect(),
        }
    }

    fn has_subchart(&self, name: &str) -> bool {
        self.subcharts.iter().any(|subchart| subchart.name == name)
    }
}

/// One run over values; every change to them is made by `set` or `remove`.
#[derive(Default)]
pub(super) struct Pass {
    pub(super) findings: Vec<Diagnostic>,
    /// What was changed, if that shall be taken back.
    pub(super) journal: Option<Journal>,
}

impl Pass {
    /// Helm's `coalesce`: the chart's own values first, then each subchart's.
    pub(super) fn chart(&mut self, defaults: &Defaults<'_>, values: &Map, prefix: &str, nulls: Nulls) {
        let prefix = join(prefix, defaults.name);
        self.own(defaults, values, &prefix, nulls);
        for subchart in &defaults.subcharts {
            self.subchart(subchart, values, &prefix, nulls);
        }
    }

    /// Helm's `coalesceValues`.
    fn own(&mut self, defaults: &Defaults<'_>, values: &Map, prefix: &str, nulls: Nulls) {
        for (key, weaker) in defaults.values.entries() {
            let stronger = values.read().get(&key).cloned();
            let Some(stronger) = stronger else {
                self.set(values, key, weaker.deep_copy());
                continue;
            };
            match (&stronger.value, &weaker.value) {
                (Value::Null, _) if nulls == Nulls::Delete => self.remove(values, &key),
                (Value::Map(into), Value::Map(from)) => {
                    // A null for a subchart's default must survive until that default is met.
                    let nulls = if defaults.has_subchart(&key) {
                        Nulls::Keep
                    } else {
                        nulls
                    };
                    self.tables(into, from, &join(prefix, &key), nulls, Weaker::Chart);
                }
                (Value::Map(_), Value::Null) => {}
                (Value::Map(_), _) => {
                    let message = format!("skipped value for `{}`: not a table", join(prefix, &key));
                    self.conflict(message, Some(&stronger), &weaker);
                }
                _ => {}
            }
        }
    }

    /// One turn of Helm's `coalesceDeps`.
    fn subchart(&mut self, subchart: &Defaults<'_>, values: &Map, prefix: &str, nulls: Nulls) {
        let slot = values.read().get(subchart.name).cloned();
        let inner = match slot {
            None => {
                let inner = Map::new();
                self.insert(values, subchart.name.into(), Value::Map(inner.clone()), None);
                inner
            }
            Some(Slot {
                value: Value::Map(inner),
                ..
            }) => inner,
            Some(slot) => {
                let message = format!(
                    "type mismatch on `{}`: it is {}",
                    subchart.name,
                    described(&slot.value)
                );
                let help = format!(
                    "`{0}` holds the values of the subchart `{0}`, so it must be a map",
                    subchart.name
                );
                let finding = Diagnostic::error("subchart-values", message)
                    .at_maybe(slot.origin)
                    .help(help);
                self.report(finding);
                return;
            }
        };
        self.globals(&inner, values, prefix);
        self.chart(subchart, &inner, prefix, nulls);
    }

    /// Helm's `coalesceGlobals`: hands `global` down from `parent` to a subchart's values.
    fn globals(&mut self, subchart: &Map, parent: &Map, prefix: &str) {
        let Some(into) = self.global_of(subchart, "destination") else {
            return;
        };
        let Some(from) = self.global_of(parent, "source") else {
            return;
        };
        for (key, stronger) in from.entries() {
            let weaker = into.read().get(&key).cloned();
            match (&stronger.value, weaker.as_ref().map(|weaker| &weaker.value)) {
                (Value::Map(table), None) => {
                    self.insert(&into, key, Value::Map(shallow_copy(table)), stronger.origin);
                }
                (Value::Map(table), Some(Value::Map(own))) => {
                    let table = shallow_copy(table);
                    // Nulls stay; the pass over the subchart's values deletes them.
                    self.tables(&table, own, &join(prefix, &key), Nulls::Keep, Weaker::Result);
                    self.insert(&into, key, Value::Map(table), stronger.origin);
                }
                (Value::Map(_), Some(_)) => {
                    let message = format!("cannot merge map onto non-map for `{key}`");
                    self.conflict(message, weaker.as_ref(), &stronger);
                }
                (_, Some(Value::Map(_))) => {
                    let message = format!("key `{key}` is table");
                    self.conflict(message, weaker.as_ref(), &stronger);
                }
                _ => self.insert(&into, key, stronger.value, stronger.origin),
            }
        }
        if let Some(journal) = &mut self.journal {
            journal.globals.push(into.clone());
        }
        let origin = subchart.origin(GLOBAL);
        self.insert(subchart, GLOBAL.into(), Value::Map(into), origin);
    }

    /// The table `global` of `values`, empty if there is none; None if it is no table.
    fn global_of(&mut self, values: &Map, role: &str) -> Option<Map> {
        let slot = values.read().get(GLOBAL).cloned();
        match slot {
            None => Some(Map::new()),
            Some(Slot {
                value: Value::Map(global),
                ..
            }) => Some(global),
            Some(slot) => {
                let message = format!("skipping globals because {role} `{GLOBAL}` is not a table");
                self.report(Diagnostic::warning("values-conflict", message).at_maybe(slot.origin));
                None
            }
        }
    }

    /// Helm's `coalesceTablesFullKey`: adds to `into` what only `from` has.
    pub(super) fn tables(&mut self, into: &Map, from: &Map, prefix: &str, nulls: Nulls, owner: Weaker) {
        for (key, weaker) in from.entries() {
            let stronger = into.read().get(&key).cloned();
            let Some(stronger) = stronger else {
                let slot = match owner {
                    Weaker::Chart => weaker.deep_copy(),
                    Weaker::Result => weaker,
                };
                self.set(into, key, slot);
                continue;
            };
            let path = join(prefix, &key);
            match (&stronger.value, &weaker.value) {
                (Value::Null, _) if nulls == Nulls::Delete => self.remove(into, &key),
                (Value::Map(into), Value::Map(from)) => self.tables(into, from, &path, nulls, owner),
                (_, Value::Map(_)) => {
                    let message = format!("cannot overwrite table with non table for `{path}`");
                    self.conflict(message, Some(&stronger), &weaker);
                }
                (Value::Map(_), Value::Null) => {}
                (Value::Map(_), _) => {
                    let message = format!("destination for `{path}` is a table, ignoring non-table value");
                    self.conflict(message, Some(&stronger), &weaker);
                }
                _ => {}
            }
        }
    }

    fn insert(&mut self, map: &Map, key: Arc<str>, value: Value, origin: Option<Place>) {
        self.set(map, key, Slot { value, origin });
    }

    fn set(&mut self, map: &Map, key: Arc<str>, slot: Slot) {
        let before = map.write().insert(Arc::clone(&key), slot);
        if let Some(journal) = &mut self.journal {
            journal.note(map, key, before);
        }
    }

    fn remove(&mut self, map: &Map, key: &str) {
        let before = map.remove(key);
        if let Some(journal) = &mut self.journal {
            journal.note(map, key.into(), before);
        }
    }

    /// A map meets something else; Helm's words, without the value that Helm prints.
    fn conflict(&mut self, message: String, used: Option<&Slot>, ignored: &Slot) {
        let mut finding = Diagnostic::warning("values-conflict", message);
        for (slot, fate) in [(used, "used"), (Some(ignored), "ignored")] {
            let Some(slot) = slot else { continue };
            if let Some(place) = &slot.origin {
                let text = format!("this {} is {fate}", slot.value.kind());
                finding = finding.label(place.clone(), 1, text);
            }
        }
        self.report(finding);
    }

    /// Keeps a finding unless it is there already: Helm meets the same pair of values in several passes.
    fn report(&mut self, finding: Diagnostic) {
        let known = self.findings.iter().any(|other| {
            let same_places = !finding.labels.is_empty() && places(other).eq(places(&finding));
            (same_places && !finding.is_error()) || other == &finding
        });
        if !known {
            self.findings.push(finding);
        }
    }
}

fn places(finding: &Diagnostic) -> impl Iterator<Item = &Place> {
    finding.labels.iter().map(|label| &label.place)
}

/// A new node with the same entries: Helm's `copyMap`.
fn shallow_copy(map: &Map) -> Map {
    map.read().clone().into()
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}
