//! Owns how one value prints under one verb of a format, as Go's `fmt` does: flags, widths, marks of a wrong verb.
//!
//! Formats are read in `printf.rs`; the plain `%v` of a value is in `template/format.rs`.

use super::float_verbs;
use super::quoting::{can_backquote, go_quote, go_quote_ascii, is_go_print, quote_character};
use super::reflection::type_of;
use crate::bytes;
use crate::template::format::{self, Integers};
use crate::yaml::{ListKind, MapKind, Number, Value};

/// A verb with its flags.
#[expect(clippy::struct_excessive_bools, reason = "Go's flags are independent")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verb {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%#v`: Go's syntax.
    pub(super) go_syntax: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) letter: char,
}

/// The deepest nesting that is printed; a map that holds itself ends there.
const DEPTH: usize = 1000;

/// Prints the values of one format.
#[derive(Debug)]
pub(super) struct Printer {
    pub(super) out: String,
    pub(super) integers: Integers,
    /// No further parts of lists and maps are printed beyond this length.
    pub(super) limit: usize,
}

/// A number as Go holds it.
enum GoNumber {
    Integer { negative: bool, magnitude: u64 },
    Float(f64),
}

impl Printer {
    /// A value that is an argument of its own.
    pub(super) fn argument(&mut self, verb: &Verb, value: &Value) {
        match (verb.letter, value) {
            ('T' | 'v', Value::Null) => self.pad(verb, "<nil>"),
            ('T', value) => self.text(verb, type_of(value)),
            (letter, Value::Null) => self
                .out
                .extend(["%!", letter.encode_utf8(&mut [0; 4]), "(<nil>)"]),
            (_, value) => self.value(verb, value, 0),
        }
    }

    fn value(&mut self, verb: &Verb, value: &Value, depth: usize) {
        if depth > DEPTH || self.out.len() > self.limit {
            self.out.push_str("...");
            return;
        }
        match value {
            Value::Null if verb.go_syntax => self.out.push_str("interface {}(nil)"),
            Value::Null => self.out.push_str("<nil>"),
            Value::Bool(shown) if matches!(verb.letter, 't' | 'v') => {
                self.pad(verb, if *shown { "true" } else { "false" });
            }
            Value::Bool(_) => self.wrong(verb, value, depth),
            Value::Number(number) => match self.go_number(*number) {
                GoNumber::Integer { negative, magnitude } => {
                    self.integer(verb, negative, magnitude, value, depth);
                }
                GoNumber::Float(number) => self.float(verb, number, value, depth),
            },
            Value::String(text) => self.string(verb, text, value, depth),
            Value::List(_) | Value::Map(_) => self.collection(verb, value, depth),
            Value::Object(object) => match object.bytes() {
                Some(bytes) => self.bytes(verb, bytes, value, depth),
                None if verb.go_syntax => self.out.push_str(&object.print()),
                // A month or a duration is a number to verbs of numbers.
                None if !matches!(verb.letter, 'v' | 's' | 'x' | 'X' | 'q')
                    && object.go_kind().starts_with("int") =>
                {
                    match object.plain() {
                        Value::Number(Number::Int(number) | Number::Int64(number)) => {
                            self.integer(verb, number < 0, number.unsigned_abs(), value, depth);
                        }
                        _ => self.wrong(verb, value, depth),
                    }
                }
                None => self.string(verb, &object.print(), value, depth),
            },
        }
    }

    fn go_number(&self, number: Number) -> GoNumber {
        let exact = self.integers == Integers::Exact;
        let integer = |value: i64| GoNumber::Integer {
            negative: value < 0,
            magnitude: value.unsigned_abs(),
        };
        match number {
            Number::Int(value) | Number::Int64(value) => integer(value),
            Number::Whole(value) if exact => integer(value),
            Number::BigWhole(magnitude) if exact => GoNumber::Integer {
                negative: false,
                magnitude,
            },
            other => GoNumber::Float(other.as_f64()),
        }
    }

    /// `%!verb(type=value)`, the mark of a verb that does not suit the value.
    fn wrong(&mut self, verb: &Verb, value: &Value, depth: usize) {
        let letter = verb.letter;
        self.out
            .extend(["%!", letter.encode_utf8(&mut [0; 4]), "(", type_of(value), "="]);
        self.value(&Verb { letter: 'v', ..*verb }, value, depth + 1);
        self.out.push(')');
    }

