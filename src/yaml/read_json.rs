//! Owns reading JSON as Go's encoding/json does, with places.
//!
//! The last of two equal keys counts. An escaped half of a surrogate pair becomes U+FFFD. Integers keep
//! their digits.

use super::number::Number;
use super::read::{MAX_BYTES, MAX_DEPTH};
use super::value::{Entries, List, Map, Slot, Value};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use std::sync::Arc;

/// Reads one JSON value with nothing but white space around it.
pub fn read_json(source: &Arc<Source>) -> Result<Value, Diagnostic> {
    if source.text.len() > MAX_BYTES {
        let message = format!("the JSON is too large: at most {} MiB are read", MAX_BYTES >> 20);
        return Err(Diagnostic::error("json-too-large", message).at(Place::whole(source)));
    }
    let mut parser = Parser {
        source,
        bytes: source.text.as_bytes(),
        position: 0,
        line: 1,
        counted: (0, 1),
        depth: 0,
    };
    let value = parser.value()?;
    parser.blanks();
    if parser.position < parser.bytes.len() {
        return Err(parser.error("text after the end of the JSON value"));
    }
    Ok(value)
}

struct Parser<'a> {
    source: &'a Arc<Source>,
    bytes: &'a [u8],
    position: usize,
    line: u32,
    /// A position in the current line and its column, so that no character is counted twice.
    counted: (usize, u32),
    depth: usize,
}

