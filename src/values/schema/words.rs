//! Owns the plain words of what a schema demands and of what was found instead.
//!
//! It knows no places. Words come from the kind of a violation; values are shown only if they are short and
//! no secret.

use crate::values::described;
use crate::yaml::{Number, Value};
use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

/// The longest text that a message repeats: longer ones may be credentials.
const SHORT_WORD: usize = 16;

/// The most allowed values that a message lists.
const MOST_OPTIONS: usize = 12;

/// What a value must be, as the end of a sentence: `must be a string`. None where no short words exist.
pub(super) fn demand(kind: &ValidationErrorKind) -> Option<String> {
    use ValidationErrorKind as Kind;
    let demand = match kind {
        Kind::Type { kind } => format!("must be {}", types(kind)),
        Kind::Enum { options } => format!("must be {}", any_of(options)),
        Kind::Constant { expected_value } => format!("must be {}", literal(expected_value)),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::MinLength { limit: 1 } | Kind::MinItems { limit: 1 } | Kind::MinProperties { limit: 1 } => {
            "must not be empty".to_owned()
        }
        Kind::MinLength { limit } => format!("must have at least {}", count(*limit, "character")),
        Kind::MaxLength { limit } => format!("must have at most {}", count(*limit, "character")),
        Kind::MinItems { limit } => format!("must have at least {}", count(*limit, "item")),
        Kind::MaxItems { limit } => format!("must have at most {}", count(*limit, "item")),
        Kind::AdditionalItems { limit } => format!("must have at most {}", count(*limit as u64, "item")),
        Kind::UnevaluatedItems { .. } => "has more items than its schema knows".to_owned(),
        Kind::MinProperties { limit } => format!("must have at least {}", count(*limit, "key")),
        Kind::MaxProperties { limit } => format!("must have at most {}", count(*limit, "key")),
        Kind::UniqueItems => "must not hold the same item twice".to_owned(),
        Kind::Contains => "lacks an item of the form that it must hold".to_owned(),
        Kind::Pattern { pattern } => format!("must match `{pattern}`"),
        Kind::Format { format } => format!("must be a valid `{format}`"),
        Kind::ContentEncoding { content_encoding } => format!("must be encoded as `{content_encoding}`"),
        Kind::ContentMediaType { content_media_type } => format!("must be `{content_media_type}`"),
        Kind::FromUtf8 { .. } => "must be text in UTF-8 once it is decoded".to_owned(),
        Kind::Required { property } => format!("must have {}", literal(property)),
        Kind::FalseSchema => "must not be set".to_owned(),
        Kind::Not { .. } => "has a form that its schema forbids".to_owned(),
        Kind::OneOfMultipleValid { .. } => {
            "fits several of its allowed forms, but must fit exactly one".to_owned()
        }
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "cannot be compared with the pattern in its schema: it takes too long".to_owned()
        }
        Kind::AnyOf { .. }
        | Kind::OneOfNotValid { .. }
        | Kind::AdditionalProperties { .. }
        | Kind::UnevaluatedProperties { .. }
        | Kind::PropertyNames { .. }
        | Kind::Custom { .. }
        | Kind::Referencing(_) => return None,
    };
    Some(demand)
}

