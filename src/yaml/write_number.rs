//! Owns how numbers are written in YAML and JSON, as Helm does or exactly.

use super::float::{format_float, format_json_float};
use super::number::Number;

/// How an integer from YAML or JSON is written that a float64 cannot hold, such as 9007199254740993.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Digits {
    /// As Helm does: rounded to the nearest float64.
    #[default]
    Helm,
    /// With all its digits.
    Exact,
}

/// A number in JSON; None if it is not finite.
pub(super) fn json_number(number: Number, digits: Digits) -> Option<String> {
    match number {
        Number::Int64(value) | Number::Int(value) => Some(value.to_string()),
        Number::Whole(value) if digits == Digits::Exact => Some(value.to_string()),
        Number::BigWhole(value) if digits == Digits::Exact => Some(value.to_string()),
        rounded => format_json_float(rounded.as_f64()),
    }
}

/// A number in the YAML of `toYamlPretty`: floats as Go prints them.
pub(super) fn pretty_number(number: Number, digits: Digits) -> String {
    match number {
        Number::Int64(value) | Number::Int(value) => value.to_string(),
        Number::Whole(value) if digits == Digits::Exact => value.to_string(),
        Number::BigWhole(value) if digits == Digits::Exact => value.to_string(),
        number => match number.as_f64() {
            value if value.is_nan() => ".nan".to_owned(),
            f64::INFINITY => ".inf".to_owned(),
            f64::NEG_INFINITY => "-.inf".to_owned(),
            value => format_float(value),
        },
    }
}

/// A number in YAML: what reading its JSON as YAML and writing that gives. Floats that JSON writes without
/// a fraction become integers if they fit 64 bits. None if it is not finite.
pub(super) fn yaml_number(number: Number, digits: Digits) -> Option<String> {
    let json = json_number(number, digits)?;
    if json == "-0" {
        Some("0".to_owned())
    } else if json.parse::<i64>().is_ok() || json.parse::<u64>().is_ok() {
        Some(json)
    } else {
        Some(format_float(number.as_f64()))
    }
}
