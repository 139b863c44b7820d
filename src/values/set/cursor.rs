//! Owns the reading position in a flag's text and what of that text may be shown.
//!
//! It knows the escape character and nothing else of the grammar.

use crate::source::{Place, Source};

/// What stands for a value in a shown flag.
const HIDDEN: &str = "…";

/// A position in a flag's text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    /// Whether `\` takes the meaning from the next character.
    escapes: bool,
    /// Spans of values, which are never shown.
    hidden: Vec<(usize, usize)>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, escapes: bool) -> Self {
        Self {
            text,
            offset: 0,
            escapes,
            hidden: Vec::new(),
        }
    }

    /// How many bytes are read.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn at_end(&self) -> bool {
        self.offset == self.text.len()
    }

    /// What is not read yet.
    pub(super) fn remaining(&self) -> &'a str {
        &self.text[self.offset..]
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.offset += bytes;
    }

    /// Reads up to one of `stops` and past it; None if the text ends first.
    pub(super) fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut read = String::new();
        while let Some(character) = self.next() {
            if stops.contains(&character) {
                return (read, Some(character));
            }
            if character != '\\' || !self.escapes {
                read.push(character);
            } else if let Some(escaped) = self.next() {
                read.push(escaped);
            }
        }
        (read, None)
    }

    /// Everything that is left, read and hidden.
    pub(super) fn rest(&mut self) -> &'a str {
        let rest = self.remaining();
        let start = self.offset;
        self.offset = self.text.len();
        self.hide(start, None);
        rest
    }

    /// Reads the next character if it is `wanted`.
    pub(super) fn take_if(&mut self, wanted: char) -> bool {
        let found = self.remaining().starts_with(wanted);
        if found {
            self.offset += wanted.len_utf8();
        }
        found
    }

    /// Reads white space and the comma behind it; true if a comma or the end was met.
    pub(super) fn skip_blank(&mut self) -> bool {
        while let Some(character) = self.remaining().chars().next() {
            if character != ',' && !character.is_whitespace() {
                return false;
            }
            self.offset += character.len_utf8();
            if character == ',' {
                return true;
            }
        }
        true
    }

    /// Marks what was read since `start`, without the stop that ended it, as a value.
    pub(super) fn hide(&mut self, start: usize, stop: Option<char>) {
        let end = self.offset - stop.map_or(0, char::len_utf8);
        self.hidden.push((start, end));
    }

    /// Whether a value stands before the current position.
    pub(super) fn has_hidden(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// What was read from `start` to `end`, as the user wrote it.
    pub(super) fn written(&self, start: usize, end: usize) -> &'a str {
        &self.text[start..end]
    }

    /// The key of the assignment that starts at `start`, as the user wrote it.
    pub(super) fn key_from(&self, start: usize) -> &'a str {
        let read = &self.text[start..];
        let mut escaped = false;
        let end = read.find(|character| {
            let found = character == '=' && !escaped;
            escaped = character == '\\' && !escaped && self.escapes;
            found
        });
        &read[..end.unwrap_or(read.len())]
    }

    /// The place of `offset` in a source named `name` that holds the text without its values.
    pub(super) fn place(&self, name: &str, offset: usize) -> Place {
        let mut shown = String::new();
        let mut found = None;
        let mut from = 0;
        let unread = (self.offset, self.text.len());
        for &(start, end) in self.hidden.iter().chain([&unread]) {
            if found.is_none() && offset < start {
                found = Some(shown.len() + offset - from);
            }
            shown.push_str(&self.text[from..start]);
            if found.is_none() && offset < end {
                found = Some(shown.len());
            }
            if start < end {
                shown.push_str(HIDDEN);
            }
            from = end;
        }
        let found = found.unwrap_or(shown.len());
        Source::sensitive(name, shown).place_at(found)
    }

    fn next(&mut self) -> Option<char> {
        let character = self.remaining().chars().next()?;
        self.offset += character.len_utf8();
        Some(character)
    }
}
