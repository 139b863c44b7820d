//! Owns reading typed fields out of a `Value` as Go's encoding/json does behind sigs.k8s.io/yaml: names match
//! whatever their case, null leaves a field unset, and numbers and booleans become text where text is wanted.
//!
//! It knows no particular type: chart metadata and manifest heads say which fields they have.

use super::number::Number;
use super::value::{Map, Slot, Value};

/// A value whose type does not fit its field: the type that was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch(pub &'static str);

/// The field called `name`. Names that differ in case only all count; the last one wins, as in Go.
pub fn field(map: &Map, name: &str) -> Option<Slot> {
    let entries = map.read();
    let mut matching = entries
        .iter()
        .filter(|(key, slot)| key.eq_ignore_ascii_case(name) && !slot.value.is_null());
    matching.next_back().map(|(_, slot)| slot.clone())
}

/// The text of a value read into a Go string.
pub fn text(value: &Value) -> Result<String, Mismatch> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(Number::Whole(value) | Number::Int64(value) | Number::Int(value)) => {
            Ok(value.to_string())
        }
        Value::Number(Number::BigWhole(value)) => Ok(value.to_string()),
        Value::Number(Number::Float(value)) => Ok(float32_text(*value)),
        Value::List(_) | Value::Map(_) | Value::Object(_) => Err(Mismatch("text")),
    }
}

/// The items of a value read into a Go slice.
pub fn list(value: &Value) -> Result<Vec<Slot>, Mismatch> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => Ok(items.read().clone()),
        _ => Err(Mismatch("a list")),
    }
}

/// The map of a value read into a Go struct or map; null is an empty one.
pub fn map(value: &Value) -> Result<Map, Mismatch> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Map(map) => Ok(map.clone()),
        _ => Err(Mismatch("a map")),
    }
}

/// The boolean of a value read into a Go bool.
pub fn boolean(value: &Value) -> Result<bool, Mismatch> {
    match value {
        Value::Null => Ok(false),
        Value::Bool(value) => Ok(*value),
        _ => Err(Mismatch("true or false")),
    }
}

/// Go's `FormatFloat(value, 'g', -1, 32)`, which turns `appVersion: 1.10` into `1.1`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "Helm's reader formats with 32 bits"
)]
fn float32_text(value: f64) -> String {
    /// Go switches to an exponent from here on when it prints the shortest digits.
    const FIRST_EXPONENT: i32 = 6;
    let value = value as f32;
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').expect("`{:e}` prints an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` prints a whole exponent");
    if (-4..FIRST_EXPONENT).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by Helm 3.17.3 for `appVersion`.
    #[test]
    fn floats_become_text_as_in_helm() {
        let cases = [
            (1.10, "1.1"),
            (1e6, "1e+06"),
            (1e21, "1e+21"),
            (123_456.5, "123456.5"),
            (1_234_567.5, "1.2345675e+06"),
            (12_345_678.9, "1.2345679e+07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (100_000.0, "100000"),
            (2_000_000.0, "2e+06"),
            (f64::MAX, "+Inf"),
            (-0.0, "-0"),
        ];
        for (value, expected) in cases {
            assert_eq!(
                text(&Value::Number(Number::Float(value))).as_deref(),
                Ok(expected)
            );
        }
    }

    #[test]
    fn the_last_name_of_the_same_letters_wins() {
        let map: Map = [("KIND", "a"), ("Kind", "b")].into_iter().collect();
        assert_eq!(
            field(&map, "kind").and_then(|slot| text(&slot.value).ok()),
            Some("b".to_owned())
        );
        map.insert("kind", Value::Null);
        assert_eq!(
            field(&map, "kind").and_then(|slot| text(&slot.value).ok()),
            Some("b".to_owned())
        );
    }
}
