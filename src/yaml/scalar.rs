//! Owns what a scalar becomes: its tag and text make a value, a value makes a map's key.

use super::float::format_float32;
use super::number::Number;
use super::parser::ScalarEvent;
use super::resolve::{Scalar, resolve};
use super::texts::Texts;
use super::value::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

const YAML_TAG: &str = "tag:yaml.org,2002:";

/// Whether a key is `<<`, which merges its value into the map. Quoting takes its meaning away, the tag `!`
/// gives it back.
pub(super) fn is_merge(scalar: &ScalarEvent<'_>) -> bool {
    scalar.text == "<<" && (scalar.implicit || scalar.tag.as_deref() == Some("tag:yaml.org,2002:merge"))
}

/// The value of a scalar; the error is one phrase.
pub(super) fn value(scalar: &ScalarEvent<'_>, texts: &mut Texts) -> Result<Value, String> {
    let text = &scalar.text;
    let Some(tag) = scalar.tag.as_deref().filter(|tag| !tag.is_empty()) else {
        return Ok(if scalar.implicit {
            untyped(resolve(text), text, texts)
        } else {
            Value::String(texts.share(text))
        });
    };
    match tag.strip_prefix(YAML_TAG) {
        Some("binary") => binary(text),
        Some(wanted @ ("bool" | "int" | "float" | "null" | "timestamp")) => tagged(wanted, text, texts),
        // `!!str`, and every tag that Helm does not know, leaves the text as it is.
        _ => Ok(Value::String(texts.share(text))),
    }
}

fn untyped(scalar: Scalar, text: &str, texts: &mut Texts) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Number(number) => Value::Number(number),
        Scalar::Timestamp | Scalar::Text => Value::String(texts.share(text)),
    }
}

fn tagged(wanted: &str, text: &str, texts: &mut Texts) -> Result<Value, String> {
    let mut scalar = resolve(text);
    // Only an untagged or !!timestamp scalar can be one.
    if scalar == Scalar::Timestamp && wanted != "timestamp" {
        scalar = Scalar::Text;
    }
    let found = scalar.tag();
    match scalar {
        Scalar::Number(Number::Whole(_)) if wanted == "float" => Ok(untyped(scalar, text, texts)),
        _ if found.strip_prefix("!!") == Some(wanted) => Ok(untyped(scalar, text, texts)),
        _ => Err(format!("this is a `{found}`, not a `!!{wanted}`")),
    }
}

/// The bytes as text; what is not UTF-8 becomes replacement characters, as in Helm.
fn binary(text: &str) -> Result<Value, String> {
    let compact: String = text
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n'))
        .collect();
    match STANDARD.decode(compact) {
        Ok(bytes) => Ok(Value::from(&*String::from_utf8_lossy(&bytes))),
        Err(_) => Err("a `!!binary` value must be base64".to_owned()),
    }
}

/// The key that a value makes, as sigs.k8s.io/yaml turns it into text for JSON; the error is one phrase.
pub(super) fn key(value: &Value) -> Result<Arc<str>, &'static str> {
    Ok(match value {
        Value::String(text) => Arc::clone(text),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        Value::Number(Number::Float(float)) => match format_float32(*float).as_str() {
            "+Inf" => ".inf".into(),
            "-Inf" => "-.inf".into(),
            "NaN" => ".nan".into(),
            text => text.into(),
        },
        Value::Number(Number::BigWhole(_)) => return Err("an integer this large cannot be a key"),
        Value::Number(Number::Whole(value) | Number::Int64(value) | Number::Int(value)) => {
            value.to_string().into()
        }
        Value::Null => return Err("null cannot be a key"),
        Value::List(_) => return Err("a list cannot be a key"),
        Value::Map(_) | Value::Object(_) => return Err("a map cannot be a key"),
    })
}
