//! Owns Go's `fmt`: `print`, `println` and `printf` with its verbs, flags and marks of misuse.
//!
//! How single values print under `%v` is in `template/format.rs`.

use super::arguments::{check_size, string, text};
use super::reflection::type_of;
use super::strings::go_quote;
use super::{Context, FnError, FnResult, Function, example};
use crate::template::format;
use crate::yaml::{Number, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("printf", "FORMAT VALUE...", "Go's formatted printing.", printf)
        .subject(0)
        .examples(&[
            example(r#"printf "%s-%d" "a" 5"#, r#""%s-%d" | printf("a", 5)"#, "a-5"),
            example(
                r#"printf "%05d|%-4s|%q" 42 "ab" "c""#,
                r#"printf("%05d|%-4s|%q", 42, "ab", "c")"#,
                r#"00042|ab  |"c""#,
            ),
            example(r#"printf "%d" "x""#, r#"printf("%d", "x")"#, "%!d(string=x)"),
        ]),
    Function::plain(
        "print",
        "VALUE...",
        "The values as texts, with spaces between neighbours that are no texts.",
        |context, args| string(print(context, args)),
    )
    .examples(&[example(r#"print "a" 1 2"#, r#"print("a", 1, 2)"#, "a1 2")]),
    Function::plain(
        "println",
        "VALUE...",
        "The values with spaces between and a line break.",
        |context, args| {
            let texts: Vec<String> = args
                .iter()
                .map(|value| format::value(value, context.integers))
                .collect();
            string(format!("{}\n", texts.join(" ")))
        },
    )
    .examples(&[example(r#"println "a" 1"#, r#"println("a", 1)"#, "a 1\n")]),
];

fn print(context: &Context, args: &[Value]) -> String {
    let mut out = String::new();
    let mut last_was_text = true;
    for (index, value) in args.iter().enumerate() {
        let is_text = value.as_str().is_some();
        if index > 0 && !is_text && !last_was_text {
            out.push(' ');
        }
        out.push_str(&format::value(value, context.integers));
        last_was_text = is_text;
    }
    out
}

/// One `%…verb` of a format.
#[expect(clippy::struct_excessive_bools, reason = "Go's five flags are independent")]
#[derive(Clone, Debug, Default)]
struct Verb {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
    letter: char,
}

/// Widths beyond this are refused by Go as well.
const WIDEST: usize = 1_000_000;

fn printf(context: &Context, args: &[Value]) -> FnResult {
    let format_text = text(args, 0)?;
    let values = args.get(1..).unwrap_or_default();
    let mut printer = Printer {
        context,
        values,
        next: 0,
        out: String::new(),
        reordered: false,
    };
    let mut rest = format_text;
    while let Some(percent) = rest.find('%') {
        printer.out.push_str(&rest[..percent]);
        rest = printer.directive(&rest[percent + 1..])?;
        check_size(printer.out.len())?;
    }
    printer.out.push_str(rest);
    printer.extra();
    string(printer.out)
}

struct Printer<'a> {
    context: &'a Context,
    values: &'a [Value],
    next: usize,
    out: String,
    reordered: bool,
}

impl Printer<'_> {
    /// Prints one directive, `format` starts behind its `%`; gives what follows it.
    fn directive<'f>(&mut self, format: &'f str) -> Result<&'f str, FnError> {
        let mut verb = Verb::default();
        let mut rest = format.trim_start_matches(|flag| match flag {
            '-' => {
                verb.minus = true;
                true
            }
            '+' => {
                verb.plus = true;
                true
            }
            '#' => {
                verb.sharp = true;
                true
            }
            ' ' => {
                verb.space = true;
                true
            }
            '0' => {
                verb.zero = true;
                true
            }
            _ => false,
        });
        rest = self.argument_index(rest);
        (verb.width, rest) = self.size(rest, "%!(BADWIDTH)", &mut verb.minus)?;
        if let Some(behind) = rest.strip_prefix('.') {
            let behind = self.argument_index(behind);
            let (precision, behind) = self.size(behind, "%!(BADPREC)", &mut false)?;
            verb.precision = Some(precision.unwrap_or(0));
            rest = behind;
        }
        rest = self.argument_index(rest);
        verb.zero &= !verb.minus;
        let Some(letter) = rest.chars().next() else {
            self.out.push_str("%!(NOVERB)");
            return Ok(rest);
        };
        verb.letter = letter;
        if letter == 'v' {
            // For `%v` these ask for field names and Go's syntax.
            verb.plus = false;
        }
        if letter == '%' {
            self.out.push('%');
        } else if self.reordered && self.next >= self.values.len() {
            self.out
                .extend(["%!", letter.encode_utf8(&mut [0; 4]), "(BADINDEX)"]);
        } else if let Some(value) = self.values.get(self.next) {
            self.next += 1;
            let shown = self.show(&verb, value);
            self.out.push_str(&shown);
        } else {
            self.out
                .extend(["%!", letter.encode_utf8(&mut [0; 4]), "(MISSING)"]);
        }
        Ok(&rest[letter.len_utf8()..])
    }

    /// `[3]` before a verb or a star picks the argument.
    fn argument_index<'f>(&mut self, format: &'f str) -> &'f str {
        let Some((number, rest)) = format.strip_prefix('[').and_then(|format| format.split_once(']')) else {
            return format;
        };
        if let Some(index) = number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1))
        {
            self.next = index;
            self.reordered = true;
        }
        rest
    }

    fn size<'f>(
        &mut self,
        format: &'f str,
        bad: &str,
        minus: &mut bool,
    ) -> Result<(Option<usize>, &'f str), FnError> {
        if let Some(rest) = format.strip_prefix('*') {
            let value = self.values.get(self.next);
            self.next += 1;
            let Some(Value::Number(Number::Int(size))) = value else {
                self.out.push_str(bad);
                return Ok((None, rest));
            };
            *minus |= *size < 0;
            return Ok((
                usize::try_from(size.unsigned_abs())
                    .ok()
                    .filter(|size| *size <= WIDEST),
                rest,
            ));
        }
        let end = format
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(format.len());
        let size = match &format[..end] {
            "" => None,
            digits => Some(digits.parse().ok().filter(|size| *size <= WIDEST)),
        };
        match size {
            Some(None) => Err(FnError::new("a width or precision in the format is too large")),
            size => Ok((size.flatten(), &format[end..])),
        }
    }

    fn show(&self, verb: &Verb, value: &Value) -> String {
        match (verb.letter, value) {
            ('T', _) => pad(verb, type_of(value), false),
            ('v', Value::Number(Number::Float(number))) if verb.precision.is_some() => pad(
                verb,
                &signed(verb, &format::general(*number, verb.precision)),
                true,
            ),
            ('v', Value::String(text)) if verb.sharp => pad(verb, &go_quote(text), false),
            ('v', Value::Number(Number::Int(number) | Number::Int64(number))) => {
                show_integer(verb, i128::from(*number))
            }
            ('v', Value::Number(number)) => pad(verb, &signed(verb, &self.number(*number)), true),
            ('v', Value::String(text)) => pad(verb, truncated(verb, text), false),
            ('v', Value::List(_) | Value::Map(_)) => self.container(verb, value),
            ('v', _) => pad(verb, &format::value(value, self.context.integers), false),
            (letter, Value::Null) => format!("%!{letter}(<nil>)"),
            ('t', Value::Bool(value)) => pad(verb, if *value { "true" } else { "false" }, false),
            ('s' | 'q' | 'x' | 'X', Value::String(text)) => show_text(verb, text),
            (_, Value::Number(number)) => self.show_number(verb, *number, value),
            (_, Value::List(_) | Value::Map(_)) => self.container(verb, value),
            _ => self.wrong(verb, value),
        }
    }

    fn number(&self, number: Number) -> String {
        format::number(number, self.context.integers)
    }

    /// Go applies the verb to each element.
    fn container(&self, verb: &Verb, value: &Value) -> String {
        let element = |value: &Value| match value {
            Value::Null => "<nil>".to_owned(),
            value => self.show(verb, value),
        };
        match value {
            Value::List(list) => {
                let parts: Vec<String> = list.values().iter().map(element).collect();
                if verb.sharp && verb.letter == 'v' {
                    return format!("{}{{{}}}", type_of(value), parts.join(", "));
                }
                format!("[{}]", parts.join(" "))
            }
            Value::Map(map) => {
                let key = |key: &str| self.show(verb, &Value::from(key));
                let entries = map.entries();
                let parts: Vec<String> = entries
                    .iter()
                    .map(|(name, slot)| format!("{}:{}", key(name), element(&slot.value)))
                    .collect();
                if verb.sharp && verb.letter == 'v' {
                    return format!("{}{{{}}}", type_of(value), parts.join(", "));
                }
                format!("map[{}]", parts.join(" "))
            }
            scalar => self.show(verb, scalar),
        }
    }

    fn show_number(&self, verb: &Verb, number: Number, value: &Value) -> String {
        let exact = matches!(self.context.integers, format::Integers::Exact);
        let integer = match number {
            Number::Int(value) | Number::Int64(value) => Some(i128::from(value)),
            Number::Whole(value) if exact => Some(i128::from(value)),
            Number::BigWhole(value) if exact => Some(i128::from(value)),
            _ => None,
        };
        let float = matches!(number, Number::Float(_) | Number::Whole(_) | Number::BigWhole(_));
        match (verb.letter, integer) {
            ('d' | 'b' | 'o' | 'O' | 'x' | 'X' | 'c' | 'q' | 'U', Some(integer)) => {
                show_integer(verb, integer)
            }
            ('e' | 'E' | 'f' | 'F' | 'g' | 'G', _) if float => show_float(verb, number.as_f64()),
            _ => self.wrong(verb, value),
        }
    }

    fn wrong(&self, verb: &Verb, value: &Value) -> String {
        let plain = Verb {
            letter: 'v',
            ..verb.clone()
        };
        format!(
            "%!{}({}={})",
            verb.letter,
            type_of(value),
            self.show(&plain, value)
        )
    }

    /// Go marks arguments that no verb took.
    fn extra(&mut self) {
        if self.reordered || self.next >= self.values.len() {
            return;
        }
        let described: Vec<String> = self.values[self.next..]
            .iter()
            .map(|value| match value {
                Value::Null => "<nil>".to_owned(),
                value => format!(
                    "{}={}",
                    type_of(value),
                    format::value(value, self.context.integers)
                ),
            })
            .collect();
        self.out.extend(["%!(EXTRA ", &described.join(", "), ")"]);
    }
}

