//! Owns writing JSON as Go's encoding/json does: sorted keys, its float form, its escapes.
//!
//! Reading JSON is in `read_json`.

use super::number::Number;
use super::object::MapKind;
use super::value::Value;
use super::write::MAX_WRITE_DEPTH;
use super::write_number::{Digits, json_number};
use super::write_text::WriteError;
use crate::bytes;
use std::fmt::Write as _;

/// How JSON is written.
#[derive(Clone, Copy, Debug)]
pub struct JsonStyle {
    /// The text of one level of indentation; None for one line.
    pub indent: Option<&'static str>,
    /// Whether `<`, `>` and `&` are escaped, as Go does unless told not to.
    pub escape_html: bool,
    /// How large integers are written.
    pub digits: Digits,
}

impl Default for JsonStyle {
    /// One line, escaped: `toJson`.
    fn default() -> Self {
        Self {
            indent: None,
            escape_html: true,
            digits: Digits::Helm,
        }
    }
}

/// Helm's `toJson`, or with `Some("  ")` its `toPrettyJson`.
pub fn to_json(value: &Value, indent: Option<&'static str>) -> Result<String, WriteError> {
    to_json_with(
        value,
        JsonStyle {
            indent,
            ..JsonStyle::default()
        },
    )
}

/// JSON in any style: `toRawJson` is the one without `escape_html`.
pub fn to_json_with(value: &Value, style: JsonStyle) -> Result<String, WriteError> {
    let mut writer = Writer {
        out: String::new(),
        style,
        depth: 0,
    };
    writer.value(value)?;
    Ok(writer.out)
}

/// The value for code that speaks serde; integers stay exact. What JSON does not have becomes null: numbers
/// that are not finite, and what lies deeper than any value that was read.
pub fn to_serde(value: &Value) -> serde_json::Value {
    serde(value, 0)
}

fn serde(value: &Value, depth: usize) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(Number::Float(value)) => (*value).into(),
        Value::Number(Number::BigWhole(value)) => (*value).into(),
        Value::Number(Number::Whole(value) | Number::Int64(value) | Number::Int(value)) => (*value).into(),
        Value::String(text) => (**text).into(),
        Value::List(list) if list.kind().is_nil() => serde_json::Value::Null,
        Value::Map(map) if map.kind() == MapKind::Nil => serde_json::Value::Null,
        Value::List(_) | Value::Map(_) if depth >= MAX_WRITE_DEPTH => serde_json::Value::Null,
        Value::List(list) => list
            .read()
            .iter()
            .map(|slot| serde(&slot.value, depth + 1))
            .collect(),
        Value::Map(map) => map
            .read()
            .iter()
            .map(|(key, slot)| (key.to_string(), serde(&slot.value, depth + 1)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Object(object) => serde(&object.plain(), depth + 1),
    }
}

struct Writer {
    out: String,
    style: JsonStyle,
    depth: usize,
}

impl Writer {
    fn value(&mut self, value: &Value) -> Result<(), WriteError> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => {
                let text = json_number(*number, self.style.digits).ok_or(WriteError::NotFinite)?;
                self.out.push_str(&text);
            }
            Value::String(text) => self.string(text),
            Value::List(list) if list.kind().is_nil() => self.out.push_str("null"),
            Value::Map(map) if map.kind() == MapKind::Nil => self.out.push_str("null"),
            Value::List(list) => {
                let items = list.read();
                self.collection(['[', ']'], items.iter(), |writer, item| writer.value(&item.value))?;
            }
            Value::Map(map) => {
                let entries = map.read();
                self.collection(['{', '}'], entries.iter(), |writer, (key, slot)| {
                    writer.key(key);
                    writer.value(&slot.value)
                })?;
            }
            Value::Object(object) => match object.members() {
                Some(members) => {
                    self.collection(['{', '}'], members.iter(), |writer, (name, value)| {
                        writer.key(name);
                        writer.value(value)
                    })?;
                }
                None => self.value(&object.plain())?,
            },
        }
        Ok(())
    }

    fn collection<T>(
        &mut self,
        [open, close]: [char; 2],
        items: impl ExactSizeIterator<Item = T>,
        write: impl Fn(&mut Self, T) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        if self.depth >= MAX_WRITE_DEPTH {
            return Err(WriteError::TooDeep);
        }
        self.out.push(open);
        let empty = items.len() == 0;
        self.depth += 1;
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.line();
            write(self, item)?;
        }
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(close);
        Ok(())
    }

    /// A new line, if JSON is indented.
    fn line(&mut self) {
        if let Some(indent) = self.style.indent {
            self.out.push('\n');
            for _ in 0..self.depth {
                self.out.push_str(indent);
            }
        }
    }

    fn key(&mut self, key: &str) {
        self.string(key);
        let colon = if self.style.indent.is_some() { ": " } else { ":" };
        self.out.push_str(colon);
    }

    fn string(&mut self, text: &str) {
        let joined = bytes::has_invalid(text).then(|| bytes::joined(text.to_owned()));
        let text = joined.as_deref().unwrap_or(text);
        self.out.push('"');
        let mut clean = 0;
        for (index, character) in text.char_indices() {
            let short = match character {
                '"' => '"',
                '\\' => '\\',
                '\n' => 'n',
                '\r' => 'r',
                '\t' => 't',
                '\u{8}' => 'b',
                '\u{c}' => 'f',
                '<' | '>' | '&' if self.style.escape_html => '\0',
                '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => '\0',
                invalid if bytes::carried(invalid).is_some() => '\0',
                _ => continue,
            };
            self.out.push_str(&text[clean..index]);
            clean = index + character.len_utf8();
            if bytes::carried(character).is_some() {
                self.out.push_str("\\ufffd");
            } else if short == '\0' {
                // Writing to a String cannot fail.
                let _ = write!(self.out, "\\u{:04x}", u32::from(character));
            } else {
                self.out.push('\\');
                self.out.push(short);
            }
        }
        self.out.push_str(&text[clean..]);
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Map, read, write};
    use super::*;
    use crate::source::Source;

    fn cycle() -> Value {
        let map = Map::new();
        map.insert("self", Value::Map(map.clone()));
        Value::Map(map)
    }

    #[test]
    fn a_value_that_contains_itself_is_an_error() {
        assert_eq!(to_json(&cycle(), None), Err(WriteError::TooDeep));
        assert_eq!(write(&cycle()), Err(WriteError::TooDeep));
        assert!(to_serde(&cycle()).is_object());
    }

    #[test]
    fn large_integers_round_as_in_helm_or_keep_their_digits() {
        let value = read(&Source::new("v", "[9007199254740993, 18446744073709551615]")).expect("valid");
        let exact = JsonStyle {
            digits: Digits::Exact,
            ..JsonStyle::default()
        };
        assert_eq!(
            to_json(&value, None).as_deref(),
            Ok("[9007199254740992,18446744073709552000]")
        );
        assert_eq!(
            to_json_with(&value, exact).as_deref(),
            Ok("[9007199254740993,18446744073709551615]")
        );
        assert_eq!(
            super::super::write_with(&value, Digits::Exact).as_deref(),
            Ok("- 9007199254740993\n- 18446744073709551615")
        );
        assert_eq!(
            to_serde(&value).to_string(),
            "[9007199254740993,18446744073709551615]"
        );
    }
}
