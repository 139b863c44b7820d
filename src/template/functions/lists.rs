//! Owns Sprig's functions that build lists and pick from them.
//!
//! Ranges of numbers and parts of lists are in `slices.rs`.

use super::arguments::{at, describe, list, list_of, nil_list};
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] =
    &[
        Function::plain("list", "VALUE...", "A list of the values.", |_, args| {
            Ok(list_of(args.to_vec()))
        })
        .examples(&[example(r#"list 1 "a""#, r#"list(1, "a")"#, "[1 a]")]),
        Function::plain("tuple", "VALUE...", "The older name of `list`.", |_, args| {
            Ok(list_of(args.to_vec()))
        })
        .examples(&[example("tuple 1 2", "tuple(1, 2)", "[1 2]")]),
        Function::plain("first", "LIST", "The first value, null if there is none.", first)
            .examples(&[example("list 1 2 3 | first", "[1, 2, 3] | first", "1")]),
        Function::plain("mustFirst", "LIST", "Like `first`.", first).examples(&[example(
            "list 1 2 3 | mustFirst",
            "[1, 2, 3] | mustFirst",
            "1",
        )]),
        Function::plain("last", "LIST", "The last value, null if there is none.", last).examples(&[example(
            "list 1 2 3 | last",
            "[1, 2, 3] | last",
            "3",
        )]),
        Function::plain("mustLast", "LIST", "Like `last`.", last).examples(&[example(
            "list 1 2 3 | mustLast",
            "[1, 2, 3] | mustLast",
            "3",
        )]),
        Function::plain("rest", "LIST", "All but the first value.", rest).examples(&[example(
            "list 1 2 3 | rest",
            "[1, 2, 3] | rest",
            "[2 3]",
        )]),
        Function::plain("mustRest", "LIST", "Like `rest`.", rest).examples(&[example(
            "list 1 2 3 | mustRest",
            "[1, 2, 3] | mustRest",
            "[2 3]",
        )]),
        Function::plain("initial", "LIST", "All but the last value.", initial).examples(&[example(
            "list 1 2 3 | initial",
            "[1, 2, 3] | initial",
            "[1 2]",
        )]),
        Function::plain("mustInitial", "LIST", "Like `initial`.", initial).examples(&[example(
            "list 1 2 3 | mustInitial",
            "[1, 2, 3] | mustInitial",
            "[1 2]",
        )]),
        Function::plain(
            "append",
            "LIST VALUE",
            "A new list with the value at its end.",
            append,
        )
        .subject(0)
        .examples(&[example("append (list 1 2) 3", "[1, 2] | append(3)", "[1 2 3]")]),
        Function::plain("mustAppend", "LIST VALUE", "Like `append`.", append)
            .subject(0)
            .examples(&[example(
                "mustAppend (list 1 2) 3",
                "[1, 2] | mustAppend(3)",
                "[1 2 3]",
            )]),
        Function::plain("push", "LIST VALUE", "Like `append`.", append)
            .subject(0)
            .examples(&[example("push (list 1 2) 3", "[1, 2] | push(3)", "[1 2 3]")]),
        Function::plain("mustPush", "LIST VALUE", "Like `append`.", append)
            .subject(0)
            .examples(&[example(
                "mustPush (list 1 2) 3",
                "[1, 2] | mustPush(3)",
                "[1 2 3]",
            )]),
        Function::plain(
            "prepend",
            "LIST VALUE",
            "A new list with the value at its start.",
            prepend,
        )
        .subject(0)
        .examples(&[example("prepend (list 1 2) 3", "[1, 2] | prepend(3)", "[3 1 2]")]),
        Function::plain("mustPrepend", "LIST VALUE", "Like `prepend`.", prepend)
            .subject(0)
            .examples(&[example(
                "mustPrepend (list 1 2) 3",
                "[1, 2] | mustPrepend(3)",
                "[3 1 2]",
            )]),
        Function::plain(
            "concat",
            "LIST...",
            "One list of the values of all lists.",
            |_, args| {
                let mut all = Vec::new();
                for index in 0..args.len() {
                    all.extend(list(args, index)?.values());
                }
                Ok(if all.is_empty() { nil_list() } else { list_of(all) })
            },
        )
        .subject(0)
        .examples(&[example(
            "concat (list 1) (list 2 3)",
            "[1] | concat([2, 3])",
            "[1 2 3]",
        )]),
        Function::plain("reverse", "LIST", "The values from last to first.", reverse).examples(&[example(
            "list 1 2 3 | reverse",
            "[1, 2, 3] | reverse",
            "[3 2 1]",
        )]),
        Function::plain("mustReverse", "LIST", "Like `reverse`.", reverse).examples(&[example(
            "list 1 2 | mustReverse",
            "[1, 2] | mustReverse",
            "[2 1]",
        )]),
        Function::plain("uniq", "LIST", "The values without repetitions.", uniq).examples(&[example(
            "list 1 2 1 | uniq",
            "[1, 2, 1] | uniq",
            "[1 2]",
        )]),
        Function::plain("mustUniq", "LIST", "Like `uniq`.", uniq).examples(&[example(
            "list 1 2 1 | mustUniq",
            "[1, 2, 1] | mustUniq",
            "[1 2]",
        )]),
        Function::plain(
            "without",
            "LIST VALUE...",
            "The values that are not among VALUE.",
            without,
        )
        .subject(0)
        .examples(&[example(
            "without (list 1 2 3) 1 3",
            "[1, 2, 3] | without(1, 3)",
            "[2]",
        )]),
        Function::plain("mustWithout", "LIST VALUE...", "Like `without`.", without)
            .subject(0)
            .examples(&[example(
                "mustWithout (list 1 2 3) 1 3",
                "[1, 2, 3] | mustWithout(1, 3)",
                "[2]",
            )]),
        Function::plain("has", "VALUE LIST", "Whether the value is in the list.", has).examples(&[example(
            "has 4 (list 1 2 4)",
            "has(4, [1, 2, 4])",
            "true",
        )]),
        Function::plain("mustHas", "VALUE LIST", "Like `has`.", has).examples(&[example(
            "mustHas 4 (list 1 2)",
            "mustHas(4, [1, 2])",
            "false",
        )]),
        Function::plain("compact", "LIST", "The values that are not empty.", compact).examples(&[example(
            r#"list 1 "" "a" 0 | compact"#,
            r#"[1, "", "a", 0] | compact"#,
            "[1 a]",
        )]),
        Function::plain("mustCompact", "LIST", "Like `compact`.", compact).examples(&[example(
            r#"list 1 "" | mustCompact"#,
            r#"[1, ""] | mustCompact"#,
            "[1]",
        )]),
    ];

/// Sprig takes texts byte for byte in some of these; a chart never means that, so they are refused.
fn values(args: &[Value], index: usize) -> Result<Vec<Value>, FnError> {
    match at(args, index) {
        Value::List(list) => Ok(list.values()),
        other => Err(FnError::new(format!(
            "argument {} must be a list, not {}",
            index + 1,
            describe(other)
        ))),
    }
}

fn first(_: &Context, args: &[Value]) -> FnResult {
    Ok(values(args, 0)?.first().cloned().unwrap_or_default())
}

fn last(_: &Context, args: &[Value]) -> FnResult {
    Ok(values(args, 0)?.last().cloned().unwrap_or_default())
}

fn rest(_: &Context, args: &[Value]) -> FnResult {
    let values = values(args, 0)?;
    if values.is_empty() {
        return Ok(nil_list());
    }
    Ok(list_of(values.into_iter().skip(1)))
}

fn initial(_: &Context, args: &[Value]) -> FnResult {
    let mut values = values(args, 0)?;
    if values.pop().is_none() {
        return Ok(nil_list());
    }
    Ok(list_of(values))
}

fn append(_: &Context, args: &[Value]) -> FnResult {
    Ok(list_of(values(args, 0)?.into_iter().chain([at(args, 1).clone()])))
}

fn prepend(_: &Context, args: &[Value]) -> FnResult {
    Ok(list_of([at(args, 1).clone()].into_iter().chain(values(args, 0)?)))
}

fn reverse(_: &Context, args: &[Value]) -> FnResult {
    Ok(list_of(values(args, 0)?.into_iter().rev()))
}

fn uniq(_: &Context, args: &[Value]) -> FnResult {
    let mut kept: Vec<Value> = Vec::new();
    for value in values(args, 0)? {
        if !kept.iter().any(|other| deep_equal(other, &value)) {
            kept.push(value);
        }
    }
    Ok(list_of(kept))
}

fn without(_: &Context, args: &[Value]) -> FnResult {
    let omitted = args.get(1..).unwrap_or_default();
    let kept = values(args, 0)?.into_iter();
    Ok(list_of(kept.filter(|value| {
        !omitted.iter().any(|other| deep_equal(other, value))
    })))
}

fn has(_: &Context, args: &[Value]) -> FnResult {
    if at(args, 1).is_null() {
        return Ok(false.into());
    }
    Ok(values(args, 1)?
        .iter()
        .any(|value| deep_equal(value, at(args, 0)))
        .into())
}

fn compact(_: &Context, args: &[Value]) -> FnResult {
    Ok(list_of(values(args, 0)?.into_iter().filter(Value::is_true)))
}

/// Go's `reflect.DeepEqual`: numbers of different Go types differ.
pub(super) fn deep_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.go_type() == right.go_type() && left == right,
        (Value::List(left), Value::List(right)) => {
            left.same(right) || {
                let same_type = left.kind() == right.kind();
                let (left, right) = (left.values(), right.values());
                same_type
                    && left.len() == right.len()
                    && left
                        .iter()
                        .zip(&right)
                        .all(|(left, right)| deep_equal(left, right))
            }
        }
        (Value::Map(left), Value::Map(right)) => {
            left.same(right) || {
                let same_type = left.kind() == right.kind();
                let (left, right) = (left.entries(), right.entries());
                same_type
                    && left.len() == right.len()
                    && left
                        .iter()
                        .zip(&right)
                        .all(|(left, right)| left.0 == right.0 && deep_equal(&left.1.value, &right.1.value))
            }
        }
        (left, right) => left == right,
    }
}