fn truncated<'t>(verb: &Verb, text: &'t str) -> &'t str {
    match verb.precision {
        None => text,
        Some(precision) => text
            .char_indices()
            .nth(precision)
            .map_or(text, |(end, _)| &text[..end]),
    }
}

fn show_text(verb: &Verb, text: &str) -> String {
    let text = truncated(verb, text);
    let separator = if verb.space { " " } else { "" };
    match verb.letter {
        'x' => pad(
            verb,
            &text
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect::<Vec<_>>()
                .join(separator),
            false,
        ),
        'X' => pad(
            verb,
            &text
                .bytes()
                .map(|byte| format!("{byte:02X}"))
                .collect::<Vec<_>>()
                .join(separator),
            false,
        ),
        'q' if verb.sharp && !text.contains('`') => pad(verb, &format!("`{text}`"), false),
        'q' => pad(verb, &go_quote(text), false),
        _ => pad(verb, text, false),
    }
}

fn show_integer(verb: &Verb, value: i128) -> String {
    let magnitude = value.unsigned_abs();
    let character = u32::try_from(value)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('\u{fffd}');
    let prefix = |prefix: &str| {
        if verb.sharp {
            prefix.to_owned()
        } else {
            String::new()
        }
    };
    let (prefix, mut digits) = match verb.letter {
        'b' => (prefix("0b"), format!("{magnitude:b}")),
        'o' => (prefix("0"), format!("{magnitude:o}")),
        'O' => ("0o".to_owned(), format!("{magnitude:o}")),
        'x' => (prefix("0x"), format!("{magnitude:x}")),
        'X' => (prefix("0X"), format!("{magnitude:X}")),
        'c' => return pad(verb, &character.to_string(), false),
        'q' => return pad(verb, &format!("'{character}'"), false),
        'U' if verb.sharp => return pad(verb, &format!("U+{magnitude:04X} '{character}'"), false),
        'U' => return pad(verb, &format!("U+{magnitude:04X}"), false),
        _ => (String::new(), magnitude.to_string()),
    };
    if let Some(precision) = verb.precision {
        digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
    }
    let sign = if value < 0 { "-" } else { "" };
    let unpadded = Verb {
        zero: verb.zero && verb.precision.is_none(),
        ..verb.clone()
    };
    pad(&unpadded, &signed(verb, &format!("{sign}{prefix}{digits}")), true)
}

