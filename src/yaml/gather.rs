//! Owns the entries of a map while its text is read.
//!
//! It knows no events and finds no fault: the reader asks what a key replaced.

use super::value::{Entries, Slot};
use std::sync::Arc;

/// The entries read so far. Keys that come in order, as in most of what tools write, are only lined up: a map built
/// of them at once costs a tenth of as many insertions.
#[derive(Default)]
pub(super) struct Gathered {
    /// In order, while all keys were; empty when there are `entries`.
    lined_up: Vec<(Arc<str>, Slot)>,
    entries: Entries,
}

impl Gathered {
    /// Adds an entry and gives back the one that it replaces.
    pub(super) fn insert(&mut self, key: Arc<str>, slot: Slot) -> Option<Slot> {
        let in_order = self.lined_up.last().is_none_or(|(last, _)| *last < key);
        if in_order && self.entries.is_empty() {
            self.lined_up.push((key, slot));
            None
        } else {
            self.entries().insert(key, slot)
        }
    }

    /// All entries, to be changed at will.
    pub(super) fn entries(&mut self) -> &mut Entries {
        if !self.lined_up.is_empty() {
            self.entries = std::mem::take(&mut self.lined_up).into_iter().collect();
        }
        &mut self.entries
    }

    /// The complete map.
    pub(super) fn finish(mut self) -> Entries {
        std::mem::take(self.entries())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Value;

    fn slot(text: &str) -> Slot {
        Slot {
            value: Value::from(text),
            origin: None,
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts_and_gives_back_the_one_before() {
        for keys in ["aa", "aba", "abb", "abcb", "bab", "cabc"] {
            let mut gathered = Gathered::default();
            let mut expected = Entries::new();
            for (index, key) in keys.chars().enumerate() {
                let text = index.to_string();
                let before = expected.insert(key.to_string().into(), slot(&text));
                let replaced = gathered.insert(key.to_string().into(), slot(&text));
                let value = |slot: Option<Slot>| slot.map(|slot| slot.value);
                assert_eq!(value(replaced), value(before), "{keys}: {index}");
            }
            let values = |entries: Entries| entries.into_values().map(|slot| slot.value).collect::<Vec<_>>();
            assert_eq!(values(gathered.finish()), values(expected), "{keys}");
        }
    }
}
