//! Owns whether a manifest has the shape of its kind: no unknown fields, the right types, all required fields.
//!
//! It does not ask whether values make sense: the rules of each type do, which it calls for every value of that type.

use super::allowed;
use super::findings::Findings;
use super::lexical;
use super::rules;
use super::table::{Field, Minors, Shape, Struct, Table};
use crate::suggest;
use crate::yaml::{Map, Number, Value, typed};
use std::collections::BTreeSet;

/// Checks a value against the type of that number, as the API server of minor version `minor` would.
pub(super) fn check(table: &Table, of_type: usize, value: &Value, minor: u32, found: &mut Findings) {
    Checker { table, minor }.structure(of_type, value, found);
}

struct Checker<'a> {
    table: &'a Table,
    minor: u32,
}

impl Checker<'_> {
    fn structure(&self, number: usize, value: &Value, found: &mut Findings) {
        let Some(map) = map_of(value, found) else { return };
        let known = self.table.get(number);
        for (name, slot) in map.entries() {
            found.inside(&name, slot.origin.as_ref(), |found| {
                match known.field(&name, self.minor) {
                    None => unknown(known, &name, found),
                    Some(field) => self.field(known, field, &slot.value, found),
                }
            });
        }
        for field in known.fields() {
            let is_missing = field.required && field.minors.contains(&self.minor);
            if is_missing && map.get(field.name).is_none_or(|value| value.is_null()) {
                found.error("k8s-required", format!("needs `{}`", field.name));
            }
        }
        rules::apply(known.name, map, self.minor, found);
    }

    fn field(&self, parent: &Struct, field: &Field, value: &Value, found: &mut Findings) {
        if !field.minors.contains(&self.minor) {
            return outside(&field.minors, self.minor, found);
        }
        // The API server takes null for a field that is not set.
        if value.is_null() {
            return;
        }
        self.value(&field.shape, value, found);
        if let Some(text) = value.as_str()
            && field.shape == Shape::Text
        {
            allowed::check(parent.name, field.name, text, found);
        }
        if !field.keys.is_empty() {
            unique(&field.keys, value, found);
        }
    }

    fn value(&self, shape: &Shape, value: &Value, found: &mut Findings) {
        match shape {
            Shape::Any => {}
            Shape::Struct(number) => self.structure(*number, value, found),
            Shape::Object => {
                map_of(value, found);
            }
            Shape::List(items) => match value {
                Value::List(_) => found.items(value, |found, slot| {
                    if slot.value.is_null() && **items != Shape::Any {
                        found.error("k8s-type", "is null; an item of a list cannot be");
                    } else {
                        self.value(items, &slot.value, found);
                    }
                }),
                other => mismatch("a list", other, found),
            },
            Shape::Map(values) => {
                let Some(map) = map_of(value, found) else { return };
                for (name, slot) in map.entries() {
                    if !slot.value.is_null() {
                        found.inside(&name, slot.origin.as_ref(), |found| {
                            self.value(values, &slot.value, found);
                        });
                    }
                }
            }
            scalar => self::scalar(scalar, value, found),
        }
    }
}

fn map_of<'a>(value: &'a Value, found: &mut Findings) -> Option<&'a Map> {
    let map = value.as_map();
    if map.is_none() && !value.is_null() {
        mismatch("a map", value, found);
    }
    map
}

fn unknown(known: &Struct, name: &str, found: &mut Findings) {
    let names = known.fields().iter().map(|field| field.name);
    let what = format!("is not a field of `{}`", last(known.name));
    match suggest::nearest(name, names) {
        Some(nearest) => found.error_with("k8s-unknown-field", what, format!("did you mean `{nearest}`?")),
        None => found.error("k8s-unknown-field", what),
    }
}

/// `Container` of `core.v1.Container`.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn outside(minors: &Minors, minor: u32, found: &mut Findings) {
    let what = if minor < *minors.start() {
        format!(
            "exists since Kubernetes 1.{}, and the target is 1.{minor}",
            minors.start()
        )
    } else {
        format!(
            "exists until Kubernetes 1.{}, and the target is 1.{minor}",
            minors.end()
        )
    };
    found.error("k8s-unknown-field", what);
}