    /// Go applies the verb to each element.
    fn collection(&mut self, verb: &Verb, value: &Value, depth: usize) {
        let go = verb.go_syntax;
        let is_nil = match value {
            Value::List(list) => list.kind().is_nil(),
            Value::Map(map) => map.kind() == MapKind::Nil,
            _ => false,
        };
        if go {
            self.out
                .extend([type_of(value), if is_nil { "(nil)" } else { "{" }]);
            if is_nil {
                return;
            }
        } else {
            self.out
                .push_str(if value.as_map().is_some() { "map[" } else { "[" });
        }
        let separator = if go { ", " } else { " " };
        match value {
            Value::List(list) => {
                let typed = list.kind() != ListKind::Any;
                for (index, item) in list.values().iter().enumerate() {
                    self.out.push_str(if index > 0 { separator } else { "" });
                    match item {
                        Value::Null if typed => self.out.push_str("<nil>"),
                        item => self.value(verb, item, depth + 1),
                    }
                }
            }
            Value::Map(map) => {
                for (index, (key, slot)) in map.entries().into_iter().enumerate() {
                    self.out.push_str(if index > 0 { separator } else { "" });
                    self.value(verb, &Value::String(key), depth + 1);
                    self.out.push(':');
                    self.value(verb, &slot.value, depth + 1);
                }
            }
            _ => {}
        }
        self.out.push(if go { '}' } else { ']' });
    }

    fn string(&mut self, verb: &Verb, text: &str, value: &Value, depth: usize) {
        match verb.letter {
            'v' if verb.go_syntax => self.quoted(verb, text),
            'v' | 's' => self.text(verb, text),
            'x' | 'X' => self.hexadecimal(verb, &bytes::of_text(text)),
            'q' => self.quoted(verb, text),
            _ => self.wrong(verb, value, depth),
        }
    }

    fn bytes(&mut self, verb: &Verb, body: &[u8], value: &Value, depth: usize) {
        match verb.letter {
            'v' | 'd' if verb.go_syntax => {
                let shown: Vec<String> = body.iter().map(|byte| format!("{byte:#x}")).collect();
                self.out.extend(["[]byte{", &shown.join(", "), "}"]);
            }
            's' => self.text(verb, &bytes::to_text(body)),
            'q' => self.quoted(verb, &bytes::to_text(body)),
            'x' | 'X' => self.hexadecimal(verb, body),
            _ => {
                self.out.push('[');
                for (index, byte) in body.iter().enumerate() {
                    self.out.push_str(if index > 0 { " " } else { "" });
                    let element = Value::Number(Number::Int(i64::from(*byte)));
                    self.integer(verb, false, u64::from(*byte), &element, depth + 1);
                }
                self.out.push(']');
                let _ = value;
            }
        }
    }

    fn hexadecimal(&mut self, verb: &Verb, body: &[u8]) {
        let shown = &body[..verb.precision.unwrap_or(body.len()).min(body.len())];
        let upper = verb.letter == 'X';
        let prefix = match (verb.sharp, upper) {
            (false, _) => "",
            (true, false) => "0x",
            (true, true) => "0X",
        };
        let mut text = String::with_capacity(2 * shown.len() + 2);
        for (index, byte) in shown.iter().enumerate() {
            if index > 0 && verb.space {
                text.push(' ');
            }
            if index == 0 || verb.space {
                text.push_str(prefix);
            }
            let digits = if upper {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            };
            text.push_str(&digits);
        }
        self.pad(verb, &text);
    }

