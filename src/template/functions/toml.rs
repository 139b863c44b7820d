//! Owns TOML: writing it byte for byte as Helm's encoder does, and reading it.
//!
//! The words of an error in a text are ours; the errors of writing are what Helm gives as the text.

use super::arguments::{at, check_tree, string, text};
use super::{Context, FnError, FnResult, Function, dates, example};
use crate::template::format::Integers;
use crate::yaml::{List, Map, MapKind, Number, Value};
use std::fmt::Write as _;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "toToml",
        "VALUE",
        "The value as TOML; the reason as a text if it cannot be.",
        to_toml,
    )
    .examples(&[example(
        r#"toToml (dict "a" 1 "b" (dict "c" (list "d")))"#,
        r#"{"a": 1, "b": {"c": ["d"]}} | toToml"#,
        "a = 1\n\n[b]\n  c = [\"d\"]\n",
    )]),
    Function::plain(
        "fromToml",
        "TEXT",
        "The map in the TOML; a map with the key `Error` if there is none.",
        from_toml,
    )
    .examples(&[example(
        r#"(fromToml "[a]\nb = 1").a.b"#,
        r#"("[a]\nb = 1" | fromToml).a.b"#,
        "1",
    )]),
];

const NIL_ELEMENT: &str = "toml: cannot encode array with nil element";
const NO_KEY: &str = "toml: top-level values must be Go maps or structs";

fn to_toml(context: &Context, args: &[Value]) -> FnResult {
    let value = at(args, 0);
    if value.is_null() {
        return Err(FnError::new("null cannot be written as TOML"));
    }
    check_tree(value)?;
    let mut writer = Writer {
        out: String::new(),
        exact: context.integers == Integers::Exact,
    };
    match writer.encode(&mut Vec::new(), value) {
        Ok(()) => string(writer.out),
        Err(reason) => string(reason),
    }
}

type Written = Result<(), &'static str>;

/// How a value is written: under its key, as a table or tables of their own, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Nil,
    Plain,
    Table,
    Tables,
}

fn shape(value: &Value) -> Result<Shape, &'static str> {
    Ok(match value {
        Value::Null => Shape::Nil,
        Value::Map(map) if map.kind() == MapKind::Nil => Shape::Nil,
        Value::List(list) if list.kind().is_nil() => Shape::Nil,
        Value::Map(_) => Shape::Table,
        Value::List(list) => {
            let shapes = list.values().iter().map(shape).collect::<Result<Vec<_>, _>>()?;
            if shapes.contains(&Shape::Nil) {
                return Err(NIL_ELEMENT);
            }
            let tables = !shapes.is_empty() && shapes.iter().all(|shape| *shape == Shape::Table);
            if tables { Shape::Tables } else { Shape::Plain }
        }
        _ => Shape::Plain,
    })
}

struct Writer {
    out: String,
    exact: bool,
}

impl Writer {
    /// A value under the key that `path` ends with.
    fn encode(&mut self, path: &mut Vec<Arc<str>>, value: &Value) -> Written {
        match (shape(value)?, value) {
            (Shape::Nil, Value::List(_)) if path.is_empty() => self.out.push_str("[]"),
            (Shape::Nil, _) => {}
            (Shape::Table, Value::Map(map)) => {
                if path.len() == 1 {
                    self.new_line();
                }
                if let Some(depth) = path.len().checked_sub(1) {
                    let name = joined(path);
                    let _ = writeln!(self.out, "{}[{name}]", indentation(depth));
                }
                self.entries(path, map)?;
            }
            (Shape::Tables, Value::List(list)) => self.tables(path, list)?,
            (_, value) => match path.last() {
                None => self.element(value)?,
                Some(key) => {
                    let key = quoted_key(key);
                    let _ = write!(self.out, "{}{key} = ", indentation(path.len() - 1));
                    self.element(value)?;
                    self.out.push('\n');
                }
            },
        }
        Ok(())
    }

