//! Owns the YAML writer: byte for byte what Helm's `toYaml` gives.
//!
//! Helm marshals to JSON, reads that as YAML and writes it with go-yaml's emitter. Here one pass does all
//! three; where JSON between them changes or refuses a text, `write_text` and [`WriteError`] say so.

use super::number::Number;
use super::object::MapKind;
use super::order;
use super::style::{self, Style, is_break};
use super::value::{Entries, Slot, Value};
use super::write_number::{Digits, pretty_number, yaml_number};
use super::write_text::{WriteError, key_after_json, text_after_json};
use crate::bytes;
use std::fmt::Write as _;

/// Lines are folded at the first space beyond this column.
const WIDTH: usize = 80;
const INDENT: usize = 2;
/// A longer key is written with `? `.
const SIMPLE_KEY: usize = 128;
/// Deeper values are cycles, or as good as.
pub(super) const MAX_WRITE_DEPTH: usize = super::MAX_DEPTH + 100;

/// Helm's `toYaml`: without the final newline. Where this is an error, Helm's function gives an empty text.
pub fn write(value: &Value) -> Result<String, WriteError> {
    write_with(value, Digits::Helm)
}

/// The same with a choice of how integers that a float64 cannot hold are written.
pub fn write_with(value: &Value, digits: Digits) -> Result<String, WriteError> {
    write_as(value, digits, false)
}

/// Helm's `toYamlPretty`, which takes another way: no JSON between, lists indented below their key, no line is folded.
pub fn write_pretty(value: &Value, digits: Digits) -> Result<String, WriteError> {
    write_as(value, digits, true)
}

fn write_as(value: &Value, digits: Digits, pretty: bool) -> Result<String, WriteError> {
    let mut emitter = Emitter {
        out: String::new(),
        column: 0,
        indent: None,
        whitespace: true,
        indention: true,
        digits,
        depth: 0,
        pretty,
        width: if pretty { usize::MAX } else { WIDTH },
    };
    emitter.node(value, false)?;
    emitter.write_indent();
    if emitter.out.ends_with('\n') {
        emitter.out.pop();
    }
    Ok(emitter.out)
}

struct Emitter {
    out: String,
    /// In characters.
    column: usize,
    /// None outside the root.
    indent: Option<usize>,
    /// Whether the last thing written was white space.
    whitespace: bool,
    /// Whether the line holds only indentation and `-`, `?` or `:` so far.
    indention: bool,
    digits: Digits,
    depth: usize,
    /// Whether it is `toYamlPretty`.
    pretty: bool,
    width: usize,
}

impl Emitter {
    fn node(&mut self, value: &Value, in_map: bool) -> Result<(), WriteError> {
        match value {
            Value::Null => self.word("null"),
            Value::Bool(true) => self.word("true"),
            Value::Bool(false) => self.word("false"),
            Value::Number(number) => return self.number(*number),
            Value::String(text) if self.pretty => {
                let text = bytes::replaced(text);
                let style = match &*text {
                    "=" | "<<" => Style::Plain,
                    text => style::choose(text, false).0,
                };
                self.text(&text, style, false);
            }
            Value::String(text) => {
                let text = text_after_json(text)?;
                let (style, _) = style::choose(&text, false);
                self.text(&text, style, false);
            }
            Value::List(list) if list.kind().is_nil() && !self.pretty => self.word("null"),
            Value::Map(map) if map.kind() == MapKind::Nil && !self.pretty => self.word("null"),
            Value::List(list) => return self.nested(|emitter| emitter.list(&list.read(), in_map)),
            Value::Map(map) => return self.nested(|emitter| emitter.map(&map.read())),
            // A time is a scalar of its own, no text.
            Value::Object(object) if self.pretty && object.go_type() == "time.Time" => {
                self.word(object.plain().as_str().unwrap_or_default());
            }
            Value::Object(object) => return self.node(&object.plain(), in_map),
        }
        Ok(())
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Result<(), WriteError>) -> Result<(), WriteError> {
        if self.depth >= MAX_WRITE_DEPTH {
            return Err(WriteError::TooDeep);
        }
        self.depth += 1;
        let indent = self.indent;
        write(self)?;
        self.indent = indent;
        self.depth -= 1;
        Ok(())
    }

    fn list(&mut self, items: &[Slot], in_map: bool) -> Result<(), WriteError> {
        if items.is_empty() {
            self.word("[]");
            return Ok(());
        }
        // A list that is the value of `key:` starts at the key's column.
        if self.pretty || !in_map || self.indention || self.indent.is_none() {
            self.indent = Some(self.indent.map_or(0, |indent| indent + INDENT));
        }
        for item in items {
            self.write_indent();
            self.indicator("-", true, true);
            self.node(&item.value, false)?;
        }
        Ok(())
    }

    fn map(&mut self, entries: &Entries) -> Result<(), WriteError> {
        if entries.is_empty() {
            self.word("{}");
            return Ok(());
        }
        self.indent = Some(self.indent.map_or(0, |indent| indent + INDENT));
        let mut entries: Vec<(&str, &Slot)> = entries.iter().map(|(key, slot)| (&**key, slot)).collect();
        order::sort(&mut entries);
        for (key, slot) in entries {
            self.write_indent();
            self.key(key)?;
            self.node(&slot.value, true)?;
        }
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), WriteError> {
        let text = if self.pretty { key } else { key_after_json(key)? };
        let (style, multiline) = style::choose(text, true);
        if !multiline && text.len() <= SIMPLE_KEY {
            self.text(text, style, true);
            self.indicator(":", false, false);
        } else {
            self.indicator("?", true, true);
            let (style, _) = style::choose(text, false);
            self.text(text, style, false);
            self.write_indent();
            self.indicator(":", true, true);
        }
        Ok(())
    }

