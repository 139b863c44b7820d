//! Owns the methods of values that are no objects: those of `chartutil.Values` and of `chartutil.VersionSet`.
//!
//! Objects bring their own methods.

use crate::template::functions::Context;
use crate::yaml;
use crate::yaml::{List, ListKind, Map, MapKind, Value};

/// Whether `.Values` has a method of this name, which hides a key of the same name.
pub(super) fn is_of_values(name: &str) -> bool {
    matches!(name, "AsMap" | "Encode" | "PathValue" | "Table" | "YAML")
}

/// Calls a method; None if the receiver has none of that name.
pub(super) fn call(
    receiver: &Value,
    name: &str,
    arguments: &[Value],
    _context: &Context,
) -> Option<Result<Value, String>> {
    match receiver {
        Value::Object(object) => object.call(name, arguments),
        Value::Map(map) if map.kind() == MapKind::Values => values(map, name, arguments),
        Value::List(list) if list.kind() == ListKind::Versions => versions(list, name, arguments),
        _ => None,
    }
}

fn values(map: &Map, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("AsMap", []) => Ok(Value::Map(map.as_kind(MapKind::Any))),
        ("YAML", []) => yaml::write(&Value::Map(map.clone()))
            .map(|text| Value::from(text + "\n"))
            .map_err(|error| error.to_string()),
        ("Table", [Value::String(path)]) => {
            table(map, path).map(|table| Value::Map(table.as_kind(MapKind::Values)))
        }
        ("PathValue", [Value::String(path)]) => path_value(map, path),
        ("Encode", _) => Err("templates cannot make what it writes to".to_owned()),
        ("AsMap" | "YAML", _) => Err(format!("takes no arguments, not {}", arguments.len())),
        ("Table" | "PathValue", _) => Err("takes one text".to_owned()),
        _ => return None,
    })
}

/// The table at a dotted path.
pub(in crate::template) fn table(map: &Map, path: &str) -> Result<Map, String> {
    let mut current = map.clone();
    for step in path.split('.') {
        current = match current.get(step) {
            Some(Value::Map(next)) => next,
            _ => return Err(format!("{step:?} is not a table")),
        };
    }
    Ok(current)
}

/// Helm's `PathValue`: what stands at a dotted path, if it is no table.
fn path_value(map: &Map, path: &str) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (table_path, key) = path
        .rsplit_once('.')
        .map_or((None, path), |(table, key)| (Some(table), key));
    let missing = || format!("{key:?} is not a value");
    let holder = match table_path {
        Some(table_path) => table(map, table_path).map_err(|_| missing())?,
        None => map.clone(),
    };
    match holder.get(key) {
        None | Some(Value::Map(_)) => Err(missing()),
        Some(value) => Ok(value),
    }
}

fn versions(list: &List, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
    if name != "Has" {
        return None;
    }
    Some(match arguments {
        [Value::String(wanted)] => {
            let items = list.read();
            Ok(items
                .iter()
                .any(|slot| slot.value.as_str() == Some(wanted))
                .into())
        }
        [_] => Err("takes a text".to_owned()),
        _ => Err(format!("takes 1 argument, not {}", arguments.len())),
    })
}
