//! Owns the quick answer that values surely fit a schema, which most values do.
//!
//! It knows the common keywords of draft 7 and never finds a fault: whatever it does not know, in the schema
//! or in a value, is left to the validator. Building that takes many times longer than a whole run otherwise.

use super::plain;
use crate::yaml::{Map, Number, Value};
use regex_lite::Regex;
use serde_json::{Map as JsonMap, Value as Json};
use std::collections::BTreeMap;

/// How deep references and values may lie; a schema may refer to itself.
const DEEPEST: usize = 100;

/// The longest text that is matched with a pattern; the plain matcher is slow on long ones.
const LONGEST_TEXT: usize = 1_000;

/// The most options or required keys that are compared with each other.
const MOST_TEXTS: usize = 100;

/// The largest bound that every kind of number compares with exactly.
const LARGEST_BOUND: i64 = 1 << 53;

/// What `$schema` may say.
const DRAFT_7: [&str; 2] = [
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema",
];

/// The names of types, as the schema's `type` has them.
const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Whether the whole of `schema` is valid and `values` fit it; false if either is not certain.
pub(super) fn surely_fits(schema: &Json, values: &Map) -> bool {
    let Some(root) = schema.as_object() else {
        return false;
    };
    let mut quick = Quick {
        definitions: root.get("definitions").and_then(Json::as_object),
        patterns: BTreeMap::new(),
    };
    quick.knows_object(root, true) && quick.fits_object(root, &Value::Map(values.clone()), 0)
}

struct Quick<'a> {
    definitions: Option<&'a JsonMap<String, Json>>,
    patterns: BTreeMap<&'a str, Regex>,
}

/// Whether a schema is valid and holds nothing that is unknown here.
impl<'a> Quick<'a> {
    fn knows(&mut self, schema: &'a Json) -> bool {
        match schema {
            Json::Bool(_) => true,
            Json::Object(schema) => self.knows_object(schema, false),
            _ => false,
        }
    }

    fn knows_object(&mut self, schema: &'a JsonMap<String, Json>, root: bool) -> bool {
        // Draft 7 ignores whatever stands beside a reference.
        let lone = !schema.contains_key("$ref") || schema.len() == 1;
        lone && schema.iter().all(|(keyword, value)| match keyword.as_str() {
            "$schema" => root && value.as_str().is_some_and(|url| DRAFT_7.contains(&url)),
            "$ref" => self.definition(value).is_some(),
            "title" | "description" | "$comment" => value.is_string(),
            "readOnly" | "writeOnly" => value.is_boolean(),
            "default" => true,
            "definitions" | "properties" => value
                .as_object()
                .is_some_and(|schemas| schemas.values().all(|schema| self.knows(schema))),
            "additionalProperties" | "items" | "propertyNames" | "then" | "else" => self.knows(value),
            "if" => is_exact(value) && self.knows(value),
            "const" => value.is_boolean() || value.is_string(),
            "type" => knows_types(value),
            "enum" | "required" => are_texts(value),
            "pattern" => value.as_str().is_some_and(|pattern| self.knows_pattern(pattern)),
            "minLength" | "maxLength" | "minItems" | "maxItems" => value.is_u64(),
            "minimum" | "maximum" => bound(value).is_some(),
            _ => keyword.starts_with("x-"),
        })
    }

    fn knows_pattern(&mut self, pattern: &'a str) -> bool {
        if !self.patterns.contains_key(pattern) {
            let Some(matcher) = plain::compile(pattern) else {
                return false;
            };
            self.patterns.insert(pattern, matcher);
        }
        true
    }

    fn definition(&self, reference: &Json) -> Option<&'a Json> {
        // An escaped name is none of a definition as it stands, or else has a meaning that is unknown here.
        let name = reference.as_str()?.strip_prefix("#/definitions/")?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        self.definitions?
            .get(name)
            .filter(|_| !name.is_empty() && name.bytes().all(plain))
    }
}

