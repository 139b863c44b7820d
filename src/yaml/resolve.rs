//! Owns what a scalar's text means: null, boolean, number or text, by YAML 1.1 as Helm's parser reads it.
//!
//! It knows no document: the reader hands it text and tag, the writer asks whether text needs quotes.

use super::number::Number;
use super::timestamp::is_timestamp;
use std::borrow::Cow;

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    /// A date or time: it stays text, but its type counts for tags and quoting.
    Timestamp,
    Text,
}

impl Scalar {
    /// What an error calls the type, in YAML's words.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Number(Number::Float(_)) => "!!float",
            Self::Number(_) => "!!int",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }
}

/// What `text` means without quotes and without a tag.
pub(super) fn resolve(text: &str) -> Scalar {
    let Some(first) = text.bytes().next() else {
        return Scalar::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => special_float(text)
            .or_else(|| dotted_float(text))
            .map_or(Scalar::Text, |float| Scalar::Number(Number::Float(float))),
        b'+' | b'-' | b'0'..=b'9' => numeric(text),
        _ => Scalar::Text,
    }
}

/// Whether YAML 1.1 reads `text` as a base 60 number such as `1:20`. Helm's parser does not, but it quotes
/// such text for the sake of others.
pub(super) fn is_base60(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-'))
        || !text.contains(':')
    {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    first.starts_with(|first: char| first.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && parts.all(|part| match part.as_bytes() {
            [ones] => ones.is_ascii_digit(),
            [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
            _ => false,
        })
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Text,
    }
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// A float that starts with its dot. Here, and only here, underscores must stand between digits.
fn dotted_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let separated = bytes
        .iter()
        .enumerate()
        .all(|(index, byte)| *byte != b'_' || index > 0 && digit(index - 1) && digit(index + 1));
    separated.then(|| decimal(&without_underscores(text))).flatten()
}

fn numeric(text: &str) -> Scalar {
    if let Some(float) = special_float(text) {
        return Scalar::Number(Number::Float(float));
    }
    if is_timestamp(text) {
        return Scalar::Timestamp;
    }
    let plain = without_underscores(text);
    match integer(&plain) {
        Some(number) => Scalar::Number(number),
        None => decimal(&plain).map_or(Scalar::Text, |float| Scalar::Number(Number::Float(float))),
    }
}

fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') {
        Cow::Owned(text.replace('_', ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// An integer in Go's notation: `0x`, `0o`, `0b`, a leading zero for octal; signed 64 bits, or unsigned 64
/// bits without a sign.
fn integer(plain: &str) -> Option<Number> {
    let (negative, unsigned) = match plain.as_bytes() {
        [b'-', ..] => (true, &plain[1..]),
        [b'+', ..] => (false, &plain[1..]),
        _ => (false, plain),
    };
    let signed = unsigned.len() < plain.len();
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    // A second sign is not a digit, but Rust's parser would take it.
    if !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0_i64.checked_sub_unsigned(size).map(Number::Whole);
    }
    match i64::try_from(size) {
        Ok(value) => Some(Number::Whole(value)),
        Err(_) if signed => None,
        Err(_) => Some(Number::BigWhole(size)),
    }
}

/// A decimal float: digits, at most one dot, an exponent. None if it overflows, as then it is text.
fn decimal(plain: &str) -> Option<f64> {
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(index) => (&unsigned[..index], Some(&unsigned[index + 1..])),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_ok = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_ok = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    if !mantissa_ok || !exponent_ok {
        return None;
    }
    plain.parse::<f64>().ok().filter(|float| float.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_text_are_told_apart() {
        let whole = |value| Scalar::Number(Number::Whole(value));
        let float = |value| Scalar::Number(Number::Float(value));
        let cases = [
            ("", Scalar::Null),
            ("yes", Scalar::Bool(true)),
            ("yEs", Scalar::Text),
            ("0777", whole(511)),
            ("0o17", whole(15)),
            ("08", float(8.0)),
            ("-0x_1F", whole(-31)),
            ("--1", Scalar::Text),
            ("+-1", Scalar::Text),
            ("1_000", whole(1000)),
            ("1:20", Scalar::Text),
            ("18446744073709551615", Scalar::Number(Number::BigWhole(u64::MAX))),
            ("-9223372036854775808", whole(i64::MIN)),
            ("1e3", float(1000.0)),
            ("1e999", Scalar::Text),
            (".5_0", float(0.5)),
            (".5_", Scalar::Text),
            (".", Scalar::Text),
            ("2001-12-14", Scalar::Timestamp),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }

    #[test]
    fn base_60_is_recognised() {
        for text in ["1:20", "-1_0:59", "190:20:30.15", "+1:2."] {
            assert!(is_base60(text), "{text}");
        }
        for text in ["1:60", "_1:20", "1:", "1:2:", ":1", "1:200", "1.5:20", "a:1"] {
            assert!(!is_base60(text), "{text}");
        }
    }
}
