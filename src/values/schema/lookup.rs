//! Owns finding the parts of a schema that speak of a value: for its description, its known keys, whether it
//! is secret, what was renamed.
//!
//! It validates nothing. It runs only once a violation is found, so it is simple rather than fast.

use super::spot::Step;
use regex::Regex;
use serde_json::{Map as JsonMap, Value as Json};

/// The most parts of a schema that are looked at for one value; a schema may refer to itself in many ways.
const MOST_PARTS: usize = 2_000;

/// A part of a schema.
pub(super) type Part = JsonMap<String, Json>;

/// The parts of `schema` that speak of the value at the end of `steps`, whatever branch it takes.
pub(super) fn parts<'a>(schema: &'a Json, steps: &[Step]) -> Vec<&'a Part> {
    let whole = expand(schema, vec![schema]);
    steps.iter().fold(whole, |parts, step| next(schema, &parts, step))
}

/// The parts that speak of the value one step below that of `parts`.
pub(super) fn next<'a>(schema: &'a Json, parts: &[&'a Part], step: &Step) -> Vec<&'a Part> {
    expand(schema, parts.iter().flat_map(|part| below(part, step)).collect())
}

/// Whether a part marks its value as a secret.
pub(super) fn marks_secret(part: &Part) -> bool {
    ["x-secret", "writeOnly"]
        .iter()
        .any(|mark| part.get(*mark) == Some(&Json::Bool(true)))
}

/// Whether the value at the end of `steps`, or a map or list around it, is marked as a secret.
pub(super) fn is_secret(schema: &Json, steps: &[Step]) -> bool {
    (0..=steps.len()).any(|depth| parts(schema, &steps[..depth]).into_iter().any(marks_secret))
}

/// The keys that the schema names for the map at the end of `steps`.
pub(super) fn known_keys<'a>(schema: &'a Json, steps: &[Step]) -> Vec<&'a str> {
    parts(schema, steps)
        .into_iter()
        .filter_map(|part| part.get("properties")?.as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect()
}

/// What the schema says about the value at the end of `steps`.
pub(super) fn description<'a>(schema: &'a Json, steps: &[Step]) -> Option<&'a str> {
    let text = |part: &'a Part| part.get("description")?.as_str();
    parts(schema, steps).into_iter().find_map(text)
}

/// Every part that applies together with one of `parts`: what they refer to and their branches.
fn expand<'a>(root: &'a Json, mut pending: Vec<&'a Json>) -> Vec<&'a Part> {
    let mut parts: Vec<&Part> = Vec::new();
    while let Some(schema) = pending.pop() {
        let Some(part) = schema.as_object() else { continue };
        if parts.len() == MOST_PARTS || parts.iter().any(|known| std::ptr::eq(*known, part)) {
            continue;
        }
        parts.push(part);
        if let Some(target) = part.get("$ref").and_then(Json::as_str) {
            pending.extend(target.strip_prefix('#').and_then(|pointer| root.pointer(pointer)));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            pending.extend(part.get(keyword).and_then(Json::as_array).into_iter().flatten());
        }
        for keyword in ["if", "then", "else"] {
            pending.extend(part.get(keyword));
        }
        if let Some(dependents) = part.get("dependentSchemas").and_then(Json::as_object) {
            pending.extend(dependents.values());
        }
    }
    parts
}

/// The schemas that one part has for the value one step below.
fn below<'a>(part: &'a Part, step: &Step) -> Vec<&'a Json> {
    match step {
        Step::Key(key) => properties(part, key),
        Step::Index(index) => items(part, *index),
    }
}

fn properties<'a>(part: &'a Part, key: &str) -> Vec<&'a Json> {
    let named = part.get("properties").and_then(|properties| properties.get(key));
    let patterns = part.get("patternProperties").and_then(Json::as_object);
    let matched = patterns
        .into_iter()
        .flatten()
        .filter(|(pattern, _)| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(key)));
    let mut found: Vec<&Json> = named
        .into_iter()
        .chain(matched.map(|(_, schema)| schema))
        .collect();
    if found.is_empty() {
        found.extend(part.get("additionalProperties"));
        found.extend(part.get("unevaluatedProperties"));
    }
    found
}

fn items(part: &Part, index: usize) -> Vec<&Json> {
    let list = |keyword: &str| part.get(keyword).and_then(Json::as_array);
    let positional = list("prefixItems").or_else(|| list("items"));
    match positional.and_then(|schemas| schemas.get(index)) {
        Some(schema) => vec![schema],
        None => ["items", "additionalItems", "unevaluatedItems"]
            .iter()
            .filter_map(|keyword| part.get(*keyword))
            .collect(),
    }
}