fn show_float(verb: &Verb, value: f64) -> String {
    let text = match (format::special(value), verb.letter) {
        (Some(special), _) => special.to_owned(),
        (None, 'f' | 'F') => format!("{value:.*}", verb.precision.unwrap_or(6)),
        (None, 'e') => format::exponential(value, verb.precision.unwrap_or(6)),
        (None, 'E') => format::exponential(value, verb.precision.unwrap_or(6)).to_uppercase(),
        (None, 'G') => format::general(value, verb.precision).to_uppercase(),
        (None, _) => format::general(value, verb.precision),
    };
    pad(verb, &signed(verb, &text), true)
}

fn signed(verb: &Verb, text: &str) -> String {
    if text.starts_with(['-', '+']) {
        text.to_owned()
    } else if verb.plus {
        format!("+{text}")
    } else if verb.space {
        format!(" {text}")
    } else {
        text.to_owned()
    }
}

/// Fills to the width; zeros go between the sign and the digits.
fn pad(verb: &Verb, text: &str, number: bool) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.chars().count());
    if missing == 0 {
        text.to_owned()
    } else if verb.minus {
        format!("{text}{}", " ".repeat(missing))
    } else if verb.zero {
        let sign = usize::from(number && text.starts_with(['-', '+', ' ']));
        format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..])
    } else {
        format!("{}{text}", " ".repeat(missing))
    }
}
