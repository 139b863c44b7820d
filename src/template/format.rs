//! Owns how values are printed: Go's `fmt` for each kind, and the choice between Helm's floats and exact
//! integers.
//!
//! It does not parse format strings (`functions/printf.rs`) and writes no YAML or JSON.

use crate::yaml::{Number, Value, format_float};
use std::cell::Cell;

/// How integers from YAML and JSON are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integers {
    /// With every digit.
    Exact,
    /// As Helm holds them, as float64: 1000000 is `1e+06`.
    AsFloats,
}

/// The deepest nesting that is printed; deeper parts, and maps that hold themselves, end in `...`.
const DEPTH: usize = 1000;

/// The longest text of a list or map; shared parts can make a small tree print endlessly.
const LONGEST: usize = 16 << 20;

/// The value as Go's `%v` prints it. Null is `<nil>`; what a template prints for a bare null is the
/// engine's choice.
pub(super) fn value(value: &Value, integers: Integers) -> String {
    let mut out = String::new();
    write_value(&mut out, value, integers, 0);
    out
}

/// Writes the value as Go's `%v` prints it.
pub(super) fn write(out: &mut String, value: &Value, integers: Integers) {
    write_value(out, value, integers, 0);
}

fn write_value(out: &mut String, value: &Value, integers: Integers, depth: usize) {
    if depth > DEPTH || out.len() > LONGEST {
        out.push_str("...");
        return;
    }
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&number(*value, integers)),
        Value::String(text) => out.push_str(text),
        Value::List(list) => {
            out.push('[');
            for (index, item) in list.values().iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                write_value(out, item, integers, depth + 1);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push_str("map[");
            for (index, (key, slot)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                write_value(out, &slot.value, integers, depth + 1);
            }
            out.push(']');
        }
        Value::Object(object) if depth > 0 => out.push_str(&object.print_inside()),
        Value::Object(object) => out.push_str(&object.print()),
    }
}

/// A number as Go prints its kind.
pub(super) fn number(number: Number, integers: Integers) -> String {
    match (number, integers) {
        (Number::Int(value) | Number::Int64(value), _) | (Number::Whole(value), Integers::Exact) => {
            value.to_string()
        }
        (Number::BigWhole(value), Integers::Exact) => value.to_string(),
        (Number::Whole(_) | Number::BigWhole(_), _) => {
            let text = format_float(number.as_f64());
            if text.contains('e') {
                ROUNDED.set(Some(number));
            }
            text
        }
        (number, _) => format_float(number.as_f64()),
    }
}

thread_local! {
    /// The last integer that was printed with an exponent, until it is taken: functions that print know no place.
    static ROUNDED: Cell<Option<Number>> = const { Cell::new(None) };
}

/// The last integer from YAML or JSON that this thread printed as a float with an exponent since this was last called.
pub(super) fn take_rounded() -> Option<Number> {
    ROUNDED.take()
}

/// Makes `number` the one that [`take_rounded`] gives.
pub(super) fn put_rounded(number: Option<Number>) {
    ROUNDED.set(number);
}

/// Go's `strconv.FormatFloat(value, 'g', precision, 64)`; `None` is the shortest text that reads back.
pub(super) fn general(value: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision.map(|precision| precision.max(1)) else {
        return format_float(value);
    };
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let (sign, digits, exponent) = decimal(value, precision - 1);
    let (shown, wanted) = (signed(digits.len()), signed(precision));
    let threshold = if wanted > shown && shown > exponent {
        shown
    } else {
        wanted
    };
    if exponent < -4 || exponent >= threshold {
        return format!("{sign}{}", scientific(&digits, exponent));
    }
    format!("{sign}{}", positional(&digits, exponent))
}

/// A float64 as Go's `%e` with `precision` digits after the point.
pub(super) fn exponential(value: f64, precision: usize) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}e{}", go_exponent(exponent.parse().unwrap_or(0)))
}

/// What Go prints for what is not a finite number.
pub(super) fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("+Inf")
    } else if value == f64::NEG_INFINITY {
        Some("-Inf")
    } else {
        None
    }
}

/// Sign, significant digits without trailing zeros, and the decimal exponent of the first digit.
fn decimal(value: f64, decimals: usize) -> (&'static str, String, i32) {
    let text = format!("{:.decimals$e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(|character| *character != '.').collect();
    let kept = digits.trim_end_matches('0');
    let kept = if kept.is_empty() { "0" } else { kept };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    (sign, kept.to_owned(), exponent.parse().unwrap_or(0))
}

fn signed(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn scientific(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{}", go_exponent(exponent))
}

/// Go writes at least two digits of an exponent, and always its sign.
fn go_exponent(exponent: i32) -> String {
    format!("{exponent:+03}")
}

fn positional(digits: &str, exponent: i32) -> String {
    let Ok(before) = usize::try_from(exponent) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    let before = before + 1;
    if digits.len() <= before {
        return format!("{digits}{}", "0".repeat(before - digits.len()));
    }
    format!("{}.{}", &digits[..before], &digits[before..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_with_a_precision_as_go_prints_them() {
        let cases = [
            (1_234_567.5, 3, "1.23e+06"),
            (1_234_567.5, 10, "1234567.5"),
            (100_000.0, 3, "1e+05"),
            (0.000_01, 3, "1e-05"),
            (-0.5, 1, "-0.5"),
            (0.0, 4, "0"),
        ];
        for (value, precision, expected) in cases {
            assert_eq!(general(value, Some(precision)), expected);
        }
        assert_eq!(exponential(1_234_567.5, 6), "1.234568e+06");
        assert_eq!(exponential(0.0, 1), "0.0e+00");
    }

    #[test]
    fn collections_print_as_go_prints_them() {
        let list = Value::List([Value::from("a"), Value::Null].into_iter().collect());
        let whole = Value::Number(Number::Whole(1_000_000));
        let map = Value::Map([("b", whole), ("a", list)].into_iter().collect());
        assert_eq!(super::value(&map, Integers::Exact), "map[a:[a <nil>] b:1000000]");
        assert_eq!(super::value(&map, Integers::AsFloats), "map[a:[a <nil>] b:1e+06]");
    }
}