    fn number(&mut self, number: Number) -> Result<(), WriteError> {
        if self.pretty {
            self.word(&pretty_number(number, self.digits));
            return Ok(());
        }
        if let Some(integer) = number.as_i64()
            && (self.digits == Digits::Exact || !matches!(number, Number::Whole(_)) || is_exact(integer))
        {
            self.space();
            let start = self.out.len();
            // Writing to a String cannot fail.
            let _ = write!(self.out, "{integer}");
            self.column += self.out.len() - start;
            self.after_text();
            return Ok(());
        }
        let text = yaml_number(number, self.digits).ok_or(WriteError::NotFinite)?;
        self.word(&text);
        Ok(())
    }

    /// Text that needs neither quotes nor folding.
    fn word(&mut self, text: &str) {
        self.space();
        self.out.push_str(text);
        self.column += text.len();
        self.after_text();
    }

    fn text(&mut self, text: &str, style: Style, simple_key: bool) {
        let indent = self.indent;
        self.indent = Some(indent.unwrap_or(0) + INDENT);
        match style {
            Style::Plain => self.plain(text, !simple_key),
            Style::Single => self.single(text, !simple_key),
            Style::Double => self.double(text, !simple_key),
            Style::Literal => self.literal(text),
        }
        self.indent = indent;
    }

    fn plain(&mut self, text: &str, may_fold: bool) {
        self.space();
        let characters = text.chars().count();
        if may_fold && self.column + characters > self.width && text.contains(' ') {
            self.folded_plain(text);
        } else {
            self.out.push_str(text);
            self.column += characters;
        }
        self.after_text();
    }

    fn folded_plain(&mut self, text: &str) {
        let mut spaces = false;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let is_space = character == ' ';
            if is_space && !spaces && self.column > self.width && characters.peek() != Some(&' ') {
                self.write_indent();
            } else {
                self.put(character);
            }
            if !is_space {
                self.indention = false;
            }
            spaces = is_space;
        }
    }

    fn single(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false);
        let (mut spaces, mut breaks) = (false, false);
        let mut characters = text.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            if character == ' ' {
                let inner = index > 0 && next.is_some_and(|next| next != ' ');
                if may_fold && !spaces && self.column > self.width && inner {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else if is_break(character) {
                self.put_other_break(character);
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if character == '\'' {
                    self.put('\'');
                }
                self.put(character);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
        self.indicator("'", false, false);
    }

    fn double(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false);
        // go-yaml looks for the byte order mark at the start of the text instead of at the character.
        let escape_all = text.starts_with('\u{feff}');
        let mut spaces = false;
        let mut characters = text.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let escape = escape_all
                || !style::is_printable(character)
                || is_break(character)
                || matches!(character, '"' | '\\');
            if escape {
                self.escape(character);
            } else if character == ' '
                && may_fold
                && !spaces
                && self.column > self.width
                && index > 0
                && next.is_some()
            {
                self.write_indent();
                if next == Some(' ') {
                    self.put('\\');
                }
            } else {
                self.put(character);
            }
            spaces = !escape && character == ' ';
        }
        self.indicator("\"", false, false);
    }

    fn escape(&mut self, character: char) {
        let start = self.out.len();
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => '\0',
        };
        // Writing to a String cannot fail.
        let _ = match u32::from(character) {
            _ if short != '\0' => write!(self.out, "\\{short}"),
            code @ 0..=0xff => write!(self.out, "\\x{code:02X}"),
            code @ 0..=0xffff => write!(self.out, "\\u{code:04X}"),
            code => write!(self.out, "\\U{code:08X}"),
        };
        self.column += self.out.len() - start;
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false);
        if text.starts_with([' ', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.indicator("2", false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.indicator("-", false, false),
            (_, None) => self.indicator("+", false, false),
            (_, Some(before)) if is_break(before) => self.indicator("+", false, false),
            _ => {}
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        for line in text.split_inclusive(is_break) {
            let content = line.trim_end_matches(is_break);
            if !content.is_empty() {
                self.write_indent();
                self.out.push_str(content);
                self.column += content.chars().count();
                self.indention = false;
            }
            match line[content.len()..].chars().next() {
                Some('\n') => {
                    self.put_break();
                    self.indention = true;
                }
                Some(other) => self.put_other_break(other),
                None => {}
            }
        }
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// A line break that is kept as it is: the line and paragraph separators.
    fn put_other_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
        self.indention = true;
    }

    fn space(&mut self) {
        if !self.whitespace {
            self.put(' ');
        }
    }

    fn after_text(&mut self) {
        self.whitespace = false;
        self.indention = false;
    }

    fn indicator(&mut self, indicator: &str, needs_space: bool, keeps_indention: bool) {
        if needs_space {
            self.space();
        }
        self.out.push_str(indicator);
        self.column += indicator.len();
        self.whitespace = false;
        self.indention &= keeps_indention;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }
}

/// Whether a float64 holds the integer exactly, as all are up to two to the power 53.
fn is_exact(integer: i64) -> bool {
    integer.unsigned_abs() <= 1 << 53
}
