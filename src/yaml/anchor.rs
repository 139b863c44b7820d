//! Owns anchors of one document: what an alias stands for, and how much copying is too much.

use super::value::Value;
use crate::suggest;
use std::collections::BTreeMap;

/// Below this many steps, 99 of 100 may come from aliases.
const FEW_STEPS: u64 = 400_000;
/// From this many steps on, 10 of 100 may.
const MANY_STEPS: u64 = 4_000_000;

/// The anchors of a document, and the count of decoding steps by which Helm's parser recognises alias bombs.
#[derive(Default)]
pub(super) struct Anchors {
    names: BTreeMap<String, usize>,
    nodes: Vec<Anchor>,
    steps: u64,
    alias_steps: u64,
}

struct Anchor {
    /// None while the node is open: an alias to it would contain itself.
    value: Option<Value>,
    /// Steps before the node while it is open, the steps that it took once it is complete.
    steps: u64,
    /// How many levels of lists and maps it has.
    height: usize,
}

/// What an alias's name stands for.
pub(super) enum Known {
    /// A copy that shares no node with the anchor's, and its height.
    Value(Value, usize),
    Open,
    /// With the nearest name there is.
    Unknown(Option<String>),
    Excessive,
}

impl Anchors {
    /// Forgets everything; anchors end with their document.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Counts one node.
    pub(super) fn step(&mut self) {
        self.steps += 1;
    }

    /// Nodes so far, copies included.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// An anchor on a scalar.
    pub(super) fn define(&mut self, name: &str, value: Value) {
        self.names.insert(name.to_owned(), self.nodes.len());
        self.nodes.push(Anchor {
            value: Some(value),
            steps: 1,
            height: 0,
        });
    }

    /// An anchor on a list or map that begins.
    pub(super) fn open(&mut self, name: &str) -> usize {
        let index = self.nodes.len();
        self.names.insert(name.to_owned(), index);
        self.nodes.push(Anchor {
            value: None,
            steps: self.steps - 1,
            height: 0,
        });
        index
    }

    /// The list or map is complete. The copy that is kept is the anchor's own: merging may empty the node.
    pub(super) fn close(&mut self, index: usize, value: &Value, height: usize) {
        let anchor = &mut self.nodes[index];
        anchor.value = Some(value.deep_copy());
        anchor.steps = self.steps - anchor.steps;
        anchor.height = height;
    }

    /// What `name` stands for; counts the steps that its copy takes.
    pub(super) fn find(&mut self, name: &str) -> Known {
        let Some(index) = self.names.get(name) else {
            let nearest = suggest::nearest(name, self.names.keys().map(String::as_str));
            return Known::Unknown(nearest.map(str::to_owned));
        };
        let anchor = &self.nodes[*index];
        let Some(value) = &anchor.value else {
            return Known::Open;
        };
        let height = anchor.height;
        self.steps = self.steps.saturating_add(anchor.steps);
        self.alias_steps = self.alias_steps.saturating_add(anchor.steps);
        if self.is_excessive() {
            return Known::Excessive;
        }
        Known::Value(value.deep_copy(), height)
    }

    /// Helm's rule. The share grows with every step of a copy, so its end is the only point to look at.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no digits")]
    fn is_excessive(&self) -> bool {
        let allowed = if self.steps <= FEW_STEPS {
            0.99
        } else if self.steps >= MANY_STEPS {
            0.10
        } else {
            0.99 - 0.89 * ((self.steps - FEW_STEPS) as f64 / (MANY_STEPS - FEW_STEPS) as f64)
        };
        self.alias_steps > 100 && self.steps > 1000 && self.alias_steps as f64 / self.steps as f64 > allowed
    }
}
