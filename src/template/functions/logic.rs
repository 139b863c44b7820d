//! Owns Go's built-in comparisons and `and`, `or`, `not` as functions.
//!
//! In Jinja the operators are the usual way; these names are there for both languages alike.

use super::arguments::{at, describe};
use super::{FnError, FnResult, Function, example};
use crate::yaml::{MapKind, Number, Value};
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "and",
        "VALUE OTHER...",
        "The first empty value, or the last one.",
        |_, args| {
            let found = args.iter().find(|value| !value.is_true());
            Ok(found.or(args.last()).cloned().unwrap_or_default())
        },
    )
    .examples(&[example("and 1 2", "(1 and 2)", "2")]),
    Function::plain(
        "or",
        "VALUE OTHER...",
        "The first value that is not empty, or the last one.",
        |_, args| {
            let found = args.iter().find(|value| value.is_true());
            Ok(found.or(args.last()).cloned().unwrap_or_default())
        },
    )
    .examples(&[example("or 0 2", "(0 or 2)", "2")]),
    Function::plain("not", "VALUE", "Whether the value is empty.", |_, args| {
        Ok((!at(args, 0).is_true()).into())
    })
    .examples(&[example("not 0", "(not 0)", "true")]),
    Function::plain(
        "eq",
        "VALUE OTHER MORE...",
        "Whether VALUE equals one of the others.",
        |_, args| {
            let first = at(args, 0);
            for other in args.get(1..).unwrap_or_default() {
                if equal(first, other)? {
                    return Ok(true.into());
                }
            }
            Ok(false.into())
        },
    )
    .subject(0)
    .examples(&[example("eq 1 2 1", "eq(1, 2, 1)", "true")]),
    Function::plain("ne", "VALUE OTHER", "Whether the values differ.", |_, args| {
        Ok((!equal(at(args, 0), at(args, 1))?).into())
    })
    .subject(0)
    .examples(&[example("ne 1 2", "ne(1, 2)", "true")]),
    Function::plain("lt", "VALUE OTHER", "Whether VALUE is less.", |_, args| {
        compare(args, Ordering::is_lt)
    })
    .subject(0)
    .examples(&[example("lt 1 2", "lt(1, 2)", "true")]),
    Function::plain(
        "le",
        "VALUE OTHER",
        "Whether VALUE is less or equal.",
        |_, args| compare(args, Ordering::is_le),
    )
    .subject(0)
    .examples(&[example("le 2 2", "le(2, 2)", "true")]),
    Function::plain("gt", "VALUE OTHER", "Whether VALUE is greater.", |_, args| {
        compare(args, Ordering::is_gt)
    })
    .subject(0)
    .examples(&[example(r#"gt "b" "a""#, r#"gt("b", "a")"#, "true")]),
    Function::plain(
        "ge",
        "VALUE OTHER",
        "Whether VALUE is greater or equal.",
        |_, args| compare(args, Ordering::is_ge),
    )
    .subject(0)
    .examples(&[example("ge 1 2", "ge(1, 2)", "false")]),
];

/// Which basic kinds Go's templates compare with each other.
fn same_kind(left: Number, right: Number) -> bool {
    (left.go_type() == "float64") == (right.go_type() == "float64")
}

fn incompatible(left: &Value, right: &Value) -> FnError {
    let name = |value: &Value| match value {
        Value::Number(number) => format!("`{}`", number.go_type()),
        other => describe(other).to_owned(),
    };
    let message = format!(
        "incompatible types for comparison: {} and {}",
        name(left),
        name(right)
    );
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => FnError::new(message)
            .help("numbers in values are floats; `int` makes an integer of one, `float64` a float"),
        _ => FnError::new(message),
    }
}

/// The number that a month or a duration is, anything else as it is.
fn basic(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.go_kind().starts_with("int") => object.plain(),
        other => other.clone(),
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, FnError> {
    let (left, right) = (&basic(left), &basic(right));
    match (left, right) {
        (Value::Number(one), Value::Number(other)) if same_kind(*one, *other) => Ok(one == other),
        (Value::Null, _) | (_, Value::Null) => Ok(is_nil(left) && is_nil(right)),
        (Value::Bool(one), Value::Bool(other)) => Ok(one == other),
        (Value::String(one), Value::String(other)) => Ok(one == other),
        _ => match (composite(left), composite(right)) {
            (Some(one), Some(other)) if one == other => same(left, right),
            (Some(_), _) | (_, Some(_)) => Err(uncomparable(left, right)),
            (None, None) => Err(incompatible(left, right)),
        },
    }
}

/// Go's kind of what is no number, text or bool.
fn composite(value: &Value) -> Option<&'static str> {
    match value {
        Value::List(_) => Some("slice"),
        Value::Map(_) => Some("map"),
        Value::Object(object) => Some(object.go_kind()),
        _ => None,
    }
}

/// Whether two values of one kind are equal: Go compares structs by their fields and pointers by their place, but
/// slices and maps with nil alone.
fn same(left: &Value, right: &Value) -> Result<bool, FnError> {
    match (left, right) {
        _ if is_nil(left) || is_nil(right) => Ok(is_nil(left) && is_nil(right)),
        (Value::Object(one), Value::Object(other)) if one.go_kind() == "ptr" => Ok(Arc::ptr_eq(one, other)),
        (Value::Object(one), Value::Object(_)) if one.go_kind() == "struct" => Ok(left == right),
        _ => Err(uncomparable(left, right)),
    }
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(list) => list.kind().is_nil(),
        Value::Map(map) => map.kind() == MapKind::Nil,
        _ => false,
    }
}

fn uncomparable(left: &Value, right: &Value) -> FnError {
    let (left, right) = (describe(left), describe(right));
    FnError::new(format!("{left} and {right} cannot be compared")).help("`deepEqual` compares lists and maps")
}

fn compare(args: &[Value], holds: fn(Ordering) -> bool) -> FnResult {
    let (left, right) = (&basic(at(args, 0)), &basic(at(args, 1)));
    let order = match (left, right) {
        (Value::Number(one), Value::Number(other)) if same_kind(*one, *other) => one.partial_cmp(other),
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        _ => return Err(incompatible(left, right)),
    };
    Ok(order.is_some_and(holds).into())
}