impl Parser<'_> {
    /// The place of a position that lies behind all those asked for before.
    fn place(&mut self, position: usize) -> Place {
        let (from, column) = self.counted;
        let between = self.source.text[from..position].chars().count();
        self.counted = (position, column + u32::try_from(between).unwrap_or(0));
        Place::new(self.source, self.line, self.counted.1)
    }

    fn error(&mut self, message: &str) -> Diagnostic {
        let mut position = self.position.clamp(self.counted.0, self.bytes.len());
        while !self.source.text.is_char_boundary(position) {
            position -= 1;
        }
        Diagnostic::error("json-syntax", message).at(self.place(position))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' => {
                    self.line += 1;
                    self.counted = (self.position + 1, 1);
                }
                _ => return,
            }
            self.position += 1;
        }
    }

    fn value(&mut self) -> Result<Value, Diagnostic> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Value::from(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(self.error("this is not JSON: a value was expected")),
            None => Err(self.error("the JSON ends before a value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Diagnostic> {
        if self.bytes[self.position..].starts_with(word.as_bytes()) {
            self.position += word.len();
            Ok(value)
        } else {
            Err(self.error("this is not JSON: a value was expected"))
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Diagnostic>) -> Result<Value, Diagnostic> {
        if self.depth >= MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(Diagnostic::error("json-too-deep", message).at(self.place(self.position)));
        }
        self.depth += 1;
        self.position += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, Diagnostic> {
        let mut entries = Entries::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Map(Map::from(entries)));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.error("a key in double quotes was expected"));
            }
            let origin = Some(self.place(self.position));
            let key = self.string()?;
            self.blanks();
            if !self.take(b':') {
                return Err(self.error("`:` was expected after the key"));
            }
            let value = self.value()?;
            entries.insert(key.into(), Slot { value, origin });
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Map(Map::from(entries)));
            }
            if !self.take(b',') {
                return Err(self.error("`,` or `}` was expected"));
            }
        }
    }

    fn array(&mut self) -> Result<Value, Diagnostic> {
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::List(List::from(items)));
        }
        loop {
            self.blanks();
            let origin = Some(self.place(self.position));
            let value = self.value()?;
            items.push(Slot { value, origin });
            self.blanks();
            if self.take(b']') {
                return Ok(Value::List(List::from(items)));
            }
            if !self.take(b',') {
                return Err(self.error("`,` or `]` was expected"));
            }
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    fn number(&mut self) -> Result<Value, Diagnostic> {
        let start = self.position;
        self.take(b'-');
        if self.take(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.error("a number must not start with `0`"));
            }
        } else {
            self.digits()?;
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            whole = false;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let text = &self.source.text[start..self.position];
        if whole && text != "-0" {
            if let Ok(value) = text.parse() {
                return Ok(Value::Number(Number::Whole(value)));
            }
            if let Ok(value) = text.parse() {
                return Ok(Value::Number(Number::BigWhole(value)));
            }
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Number(Number::Float(value))),
            _ => {
                self.position = start;
                Err(self.error("the number is too large"))
            }
        }
    }

    fn digits(&mut self) -> Result<(), Diagnostic> {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        if self.position == start {
            return Err(self.error("a digit was expected"));
        }
        Ok(())
    }

    /// A string, from its first quote to behind its last.
    fn string(&mut self) -> Result<String, Diagnostic> {
        self.position += 1;
        let mut out = String::new();
        let mut clean = self.position;
        loop {
            match self.peek() {
                None => return Err(self.error("the JSON ends inside a string")),
                Some(b'"') => {
                    out.push_str(&self.source.text[clean..self.position]);
                    self.position += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    out.push_str(&self.source.text[clean..self.position]);
                    out.push(self.escape()?);
                    clean = self.position;
                }
                Some(0..=0x1f) => return Err(self.error("a control character in a string must be escaped")),
                Some(_) => self.position += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Diagnostic> {
        self.position += 1;
        let character = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'u') => {
                self.position += 1;
                return self.unicode();
            }
            _ => return Err(self.error("unknown escape in a string")),
        };
        self.position += 1;
        Ok(character)
    }

    fn unicode(&mut self) -> Result<char, Diagnostic> {
        let Some(first) = self.hex(self.position) else {
            return Err(self.error("four hexadecimal digits were expected"));
        };
        self.position += 4;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let second = self.bytes[self.position..]
            .starts_with(b"\\u")
            .then(|| self.hex(self.position + 2))
            .flatten()
            .filter(|second| (0xdc00..=0xdfff).contains(second));
        match second {
            Some(second) if first < 0xdc00 => {
                self.position += 6;
                let code = 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
                Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            _ => Ok(char::REPLACEMENT_CHARACTER),
        }
    }

    fn hex(&self, position: usize) -> Option<u32> {
        let digits = self.bytes.get(position..position + 4)?;
        digits
            .iter()
            .try_fold(0, |code, byte| Some(code * 16 + char::from(*byte).to_digit(16)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        read_json(&Source::new("j", text))
            .map_err(|error| format!("{} {:?}", error.message, error.labels[0].place))
    }

    #[test]
    fn values_are_read_with_places() {
        let value = read("{\"a\": [1, -2.5e3],\n \"é\": {\"b\": null}}").expect("valid");
        assert_eq!(
            super::super::to_json(&value, None).as_deref(),
            Ok("{\"a\":[1,-2500],\"é\":{\"b\":null}}")
        );
        let map = value.as_map().expect("a map");
        assert_eq!(map.origin("é").expect("an origin").to_string(), "j:2:2");
    }

    #[test]
    fn errors_have_places() {
        for (text, expected) in [
            ("", "the JSON ends before a value j:1:1"),
            ("{\"a\" 1}", "`:` was expected after the key j:1:6"),
            ("[1,\n2,]", "this is not JSON: a value was expected j:2:3"),
            ("[01]", "a number must not start with `0` j:1:3"),
            (
                "\"a\nb\"",
                "a control character in a string must be escaped j:1:3",
            ),
            ("1 2", "text after the end of the JSON value j:1:3"),
            ("1e999", "the number is too large j:1:1"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn surrogates_are_joined_or_replaced() {
        let value = read(r#""\ud83d\ude00 \ud83d \ude00""#).expect("valid");
        assert_eq!(value.as_str(), Some("😀 \u{fffd} \u{fffd}"));
    }
}
