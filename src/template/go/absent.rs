//! Owns the wording of chains of names that lead nowhere: which name is not set, where a null was written, and
//! which keys stand beside it.
//!
//! Other failures are in `failure.rs`.

use super::ast::{Ident, Span};
use super::failure::{At, DEFAULT, Failure, behind_dot, error, go_type, no_value};
use crate::suggest::nearest;
use crate::template::functions::Parameter;
use crate::yaml::{Map, Value};

/// At most this many keys are listed.
const LISTED: usize = 8;

/// A chain of names leads to nothing where a parameter needs a value.
pub(super) fn not_set(at: At<'_>, parameter: Parameter, start: Option<&Value>, names: &[Ident]) -> Failure {
    let Some((missing, before)) = names.split_last() else {
        return no_value(at, parameter);
    };
    let parent = below(at, start, before);
    let parent = parent.as_ref().and_then(Value::as_map);
    let is_null = parent.is_some_and(|map| map.get(missing.name(at.source)).is_some());
    let state = if is_null { "null" } else { "not set" };
    let message = format!("`{}` is {state}; expected `{}`", at.code(), parameter.go_type());
    let label = format!("expected {}; got interface {{}}", parameter.go_type());
    let diagnostic = error("wrong-type", at.to(behind_dot(missing.span)), message, &label);
    let diagnostic = blamed(diagnostic, at, parent, is_null, *missing);
    diagnostic.help(DEFAULT)
}

/// A field of nil: the name before it is not set, or null.
pub(super) fn nil_pointer(at: At<'_>, start: Option<&Value>, names: &[Ident], index: usize) -> Failure {
    let name = names[index].name(at.source);
    let label = format!("nil pointer evaluating interface {{}}.{name}");
    let Some(before) = index.checked_sub(1) else {
        let path = path_to(at, names[index].span.start);
        let message = format!("`{name}` cannot be read: `{path}` is null");
        return error("undefined", at, message, &label);
    };
    let missing = &names[before];
    let path = path_to(at, missing.span.end);
    let parent = below(at, start, &names[..before]);
    let parent = parent.as_ref().and_then(Value::as_map);
    let is_null = parent.is_some_and(|map| map.get(missing.name(at.source)).is_some());
    let state = if is_null { "null" } else { "not set" };
    let message = format!("`{name}` cannot be read: `{path}` is {state}");
    let diagnostic = error("undefined", at.to(behind_dot(missing.span)), message, &label);
    blamed(diagnostic, at, parent, is_null, *missing)
}

/// The value that maps hold at a chain of names.
fn below(at: At<'_>, start: Option<&Value>, names: &[Ident]) -> Option<Value> {
    names.iter().try_fold(start?.clone(), |value, name| {
        value.as_map().and_then(|map| map.get(name.name(at.source)))
    })
}

/// Adds where a null was set, or which keys stand beside one that is not set.
fn blamed(diagnostic: Failure, at: At<'_>, parent: Option<&Map>, is_null: bool, missing: Ident) -> Failure {
    let name = missing.name(at.source);
    match parent {
        Some(map) if is_null => match map.origin(name) {
            Some(place) => diagnostic.label(place, length(name), "it is null here"),
            None => diagnostic,
        },
        Some(map) => beside(diagnostic, &path_to(at, missing.span.start), map, name),
        None => diagnostic,
    }
}

/// Adds what is known about the keys beside one that is not set.
fn beside(diagnostic: Failure, path: &str, map: &Map, missing: &str) -> Failure {
    let keys = map.keys();
    if let Some(near) = nearest(missing, keys.iter().map(|key| &**key)) {
        let diagnostic = match map.origin(near) {
            Some(place) => diagnostic.label(place, length(near), format!("`{near}` is set here")),
            None => diagnostic,
        };
        return diagnostic.help(format!("did you mean `{near}`?"));
    }
    if keys.is_empty() {
        return diagnostic.help(format!("`{path}` is empty"));
    }
    let mut listed: Vec<String> = keys.iter().take(LISTED).map(|key| format!("`{key}`")).collect();
    if keys.len() > LISTED {
        listed.push("…".to_owned());
    }
    diagnostic.help(format!("`{path}` has {}", listed.join(", ")))
}

/// A field of what has no such field.
pub(super) fn no_field(at: At<'_>, receiver: &Value, names: &[Ident], index: usize) -> Failure {
    let (name, span) = (names[index].name(at.source), names[index].span);
    let path = path_to(at, span.start);
    let label = format!("can't evaluate field {name} in type {}", go_type(receiver));
    let at = at.to(behind_dot(span));
    let Value::Object(object) = receiver else {
        let message = format!(
            "`{name}` cannot be read: `{path}` is a {}, not a map",
            receiver.kind()
        );
        return error("undefined", at, message, &label);
    };
    let message = format!("`{path}` has no field `{name}`");
    let diagnostic = error("undefined", at, message, &label);
    match nearest(name, object.names()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// The operand from its start to `end`, as it is written; `.` where that is all there is.
fn path_to(at: At<'_>, end: u32) -> String {
    let span = Span {
        start: at.span.start,
        end: end.max(at.span.start),
    };
    match at.to(span).code().as_str() {
        "" => ".".to_owned(),
        path => path.to_owned(),
    }
}

fn length(name: &str) -> u32 {
    u32::try_from(name.chars().count()).unwrap_or(1)
}