/// Whether a value surely fits a schema that is known.
impl Quick<'_> {
    fn fits(&self, schema: &Json, value: &Value, depth: usize) -> bool {
        match schema {
            Json::Bool(anything) => *anything,
            Json::Object(schema) => depth < DEEPEST && self.fits_object(schema, value, depth + 1),
            _ => false,
        }
    }

    fn fits_object(&self, schema: &JsonMap<String, Json>, value: &Value, depth: usize) -> bool {
        if let Some(reference) = schema.get("$ref") {
            return self
                .definition(reference)
                .is_some_and(|target| self.fits(target, value, depth));
        }
        let plain = schema.iter().all(|(keyword, demand)| match keyword.as_str() {
            "type" => fits_types(demand, value),
            "enum" => matches!(value, Value::String(text) if holds(demand, text)),
            "const" => is_same(demand, value),
            "minimum" => compares(value, demand, Number::ge),
            "maximum" => compares(value, demand, Number::le),
            _ => true,
        });
        plain
            && self.fits_branch(schema, value, depth)
            && match value {
                Value::String(text) => self.fits_text(schema, text),
                Value::List(list) => {
                    let items = list.read();
                    is_within(schema, ["minItems", "maxItems"], items.len())
                        && schema.get("items").is_none_or(|schema| {
                            items.iter().all(|item| self.fits(schema, &item.value, depth))
                        })
                }
                Value::Map(map) => self.fits_map(schema, map, depth),
                Value::Null | Value::Bool(_) | Value::Number(_) => true,
                // Values from files hold none.
                Value::Object(_) => false,
            }
    }

    /// `then` where `if` holds, `else` where it does not. What `if` asks is exact, so that not surely is surely not.
    fn fits_branch(&self, schema: &JsonMap<String, Json>, value: &Value, depth: usize) -> bool {
        let Some(question) = schema.get("if") else {
            return true;
        };
        let branch = if self.fits(question, value, depth) {
            "then"
        } else {
            "else"
        };
        schema
            .get(branch)
            .is_none_or(|branch| self.fits(branch, value, depth))
    }

    fn fits_text(&self, schema: &JsonMap<String, Json>, text: &str) -> bool {
        let matches = |pattern: &str| {
            text.len() <= LONGEST_TEXT
                && text.is_ascii()
                && self
                    .patterns
                    .get(pattern)
                    .is_some_and(|matcher| matcher.is_match(text))
        };
        is_within(schema, ["minLength", "maxLength"], text.chars().count())
            && schema
                .get("pattern")
                .is_none_or(|pattern| pattern.as_str().is_some_and(matches))
    }

    fn fits_map(&self, schema: &JsonMap<String, Json>, map: &Map, depth: usize) -> bool {
        let entries = map.read();
        let known = schema.get("properties");
        let others = schema.get("additionalProperties");
        let names = schema.get("propertyNames");
        let mut required = texts(schema.get("required"));
        required.all(|key| entries.contains_key(key))
            && entries.iter().all(|(key, slot)| {
                let part = known.and_then(|known| known.get(&**key)).or(others);
                let is_named = names.is_none_or(|names| self.fits(names, &Value::from(&**key), depth));
                is_named && part.is_none_or(|part| self.fits(part, &slot.value, depth))
            })
    }
}

/// Whether it can always be told if a value fits: a schema of constants below required keys.
fn is_exact(schema: &Json) -> bool {
    schema.as_object().is_some_and(|schema| {
        schema.iter().all(|(keyword, value)| match keyword.as_str() {
            "const" | "required" => true,
            "properties" => value
                .as_object()
                .is_some_and(|schemas| schemas.values().all(is_exact)),
            _ => false,
        })
    })
}

fn is_same(constant: &Json, value: &Value) -> bool {
    match value {
        Value::Bool(value) => constant.as_bool() == Some(*value),
        Value::String(text) => constant.as_str() == Some(&**text),
        _ => false,
    }
}

fn knows_types(value: &Json) -> bool {
    let is_type = |name: &str| TYPES.contains(&name);
    value
        .as_str()
        .map_or_else(|| are_texts(value) && texts(Some(value)).all(is_type), is_type)
}

fn fits_types(demand: &Json, value: &Value) -> bool {
    let accepted: &[&str] = match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["boolean"],
        // Whether it is a whole number is the validator's question.
        Value::Number(Number::Float(number)) if number.is_finite() => &["number"],
        Value::Number(Number::Float(_)) | Value::Object(_) => &[],
        Value::Number(_) => &["integer", "number"],
        Value::String(_) => &["string"],
        Value::List(_) => &["array"],
        Value::Map(_) => &["object"],
    };
    let fits = |name: &str| accepted.contains(&name);
    demand
        .as_str()
        .map_or_else(|| texts(Some(demand)).any(fits), fits)
}

/// Whether `value` is a list of at least one text, each of them once.
fn are_texts(value: &Json) -> bool {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    let once = |(index, item): (usize, &Json)| item.is_string() && !items[..index].contains(item);
    (1..=MOST_TEXTS).contains(&items.len()) && items.iter().enumerate().all(once)
}

fn texts(value: Option<&Json>) -> impl Iterator<Item = &str> {
    let items = value.and_then(Json::as_array);
    items.into_iter().flatten().filter_map(Json::as_str)
}

fn holds(options: &Json, text: &str) -> bool {
    texts(Some(options)).any(|option| option == text)
}

/// An integer that `minimum` or `maximum` may be.
fn bound(value: &Json) -> Option<Number> {
    let value = value.as_i64()?;
    (-LARGEST_BOUND..=LARGEST_BOUND)
        .contains(&value)
        .then_some(Number::Whole(value))
}

/// Whether a number is on the right side of a bound; anything else has no bounds.
fn compares(value: &Value, limit: &Json, holds: fn(&Number, &Number) -> bool) -> bool {
    match value {
        Value::Number(number) => bound(limit).is_some_and(|limit| holds(number, &limit)),
        _ => true,
    }
}

fn is_within(schema: &JsonMap<String, Json>, [least, most]: [&str; 2], size: usize) -> bool {
    let limit = |keyword: &str| schema.get(keyword).and_then(Json::as_u64);
    let size = size as u64;
    limit(least).is_none_or(|least| size >= least) && limit(most).is_none_or(|most| size <= most)
}