/// What was found, as the end of a sentence: `, got a list`. Empty where the demand says enough.
pub(super) fn found(kind: &ValidationErrorKind, value: &Value, secret: bool) -> String {
    use ValidationErrorKind as Kind;
    let shown = if secret { None } else { shown(value) };
    match kind {
        Kind::Type { .. } => match (shown, value) {
            (Some(text), Value::String(_)) => format!(", got the string `{text}`"),
            (Some(text), Value::Number(_)) => format!(", got the number {text}"),
            (Some(text), Value::Bool(_)) => format!(", got `{text}`"),
            _ => format!(", got {}", described(value)),
        },
        Kind::MinItems { .. } | Kind::MaxItems { .. } | Kind::AdditionalItems { .. } => match value {
            Value::List(list) if !list.is_empty() => format!(", got {}", list.len()),
            _ => String::new(),
        },
        Kind::FalseSchema | Kind::OneOfMultipleValid { .. } | Kind::Required { .. } => String::new(),
        Kind::MinLength { .. } | Kind::MaxLength { .. } => match value {
            Value::String(text) if !text.is_empty() && !secret => format!(", got {}", text.chars().count()),
            _ => String::new(),
        },
        _ => match (shown, value) {
            (Some(text), Value::String(_)) if !text.is_empty() => format!(", got `{text}`"),
            (Some(text), Value::Number(_) | Value::Bool(_)) => format!(", got {text}"),
            (_, Value::String(text)) if text.is_empty() => ", got an empty string".to_owned(),
            (_, Value::Null) => ", got null".to_owned(),
            _ => String::new(),
        },
    }
}

/// How to give a value of another type the type that is wanted, where its text stays the same.
pub(super) fn remedy(kind: &ValidationErrorKind, value: &Value, by_flag: bool) -> Option<&'static str> {
    let ValidationErrorKind::Type {
        kind: TypeKind::Single(wanted),
    } = kind
    else {
        return None;
    };
    match (wanted, value) {
        (JsonType::String, Value::Number(_) | Value::Bool(_)) if by_flag => Some("use `--set-string`"),
        (JsonType::String, Value::Number(_) | Value::Bool(_)) => Some("put the value in quotes"),
        (JsonType::Boolean, Value::String(text)) if matches!(&**text, "true" | "false") => Some(if by_flag {
            "use `--set`"
        } else {
            "write the value without quotes"
        }),
        (JsonType::Integer | JsonType::Number, Value::String(text)) if text.parse::<f64>().is_ok() => {
            Some(if by_flag {
                "use `--set`"
            } else {
                "write the value without quotes"
            })
        }
        _ => None,
    }
}

/// The strings among allowed values.
pub(super) fn strings(options: &Json) -> impl Iterator<Item = &str> {
    options.as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// The value as a message may repeat it.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(Number::Float(value)) => Some(value.to_string()),
        Value::Number(Number::BigWhole(value)) => Some(value.to_string()),
        Value::Number(number) => number.as_i64().map(|value| value.to_string()),
        Value::String(text) => {
            let plain = |character: char| character.is_alphanumeric() || "._-:/ ".contains(character);
            let short = text.chars().count() <= SHORT_WORD && text.chars().all(plain);
            short.then(|| text.to_string())
        }
        Value::Null | Value::List(_) | Value::Map(_) | Value::Object(_) => None,
    }
}

fn types(kind: &TypeKind) -> String {
    let name = |kind: JsonType| match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a bool",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "a list",
        JsonType::Object => "a map",
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        TypeKind::Multiple(kinds) => {
            // Null is the exception among several types, so it is named last.
            let null = |kind: &JsonType| *kind == JsonType::Null;
            let others = kinds.iter().filter(|kind| !null(kind));
            list(
                &others
                    .chain(kinds.iter().filter(null))
                    .map(name)
                    .collect::<Vec<_>>(),
                "or",
            )
        }
    }
}

fn any_of(options: &Json) -> String {
    let all: Vec<String> = options.as_array().into_iter().flatten().map(literal).collect();
    let shown: Vec<&str> = all.iter().take(MOST_OPTIONS).map(String::as_str).collect();
    match (all.len(), shown.as_slice()) {
        (1, [only]) => (*only).to_owned(),
        (count, _) if count > MOST_OPTIONS => {
            format!("one of {} and {} more", shown.join(", "), count - MOST_OPTIONS)
        }
        _ => format!("one of {}", list(&shown, "or")),
    }
}

/// A value of the schema, as a message shows it.
fn literal(value: &Json) -> String {
    match value {
        Json::String(text) if text.is_empty() => "an empty string".to_owned(),
        Json::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn list(items: &[&str], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
