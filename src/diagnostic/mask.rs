//! Owns the masking of one source line before it is shown.
//!
//! It knows no schema: it hides by the name of the key, by the lines around and by the look of the text, so that
//! it also serves where YAML could not be read. When in doubt it hides.

mod keys;
mod nesting;
mod pairs;
mod tokens;

use crate::source::Source;
use nesting::Nesting;
use std::ops::Range;

const HIDDEN: &str = "<hidden>";

/// Lines are hidden from here on: values files may hold lines of megabytes.
const LONGEST: usize = 1 << 12;

/// A line with what may be a credential replaced by `<hidden>`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Masked {
    /// What may be shown.
    pub(super) text: String,
    /// What was hidden, in characters of the original line: sorted, apart from each other.
    hidden: Vec<Range<usize>>,
}

impl Masked {
    /// Where the character at `column` of the original line (counted from 1) stands in the text.
    pub(super) fn column(&self, column: usize) -> usize {
        let index = column.saturating_sub(1);
        let mut shown = 0;
        let mut reached = 0;
        for range in self.hidden.iter().take_while(|range| range.start <= index) {
            shown += range.start - reached;
            if index < range.end {
                return shown + 1;
            }
            shown += HIDDEN.len();
            reached = range.end;
        }
        shown + (index - reached) + 1
    }
}

/// Whether values of `key` are hidden, whatever they look like.
pub(crate) fn is_secret_name(key: &str) -> bool {
    keys::is_secret(key)
}

/// Line `number` (counted from 1) of `source` as it may be shown.
pub(super) fn line(source: &Source, number: u32) -> Option<Masked> {
    let nesting = Nesting::of(&source.text, number)?;
    let line = source.line(number)?;
    let characters: Vec<char> = line.chars().take(LONGEST + 1).collect();
    let mut hidden = Vec::new();
    if nesting.in_secret_text() {
        let indent = characters
            .iter()
            .take_while(|character| character.is_whitespace())
            .count();
        hidden.push(indent..characters.len());
    } else {
        let pairs = pairs::of(&characters);
        for pair in &pairs {
            let key: String = characters[pair.key.clone()].iter().collect();
            let value: String = characters[pair.value.clone()].iter().collect();
            let secret = keys::is_secret(&key) || nesting.makes_secret(&key);
            if secret && !keys::is_harmless(&value) {
                hidden.push(pair.value.clone());
            }
        }
        hidden.extend(tokens::of(&characters, &pairs));
    }
    if characters.len() > LONGEST {
        hidden.push(LONGEST..line.chars().count());
    }
    Some(apply(line, merged(hidden)))
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn apply(line: &str, hidden: Vec<Range<usize>>) -> Masked {
    let mut text = String::new();
    let mut ranges = hidden.iter().peekable();
    for (index, character) in line.chars().enumerate() {
        while ranges.peek().is_some_and(|range| range.end <= index) {
            ranges.next();
        }
        match ranges.peek() {
            Some(range) if range.start == index => text.push_str(HIDDEN),
            Some(range) if range.contains(&index) => {}
            _ => text.push(character),
        }
    }
    Masked { text, hidden }
}

#[cfg(test)]
mod tests;
