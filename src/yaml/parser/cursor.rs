//! Owns the position in the text: looking ahead, moving on, counting lines and columns.

use crate::source::{Place, Source};
use std::sync::Arc;

/// A position, all numbers counted from 0 and in characters.
///
/// Columns are counted when someone asks: moving on within a line then costs one addition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Mark {
    pub(super) index: u32,
    /// By YAML's line breaks, which decide on indentation.
    pub(super) line: u32,
    /// The index of that line's first character.
    line_start: u32,
    /// By line feeds, as editors and [`Source::line`] count.
    file_line: u32,
    file_line_start: u32,
}

impl Mark {
    /// The place for messages and origins.
    pub(in crate::yaml) fn place(self, source: &Arc<Source>) -> Place {
        Place::new(source, self.file_line + 1, self.index - self.file_line_start + 1)
    }

    /// One character further on the same line.
    pub(super) fn next(self) -> Self {
        Self {
            index: self.index + 1,
            ..self
        }
    }

    /// In the line by YAML's line breaks.
    #[inline]
    pub(super) fn column(self) -> u32 {
        self.index - self.line_start
    }
}

/// Bytes at which a scan stops, as bits of [`STOPS`]; bytes beyond ASCII have all of them.
#[derive(Clone, Copy)]
pub(super) struct Stop(u8);

impl Stop {
    /// The end of a line.
    pub(super) const LINE: Self = Self(1);
    /// What may end a plain scalar.
    pub(super) const PLAIN: Self = Self(2);
    /// The same within brackets.
    pub(super) const FLOW: Self = Self(4);
    /// What counts between single quotes.
    pub(super) const SINGLE: Self = Self(8);
    /// What counts between double quotes.
    pub(super) const DOUBLE: Self = Self(16);
}

static STOPS: [u8; 256] = stops();

const fn stops() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0x80;
    while byte < table.len() {
        table[byte] = 0xff;
        byte += 1;
    }
    set(&mut table, b"\n\r", 0xff);
    let words = Stop::PLAIN.0 | Stop::FLOW.0 | Stop::SINGLE.0 | Stop::DOUBLE.0;
    set(&mut table, b" \t", words);
    set(&mut table, b":", Stop::PLAIN.0 | Stop::FLOW.0);
    set(&mut table, b",?[]{}", Stop::FLOW.0);
    set(&mut table, b"'", Stop::SINGLE.0);
    set(&mut table, b"\"\\", Stop::DOUBLE.0);
    table
}

const fn set(table: &mut [u8; 256], bytes: &[u8], bits: u8) {
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] |= bits;
        index += 1;
    }
}

/// A cursor over a text of less than 4 GiB.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    position: usize,
    /// How many bytes up to here start no character: the index is the position less these.
    wide: usize,
    line: u32,
    line_start: u32,
    file_line: u32,
    file_line_start: u32,
}

