//! Owns the grammar `a.b[0]=x,c={1,2}`, applied to the values as it is read.
//!
//! It follows Helm's `strvals` package step by step, odd corners included, so that a command line means the
//! same here as there. What is said about faulty text is in `fault`.

use super::cursor::Cursor;
use super::fault::{Step, Stop};
use super::{Flag, MAX_ITEMS, Reading, json, typed};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml::{List, Map, Slot, Value};

/// Helm's limit of dots in one key (`MaxNestedNameLevel`).
const MAX_NESTED_NAME_LEVEL: usize = 30;

/// Helm's limit of an index (`MaxIndex`).
const MAX_INDEX: usize = 65_536;

/// How many `[…]` one key may have. Helm has no such limit, but values are walked recursively and must not
/// be deeper than the stack.
const MAX_NESTED_INDEXES: usize = 100;

/// Reads one flag.
pub(super) struct Parser<'a, 'b> {
    pub(super) flag: &'a Flag<'a>,
    pub(super) cursor: Cursor<'a>,
    /// Where the assignment that is being read starts.
    pub(super) assignment: usize,
    budget: &'b mut usize,
    /// How many indexes the key that is being read has.
    indexes: usize,
    /// Where the value that was set last came from.
    origin: Option<Place>,
    /// What [`Reading::Paths`] collects.
    paths: Vec<String>,
}

impl<'a, 'b> Parser<'a, 'b> {
    pub(super) fn new(flag: &'a Flag<'a>, budget: &'b mut usize) -> Self {
        let literal = matches!(flag.reading, Reading::Literal);
        Self {
            flag,
            cursor: Cursor::new(flag.text, !literal),
            assignment: 0,
            budget,
            indexes: 0,
            origin: None,
            paths: Vec::new(),
        }
    }