    fn integer(&mut self, verb: &Verb, negative: bool, magnitude: u64, value: &Value, depth: usize) {
        // Characters are read from the two's complement, where a negative number is none.
        let code = if negative {
            None
        } else {
            u32::try_from(magnitude).ok()
        };
        let character = code.and_then(char::from_u32);
        let shown = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        let digits = match verb.letter {
            'd' | 'v' => magnitude.to_string(),
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            'c' => return self.pad(verb, shown.encode_utf8(&mut [0; 4])),
            'q' => return self.pad(verb, &quote_character(shown, verb.plus)),
            'U' => {
                let bits = if negative {
                    magnitude.wrapping_neg()
                } else {
                    magnitude
                };
                let least = verb.precision.unwrap_or(0).max(4);
                let named = character.filter(|character| verb.sharp && is_go_print(*character));
                let named = named.map_or(String::new(), |character| format!(" '{character}'"));
                return self.pad_spaces(verb, &format!("U+{bits:0least$X}{named}"));
            }
            _ => return self.wrong(verb, value, depth),
        };
        let sign = match (negative, verb.plus, verb.space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        };
        let least = match (verb.precision, verb.width) {
            (Some(0), _) if magnitude == 0 => return self.pad_spaces(verb, ""),
            (Some(precision), _) => precision,
            (None, Some(width)) if verb.zero => width.saturating_sub(sign.len()),
            _ => 0,
        };
        let digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
        let prefix = match verb.letter {
            'b' if verb.sharp => "0b",
            'o' if verb.sharp && !digits.starts_with('0') => "0",
            'O' => "0o",
            'x' if verb.sharp => "0x",
            'X' if verb.sharp => "0X",
            _ => "",
        };
        self.pad_spaces(verb, &format!("{sign}{prefix}{digits}"));
    }

    fn float(&mut self, verb: &Verb, number: f64, value: &Value, depth: usize) {
        let Some(text) = float_verbs::digits(verb, number) else {
            return self.wrong(verb, value, depth);
        };
        if !number.is_finite() {
            let sign = match (number.is_nan(), verb.plus, verb.space) {
                (true, true, _) => "+",
                (true, false, true) => " ",
                _ => "",
            };
            let text = match text.strip_prefix('+') {
                Some(positive) if verb.space && !verb.plus => format!(" {positive}"),
                Some(positive) if !verb.plus => format!("+{positive}"),
                _ => format!("{sign}{text}"),
            };
            return self.pad_spaces(verb, &text);
        }
        let (sign, digits) = match (text.strip_prefix('-'), verb.plus, verb.space) {
            (Some(digits), _, _) => ("-", digits),
            (None, true, _) => ("+", &*text),
            (None, false, true) => (" ", &*text),
            (None, false, false) => ("", &*text),
        };
        let missing = verb
            .width
            .unwrap_or(0)
            .saturating_sub(sign.len() + digits.chars().count());
        if verb.zero && !verb.minus && !sign.is_empty() {
            self.out.push_str(sign);
            self.out.push_str(&"0".repeat(missing));
            self.out.push_str(digits);
        } else {
            self.pad(verb, &format!("{sign}{digits}"));
        }
    }

    fn quoted(&mut self, verb: &Verb, text: &str) {
        let text = truncated(verb, text);
        if verb.sharp && can_backquote(text) {
            self.pad(verb, &format!("`{text}`"));
        } else if verb.plus {
            self.pad(verb, &go_quote_ascii(text));
        } else {
            self.pad(verb, &go_quote(text));
        }
    }

    fn text(&mut self, verb: &Verb, text: &str) {
        self.pad(verb, truncated(verb, text));
    }

    /// Fills to the width, with zeros if the flag is set.
    fn pad(&mut self, verb: &Verb, text: &str) {
        let missing = match verb.width {
            None | Some(0) => 0,
            Some(width) => width.saturating_sub(text.chars().count()),
        };
        if verb.minus {
            self.out.push_str(text);
            self.out.push_str(&" ".repeat(missing));
        } else {
            self.out
                .push_str(&(if verb.zero { "0" } else { " " }).repeat(missing));
            self.out.push_str(text);
        }
    }

    fn pad_spaces(&mut self, verb: &Verb, text: &str) {
        self.pad(&Verb { zero: false, ..*verb }, text);
    }

    /// Marks arguments that no verb took.
    pub(super) fn extra(&mut self, values: &[Value]) {
        self.out.push_str("%!(EXTRA ");
        for (index, value) in values.iter().enumerate() {
            self.out.push_str(if index > 0 { ", " } else { "" });
            if value.is_null() {
                self.out.push_str("<nil>");
            } else {
                self.out
                    .extend([type_of(value), "=", &format::value(value, self.integers)]);
            }
        }
        self.out.push(')');
    }
}

fn truncated<'t>(verb: &Verb, text: &'t str) -> &'t str {
    let end = verb
        .precision
        .and_then(|precision| text.char_indices().nth(precision));
    end.map_or(text, |(end, _)| &text[..end])
}
