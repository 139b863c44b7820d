//! Owns Helm's conversions from and to YAML and JSON.
//!
//! The formats themselves are in the `yaml` module.

use super::arguments::{at, check_tree, nil_list, string, text};
use super::{Context, FnError, FnResult, Function, example};
use crate::source::Source;
use crate::template::format::Integers;
use crate::yaml::{self, Digits, Entries, JsonStyle, Map, MapKind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "toYaml",
        "VALUE",
        "The value as YAML, without a last line break.",
        to_yaml,
    )
    .examples(&[example(
        r#"toYaml (dict "a" (list 1 "b"))"#,
        r#"{"a": [1, "b"]} | toYaml"#,
        "a:\n- 1\n- b",
    )]),
    Function::plain(
        "toYamlPretty",
        "VALUE",
        "The value as YAML with lists indented below their keys.",
        to_yaml_pretty,
    )
    .examples(&[example(
        r#"toYamlPretty (dict "a" (list 1 "b"))"#,
        r#"{"a": [1, "b"]} | toYamlPretty"#,
        "a:\n  - 1\n  - b",
    )]),
    Function::plain(
        "fromYaml",
        "TEXT",
        "The map in the YAML; a map with the key `Error` if there is none.",
        |_, args| Ok(read_map(yaml_value(text(args, 0)?), FROM_YAML)),
    )
    .examples(&[example(
        r#"get (fromYaml "a: 1") "a""#,
        r#"("a: 1" | fromYaml).a"#,
        "1",
    )]),
    Function::plain(
        "fromYamlArray",
        "TEXT",
        "The list in the YAML; a list of the error if there is none.",
        |_, args| Ok(read_list(yaml_value(text(args, 0)?), FROM_YAML)),
    )
    .examples(&[example(
        r#"fromYamlArray "- a\n- b""#,
        r#""- a\n- b" | fromYamlArray"#,
        "[a b]",
    )]),
    Function::plain(
        "toJson",
        "VALUE",
        "The value as JSON; `<`, `>` and `&` are escaped.",
        to_json,
    )
    .examples(&[example(
        r#"toJson (dict "a" "<b>")"#,
        r#"{"a": "<b>"} | toJson"#,
        r#"{"a":"\u003cb\u003e"}"#,
    )]),
    Function::plain("mustToJson", "VALUE", "Like `toJson`.", must_to_json).examples(&[example(
        "mustToJson (list 1)",
        "[1] | mustToJson",
        "[1]",
    )]),
    Function::plain(
        "toPrettyJson",
        "VALUE",
        "The value as JSON, indented by two spaces.",
        to_pretty_json,
    )
    .examples(&[example(
        r#"toPrettyJson (dict "a" 1)"#,
        r#"{"a": 1} | toPrettyJson"#,
        "{\n  \"a\": 1\n}",
    )]),
    Function::plain(
        "mustToPrettyJson",
        "VALUE",
        "Like `toPrettyJson`.",
        must_to_pretty_json,
    )
    .examples(&[example("mustToPrettyJson (list)", "[] | mustToPrettyJson", "[]")]),
    Function::plain(
        "toRawJson",
        "VALUE",
        "The value as JSON with `<`, `>` and `&` as they are.",
        to_raw_json,
    )
    .examples(&[example(r#"toRawJson "<b>""#, r#""<b>" | toRawJson"#, r#""<b>""#)]),
    Function::plain("mustToRawJson", "VALUE", "Like `toRawJson`.", to_raw_json).examples(&[example(
        r#"mustToRawJson "&""#,
        r#""&" | mustToRawJson"#,
        r#""&""#,
    )]),
    Function::plain(
        "fromJson",
        "TEXT",
        "The map in the JSON; a map with the key `Error` if there is none.",
        |_, args| match json_value(text(args, 0)?) {
            Ok(Value::Null) => Ok(Value::Map(Map::of_kind(MapKind::Nil, Entries::new()))),
            read => Ok(read_map(read, "")),
        },
    )
    .examples(&[example(
        r#"get (fromJson "{\"a\":1}") "a""#,
        r#"("{\"a\":1}" | fromJson).a"#,
        "1",
    )]),
    Function::plain(
        "mustFromJson",
        "TEXT",
        "The value in the JSON, of whatever kind.",
        |_, args| json_value(text(args, 0)?).map_err(FnError::new),
    )
    .examples(&[example(
        r#"mustFromJson "[1, 2]" | last"#,
        r#""[1, 2]" | mustFromJson | last"#,
        "2",
    )]),
    Function::plain(
        "fromJsonArray",
        "TEXT",
        "The list in the JSON; a list of the error if there is none.",
        |_, args| match json_value(text(args, 0)?) {
            Ok(Value::Null) => Ok(nil_list()),
            read => Ok(read_list(read, "")),
        },
    )
    .examples(&[example(
        r#"fromJsonArray "[1,2]""#,
        r#""[1,2]" | fromJsonArray"#,
        "[1 2]",
    )]),
];

/// Helm prints integers from values as float64, so 1000000 is `1e+06` in its YAML.
fn digits(context: &Context) -> Digits {
    match context.integers {
        Integers::Exact => Digits::Exact,
        Integers::AsFloats => Digits::Helm,
    }
}

fn unwritable(error: &yaml::WriteError) -> FnError {
    FnError::new(error.to_string())
}

fn to_yaml(context: &Context, args: &[Value]) -> FnResult {
    check_tree(at(args, 0))?;
    match yaml::write_with(at(args, 0), digits(context)) {
        Ok(text) => string(text.strip_suffix('\n').unwrap_or(&text)),
        Err(_) if context.swallows => string(""),
        Err(error) => Err(unwritable(&error)),
    }
}

fn to_yaml_pretty(context: &Context, args: &[Value]) -> FnResult {
    check_tree(at(args, 0))?;
    match yaml::write_pretty(at(args, 0), digits(context)) {
        Ok(text) => string(text),
        Err(_) if context.swallows => string(""),
        Err(error) => Err(unwritable(&error)),
    }
}

fn json(context: &Context, value: &Value, indent: Option<&'static str>, escape_html: bool) -> FnResult {
    check_tree(value)?;
    let digits = digits(context);
    let style = JsonStyle {
        indent,
        escape_html,
        digits,
    };
    string(yaml::to_json_with(value, style).map_err(|error| unwritable(&error))?)
}

fn to_json(context: &Context, args: &[Value]) -> FnResult {
    swallowed(context, must_to_json(context, args))
}

fn must_to_json(context: &Context, args: &[Value]) -> FnResult {
    json(context, at(args, 0), None, true)
}

fn to_pretty_json(context: &Context, args: &[Value]) -> FnResult {
    swallowed(context, must_to_pretty_json(context, args))
}

fn must_to_pretty_json(context: &Context, args: &[Value]) -> FnResult {
    json(context, at(args, 0), Some("  "), true)
}

/// Helm gives an empty text for what cannot be written.
fn swallowed(context: &Context, result: FnResult) -> FnResult {
    match result {
        Err(_) if context.swallows => string(""),
        result => result,
    }
}

fn to_raw_json(context: &Context, args: &[Value]) -> FnResult {
    json(context, at(args, 0), None, false)
}

fn yaml_value(text: &str) -> Result<Value, String> {
    let source = Source::new("fromYaml", text);
    yaml::read(&source).map_err(|errors| {
        errors
            .first()
            .map(|error| error.message.clone())
            .unwrap_or_default()
    })
}

fn json_value(text: &str) -> Result<Value, String> {
    let source = Source::new("fromJson", text);
    yaml::read_json(&source).map_err(|error| error.message)
}

/// What stands before the message where the JSON came from YAML.
const FROM_YAML: &str = "error unmarshaling JSON: while decoding JSON: ";

/// What Go's encoding/json calls a value.
fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        other => other.kind(),
    }
}

/// Helm unmarshals into a map and puts the error there; of a text that cannot be read the words are ours.
fn read_map(read: Result<Value, String>, prefix: &str) -> Value {
    match read {
        Ok(Value::Map(map)) => Value::Map(map),
        Ok(Value::Null) => Value::empty_map(),
        Ok(other) => error_map(format!(
            "{prefix}json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            json_kind(&other)
        )),
        Err(message) => error_map(message),
    }
}

fn error_map(message: String) -> Value {
    Value::Map([("Error", message)].into_iter().collect::<Map>())
}

fn read_list(read: Result<Value, String>, prefix: &str) -> Value {
    match read {
        Ok(Value::List(list)) => Value::List(list),
        Ok(Value::Null) => super::arguments::list_of([]),
        Ok(other) => error_list(format!(
            "{prefix}json: cannot unmarshal {} into Go value of type []interface {{}}",
            json_kind(&other)
        )),
        Err(message) => error_list(message),
    }
}

fn error_list(message: String) -> Value {
    super::arguments::list_of([Value::from(message)])
}