    /// Applies every assignment to `values`; stops at the first fault.
    pub(super) fn parse(&mut self, values: &Map) -> Result<(), Diagnostic> {
        loop {
            self.assignment = self.cursor.offset();
            self.indexes = 0;
            match self.key(values, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Fault(diagnostic)) => return Err(*diagnostic),
            }
        }
    }

    /// The paths that the flag names up to its first fault, if it has one.
    pub(super) fn paths(mut self) -> Vec<String> {
        match self.parse(&Map::new()) {
            Ok(()) | Err(_) => self.paths,
        }
    }

    /// Reads one key, or the rest of one, and sets its value in `map`.
    fn key(&mut self, map: &Map, level: usize) -> Step {
        let stops: &[char] = match self.flag.reading {
            Reading::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let start = self.cursor.offset();
        let (key, stop) = self.cursor.until(stops);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            Some('=') => self.assigned(map, &key),
            Some('.') => self.nested(map, &key, level + 1, start),
            Some('[') => self.indexed(map, &key, level, start),
            None | Some(_) => Err(self.without_value(start, stop)),
        }
    }

    /// `key=`: a value follows.
    fn assigned(&mut self, map: &Map, key: &str) -> Step {
        let (value, ended) = self.value()?;
        self.origin = Some(self.place());
        // Helm ignores an empty key.
        if !key.is_empty() {
            let origin = self.origin.clone();
            map.write().insert(key.into(), Slot { value, origin });
        }
        if ended { Err(Stop::End) } else { Ok(()) }
    }

    /// `key.`: a map, found or made.
    fn nested(&mut self, map: &Map, key: &str, level: usize, start: usize) -> Step {
        if level > MAX_NESTED_NAME_LEVEL {
            let message = format!("a key nests deeper than {MAX_NESTED_NAME_LEVEL} levels");
            return Err(self.fault(start, &message, None));
        }
        let end = self.cursor.offset() - 1;
        let slot = map.read().get(key).cloned();
        let inner = match slot {
            None => Map::new(),
            Some(slot) => match &slot.value {
                Value::Map(inner) => inner.clone(),
                _ => return Err(self.conflict(&slot, "a map", (start, end))),
            },
        };
        let step = self.key(&inner, level);
        if step.is_ok() && inner.is_empty() {
            return Err(self.fault(start, "nothing is set behind a dot", None));
        }
        if !inner.is_empty() {
            self.put_back(map, key, Value::Map(inner));
        }
        step
    }

    /// `key[`: a list, found or made.
    fn indexed(&mut self, map: &Map, key: &str, level: usize, start: usize) -> Step {
        let end = self.cursor.offset() - 1;
        let index = self.index()?;
        let slot = map.read().get(key).cloned();
        let list = match slot {
            None => List::new(),
            Some(slot) => match &slot.value {
                Value::List(list) => list.clone(),
                _ => return Err(self.conflict(&slot, "a list", (start, end))),
            },
        };
        let step = self.item(&list, index, level);
        self.put_back(map, key, Value::List(list));
        step
    }

    /// What follows `[index]`: a value, a key inside the item, or another index.
    fn item(&mut self, list: &List, (index, at): (usize, usize), level: usize) -> Step {
        let start = self.cursor.offset();
        let (rest, stop) = self.cursor.until(&['[', '.', '=']);
        if !rest.is_empty() {
            return Err(self.fault(start, "`.`, `[` or `=` must follow an index", None));
        }
        let mut slot = list.read().get(index).cloned().unwrap_or_default();
        match stop {
            None => return Err(Stop::End),
            Some('=') => {
                // Helm goes on here even where the text ended, and finds the end with the next key.
                slot.value = self.value()?.0;
                self.origin = Some(self.place());
                slot.origin.clone_from(&self.origin);
            }
            Some('[') => {
                let next = self.index()?;
                let inner = match &slot.value {
                    Value::Null => List::new(),
                    Value::List(inner) => inner.clone(),
                    _ => return Err(self.conflict(&slot, "a list", (start, start))),
                };
                self.item(&inner, next, level)?;
                slot.value = Value::List(inner);
            }
            Some(_) => {
                let inner = map_at(list, index);
                self.key(&inner, level)?;
                slot.value = Value::Map(inner);
            }
        }
        self.set_index(list, (index, at), slot)
    }

    /// Reads `index]`; gives the index and where it starts.
    fn index(&mut self) -> Result<(usize, usize), Stop> {
        let start = self.cursor.offset();
        self.indexes += 1;
        if self.indexes > MAX_NESTED_INDEXES {
            let message = format!("a key has more than {MAX_NESTED_INDEXES} indexes");
            return Err(self.fault(start, &message, None));
        }
        let (text, stop) = self.cursor.until(&[']']);
        if stop.is_none() {
            return Err(self.fault(start, "an index does not end with `]`", None));
        }
        // Go reads a sign too, and Helm refuses a negative index only later.
        match text.parse::<i64>().map(usize::try_from) {
            Ok(Ok(index)) => Ok((index, start)),
            _ => Err(self.bad_index(start)),
        }
    }

    fn bad_index(&self, start: usize) -> Stop {
        let message = format!("an index must be a whole number from 0 to {MAX_INDEX}");
        self.fault(start, &message, None)
    }

    /// Reads the value behind `=`; true if the text ended where a value should begin.
    fn value(&mut self) -> Result<(Value, bool), Stop> {
        match self.flag.reading {
            Reading::Json => return Ok((self.json()?, false)),
            Reading::Literal => return Ok((self.cursor.rest().into(), false)),
            _ if self.cursor.at_end() => return Ok(("".into(), true)),
            _ => {}
        }
        if self.cursor.take_if('{') {
            return Ok((self.braces()?, false));
        }
        let start = self.cursor.offset();
        let (text, stop) = self.cursor.until(&[',']);
        self.cursor.hide(start, stop);
        Ok((self.read(text, start)?, false))
    }

    /// `{a,b}`, behind its opening brace. `{}` is a list of one empty text, as in Helm.
    fn braces(&mut self) -> Result<Value, Stop> {
        let open = self.cursor.offset();
        let origin = Some(self.place());
        let mut items = Vec::new();
        loop {
            let start = self.cursor.offset();
            let (text, stop) = self.cursor.until(&[',', '}']);
            self.cursor.hide(start, stop);
            if stop.is_none() {
                return Err(self.fault(open, "a list does not end with `}`", None));
            }
            let value = self.read(text, start)?;
            let origin = origin.clone();
            items.push(Slot { value, origin });
            if stop == Some('}') {
                self.cursor.take_if(',');
                return Ok(Value::List(items.into()));
            }
        }
    }

    fn json(&mut self) -> Result<Value, Stop> {
        if self.cursor.skip_blank() {
            return Ok(Value::Null);
        }
        let start = self.cursor.offset();
        let parsed = json::prefix(self.cursor.remaining(), &self.place());
        match parsed {
            Ok((value, length)) => {
                self.cursor.advance(length);
                self.cursor.hide(start, None);
                self.cursor.skip_blank();
                Ok(value)
            }
            Err(reason) => {
                let message = format!("a value is not JSON: {reason}");
                Err(self.fault(start, &message, Some("text needs double quotes: `key=\"text\"`")))
            }
        }
    }

    /// The value that `text` stands for.
    fn read(&mut self, text: String, start: usize) -> Result<Value, Stop> {
        match self.flag.reading {
            Reading::Typed => Ok(typed::value(text)),
            Reading::Paths => {
                self.paths.push(text);
                Ok(Value::Null)
            }
            Reading::Files(files) => match files.iter().find(|(path, _)| *path == text) {
                Some((_, content)) => Ok(content.as_str().into()),
                None => Err(self.fault(start, "a file is not there", None)),
            },
            Reading::Text | Reading::Json | Reading::Literal => Ok(text.into()),
        }
    }

    /// Puts a container under `key`; one that was there keeps its origin.
    fn put_back(&mut self, map: &Map, key: &str, value: Value) {
        // Helm ignores an empty key.
        if key.is_empty() {
            return;
        }
        let mut entries = map.write();
        let slot = entries.entry(key.into()).or_default();
        slot.value = value;
        if slot.origin.is_none() {
            slot.origin.clone_from(&self.origin);
        }
    }

    fn set_index(&mut self, list: &List, (index, at): (usize, usize), slot: Slot) -> Step {
        // Helm comes here only when a value is set, so `a[70000]` alone is fine.
        if index > MAX_INDEX {
            return Err(self.bad_index(at));
        }
        let missing = (index + 1).saturating_sub(list.len());
        let Some(left) = self.budget.checked_sub(missing) else {
            let message = format!("the flags add more than {MAX_ITEMS} list items");
            return Err(self.fault(at, &message, None));
        };
        *self.budget = left;
        let mut items = list.write();
        if missing > 0 {
            items.resize_with(index + 1, Slot::default);
        }
        let origin = slot.origin.or_else(|| self.origin.clone());
        let value = slot.value;
        items[index] = Slot { value, origin };
        Ok(())
    }

    /// What values of the assignment that is being read have as their origin: the flag and the key, never
    /// the value.
    fn place(&self) -> Place {
        let key = self.cursor.key_from(self.assignment);
        Place::whole(&Source::sensitive(format!("{} {key}", self.flag.name), ""))
    }
}

/// The map at `index`, made if the item is anything else, as Helm does for indexes out of order.
fn map_at(list: &List, index: usize) -> Map {
    let mut items = list.write();
    let Some(slot) = items.get_mut(index) else {
        return Map::new();
    };
    if let Value::Map(inner) = &slot.value {
        return inner.clone();
    }
    let inner = Map::new();
    slot.value = Value::Map(inner.clone());
    inner
}
