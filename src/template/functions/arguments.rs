//! Owns reading typed arguments: the messages for a wrong type, and the limits of what a function may build.
//!
//! It follows Go's rule that a parameter of a type takes that type alone: a number from YAML is a float64
//! and no `int`. Jinja's integers arrive as `int`, so the rule never bites there.

#![expect(
    clippy::unnecessary_wraps,
    reason = "a function of the table ends with one of these results"
)]

use super::{FnError, FnResult};
use crate::bytes;
use crate::yaml::{List, ListKind, Map, MapKind, Number, Value};
use std::borrow::Cow;

/// The most bytes or items that one call may build.
pub const LIMIT: usize = 16 << 20;

/// The argument at `index`; the count was checked before.
pub(super) fn at(arguments: &[Value], index: usize) -> &Value {
    const NULL: &Value = &Value::Null;
    arguments.get(index).unwrap_or(NULL)
}

fn wrong(index: usize, wanted: &str, got: &Value) -> FnError {
    FnError::new(format!(
        "argument {} must be {wanted}, not {}",
        index + 1,
        describe(got)
    ))
}

/// A type with its article, for messages.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(Number::Float(_)) => "a float",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(map) if map.kind() == MapKind::Strings => "a map of strings",
        Value::Map(_) => "a map",
        Value::Object(_) => "an object",
    }
}

/// A Go `string` parameter.
pub(super) fn text(arguments: &[Value], index: usize) -> Result<&str, FnError> {
    let value = at(arguments, index);
    value.as_str().ok_or_else(|| wrong(index, "a string", value))
}

/// The bytes of a Go `string` parameter.
pub(super) fn text_bytes(arguments: &[Value], index: usize) -> Result<Cow<'_, [u8]>, FnError> {
    text(arguments, index).map(bytes::of_text)
}

/// A Go `int` parameter.
pub(super) fn int(arguments: &[Value], index: usize) -> Result<i64, FnError> {
    match at(arguments, index) {
        Value::Number(Number::Int(value)) => Ok(*value),
        Value::Number(Number::Whole(_) | Number::BigWhole(_) | Number::Float(_)) => Err(FnError::new(
            format!("argument {} must be an integer, not a float", index + 1),
        )
        .help("numbers in values are floats; convert them with `int`")),
        other => Err(wrong(index, "an integer", other)),
    }
}

/// A Go `map[string]interface {}` parameter. That a map of strings is none is checked before for Go templates
/// and no fault in Jinja.
pub(super) fn map(arguments: &[Value], index: usize) -> Result<&Map, FnError> {
    let value = at(arguments, index);
    value.as_map().ok_or_else(|| wrong(index, "a map", value))
}

/// A map whose keys may change.
pub(super) fn writable(arguments: &[Value], index: usize) -> Result<&Map, FnError> {
    let map = map(arguments, index)?;
    if map.kind() == MapKind::Nil {
        return Err(FnError::new(format!(
            "argument {} is a nil map, which takes no keys",
            index + 1
        )));
    }
    Ok(map)
}

/// A Go `bool` parameter.
pub(super) fn boolean(arguments: &[Value], index: usize) -> Result<bool, FnError> {
    let value = at(arguments, index);
    value.as_bool().ok_or_else(|| wrong(index, "a bool", value))
}

/// An argument that Sprig asks to be a list.
pub(super) fn list(arguments: &[Value], index: usize) -> Result<&List, FnError> {
    let value = at(arguments, index);
    value.as_list().ok_or_else(|| wrong(index, "a list", value))
}

/// A list of values.
pub(super) fn list_of(values: impl IntoIterator<Item = Value>) -> Value {
    Value::List(values.into_iter().collect())
}

/// Go's `[]string`.
pub(super) fn strings(texts: impl IntoIterator<Item = impl Into<String>>) -> Value {
    let values = texts.into_iter().map(|text| Value::from(text.into()));
    Value::List(List::of_kind(ListKind::Strings, values))
}

/// A nil `[]interface {}`.
pub(super) fn nil_list() -> Value {
    Value::List(List::of_kind(ListKind::Nil, []))
}

/// Refuses what would not fit in [`LIMIT`].
pub(super) fn check_size(size: usize) -> Result<(), FnError> {
    if size <= LIMIT {
        Ok(())
    } else {
        Err(FnError::new("the result would be larger than 16 MiB"))
    }
}

/// A Go `int` result.
pub(super) fn number(value: i64) -> FnResult {
    Ok(Value::Number(Number::Int(value)))
}

/// A Go `int` result from a length.
pub(super) fn length(value: usize) -> FnResult {
    number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A Go `int64` result.
pub(super) fn int64(value: i64) -> FnResult {
    Ok(Value::Number(Number::Int64(value)))
}

/// A Go `float64` result.
pub(super) fn float(value: f64) -> FnResult {
    Ok(Value::Number(Number::Float(value)))
}

/// A text result.
pub(super) fn string(value: impl Into<String>) -> FnResult {
    Ok(Value::from(value.into()))
}

/// A text result from bytes.
pub(super) fn string_of_bytes(value: &[u8]) -> FnResult {
    string(bytes::to_text(value))
}

/// Refuses trees that would fill the memory when written out: shared nodes count each time they are seen.
pub(super) fn check_tree(value: &Value) -> Result<(), FnError> {
    fn count(value: &Value, depth: usize, budget: &mut usize) -> bool {
        if *budget == 0 || depth > 1000 {
            return false;
        }
        *budget -= 1;
        match value {
            Value::List(list) => list.values().iter().all(|item| count(item, depth + 1, budget)),
            Value::Map(map) => map
                .entries()
                .iter()
                .all(|(_, slot)| count(&slot.value, depth + 1, budget)),
            _ => true,
        }
    }
    if count(value, 0, &mut (LIMIT / 8)) {
        Ok(())
    } else {
        Err(FnError::new("the value holds itself or is too large"))
    }
}
