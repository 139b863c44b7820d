//! Owns Sprig's functions about types, with the names that Go prints.
//!
//! It does not name the types: lists, maps and objects know their own.

use super::arguments::{at, string, text};
use super::lists::deep_equal;
use super::{Function, example};
use crate::yaml::{Number, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("kindOf", "VALUE", "Go's kind of the value.", |_, args| {
        string(kind(at(args, 0)))
    })
    .examples(&[example("kindOf (list 1)", "[1] | kindOf", "slice")]),
    Function::plain(
        "kindIs",
        "KIND VALUE",
        "Whether the value is of Go's kind.",
        |_, args| Ok((text(args, 0)? == kind(at(args, 1))).into()),
    )
    .examples(&[example(
        r#"kindIs "string" "a""#,
        r#""a" | kindIs("string")"#,
        "true",
    )]),
    Function::plain("typeOf", "VALUE", "Go's type of the value.", |_, args| {
        string(type_of(at(args, 0)))
    })
    .examples(&[example("typeOf (dict)", "{} | typeOf", "map[string]interface {}")]),
    Function::plain(
        "typeIs",
        "TYPE VALUE",
        "Whether the value is of Go's type.",
        |_, args| Ok((text(args, 0)? == type_of(at(args, 1))).into()),
    )
    .examples(&[example(
        r#"typeIs "bool" true"#,
        r#"true | typeIs("bool")"#,
        "true",
    )]),
    Function::plain(
        "typeIsLike",
        "TYPE VALUE",
        "Whether the value is of Go's type or a pointer to it.",
        |_, args| {
            let (wanted, found) = (text(args, 0)?, type_of(at(args, 1)));
            Ok((wanted == found || found.strip_prefix('*') == Some(wanted)).into())
        },
    )
    .examples(&[example(
        r#"typeIsLike "int" 1"#,
        r#"1 | typeIsLike("int")"#,
        "true",
    )]),
    Function::plain(
        "deepEqual",
        "VALUE VALUE",
        "Whether the values are equal to the last leaf.",
        |_, args| Ok(deep_equal(at(args, 0), at(args, 1)).into()),
    )
    .examples(&[example(
        "deepEqual (list 1 2) (list 1 2)",
        "deepEqual([1, 2], [1, 2])",
        "true",
    )]),
];

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Number(number) => number.go_type(),
        Value::String(_) => "string",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        Value::Object(object) => object.go_kind(),
    }
}

/// What Go's `%T` prints.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::List(list) => list.kind().go_type(),
        Value::Map(map) => map.kind().go_type(),
        Value::Object(object) => object.go_type(),
        Value::Number(number) => Number::go_type(*number),
        scalar => kind(scalar),
    }
}
