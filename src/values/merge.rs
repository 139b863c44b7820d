//! Owns the merging of every source of overrides into one map, in Helm's order.
//!
//! It knows no chart: nulls stay, because only coalescing knows what they delete.

use super::Input;
use super::set::{Flag, MAX_ITEMS};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::{Map, Value};
use std::sync::Arc;

/// The overrides of one command.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// All sources in one map; each leaf has the place that set it. Nulls are kept.
    pub values: Map,
    /// What is worth knowing and fails nothing.
    pub warnings: Vec<Diagnostic>,
}

/// Merges files and flags, in Helm's order whatever the order of `inputs`: files, `--set-json`, `--set`,
/// `--set-string`, `--set-file`, `--set-literal`; within one kind the later wins.
///
/// Maps merge, all else is replaced. Every source that is at fault is reported.
pub fn merge(inputs: &[Input]) -> Result<Merged, Vec<Diagnostic>> {
    let mut ordered: Vec<&Input> = inputs.iter().collect();
    ordered.sort_by_key(|input| rank(input));
    let values = Map::new();
    let mut faults = Vec::new();
    let mut budget = MAX_ITEMS;
    for input in ordered {
        let step = match (input, Flag::of(input)) {
            (Input::File(source), _) => add_file(&values, source),
            (_, Some(flag)) => flag.apply(&values, &mut budget).map_err(|fault| vec![fault]),
            (_, None) => Ok(()),
        };
        faults.extend(step.err().into_iter().flatten());
    }
    if faults.is_empty() {
        Ok(Merged {
            values,
            warnings: Vec::new(),
        })
    } else {
        Err(faults)
    }
}

fn rank(input: &Input) -> u8 {
    match input {
        Input::File(_) => 0,
        Input::SetJson(_) => 1,
        Input::Set(_) => 2,
        Input::SetString(_) => 3,
        Input::SetFile { .. } => 4,
        Input::SetLiteral(_) => 5,
    }
}

fn add_file(values: &Map, source: &Arc<Source>) -> Result<(), Vec<Diagnostic>> {
    match yaml::read(source)? {
        // An empty file, or one with nothing but comments.
        Value::Null => Ok(()),
        Value::Map(map) => {
            overlay(values, &map);
            Ok(())
        }
        other => {
            let message = format!("a values file must hold a map, not a {}", other.kind());
            let fault = Diagnostic::error("values-file", message).at(Place::new(source, 1, 1));
            Err(vec![fault])
        }
    }
}

/// Helm's `mergeMaps`: `later` wins, maps merge. Nodes of `later` move into `values`.
pub(super) fn overlay(values: &Map, later: &Map) {
    for (key, slot) in later.entries() {
        let earlier = values.get(&key);
        if let (Some(Value::Map(earlier)), Value::Map(later)) = (earlier, &slot.value) {
            overlay(&earlier, later);
            if let Some(kept) = values.write().get_mut(&key) {
                kept.origin = slot.origin;
            }
        } else {
            values.write().insert(key, slot);
        }
    }
}
