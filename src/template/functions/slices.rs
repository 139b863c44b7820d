//! Owns ranges of numbers and parts of lists: `until`, `seq`, `slice`, `chunk`, and Go's `len` and `index`.
//!
//! Picking single values is in `lists.rs`.

use super::arguments::{LIMIT, at, describe, int, length, list, list_of, string};
use super::{Context, FnError, FnResult, Function, example, numbers};
use crate::bytes;
use crate::yaml::{List, ListKind, MapKind, Number, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "until",
        "COUNT",
        "The numbers from 0 up to, not including, COUNT.",
        |_, args| {
            let count = int(args, 0)?;
            Ok(integers(&until_step(0, count, if count < 0 { -1 } else { 1 })?))
        },
    )
    .examples(&[
        example("until 3", "until(3)", "[0 1 2]"),
        example("until -2", "until(-2)", "[0 -1]"),
    ]),
    Function::plain(
        "untilStep",
        "START STOP STEP",
        "The numbers from START up to, not including, STOP.",
        |_, args| {
            Ok(integers(&until_step(
                int(args, 0)?,
                int(args, 1)?,
                int(args, 2)?,
            )?))
        },
    )
    .subject(0)
    .examples(&[example("untilStep 3 9 2", "untilStep(3, 9, 2)", "[3 5 7]")]),
    Function::plain(
        "seq",
        "NUMBER...",
        "Numbers with spaces between, as the shell's `seq` writes them.",
        seq,
    )
    .examples(&[
        example("seq 5", "seq(5)", "1 2 3 4 5"),
        example("seq 0 2 6", "seq(0, 2, 6)", "0 2 4 6"),
        example("seq 2 -1", "seq(2, -1)", "2 1 0 -1"),
    ]),
    Function::plain(
        "slice",
        "LIST [START] [END] IGNORED...",
        "The values from START up to, not including, END.",
        slice,
    )
    .subject(0)
    .examples(&[example(
        "slice (list 1 2 3 4) 1 3",
        "[1, 2, 3, 4] | slice(1, 3)",
        "[2 3]",
    )]),
    Function::plain(
        "mustSlice",
        "LIST [START] [END] IGNORED...",
        "Like `slice`.",
        slice,
    )
    .subject(0)
    .examples(&[example(
        "mustSlice (list 1 2 3) 1",
        "[1, 2, 3] | mustSlice(1)",
        "[2 3]",
    )]),
    Function::plain(
        "chunk",
        "SIZE LIST",
        "A list of lists of at most SIZE values.",
        chunk,
    )
    .examples(&[example(
        "list 1 2 3 | chunk 2",
        "[1, 2, 3] | chunk(2)",
        "[[1 2] [3]]",
    )]),
    Function::plain("mustChunk", "SIZE LIST", "Like `chunk`.", chunk).examples(&[example(
        "list 1 2 3 | mustChunk 2",
        "[1, 2, 3] | mustChunk(2)",
        "[[1 2] [3]]",
    )]),
    Function::plain(
        "len",
        "VALUE",
        "How many values, entries or bytes it has.",
        |_, args| match at(args, 0) {
            Value::String(text) => length(bytes::len(text)),
            Value::List(list) => length(list.len()),
            Value::Map(map) => length(map.len()),
            Value::Object(object) if object.bytes().is_some() => {
                length(object.bytes().map_or(0, <[u8]>::len))
            }
            Value::Object(object) if object.entries().is_some() => {
                length(object.entries().map_or(0, |entries| entries.len()))
            }
            other => Err(FnError::new(format!("{} has no length", describe(other)))),
        },
    )
    .examples(&[example("list 1 2 | len", "[1, 2] | len", "2")]),
    Function::plain(
        "index",
        "CONTAINER KEY...",
        "The value at a key or position, step by step.",
        index,
    )
    .subject(0)
    .examples(&[example(
        r#"index (dict "a" (list 1 2)) "a" 1"#,
        r#"index({"a": [1, 2]}, "a", 1)"#,
        "2",
    )]),
];

fn integers(values: &[i64]) -> Value {
    Value::List(List::of_kind(
        ListKind::Ints,
        values.iter().map(|value| Value::Number(Number::Int(*value))),
    ))
}

