//! Owns turning the text of a schema into a validator.
//!
//! It never fetches: what a schema refers to must be in it, or be one of the standard meta-schemas.

use super::branch;
use super::words;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::Value;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ReferencingError, ValidationError, Validator};
use serde_json::Value as Json;
use std::sync::Arc;

/// Reads the text of a schema.
pub(super) fn read(source: &Arc<Source>) -> Result<Json, Box<Diagnostic>> {
    match serde_json::from_str::<Json>(&source.text) {
        Ok(json) => Ok(json),
        // The JSON reader knows places, and reads what Go reads.
        Err(_) => Ok(yaml::to_serde(&yaml::read_json(source)?)),
    }
}

/// The validator of a schema of any draft from 4 to 2020-12.
pub(super) fn compile(source: &Arc<Source>, json: &mut Json) -> Result<Validator, Box<Diagnostic>> {
    drop_unusable_id(json);
    let declared = json.get("$schema").and_then(Json::as_str).map(draft_of);
    let validator = match build(json, declared.unwrap_or(Draft::Draft7)) {
        // Without `$schema` Helm takes a mixture of the drafts 4 to 7.
        Err(_) if declared.is_none() && build(json, Draft::Draft4).is_ok() => build(json, Draft::Draft4),
        built => built,
    };
    validator.map_err(|error| Box::new(fault(source, &error)))
}

fn build(json: &Json, draft: Draft) -> Result<Validator, ValidationError<'static>> {
    jsonschema::options()
        .with_draft(draft)
        // Helm checks formats whatever the draft.
        .should_validate_formats(true)
        // The crate knows it from 2019-09 on, Helm always.
        .with_format("uuid", is_uuid)
        .offline()
        .build(json)
}

/// Whether `text` is hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(digits)
}

/// The draft that `$schema` names; spellings differ in scheme, fragment and slashes.
fn draft_of(url: &str) -> Draft {
    let known = [
        ("draft-04", Draft::Draft4),
        ("draft-06", Draft::Draft6),
        ("2019-09", Draft::Draft201909),
        ("2020-12", Draft::Draft202012),
    ];
    known
        .iter()
        .find(|(name, _)| url.contains(name))
        .map_or(Draft::Draft7, |(_, draft)| *draft)
}

/// Removes an identifier of the whole schema that is no absolute URI: it can be no base for references.
fn drop_unusable_id(json: &mut Json) {
    let Some(schema) = json.as_object_mut() else {
        return;
    };
    for name in ["$id", "id"] {
        let usable = schema.get(name).and_then(Json::as_str).is_none_or(|id| {
            let id = id.strip_suffix('#').unwrap_or(id);
            id.contains("://") && !id.contains(['#', ' '])
        });
        if !usable {
            schema.remove(name);
        }
    }
}

fn fault(source: &Arc<Source>, error: &ValidationError<'_>) -> Diagnostic {
    if let ValidationErrorKind::Referencing(error) = error.kind() {
        return reference_fault(source, error);
    }
    let pointer = error.instance_path().as_str();
    let place = place_of(source, pointer);
    let demand = match error.kind() {
        ValidationErrorKind::AnyOf { context } => {
            let forms = branch::forms(error.instance_path(), context);
            let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
            Some(words::list(&forms, "or")).filter(|demand| !demand.is_empty())
        }
        kind => words::demand(kind),
    };
    let demand = demand.unwrap_or_else(|| "is not valid".to_owned());
    let spot = if pointer.is_empty() {
        "the schema"
    } else {
        &format!("`{pointer}`")
    };
    Diagnostic::error(
        "schema-invalid",
        format!("the schema of the values is at fault: {spot} {demand}"),
    )
    .at(place)
}

fn reference_fault(source: &Arc<Source>, error: &ReferencingError) -> Diagnostic {
    let (target, help) = match error {
        ReferencingError::Unretrievable { uri, .. } => (
            uri.strip_prefix("json-schema:///").unwrap_or(uri),
            "schemas are never fetched: copy it under `definitions` and refer to `#/definitions/…`",
        ),
        ReferencingError::PointerToNowhere { pointer } => (pointer.as_str(), "the schema holds no such part"),
        ReferencingError::NoSuchAnchor { anchor } | ReferencingError::InvalidAnchor { anchor } => {
            (anchor.as_str(), "the schema holds no such anchor")
        }
        _ => ("", "it is no valid reference"),
    };
    let place = match source.text.find(target) {
        Some(offset) if !target.is_empty() => source.place_at(offset),
        _ => Place::whole(source),
    };
    let message = match target {
        "" => "a `$ref` in the schema of the values cannot be followed".to_owned(),
        target => format!("the schema of the values refers to `{target}`, which is not at hand"),
    };
    Diagnostic::error("schema-reference", message)
        .at(place)
        .help(help)
}

/// The place in the schema's text that `pointer` leads to.
fn place_of(source: &Arc<Source>, pointer: &str) -> Place {
    let found = match yaml::read_json(source) {
        Ok(Value::Map(schema)) => super::spot::Spot::find(&schema, pointer).place,
        _ => None,
    };
    found.unwrap_or_else(|| Place::whole(source))
}