    fn new_line(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn tables(&mut self, path: &mut Vec<Arc<str>>, list: &List) -> Written {
        let depth = path.len().checked_sub(1).ok_or(NO_KEY)?;
        for item in list.values() {
            let Value::Map(map) = item else { continue };
            self.new_line();
            let name = joined(path);
            let _ = writeln!(self.out, "{}[[{name}]]", indentation(depth));
            self.entries(path, &map)?;
        }
        Ok(())
    }

    /// Plain values first: whatever follows the head of a table belongs to it.
    fn entries(&mut self, path: &mut Vec<Arc<str>>, map: &Map) -> Written {
        for key in ordered(map)?.concat() {
            path.push(Arc::clone(&key));
            let written = self.encode(path, &map.get(&key).unwrap_or_default());
            path.pop();
            written?;
        }
        Ok(())
    }

    fn element(&mut self, value: &Value) -> Written {
        match value {
            Value::Null => return Err(NIL_ELEMENT),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.number(*number),
            Value::String(text) => self.out.push_str(&quoted(text)),
            Value::List(list) => {
                self.out.push('[');
                for (index, item) in list.values().iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.element(item)?;
                }
                self.out.push(']');
            }
            Value::Map(map) => self.inline(map)?,
            Value::Object(object) => match (object.go_type(), object.go_kind()) {
                ("time.Time", _) => {
                    let shown = object.plain();
                    self.out.push_str(shown.as_str().unwrap_or_default());
                }
                ("time.Duration" | "semver.Version" | "*semver.Version", _) => {
                    self.out.push_str(&quoted(&object.print()));
                }
                (_, "int" | "slice" | "map" | "struct") => self.element(&object.plain())?,
                _ => self.out.push_str(&quoted(&object.print())),
            },
        }
        Ok(())
    }

    /// The encoder leaves out a null, but not the comma before it.
    fn inline(&mut self, map: &Map) -> Written {
        self.out.push('{');
        let [plain, tables] = ordered(map)?;
        let counts = [plain.len(), tables.len()];
        for (group, keys) in [plain, tables].into_iter().enumerate() {
            for (index, key) in keys.iter().enumerate() {
                let value = map.get(key).unwrap_or_default();
                if shape(&value)? == Shape::Nil {
                    continue;
                }
                let _ = write!(self.out, "{} = ", quoted_key(key));
                self.element(&value)?;
                let more = index + 1 < keys.len() || group == 0 && counts[1] > 0;
                self.out.push_str(if more { ", " } else { "" });
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn number(&mut self, number: Number) {
        let integer = match number {
            Number::Int(value) | Number::Int64(value) => Some(value.to_string()),
            Number::Whole(value) if self.exact => Some(value.to_string()),
            Number::BigWhole(value) if self.exact => Some(value.to_string()),
            _ => None,
        };
        let shown = integer.unwrap_or_else(|| {
            let value = number.as_f64();
            let point = if value.is_finite() && value.fract() == 0.0 {
                ".0"
            } else {
                ""
            };
            format!("{value}{point}").to_ascii_lowercase()
        });
        self.out.push_str(&shown);
    }
}

/// The keys of plain values, and those of tables.
fn ordered(map: &Map) -> Result<[Vec<Arc<str>>; 2], &'static str> {
    let mut keys = [Vec::new(), Vec::new()];
    for (key, slot) in map.entries() {
        let is_table = matches!(shape(&slot.value)?, Shape::Table | Shape::Tables);
        keys[usize::from(is_table)].push(key);
    }
    Ok(keys)
}

fn indentation(depth: usize) -> String {
    "  ".repeat(depth)
}

fn joined(path: &[Arc<str>]) -> String {
    let keys: Vec<String> = path.iter().map(|key| quoted_key(key)).collect();
    keys.join(".")
}

fn quoted_key(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !key.is_empty() && key.bytes().all(bare) {
        return key.to_owned();
    }
    quoted(key)
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn from_toml(_: &Context, args: &[Value]) -> FnResult {
    let map = match text(args, 0)?.parse::<toml::Table>() {
        Ok(table) => read_table(table),
        Err(error) => [("Error", Value::from(format!("toml: {}", error.message())))]
            .into_iter()
            .collect(),
    };
    Ok(Value::Map(map))
}

fn read_table(table: toml::Table) -> Map {
    table.into_iter().map(|(key, value)| (key, read(value))).collect()
}

fn read(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(value) => Value::Number(Number::Int64(value)),
        toml::Value::Float(value) => Value::Number(Number::Float(value)),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(time) => dates::of_toml(&time.to_string()),
        toml::Value::Array(items) => Value::List(items.into_iter().map(read).collect()),
        toml::Value::Table(table) => Value::Map(read_table(table)),
    }
}