fn until_step(start: i64, end: i64, step: i64) -> Result<Vec<i64>, FnError> {
    let distance = i128::from(end) - i128::from(start);
    if step == 0 || distance == 0 || (distance < 0) != (step < 0) {
        return Ok(Vec::new());
    }
    let count = (distance.abs() + i128::from(step).abs() - 1) / i128::from(step).abs();
    let count = usize::try_from(count).ok().filter(|count| *count <= LIMIT / 16);
    let count = count.ok_or_else(|| FnError::new("the result would have more than a million numbers"))?;
    Ok(
        std::iter::successors(Some(start), |value| value.checked_add(step))
            .take(count)
            .collect(),
    )
}

fn seq(_: &Context, args: &[Value]) -> FnResult {
    let number = |index| int(args, index);
    let toward = |start: i64, end: i64| if end < start { -1_i64 } else { 1 };
    let (start, end, step) = match args.len() {
        1 => (1, number(0)?, toward(1, number(0)?)),
        2 => (number(0)?, number(1)?, toward(number(0)?, number(1)?)),
        3 => (number(0)?, number(2)?, number(1)?),
        _ => return string(""),
    };
    if args.len() == 3 && end < start && step > 0 {
        return string("");
    }
    let texts: Vec<String> = until_step(start, end.saturating_add(toward(start, end)), step)?
        .iter()
        .map(ToString::to_string)
        .collect();
    string(texts.join(" "))
}

fn slice(context: &Context, args: &[Value]) -> FnResult {
    let list = list(args, 0)?;
    let values = list.values();
    if values.is_empty() {
        return Ok(Value::Null);
    }
    let bound = |index: usize, otherwise: usize| match args.get(index) {
        None => Some(otherwise),
        Some(value) => usize::try_from(numbers::to_int64(context, value)).ok(),
    };
    let part = bound(1, 0)
        .zip(bound(2, values.len()))
        .and_then(|(start, end)| values.get(start..end));
    let refusal = || {
        FnError::new(format!(
            "the list has {} values, which does not reach",
            values.len()
        ))
    };
    let part = part.ok_or_else(refusal)?.to_vec();
    Ok(Value::List(List::of_kind(list.kind(), part)))
}

fn chunk(_: &Context, args: &[Value]) -> FnResult {
    let size = usize::try_from(int(args, 0)?).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| FnError::new("the size must be at least 1"))?;
    let values = list(args, 1)?.values();
    let parts = values.chunks(size).map(|part| list_of(part.to_vec()));
    Ok(Value::List(List::of_kind(ListKind::Lists, parts)))
}

fn position(number: Number) -> Option<usize> {
    number
        .as_i64()
        .and_then(|position| usize::try_from(position).ok())
}

fn beyond(what: &str, of: &str, length: usize) -> FnError {
    FnError::new(format!("the {what} has {length} {of}, which does not reach"))
}

fn index(_: &Context, args: &[Value]) -> FnResult {
    let mut current = at(args, 0).clone();
    for key in args.get(1..).unwrap_or_default() {
        current = match (&current, key) {
            (Value::Map(map), Value::String(key)) => map.get(key).unwrap_or_else(|| match map.kind() {
                MapKind::Strings => "".into(),
                _ => Value::Null,
            }),
            (Value::List(list), Value::Number(number)) => position(*number)
                .and_then(|position| list.get(position))
                .ok_or_else(|| beyond("list", "values", list.len()))?,
            (Value::String(text), Value::Number(number)) => {
                let bytes = bytes::of_text(text);
                let byte = position(*number).and_then(|position| bytes.get(position).copied());
                let byte = byte.ok_or_else(|| beyond("text", "bytes", bytes.len()))?;
                Value::Number(Number::Int(i64::from(byte)))
            }
            (Value::Object(object), key) if object.entries().is_some() => {
                let entries = object.entries().unwrap_or_default();
                let found = entries.into_iter().find(|(known, _)| known == key);
                found.map(|(_, value)| value).unwrap_or_default()
            }
            (container, key) => {
                let (container, key) = (describe(container), describe(key));
                return Err(FnError::new(format!("{container} cannot be indexed with {key}")));
            }
        };
    }
    Ok(current)
}
