//! Owns looking over a text for a few of its entries: most of what a chart renders must only be YAML, and of the rest
//! its kind and its name matter.
//!
//! It knows the plain shape of what tools and charts write, line by line, and builds nothing. Whatever has another shape
//! is the reader's to judge, and so are all errors: what is skimmed is a text that the reader surely takes.

use super::number::Number;
use super::parser::is_printable;
use super::resolve::{Scalar, resolve};
use std::ops::Range;

/// Longer texts are read, since their nodes may be too many.
const MAX_BYTES: usize = 4 << 20;
/// Deeper texts are read.
const MAX_LEVELS: usize = 64;
/// Keys that are longer are read; libyaml knows none beyond 1024 characters.
const MAX_KEY: usize = 1000;

/// The entries of a text's map whose keys are wanted, in a text of their own; None where only reading can tell whether
/// the text is YAML, or what its entries are.
pub fn excerpt(text: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    if text.len() > MAX_BYTES || !is_printable(text) || has_rare_breaks(text) {
        return None;
    }
    let mut skimmer = Skimmer {
        text,
        bytes: text.as_bytes(),
        next: 0,
        open: Vec::new(),
        entries: Vec::new(),
    };
    while let Some(line) = skimmer.line() {
        skimmer.structure(line)?;
    }
    let ends = skimmer.entries.iter().skip(1).map(|entry| entry.start);
    let ends = ends.chain([text.len()]);
    let wanted = skimmer.entries.iter().zip(ends);
    let wanted = wanted.filter(|(entry, _)| is_wanted(&text[entry.key.clone()]));
    let excerpt = wanted.map(|(entry, end)| &text[entry.start..end]).collect();
    // A text of no entries may be anything.
    (!skimmer.entries.is_empty()).then_some(excerpt)
}

/// Whether lines may end with anything but a line feed, or begin with a byte order mark.
fn has_rare_breaks(text: &str) -> bool {
    const RARE: [char; 4] = ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];
    text.contains('\r') || !text.is_ascii() && text.contains(RARE)
}

/// A list or map that is open.
struct Block {
    indent: usize,
    is_list: bool,
    /// Whether its last key or dash may still get a value from the lines that follow.
    awaits: bool,
}

/// An entry of the text's own map.
struct Entry {
    /// Where its line starts.
    start: usize,
    key: Range<usize>,
}

/// A line that is neither blank nor a comment.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    /// Its first character.
    at: usize,
}

/// What ends a part of a line.
#[derive(PartialEq, Eq)]
enum End {
    Line,
    Comment,
    Colon,
}

struct Skimmer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Where the next line starts.
    next: usize,
    open: Vec<Block>,
    entries: Vec<Entry>,
}

