//! Owns texts that a user wrote (files and flags), places in them, and maps from what was made of them back to
//! them.
//!
//! It does not read files and does not print: loaders make sources, `diagnostic` shows them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One text that a user wrote: a file, standard input or the text of a flag.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// What a message calls it: a path as the user gave it, `<stdin>`, or `--set image.tag`.
    pub name: String,
    /// The text, as decoded.
    pub text: String,
    /// Whether lines of it may hold credentials and are masked before they are shown.
    pub sensitive: bool,
}

impl Source {
    /// A text without credentials: a template, a schema, chart metadata.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            sensitive: false,
        })
    }

    /// A text that may hold credentials: values files and `--set` flags.
    pub fn sensitive(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            sensitive: true,
        })
    }

    /// Line `number` (counted from 1) without its line break.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let line = self.text.split('\n').nth(index)?;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// The byte offset of a line and column; None if there is no such line. Past the line's end it is that end.
    pub fn offset_at(&self, line: u32, column: u32) -> Option<usize> {
        let before = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = match before.checked_sub(1) {
            None => 0,
            Some(breaks) => self.text.match_indices('\n').nth(breaks)?.0 + 1,
        };
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        let inside = line
            .char_indices()
            .nth(column)
            .map_or(line.len(), |(offset, _)| offset);
        Some(start + inside)
    }

    /// The place of the character at byte `offset`; past the end it is the end.
    pub fn place_at(self: &Arc<Self>, offset: usize) -> Place {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Place::new(self, narrow(line), narrow(column))
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A line and column in a source, both counted from 1, columns in characters.
///
/// A line of 0 means the source as a whole (a flag, an empty file).
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The text it lies in.
    pub source: Arc<Source>,
    /// Counted from 1; 0 is the source as a whole.
    pub line: u32,
    /// Counted from 1, in characters.
    pub column: u32,
}

impl Place {
    /// A line and column of `source`.
    pub fn new(source: &Arc<Source>, line: u32, column: u32) -> Self {
        Self {
            source: Arc::clone(source),
            line,
            column,
        }
    }

    /// The source as a whole.
    pub fn whole(source: &Arc<Source>) -> Self {
        Self::new(source, 0, 0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            out.write_str(&self.source.name)
        } else {
            write!(out, "{}:{}:{}", self.source.name, self.line, self.column)
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Which part of which source each part of a text was made from.
#[derive(Clone, Debug, Default)]
pub struct TextMap {
    parts: Vec<Part>,
    sources: Vec<Arc<Source>>,
}

/// Texts have many parts, so these are small.
#[derive(Clone, Debug)]
struct Part {
    /// The offset in the text behind it.
    end: u32,
    /// Which of the sources it was made from.
    source: u32,
    bytes: Range<u32>,
}

impl TextMap {
    /// Notes that the text between the part before and `end` was made from `bytes` of `source`.
    pub fn push(&mut self, end: usize, source: &Arc<Source>, bytes: Range<u32>) {
        let is_last = |last: &Arc<Source>| Arc::ptr_eq(last, source);
        if !self.sources.last().is_some_and(is_last) {
            self.sources.push(Arc::clone(source));
        }
        let (end, source) = (narrow(end), narrow(self.sources.len() - 1));
        self.parts.push(Part { end, source, bytes });
    }

    /// Forgets all parts.
    pub fn clear(&mut self) {
        self.parts.clear();
        self.sources.clear();
    }

    /// Moves along with the text from which `length` bytes at each of the `offsets`, in order, are cut out.
    pub fn cut(&mut self, offsets: &[usize], length: usize) {
        let mut passed = 0;
        for part in &mut self.parts {
            while offsets
                .get(passed)
                .is_some_and(|offset| *offset < part.end as usize)
            {
                passed += 1;
            }
            part.end = part.end.saturating_sub(narrow(passed * length));
        }
    }

    /// The place that the text at `offset` was made from, and how many characters of its line made it. Text that
    /// was copied has its own place; what an expression printed has that of the expression.
    pub fn place(&self, offset: usize) -> Option<(Place, u32)> {
        let index = self.parts.partition_point(|part| part.end as usize <= offset);
        let part = self.parts.get(index)?;
        let source = self.sources.get(part.source as usize)?;
        let start = index.checked_sub(1).map_or(0, |before| self.parts[before].end) as usize;
        let bytes = part.bytes.start as usize..part.bytes.end as usize;
        let is_copy = bytes.len() == part.end as usize - start;
        let first = if is_copy {
            bytes.start + offset - start
        } else {
            bytes.start
        };
        let written = source.text.get(first..bytes.end).unwrap_or_default();
        let line = written.lines().next().unwrap_or_default();
        Some((source.place_at(first), narrow(line.chars().count())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let source = Source::new("a.yaml", "é: 1\nbb: 2\n");
        assert_eq!(source.place_at(0).to_string(), "a.yaml:1:1");
        assert_eq!(source.place_at(3).to_string(), "a.yaml:1:3");
        assert_eq!(source.place_at(10).to_string(), "a.yaml:2:5");
        assert_eq!(source.line(2), Some("bb: 2"));
        assert_eq!(source.line(0), None);
        assert_eq!(source.offset_at(1, 3), Some(3));
        assert_eq!(source.offset_at(2, 5), Some(10));
        assert_eq!(source.offset_at(4, 1), None);
    }
    #[test]
    fn made_text_is_led_back_to_what_made_it() {
        let source = Source::new("t.yaml", "a: {{ .x }}\nb: 1\n");
        let mut map = TextMap::default();
        map.push(3, &source, 0..3);
        map.push(20, &source, 6..8);
        map.push(26, &source, 11..17);
        let found = |offset| {
            map.place(offset)
                .map(|(place, length)| format!("{place} {length}"))
        };
        assert_eq!(found(2).as_deref(), Some("t.yaml:1:3 1"));
        assert_eq!(found(3).as_deref(), Some("t.yaml:1:7 2"));
        assert_eq!(found(19).as_deref(), Some("t.yaml:1:7 2"));
        assert_eq!(found(21).as_deref(), Some("t.yaml:2:1 4"));
        assert_eq!(found(26), None);
    }
}
