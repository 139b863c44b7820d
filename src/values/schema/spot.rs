//! Owns finding the value that a violation speaks of: its path in words, its place, the value itself.
//!
//! It knows nothing of schemas.

use crate::source::Place;
use crate::yaml::{Map, Slot, Value};

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A value inside the values of a chart.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The way to it.
    pub(super) steps: Vec<Step>,
    /// The value; null if there is none.
    pub(super) value: Value,
    /// What set it, or else the nearest map or list around it.
    pub(super) place: Option<Place>,
}

impl Spot {
    /// The value that `pointer`, a JSON pointer, leads to.
    pub(super) fn find(values: &Map, pointer: &str) -> Self {
        let mut spot = Self {
            steps: Vec::new(),
            value: Value::Map(values.clone()),
            place: None,
        };
        for segment in pointer.split('/').skip(1) {
            spot = spot.step(&segment.replace("~1", "/").replace("~0", "~"));
        }
        spot
    }

    /// The value at the end of `steps`.
    pub(super) fn of(values: &Map, steps: &[Step]) -> Self {
        steps
            .iter()
            .fold(Self::find(values, ""), |spot, step| match step {
                Step::Key(key) => spot.step(key),
                Step::Index(index) => spot.step(&index.to_string()),
            })
    }

    /// The value below it at the dotted `path`, if it is there.
    pub(super) fn inside(&self, path: &str) -> Option<Self> {
        path.split('.').try_fold(self.clone(), |spot, key| {
            let there = spot.value.as_map()?.read().contains_key(key);
            there.then(|| spot.step(key))
        })
    }

    /// The part of it that `segment`, a key or an index, names.
    pub(super) fn step(&self, segment: &str) -> Self {
        let (step, slot) = match (&self.value, segment.parse::<usize>()) {
            (Value::List(list), Ok(index)) => (Step::Index(index), list.read().get(index).cloned()),
            (Value::Map(map), _) => (Step::Key(segment.to_owned()), map.read().get(segment).cloned()),
            _ => (Step::Key(segment.to_owned()), None),
        };
        let Slot { value, origin } = slot.unwrap_or_default();
        Self {
            steps: self.steps.iter().cloned().chain([step]).collect(),
            value,
            place: origin.or_else(|| self.place.clone()),
        }
    }

    /// The path as users write it, below the subcharts `parents`: `dagger.env[0].name`.
    pub(super) fn path(&self, parents: &[&str]) -> String {
        let mut path = parents.join(".");
        for step in &self.steps {
            match step {
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Key(key) if path.is_empty() => path.push_str(&quoted(key)),
                Step::Key(key) => path.extend([".", &quoted(key)]),
            }
        }
        path
    }

    /// The last key on the way to it.
    pub(super) fn key(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// How many characters of the source line to underline: the key where there is a line to show.
    pub(super) fn width(&self) -> u32 {
        match self.steps.last() {
            Some(Step::Key(key)) => u32::try_from(key.chars().count()).unwrap_or(1),
            _ => 1,
        }
    }
}

/// A key as a part of a dotted path; one that holds a dot or a blank stands in quotes.
fn quoted(key: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '/');
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}
