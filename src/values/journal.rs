//! Owns what a pass over values changed, so that it can be taken back.
//!
//! Helm copies all values for every chart that declares dependencies. Changing them in place and taking the change
//! back gives the same without the copies, which would cost the square of the number of charts.

use crate::yaml::{Map, Slot, Value};
use std::sync::Arc;

/// The changes in the order in which they were made.
#[derive(Default)]
pub(super) struct Journal {
    changes: Vec<Change>,
    /// Every `global` into which values were handed down.
    pub(super) globals: Vec<Map>,
}

struct Change {
    map: Map,
    key: Arc<str>,
    before: Option<Slot>,
}

impl Journal {
    /// Notes that the entry of `key` is another one now.
    pub(super) fn note(&mut self, map: &Map, key: Arc<str>, before: Option<Slot>) {
        self.changes.push(Change {
            map: map.clone(),
            key,
            before,
        });
    }

    /// How much has been noted.
    pub(super) fn mark(&self) -> usize {
        self.changes.len()
    }

    /// Takes back everything noted since `mark`.
    pub(super) fn undo(&mut self, mark: usize) {
        for Change { map, key, before } in self.changes.drain(mark..).rev() {
            match before {
                Some(slot) => map.write().insert(key, slot),
                None => map.remove(&key),
            };
        }
    }

    /// Ends the sharing of tables between the `global` of one chart and of another, as Helm's copy does.
    pub(super) fn part_globals(&mut self) {
        for global in std::mem::take(&mut self.globals) {
            for (key, slot) in global.entries() {
                if matches!(slot.value, Value::Map(_)) {
                    let before = global.write().insert(Arc::clone(&key), slot.deep_copy());
                    self.note(&global, key, before);
                }
            }
        }
    }
}
