//! Owns which variables a template may name and where the executor finds them.
//!
//! It reads no tokens and makes no messages.

use super::super::ast::Slot;
use std::collections::BTreeMap;

/// The variables of one template.
///
/// Go's parser and executor keep one list each, and they differ: the parser knows a variable as soon as its name
/// is read, even if it is only assigned, and up to the `end`; to the executor it exists behind its pipeline, and
/// up to an `else`.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    /// Names that may be written.
    known: Names<'s>,
    /// Variables with a value; the position of each is its slot.
    live: Names<'s>,
    most: usize,
}

/// A state of a scope to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    known: usize,
    live: usize,
}

impl<'s> Scope<'s> {
    /// Holds `$` alone.
    pub(super) fn new() -> Self {
        let mut scope = Self {
            known: Names::default(),
            live: Names::default(),
            most: 0,
        };
        scope.know("$");
        scope.declare("$");
        scope
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            known: self.known.in_order.len(),
            live: self.live.in_order.len(),
        }
    }

    /// Forgets what was added after `mark`.
    pub(super) fn end(&mut self, mark: Mark) {
        self.known.truncate(mark.known);
        self.live.truncate(mark.live);
    }

    /// Takes the values away that were added after `mark`; their names may still be written.
    pub(super) fn start_else(&mut self, mark: Mark) {
        self.live.truncate(mark.live);
    }

    /// From here on the name may be written.
    pub(super) fn know(&mut self, name: &'s str) {
        self.known.push(name);
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.last(name).is_some()
    }

    /// The names that may be written, outermost first.
    pub(super) fn known(&self) -> &[&'s str] {
        &self.known.in_order
    }

    /// Gives a new variable its slot.
    pub(super) fn declare(&mut self, name: &'s str) -> u32 {
        let slot = self.live.push(name);
        self.most = self.most.max(self.live.in_order.len());
        narrow(slot)
    }

    /// The slot of the innermost variable of this name.
    pub(super) fn find(&self, name: &str) -> Slot {
        self.live.last(name).map(narrow)
    }

    /// How many slots were in use at once.
    pub(super) fn most(&self) -> u32 {
        narrow(self.most)
    }
}

/// A stack of names that finds one without a search, however many there are.
#[derive(Debug, Default)]
struct Names<'s> {
    in_order: Vec<&'s str>,
    /// Where each stands last, and the position that it hides for each that is hidden.
    positions: BTreeMap<&'s str, usize>,
    hidden: Vec<Option<usize>>,
}

impl<'s> Names<'s> {
    fn push(&mut self, name: &'s str) -> usize {
        let position = self.in_order.len();
        self.in_order.push(name);
        self.hidden.push(self.positions.insert(name, position));
        position
    }

    fn truncate(&mut self, length: usize) {
        while self.in_order.len() > length {
            let (name, hidden) = (self.in_order.pop(), self.hidden.pop());
            match (name, hidden.flatten()) {
                (Some(name), Some(position)) => _ = self.positions.insert(name, position),
                (Some(name), None) => _ = self.positions.remove(name),
                (None, _) => {}
            }
        }
    }

    fn last(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("a text below 4 GiB declares fewer variables")
}
