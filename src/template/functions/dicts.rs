//! Owns Sprig's functions over dicts, with their changes in place and mergo's rules of merging.
//!
//! Values that are shared stay shared: `set` and `merge` change the dict that every holder sees.

use super::arguments::{at, describe, list_of, map, text, writable};
use super::{Context, FnError, FnResult, Function, example, numbers};
use crate::yaml::{Entries, List, ListKind, Map, MapKind, Slot, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "dict",
        "KEY_AND_VALUE...",
        "A dict of keys and values in turn.",
        |context, args| Ok(dict(context, args)),
    )
    .examples(&[example(
        r#"dict "a" 1 "b" 2"#,
        r#"dict("a", 1, "b", 2)"#,
        "map[a:1 b:2]",
    )]),
    Function::plain(
        "get",
        "DICT KEY",
        "The value at the key, an empty text if it is not there.",
        |_, args| Ok(map(args, 0)?.get(text(args, 1)?).unwrap_or_else(|| "".into())),
    )
    .subject(0)
    .examples(&[example(r#"get (dict "a" 1) "a""#, r#"{"a": 1} | get("a")"#, "1")]),
    Function::plain(
        "set",
        "DICT KEY VALUE",
        "Sets the key in place and gives the dict.",
        |_, args| {
            writable(args, 0)?.insert(text(args, 1)?, at(args, 2).clone());
            Ok(at(args, 0).clone())
        },
    )
    .subject(0)
    .examples(&[example(
        r#"set (dict "a" 1) "b" 2"#,
        r#"{"a": 1} | set("b", 2)"#,
        "map[a:1 b:2]",
    )]),
    Function::plain(
        "unset",
        "DICT KEY",
        "Removes the key in place and gives the dict.",
        |_, args| {
            map(args, 0)?.remove(text(args, 1)?);
            Ok(at(args, 0).clone())
        },
    )
    .subject(0)
    .examples(&[example(
        r#"unset (dict "a" 1 "b" 2) "b""#,
        r#"{"a": 1, "b": 2} | unset("b")"#,
        "map[a:1]",
    )]),
    Function::plain(
        "hasKey",
        "DICT KEY",
        "Whether the dict has the key.",
        |_, args| Ok(map(args, 0)?.get(text(args, 1)?).is_some().into()),
    )
    .subject(0)
    .examples(&[example(
        r#"hasKey (dict "a" 1) "a""#,
        r#"{"a": 1} | hasKey("a")"#,
        "true",
    )]),
    Function::plain(
        "pluck",
        "KEY DICT...",
        "The values at the key of every dict that has it.",
        |_, args| {
            let key = text(args, 0)?;
            let maps = (1..args.len())
                .map(|index| map(args, index))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(list_of(maps.into_iter().filter_map(|map| map.get(key))))
        },
    )
    .examples(&[example(
        r#"pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3)"#,
        r#"pluck("a", {"a": 1}, {"b": 2}, {"a": 3})"#,
        "[1 3]",
    )]),
    Function::plain("keys", "DICT...", "The keys of all dicts.", |_, args| {
        let mut keys = Vec::new();
        for index in 0..args.len() {
            keys.extend(map(args, index)?.keys());
        }
        Ok(Value::List(List::of_kind(
            ListKind::Strings,
            keys.into_iter().map(Value::String),
        )))
    })
    .subject(0)
    .examples(&[example(
        r#"keys (dict "a" 1 "b" 2) | sortAlpha"#,
        r#"{"a": 1, "b": 2} | keys | sortAlpha"#,
        "[a b]",
    )]),
    Function::plain("values", "DICT", "The values of a dict.", |_, args| {
        Ok(list_of(
            map(args, 0)?.entries().into_iter().map(|(_, slot)| slot.value),
        ))
    })
    .examples(&[example(r#"values (dict "a" 1)"#, r#"{"a": 1} | values"#, "[1]")]),
    Function::plain("pick", "DICT KEY...", "A new dict of these keys.", |_, args| {
        let keys = texts_after(args)?;
        let entries = map(args, 0)?.entries().into_iter();
        Ok(rebuilt(entries.filter(|(key, _)| keys.contains(&&**key))))
    })
    .subject(0)
    .examples(&[example(
        r#"pick (dict "a" 1 "b" 2) "a""#,
        r#"{"a": 1, "b": 2} | pick("a")"#,
        "map[a:1]",
    )]),
    Function::plain(
        "omit",
        "DICT KEY...",
        "A new dict without these keys.",
        |_, args| {
            let keys = texts_after(args)?;
            let entries = map(args, 0)?.entries().into_iter();
            Ok(rebuilt(entries.filter(|(key, _)| !keys.contains(&&**key))))
        },
    )
    .subject(0)
    .examples(&[example(
        r#"omit (dict "a" 1 "b" 2) "a""#,
        r#"{"a": 1, "b": 2} | omit("a")"#,
        "map[b:2]",
    )]),
    Function::plain(
        "merge",
        "DICT DICT...",
        "Fills what is empty in the first dict from the others, in place.",
        merge,
    )
    .subject(0)
    .examples(&[example(
        r#"merge (dict "a" 1) (dict "a" 2 "b" 3)"#,
        r#"{"a": 1} | merge({"a": 2, "b": 3})"#,
        "map[a:1 b:3]",
    )]),
    Function::plain("mustMerge", "DICT DICT...", "Like `merge`.", merge)
        .subject(0)
        .examples(&[example(
            r#"mustMerge (dict) (dict "b" 3)"#,
            r#"{} | mustMerge({"b": 3})"#,
            "map[b:3]",
        )]),
    Function::plain(
        "mergeOverwrite",
        "DICT DICT...",
        "Sets what the others have in the first dict, in place.",
        overwrite,
    )
    .subject(0)
    .examples(&[example(
        r#"mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3)"#,
        r#"{"a": 1} | mergeOverwrite({"a": 2, "b": 3})"#,
        "map[a:2 b:3]",
    )]),
    Function::plain(
        "mustMergeOverwrite",
        "DICT DICT...",
        "Like `mergeOverwrite`.",
        overwrite,
    )
    .subject(0)
    .examples(&[example(
        r#"mustMergeOverwrite (dict "a" 1) (dict "a" 2)"#,
        r#"{"a": 1} | mustMergeOverwrite({"a": 2})"#,
        "map[a:2]",
    )]),
    Function::plain("deepCopy", "VALUE", "A copy that shares nothing.", deep_copy).examples(&[example(
        r#"deepCopy (dict "a" 1)"#,
        r#"{"a": 1} | deepCopy"#,
        "map[a:1]",
    )]),
    Function::plain("mustDeepCopy", "VALUE", "Like `deepCopy`.", deep_copy).examples(&[example(
        "mustDeepCopy (list 1)",
        "[1] | mustDeepCopy",
        "[1]",
    )]),
    Function::plain(
        "dig",
        "KEY... DEFAULT DICT",
        "The value below the keys, DEFAULT where one is missing.",
        dig,
    )
    .examples(&[
        example(
            r#"dig "a" "b" "none" (dict "a" (dict "b" 1))"#,
            r#"{"a": {"b": 1}} | dig("a", "b", "none")"#,
            "1",
        ),
        example(
            r#"dict | dig "a" "b" "none""#,
            r#"{} | dig("a", "b", "none")"#,
            "none",
        ),
    ]),
];

fn texts_after(args: &[Value]) -> Result<Vec<&str>, FnError> {
    (1..args.len()).map(|index| text(args, index)).collect()
}

fn rebuilt(entries: impl Iterator<Item = (Arc<str>, Slot)>) -> Value {
    Value::Map(Map::from(entries.collect::<Entries>()))
}

fn dict(context: &Context, args: &[Value]) -> Value {
    let entries = args.chunks(2).map(|pair| {
        let value = pair.get(1).cloned().unwrap_or_else(|| "".into());
        (numbers::text(context, at(pair, 0)), value)
    });
    Value::Map(entries.collect())
}

/// Deeper dicts cannot come from YAML; a dict that holds itself would never end.
const DEPTH: usize = 1000;

fn merge(_: &Context, args: &[Value]) -> FnResult {
    merge_all(args, false)
}

fn overwrite(_: &Context, args: &[Value]) -> FnResult {
    merge_all(args, true)
}

fn merge_all(args: &[Value], overwrite: bool) -> FnResult {
    let nil = map(args, 0)?.kind() == MapKind::Nil;
    let target = if nil && args.len() > 1 {
        &Map::new()
    } else {
        map(args, 0)?
    };
    for index in 1..args.len() {
        merge_into(target, map(args, index)?, overwrite, 0)?;
    }
    Ok(Value::Map(target.clone()))
}

fn cloned((key, slot): (&Arc<str>, &Slot)) -> (Arc<str>, Slot) {
    (Arc::clone(key), slot.clone())
}

/// mergo's `deepMerge` for dicts: empty values (false and 0 too) count as missing in the target.
fn merge_into(target: &Map, source: &Map, overwrite: bool, depth: usize) -> Result<(), FnError> {
    if depth > DEPTH {
        return Err(FnError::new("the dict holds itself or nests too deeply"));
    }
    if target.same(source) {
        return Ok(());
    }
    if target.is_empty() {
        let counts = |slot: &Slot| overwrite || !slot.value.is_null();
        let entries: Entries = source
            .read()
            .iter()
            .filter(|(_, slot)| counts(slot))
            .map(cloned)
            .collect();
        // To change nothing is not to write.
        if !entries.is_empty() {
            *target.write() = entries;
        }
        return Ok(());
    }
    for (key, slot) in source.entries() {
        let present = target.get(&key);
        if slot.value.is_null() {
            if overwrite {
                target.write().insert(key, slot);
            }
            continue;
        }
        if let (Some(Value::Map(target)), Value::Map(source)) = (&present, &slot.value) {
            merge_into(target, source, overwrite, depth + 1)?;
            continue;
        }
        let fill = present.as_ref().is_none_or(numbers::is_empty);
        if overwrite || fill {
            target.write().insert(key, slot);
        }
    }
    Ok(())
}

fn deep_copy(_: &Context, args: &[Value]) -> FnResult {
    if at(args, 0).is_null() {
        return Err(FnError::new("null cannot be copied"));
    }
    check_depth(at(args, 0), 0)?;
    Ok(at(args, 0).deep_copy())
}

fn check_depth(value: &Value, depth: usize) -> Result<(), FnError> {
    if depth > DEPTH {
        return Err(FnError::new("the value holds itself or nests too deeply"));
    }
    match value {
        Value::List(list) => list
            .values()
            .iter()
            .try_for_each(|item| check_depth(item, depth + 1)),
        Value::Map(map) => map
            .entries()
            .iter()
            .try_for_each(|(_, slot)| check_depth(&slot.value, depth + 1)),
        _ => Ok(()),
    }
}

fn dig(_: &Context, args: &[Value]) -> FnResult {
    let plain = |value: &&Map| matches!(value.kind(), MapKind::Any | MapKind::Nil);
    let Some((dict, before)) = args
        .split_last()
        .and_then(|(last, before)| Some((last.as_map().filter(plain)?, before)))
    else {
        let given = describe(args.last().unwrap_or(&Value::Null));
        return Err(FnError::new(format!(
            "the last argument must be a dict, not {given}"
        )));
    };
    let Some((default, keys)) = before.split_last().filter(|(_, keys)| !keys.is_empty()) else {
        return Err(FnError::new("needs at least one key, a default and a dict"));
    };
    let mut current = Value::Map(dict.clone());
    for (step, key) in keys.iter().enumerate() {
        let Some(map) = current.as_map().filter(plain) else {
            let (key, given) = (text(keys, step - 1)?, describe(&current));
            return Err(FnError::new(format!("`{key}` is {given}, not a map")));
        };
        let Some(key) = key.as_str() else {
            return Err(FnError::new(format!(
                "the keys must be strings, not {}",
                describe(key)
            )));
        };
        match map.get(key) {
            Some(found) => current = found,
            None => return Ok(default.clone()),
        }
    }
    Ok(current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Number;

    #[test]
    fn merge_shares_nodes_and_ends_on_a_dict_that_holds_itself() {
        let own = Map::new();
        own.insert("self", own.clone());
        let other = Map::new();
        other.insert("self", other.clone());
        let refusal = merge_into(&own, &other, true, 0).unwrap_err();
        assert!(refusal.message.contains("holds itself"));
        let shared = List::new();
        let source: Map = [("l", Value::List(shared.clone()))].into_iter().collect();
        let target = Map::new();
        merge_into(&target, &source, false, 0).unwrap();
        shared.write().push(crate::yaml::Slot {
            value: Value::Number(Number::Int(1)),
            origin: None,
        });
        assert_eq!(target.get("l").unwrap().as_list().unwrap().len(), 1);
    }
}
