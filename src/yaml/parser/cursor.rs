//! Owns the position in the text: looking ahead, moving on, counting lines and columns.

use crate::source::{Place, Source};
use std::sync::Arc;

/// A position, all numbers counted from 0 and in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Mark {
    pub(super) index: u32,
    /// By YAML's line breaks, which decide on indentation.
    pub(super) line: u32,
    pub(super) column: u32,
    /// By line feeds, as editors and [`Source::line`] count.
    file_line: u32,
    file_column: u32,
}

impl Mark {
    /// The place for messages and origins.
    pub(in crate::yaml) fn place(self, source: &Arc<Source>) -> Place {
        Place::new(source, self.file_line + 1, self.file_column + 1)
    }

    /// One character further on the same line.
    pub(super) fn next(self) -> Self {
        self.plus(1)
    }

    fn plus(self, characters: u32) -> Self {
        Self {
            index: self.index + characters,
            column: self.column + characters,
            file_column: self.file_column + characters,
            ..self
        }
    }
}

/// A cursor over a text of less than 4 GiB.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    position: usize,
    mark: Mark,
}

impl<'a> Cursor<'a> {
    /// At the start, behind a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            position: if text.starts_with('\u{feff}') { 3 } else { 0 },
            mark: Mark::default(),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.position]
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        &self.text[start..end]
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    /// The byte here; 0 at the end, as the text holds no NUL.
    pub(super) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.position + ahead)
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.position >= self.text.len()
    }

    /// How many bytes the line break `ahead` of here has; 0 if there is none.
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match self.peek_at(ahead) {
            b'\r' if self.peek_at(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xc2 if self.peek_at(ahead + 1) == 0x85 => 2,
            0xe2 if self.peek_at(ahead + 1) == 0x80 && matches!(self.peek_at(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_break(&self) -> bool {
        self.break_length(0) > 0
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t')
    }

    /// Blank, line break or end.
    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        match self.peek_at(ahead) {
            b' ' | b'\t' | 0 => true,
            _ => self.break_length(ahead) > 0,
        }
    }

    pub(super) fn is_break_or_end(&self) -> bool {
        self.at_end() || self.is_break()
    }

    /// Moves over one character that is no line break.
    pub(super) fn skip(&mut self) {
        if let Some(character) = self.rest().chars().next() {
            self.position += character.len_utf8();
            self.mark = self.mark.plus(1);
        }
    }

    /// Moves over `bytes` bytes without a line break.
    pub(super) fn skip_bytes(&mut self, bytes: usize) {
        let run = &self.text.as_bytes()[self.position..self.position + bytes];
        // Every character has one byte that does not continue another.
        let characters = run.iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
        self.position += bytes;
        self.mark = self.mark.plus(u32::try_from(characters).unwrap_or(u32::MAX));
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip_bytes(1);
        }
    }

    /// Moves to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.run(|byte| matches!(byte, b'\n' | b'\r'));
    }

    /// Moves over the line break here, if any, and gives what it means: all but two are a line feed.
    pub(super) fn take_break(&mut self) -> &'static str {
        let length = self.break_length(0);
        if length == 0 {
            return "";
        }
        let meaning = match self.text[self.position..].chars().next() {
            Some('\u{2028}') => "\u{2028}",
            Some('\u{2029}') => "\u{2029}",
            _ => "\n",
        };
        let is_feed = self.text[self.position..self.position + length].ends_with('\n');
        self.position += length;
        let Mark { index, line, .. } = self.mark;
        self.mark = Mark {
            index: index + if length == 2 && is_feed { 2 } else { 1 },
            line: line + 1,
            column: 0,
            file_line: self.mark.file_line + u32::from(is_feed),
            file_column: if is_feed { 0 } else { self.mark.file_column + 1 },
        };
        meaning
    }

    /// Counts the end of the text as the end of its last line, so that no key can still get its colon.
    pub(super) fn end_last_line(&mut self) {
        if self.mark.column > 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    /// Moves on up to a byte that `stop` names or a line break; `stop` must name ASCII only, and CR and LF.
    pub(super) fn run(&mut self, stop: impl Fn(u8) -> bool) {
        let bytes = self.text.as_bytes();
        let mut end = self.position;
        while let Some(byte) = bytes.get(end) {
            if stop(*byte) {
                break;
            }
            // The first bytes of the line breaks beyond ASCII.
            if matches!(byte, 0xc2 | 0xe2) && self.break_length(end - self.position) > 0 {
                break;
            }
            end += 1;
        }
        self.skip_bytes(end - self.position);
    }

    /// Whether a line starts here with `---` or `...`.
    pub(super) fn is_document_mark(&self) -> bool {
        self.mark.column == 0
            && (self.rest().starts_with("---") || self.rest().starts_with("..."))
            && self.is_blank_or_end(3)
    }
}
