//! Owns the JSON values of `--set-json`, which stand in front of more text.
//!
//! It finds where a value ends; the JSON reader reads it.

use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::{Map, Slot, Value};

/// The JSON value at the start of `text` and its length in bytes; every part of it has the origin `place`.
///
/// The error says what is wrong and repeats nothing of the text.
pub(super) fn prefix(text: &str, place: &Place) -> Result<(Value, usize), String> {
    let length = extent(text)?;
    let source = Source::sensitive(&*place.source.name, &text[..length]);
    let value = yaml::read_json(&source).map_err(|fault| fault.message)?;
    stamp(&value, place);
    Ok((value, length))
}

/// The object that is all of `text`, each key with the flag `name` and itself as its origin.
pub(super) fn object(name: &str, text: &str) -> Result<Map, Box<Diagnostic>> {
    let fault = |reason: &str| {
        let message = format!("`{name}`: the object is not JSON: {reason}");
        Box::new(Diagnostic::error("set-syntax", message).at(Place::whole(&Source::sensitive(name, ""))))
    };
    let value = yaml::read_json(&Source::sensitive(name, text)).map_err(|error| fault(&error.message))?;
    let Value::Map(object) = value else {
        return Err(fault("it is no object"));
    };
    for (key, slot) in object.write().iter_mut() {
        let place = Place::whole(&Source::sensitive(format!("{name} {key}"), ""));
        stamp(&slot.value, &place);
        slot.origin = Some(place);
    }
    Ok(object)
}

/// Gives every part of a value that was just read the origin `place`.
fn stamp(value: &Value, place: &Place) {
    let stamp_slot = |slot: &mut Slot| {
        slot.origin = Some(place.clone());
        stamp(&slot.value, place);
    };
    match value {
        Value::Map(map) => map.write().values_mut().for_each(stamp_slot),
        Value::List(list) => list.write().iter_mut().for_each(stamp_slot),
        _ => {}
    }
}

/// How far the value at the start of `text` reaches, if it is well-formed.
fn extent(text: &str) -> Result<usize, String> {
    match text.as_bytes().first() {
        Some(b'{' | b'[') => composite(text),
        Some(b'"') => string(text),
        Some(b'-' | b'0'..=b'9') => number(text),
        _ => word(text),
    }
}

fn word(text: &str) -> Result<usize, String> {
    ["true", "false", "null"]
        .iter()
        .find(|word| text.starts_with(**word))
        .map(|word| word.len())
        .ok_or_else(|| "it starts like none".to_owned())
}

/// The string at the start of `text`, quotes included.
fn string(text: &str) -> Result<usize, String> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(at + 1),
            _ => {}
        }
    }
    Err("a string does not end".to_owned())
}

/// The object or array at the start of `text`; whether brackets match is the reader's to say.
fn composite(text: &str) -> Result<usize, String> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => at += string(&text[at..])? - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Ok(at);
        }
    }
    Err("an object or array does not end".to_owned())
}

/// The number at the start of `text`, by JSON's grammar, which ends `01` behind the zero.
fn number(text: &str) -> Result<usize, String> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => Err("a number lacks digits".to_owned()),
            count => Ok(count),
        }
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at)?;
    at += if bytes[at] == b'0' { 1 } else { whole };
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        at += digits(at)?;
    }
    Ok(at)
}