impl Skimmer<'_> {
    /// The next line that says something.
    fn line(&mut self) -> Option<Line> {
        loop {
            let start = self.next;
            let at = self.after_spaces(start);
            match self.bytes.get(at)? {
                b'\n' => self.next = at + 1,
                b'#' => self.next = self.line_end(at) + 1,
                _ => return Some(Line { start, at }),
            }
        }
    }

    fn after_spaces(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| **byte == b' ').count()
    }

    /// Where the line at `from` ends: its line break, or the end of the text.
    fn line_end(&self, from: usize) -> usize {
        self.text[from..]
            .find('\n')
            .map_or(self.bytes.len(), |length| from + length)
    }

    fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n'))
    }

    fn is_dash(&self, at: usize) -> bool {
        self.bytes[at] == b'-' && self.is_blank_or_end(at + 1)
    }

    fn open(&mut self, indent: usize, is_list: bool) -> Option<()> {
        self.open.push(Block {
            indent,
            is_list,
            awaits: false,
        });
        (self.open.len() <= MAX_LEVELS).then_some(())
    }

    /// How far the innermost list or map is indented.
    fn indent(&self) -> Option<usize> {
        self.open.last().map(|block| block.indent)
    }

    /// Takes a line by its indentation; None if it does not fit.
    fn structure(&mut self, line: Line) -> Option<()> {
        let column = line.at - line.start;
        let is_dash = self.is_dash(line.at);
        if column == 0 && is_document_mark(&self.bytes[line.at..]) {
            return None;
        }
        if self.open.is_empty() {
            self.open(column, false)?;
        }
        self.open.truncate(self.levels(column, is_dash));
        let block = self.open.last_mut()?;
        let awaits = std::mem::take(&mut block.awaits);
        if block.indent < column {
            return awaits.then(|| self.node(line))?;
        }
        match (block.is_list, is_dash) {
            (true, true) => self.dash(line),
            (false, false) => self.key(line),
            // A list may stand as far left as the key that it belongs to.
            (false, true) if awaits => {
                self.open(column, true)?;
                self.dash(line)
            }
            _ => None,
        }
    }

    /// How many of the open lists and maps a line at `column` belongs to.
    fn levels(&self, column: usize, is_dash: bool) -> usize {
        let mut levels = self.open.len();
        while let Some([before @ .., last]) = self.open.get(..levels) {
            let is_level = |block: &Block| block.indent == column && !block.is_list;
            let ends_list = last.is_list && last.indent == column && !is_dash;
            if last.indent <= column && !(ends_list && before.last().is_some_and(is_level)) {
                break;
            }
            levels -= 1;
        }
        levels
    }

    /// Takes what stands after the dash of a list or on a line of its own.
    fn node(&mut self, line: Line) -> Option<()> {
        let column = line.at - line.start;
        if self.is_dash(line.at) {
            self.open(column, true)?;
            return self.dash(line);
        }
        let (end, stop) = self.part(line.at)?;
        if stop == End::Colon {
            self.open(column, false)?;
            return self.value(line.at..end);
        }
        self.scalar(line.at)
    }

    fn dash(&mut self, line: Line) -> Option<()> {
        let at = self.after_spaces(line.at + 1);
        if matches!(self.bytes.get(at), None | Some(b'\n' | b'#')) {
            self.open.last_mut()?.awaits = true;
            self.next = self.line_end(at.min(self.bytes.len())) + 1;
            return Some(());
        }
        self.node(Line { at, ..line })
    }

    fn key(&mut self, line: Line) -> Option<()> {
        let (end, stop) = self.part(line.at)?;
        if self.open.len() == 1 {
            let key = self.unquoted(line.at..end);
            self.entries.push(Entry {
                start: line.start,
                key,
            });
        }
        (stop == End::Colon).then(|| self.value(line.at..end))?
    }

    /// What stands between quotes, if there are any.
    fn unquoted(&self, part: Range<usize>) -> Range<usize> {
        match self.bytes[part.start] {
            b'"' | b'\'' => part.start + 1..part.end - 1,
            _ => part,
        }
    }

    /// Takes the value behind a key and its colon.
    fn value(&mut self, key: Range<usize>) -> Option<()> {
        if key.len() > MAX_KEY || !is_sure_key(&self.text[key.clone()]) {
            return None;
        }
        let colon = self.after_spaces(key.end);
        let at = self.after_spaces(colon + 1);
        match self.bytes.get(at) {
            None | Some(b'\n' | b'#') => {
                self.open.last_mut()?.awaits = true;
                self.next = self.line_end(at.min(self.bytes.len())) + 1;
                Some(())
            }
            Some(_) => self.scalar(at),
        }
    }

    /// Where the quoted or plain text at `at` ends, and what follows it; None if that cannot be told at a glance.
    fn part(&self, at: usize) -> Option<(usize, End)> {
        match self.bytes[at] {
            b'"' | b'\'' => {
                let end = self.quoted(at)?;
                let colon = self.after_spaces(end);
                let is_key = self.bytes.get(colon) == Some(&b':') && self.is_blank_or_end(colon + 1);
                if !is_key {
                    return Some((end, End::Line));
                }
                let is_one_line = !self.bytes[at..end].contains(&b'\n');
                is_one_line.then_some((end, End::Colon))
            }
            // Block texts and brackets have ends of their own, and are no keys.
            b'|' | b'>' | b'[' | b'{' => Some((at, End::Line)),
            _ => self.plain(at),
        }
    }

    /// Where the part of a plain text that stands on one line ends.
    fn plain(&self, at: usize) -> Option<(usize, End)> {
        let mut end = at;
        for (position, byte) in (at..).zip(&self.bytes[at..]) {
            match byte {
                b'\n' => return Some((end, End::Line)),
                b':' if self.is_blank_or_end(position + 1) => return Some((end, End::Colon)),
                b'#' if end < position => return Some((end, End::Comment)),
                b'\t' => return None,
                b' ' => {}
                _ => end = position + 1,
            }
        }
        Some((end, End::Line))
    }

    /// Where the text in quotes at `at` ends, behind its last quote.
    fn quoted(&self, at: usize) -> Option<usize> {
        let quote = self.bytes[at];
        let mut position = at + 1;
        loop {
            match *self.bytes.get(position)? {
                b'\\' if quote == b'"' => {
                    let known = b"0abtnvfre \"'\\N_LP";
                    if !known.contains(self.bytes.get(position + 1)?) {
                        return None;
                    }
                    position += 1;
                }
                // Two single quotes stand for one.
                b'\'' if quote == b'\'' && self.bytes.get(position + 1) == Some(&quote) => position += 1,
                byte if byte == quote => return Some(position + 1),
                b'\n' => {
                    let rest = &self.bytes[position + 1..];
                    if is_document_mark(rest) {
                        return None;
                    }
                }
                b'\t' => return None,
                _ => {}
            }
            position += 1;
        }
    }

    /// Takes a scalar, or brackets with little in them, and the lines that belong to it.
    fn scalar(&mut self, at: usize) -> Option<()> {
        match self.bytes[at] {
            b'"' | b'\'' => self.rest(self.quoted(at)?),
            b'|' | b'>' => self.block(at),
            b'[' => self.rest(self.brackets(at)?),
            b'{' if self.bytes.get(at + 1) == Some(&b'}') => self.rest(at + 2),
            b'-' if self.is_blank_or_end(at + 1) => None,
            b'-' | b'+' | b'.' => {
                let (end, _) = self.plain(at)?;
                match resolve(&self.text[at..end]) {
                    Scalar::Number(Number::Float(float)) if !float.is_finite() => None,
                    _ => self.plain_lines(at),
                }
            }
            byte if is_sure_start(byte) => self.plain_lines(at),
            _ => None,
        }
    }

    /// Takes the rest of a line behind a value, where nothing but a comment may stand.
    fn rest(&mut self, from: usize) -> Option<()> {
        let at = self.after_spaces(from);
        match self.bytes.get(at) {
            Some(b'#') if at > from => self.next = self.line_end(at) + 1,
            None | Some(b'\n') => self.next = at + 1,
            Some(_) => return None,
        }
        Some(())
    }

    /// Takes a plain text, which goes on in the lines that are indented deeper than its list or map.
    fn plain_lines(&mut self, at: usize) -> Option<()> {
        let indent = self.indent()?;
        let mut at = at;
        loop {
            let (end, stop) = self.plain(at)?;
            self.next = self.line_end(end) + 1;
            match stop {
                End::Colon => return None,
                End::Comment => return Some(()),
                End::Line => {}
            }
            let mut start = self.next;
            loop {
                at = self.after_spaces(start);
                match self.bytes.get(at) {
                    Some(b'\n') => start = at + 1,
                    Some(byte) if at - start > indent && *byte != b'#' => break,
                    _ => return Some(()),
                }
            }
        }
    }

    /// Where brackets around short texts end, behind the last of them.
    fn brackets(&self, at: usize) -> Option<usize> {
        let mut position = self.after_spaces(at + 1);
        if self.bytes.get(position) == Some(&b']') {
            return Some(position + 1);
        }
        loop {
            let end = match self.bytes.get(position)? {
                b'"' | b'\'' => self.quoted(position)?,
                byte if byte.is_ascii_alphanumeric() => {
                    let is_word = |byte: &&u8| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
                    };
                    position + self.bytes[position..].iter().take_while(is_word).count()
                }
                _ => return None,
            };
            position = self.after_spaces(end);
            match self.bytes.get(position)? {
                b']' => return Some(position + 1),
                b',' => position = self.after_spaces(position + 1),
                _ => return None,
            }
        }
    }

    /// Takes a text behind `|` or `>`.
    fn block(&mut self, at: usize) -> Option<()> {
        let signs = self.bytes[at + 1..]
            .iter()
            .take_while(|byte| matches!(byte, b'+' | b'-'));
        let header = at + 1 + signs.count();
        let end = self.after_spaces(header);
        if header > at + 2 || !matches!(self.bytes.get(end), None | Some(b'\n')) {
            return None;
        }
        let outer = self.indent()?;
        self.next = end + 1;
        let mut indent = None;
        let mut deepest = 0;
        loop {
            let at = self.after_spaces(self.next);
            let column = at - self.next.min(at);
            match self.bytes.get(at) {
                None => {
                    self.next = self.bytes.len();
                    return Some(());
                }
                Some(b'\n') => {
                    deepest = deepest.max(column);
                    self.next = at + 1;
                    continue;
                }
                Some(b'\t') if indent.is_none_or(|indent| column < indent) => return None,
                Some(_) => {}
            }
            // The first line that is not blank says how far the text is indented.
            if indent.is_none() && column > outer && deepest > column {
                return None;
            }
            if column <= outer || column < *indent.get_or_insert(column) {
                return Some(());
            }
            self.next = self.line_end(at) + 1;
        }
    }
}

/// Whether a line may begin or end a document.
fn is_document_mark(line: &[u8]) -> bool {
    line.starts_with(b"---") || line.starts_with(b"...")
}

/// Whether a key is surely text, or what becomes text.
fn is_sure_key(key: &str) -> bool {
    match key.as_bytes() {
        [b'"' | b'\'', ..] => true,
        [b'-' | b'+' | b'.' | b'0'..=b'9' | b'~' | b'n' | b'N', ..] => {
            matches!(
                resolve(key),
                Scalar::Text | Scalar::Bool(_) | Scalar::Number(Number::Whole(_))
            )
        }
        [first, ..] => is_sure_start(*first) && key != "<<",
        [] => false,
    }
}

/// Whether a plain text may start so, whatever follows.
fn is_sure_start(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(
            byte,
            b'_' | b'/' | b'$' | b'(' | b')' | b'<' | b'=' | b'~' | b'^' | b';' | b'+' | b'\\'
        )
}

#[cfg(test)]
mod tests;