fn mismatch(wanted: &str, value: &Value, found: &mut Findings) {
    let what = format!("must be {wanted}, found a {}", value.kind());
    match value {
        Value::Bool(_) | Value::Number(_) if wanted == "a string" => {
            found.error_with(
                "k8s-type",
                what,
                "write it in quotes, or pipe it through `quote`".to_owned(),
            );
        }
        _ => found.error("k8s-type", what),
    }
}

fn scalar(shape: &Shape, value: &Value, found: &mut Findings) {
    match (shape, value) {
        (Shape::Text | Shape::Time | Shape::Bytes | Shape::Quantity, Value::String(text)) => {
            spelling(shape, text, found);
        }
        (Shape::Text | Shape::Time | Shape::Bytes, other) => mismatch("a string", other, found),
        (Shape::Bool, Value::Bool(_))
        | (Shape::Double | Shape::Quantity, Value::Number(_))
        | (Shape::IntOrText, Value::String(_)) => {}
        (Shape::Bool, other) => mismatch("true or false", other, found),
        (Shape::Double, other) => mismatch("a number", other, found),
        (Shape::Quantity, other) => mismatch("a quantity", other, found),
        (Shape::Int64, value) => whole(value, i64::MIN, i64::MAX, found),
        (Shape::Int32, value) | (Shape::IntOrText, value @ Value::Number(_)) => {
            whole(value, i64::from(i32::MIN), i64::from(i32::MAX), found);
        }
        (Shape::IntOrText, other) => mismatch("a whole number or a string", other, found),
        _ => {}
    }
}

/// Texts that stand for something else.
fn spelling(shape: &Shape, text: &str, found: &mut Findings) {
    match shape {
        Shape::Bytes if !lexical::is_base64(text) => found.error("k8s-value", "is not base64"),
        Shape::Time if !lexical::is_time(text) => {
            found.error("k8s-value", "is not a time as RFC 3339 writes it");
        }
        Shape::Quantity if !lexical::is_quantity(text) => {
            let help = "a quantity is a number with a unit, as in `100m`, `1.5`, `128Mi` or `2G`";
            let what = format!("is no quantity: `{}`", text.escape_debug());
            found.error_with("k8s-quantity", what, help.to_owned());
        }
        _ => {}
    }
}

/// JSON knows one kind of number; the decoder takes `2.0` for 2.
fn whole(value: &Value, least: i64, most: i64, found: &mut Findings) {
    let Value::Number(number) = value else {
        return mismatch("a whole number", value, found);
    };
    let exact = match number {
        Number::Float(float) => as_whole(*float),
        Number::BigWhole(_) => Some(i64::MAX),
        number => number.as_i64(),
    };
    match exact {
        None => found.error("k8s-type", "must be a whole number"),
        Some(number) if number < least || number > most => {
            found.error("k8s-value", format!("must lie between {least} and {most}"));
        }
        Some(_) => {}
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large is outside the bounds in any case"
)]
fn as_whole(float: f64) -> Option<i64> {
    (float.fract() == 0.0).then_some(float as i64)
}

/// Lists that server-side apply treats as maps: no two items with one key. Where plain apply refuses them too, the rules of
/// the type say so.
fn unique(keys: &[&str], list: &Value, found: &mut Findings) {
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    found.items(list, |found, slot| {
        let Some(map) = slot.value.as_map() else { return };
        let key = |key: &&str| match map.get(key) {
            None | Some(Value::Null) if *key == "protocol" => "TCP".to_owned(),
            value => value
                .and_then(|value| typed::text(&value).ok())
                .unwrap_or_default(),
        };
        if !seen.insert(keys.iter().map(key).collect()) {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let what = format!("has the {} of another item", keys.join(" and "));
            found.warning(
                "k8s-duplicate",
                what,
                "server-side apply refuses such a list".to_owned(),
            );
        }
    });
}
