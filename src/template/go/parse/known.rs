//! Owns finding functions by name without a search: a template calls the same few all over.
//!
//! Which functions there are is in the table.

use crate::template::functions::{self, Function};

const SLOTS: usize = 256;

/// The function that was met last for each of a few hashes.
#[derive(Debug)]
pub(super) struct Known([Option<&'static Function>; SLOTS]);

impl Default for Known {
    fn default() -> Self {
        Self([None; SLOTS])
    }
}

impl Known {
    /// The function called `name`.
    pub(super) fn find(&mut self, name: &str) -> Option<&'static Function> {
        let slot = &mut self.0[hash(name.as_bytes()) % SLOTS];
        if slot.is_none_or(|known| known.name != name) {
            *slot = Some(functions::find(name)?);
        }
        *slot
    }
}

/// A few bytes tell most names apart.
fn hash(name: &[u8]) -> usize {
    match name {
        [first, .., last] => {
            let middle = name[name.len() / 2];
            name.len() * 17 + usize::from(*first) * 7 + usize::from(middle) * 31 + usize::from(*last) * 3
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::functions::FUNCTIONS;

    #[test]
    fn every_function_is_found_however_often_and_nothing_else_is() {
        let mut known = Known::default();
        for _ in 0..2 {
            for function in &FUNCTIONS {
                let found = known.find(function.name).map(|found| found.name);
                assert_eq!(found, Some(function.name));
            }
            assert!(known.find("").is_none());
            assert!(known.find("nowhere").is_none());
        }
    }
}