impl<'a> Cursor<'a> {
    /// At the start, behind a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            position: start,
            wide: start,
            line: 0,
            line_start: 0,
            file_line: 0,
            file_line_start: 0,
        }
    }

    #[inline]
    pub(super) fn mark(&self) -> Mark {
        Mark {
            index: self.index(),
            line: self.line,
            line_start: self.line_start,
            file_line: self.file_line,
            file_line_start: self.file_line_start,
        }
    }

    #[inline]
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    #[inline]
    pub(super) fn index(&self) -> u32 {
        u32::try_from(self.position - self.wide).unwrap_or(u32::MAX)
    }

    #[inline]
    pub(super) fn column(&self) -> u32 {
        self.index() - self.line_start
    }

    #[inline]
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
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    #[inline]
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
    #[inline]
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match self.peek_at(ahead) {
            b'\n' => 1,
            b'\r' | 0xc2 | 0xe2 => self.rare_break_length(ahead),
            _ => 0,
        }
    }

    fn rare_break_length(&self, ahead: usize) -> usize {
        match self.peek_at(ahead) {
            b'\r' if self.peek_at(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xc2 if self.peek_at(ahead + 1) == 0x85 => 2,
            0xe2 if self.peek_at(ahead + 1) == 0x80 && matches!(self.peek_at(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    #[inline]
    pub(super) fn is_break(&self) -> bool {
        self.break_length(0) > 0
    }

    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t')
    }

    /// Blank, line break or end.
    #[inline]
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
            self.wide += character.len_utf8() - 1;
        }
    }

    /// Moves over `bytes` ASCII characters, none of them a line break.
    #[inline]
    pub(super) fn skip_ascii(&mut self, bytes: usize) {
        self.position += bytes;
    }

    #[inline]
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip_ascii(1);
        }
    }

    /// Moves over spaces, but not beyond `column`.
    #[inline]
    pub(super) fn skip_indentation(&mut self, column: u32) {
        while self.column() < column && self.peek() == b' ' {
            self.skip_ascii(1);
        }
    }

    /// Moves to the end of the line.
    pub(super) fn skip_line(&mut self) {
        // Lines are long: what is neither control nor beyond ASCII goes by sixteen bytes at a time.
        let (chunks, _) = self.text.as_bytes()[self.position..].as_chunks::<16>();
        let ordinary = |chunk: &[u8; 16]| {
            chunk
                .iter()
                .fold(true, |all, byte| all & byte.wrapping_sub(b' ').lt(&0x60))
        };
        self.position += 16 * chunks.iter().take_while(|chunk| ordinary(chunk)).count();
        self.run(Stop::LINE);
    }

    /// Moves over the line break here, if any, and gives what it means: all but two are a line feed.
    #[inline]
    pub(super) fn take_break(&mut self) -> &'static str {
        if self.peek() != b'\n' {
            return self.take_rare_break();
        }
        self.position += 1;
        self.start_line(true);
        "\n"
    }

    fn take_rare_break(&mut self) -> &'static str {
        let length = self.break_length(0);
        if length == 0 {
            return "";
        }
        let line_break = &self.text[self.position..self.position + length];
        self.position += length;
        self.wide += length - line_break.chars().count();
        self.start_line(line_break.ends_with('\n'));
        match line_break {
            "\u{2028}" => "\u{2028}",
            "\u{2029}" => "\u{2029}",
            _ => "\n",
        }
    }

    #[inline]
    fn start_line(&mut self, is_feed: bool) {
        self.line += 1;
        self.line_start = self.index();
        if is_feed {
            self.file_line += 1;
            self.file_line_start = self.line_start;
        }
    }

    /// Counts the end of the text as the end of its last line, so that no key can still get its colon.
    pub(super) fn end_last_line(&mut self) {
        if self.column() > 0 {
            self.line_start = self.index();
            self.line += 1;
        }
    }

    /// Moves on up to a byte that `stop` names or a line break.
    #[inline]
    pub(super) fn run(&mut self, stop: Stop) {
        let bytes = self.text.as_bytes();
        let mut position = self.position;
        while let Some(&byte) = bytes.get(position) {
            if STOPS[usize::from(byte)] & stop.0 == 0 {
                position += 1;
                continue;
            }
            self.position = position;
            if byte < 0x80 || self.is_break() {
                return;
            }
            self.skip();
            position = self.position;
        }
        self.position = position;
    }

    /// Moves over ASCII characters that `wanted` names.
    #[inline]
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let bytes = &self.text.as_bytes()[self.position..];
        self.position += bytes
            .iter()
            .take_while(|byte| byte.is_ascii() && wanted(**byte))
            .count();
    }

    /// Whether a line starts here with `---` or `...`.
    #[inline]
    pub(super) fn is_document_mark(&self) -> bool {
        matches!(self.peek(), b'-' | b'.') && self.column() == 0 && self.has_document_mark()
    }

    fn has_document_mark(&self) -> bool {
        (self.rest().starts_with("---") || self.rest().starts_with("...")) && self.is_blank_or_end(3)
    }
}
