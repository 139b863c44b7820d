//! Owns Sprig's conversions between kinds: `strval`, `toInt64`, `toFloat64` and emptiness.
//!
//! It holds no functions of the table.

use super::Context;
use crate::bytes;
use crate::template::format::{self, Integers};
use crate::yaml::{Number, Value};

/// Sprig's `strval`: text and bytes as they are, the rest as `%v`.
pub(super) fn text(context: &Context, value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Object(object) if let Some(text) = object.bytes().map(bytes::to_text) => text,
        other => format::value(other, context.integers),
    }
}

/// Sprig's emptiness: Go's zero value or no elements; structs do not exist here.
pub(super) fn is_empty(value: &Value) -> bool {
    !value.is_true()
}

/// Sprig's `toInt64`, which is `cast.ToInt64`: what is no number is 0.
pub(super) fn to_int64(context: &Context, value: &Value) -> i64 {
    match value {
        Value::Number(Number::Float(value)) => float_to_int(*value),
        // A float64 lost the last digits of a long number before it came here.
        Value::Number(whole @ Number::Whole(_)) if context.integers == Integers::AsFloats => {
            float_to_int(whole.as_f64())
        }
        Value::Number(Number::BigWhole(_)) => i64::MIN,
        Value::Number(number) => number.as_i64().unwrap_or(0),
        Value::Bool(value) => i64::from(*value),
        Value::String(text) => text_to_int(text),
        Value::Object(object) if object.go_kind() == "int" => to_int64(context, &object.plain()),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Object(_) => 0,
    }
}

/// Go's conversion on amd64: what does not fit is the least integer.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(super) fn float_to_int(value: f64) -> i64 {
    const TOP: f64 = 9_223_372_036_854_775_808.0;
    if value.is_nan() || !(-TOP..TOP).contains(&value) {
        i64::MIN
    } else {
        value as i64
    }
}

/// `strconv.ParseInt(text, 0, 0)` after cast's trimming of a zero fraction; 0 if it does not parse.
fn text_to_int(text: &str) -> i64 {
    parse_int(trim_zero_decimal(text)).unwrap_or(0)
}

fn trim_zero_decimal(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    }
}

/// `strconv.ParseInt` with base 0: prefixes `0x`, `0o`, `0b`, `0`, and underscores between digits.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    if body.is_empty() || body.starts_with(['+', '-']) || body.ends_with('_') || body.contains("__") {
        return None;
    }
    if body.starts_with('_') && radix == 10 {
        return None;
    }
    let value = i128::from_str_radix(&body.replace('_', ""), radix).ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Sprig's `toFloat64`, which is `cast.ToFloat64`: what is no number is 0.
pub(super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::String(text) => parse_float(text).unwrap_or(0.0),
        Value::Object(object) if object.go_kind() == "int" => to_float(&object.plain()),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Object(_) => 0.0,
    }
}

/// `strconv.ParseFloat` for decimal texts.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    // Go lets underscores separate digits.
    let separated = text.contains('_')
        && text.split('_').all(|part| {
            part.starts_with(|first: char| first.is_ascii_digit())
                && part.ends_with(|last: char| last.is_ascii_digit())
        });
    let joined = if separated {
        text.replace('_', "")
    } else {
        text.to_owned()
    };
    let text = joined.as_str();
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let decimal = body
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let word = ["inf", "infinity", "nan"]
        .iter()
        .any(|word| body.eq_ignore_ascii_case(word));
    if !(decimal || word) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| word || value.is_finite())
}
