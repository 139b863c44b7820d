//! Tests that the quick answer is never another one than the validator's.

use super::{compile, plain, quick};
use crate::chart;
use crate::source::Source;
use crate::values;
use crate::yaml;
use crate::yaml::{Map, Value};
use jsonschema::Validator;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The validator of a schema that is valid.
fn valid(schema: &Json) -> Validator {
    let source = Source::new("values.schema.json", schema.to_string());
    compile::compile(&source, &mut schema.clone()).unwrap_or_else(|_| panic!("{schema} is valid"))
}

fn map(text: &str) -> Map {
    match yaml::read(&Source::new("values.yaml", text)) {
        Ok(Value::Map(map)) => map,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn plain_patterns_are_valid_and_match_as_in_the_validator() {
    let patterns = r"
a
^a$
^(a|b-c|d/e)$
^prefix-
^\S*$
^https://\S+$
^([a-z][a-z0-9+.-]*://\S+)?$
^[^:@\s]+(:[0-9]+/[^:@\s]+)?$
^[A-Za-z0-9_][A-Za-z0-9._-]{0,3}$|^$
^([0-9a-f]{2}(-[0-9a-f]{1}){2,})?$
^[-._a-zA-Z0-9]+$
^\d\D\w\W\s$
^[\d\s]*[^\w]$
^.$
a.b
\.$
\$|\^|\||\/
^()*$
[0-9]+%
x{0}y
[a-]b?
[^-a]$
[$.?*]
";
    let texts = [
        "",
        "a",
        "b",
        "ab",
        "a-b",
        "b-c",
        "d/e",
        "prefix-1",
        "a b",
        "a\nb",
        "\n",
        "a\n",
        "\r",
        "\t",
        " ",
        "\u{b}",
        "\u{c}",
        "\u{1c}",
        "\u{7f}",
        "http://x",
        "https://x",
        "host",
        "host:1/x",
        "me@host",
        "_abc",
        "_abcde",
        "ab-1-2",
        "ab-1",
        "1a_. ",
        "1a",
        "1_a",
        "12 -",
        "-",
        ".",
        "$",
        "^",
        "|",
        "/",
        "%",
        "7%",
        "y",
        "xy",
        "axb",
    ];
    for pattern in patterns.lines() {
        let matcher = plain::compile(pattern).unwrap_or_else(|| panic!("`{pattern}` is plain"));
        let validator = valid(&json!({"pattern": pattern}));
        for text in texts {
            assert_eq!(
                matcher.is_match(text),
                validator.is_valid(&json!(text)),
                "{pattern} {text:?}"
            );
        }
    }
}

#[test]
fn patterns_that_are_not_plain_are_left_to_the_validator() {
    let patterns = r"(?i)a
(?=a)
(?:a)
(a)\1
\bа
\b
\pL
\x41
\u0041
\cA
\a
\-
é
a**
a+?
a{2}{2}
*a
(
)
[]
[^]
[a
[[a]]
[a&&b]
[a--b]
[z-a]
[\d-z]
[a-c-e]
a{
a{,2}
a{x}
{2}
}
]
a\
(a{200}){200}
.{2000}";
    let long = "a".repeat(300);
    for pattern in patterns.lines().chain([long.as_str()]) {
        assert!(plain::compile(pattern).is_none(), "`{pattern}`");
    }
}

/// Schemas of one value, valid and invalid, of keywords that the quick answer knows and does not know.
fn parts() -> Vec<Json> {
    vec![
        json!(true),
        json!(false),
        json!({}),
        json!({"type": "string"}),
        json!({"type": "integer"}),
        json!({"type": ["number", "null"]}),
        json!({"type": "object"}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": ["boolean", "array"], "minItems": 1, "maxItems": 2}),
        json!({"type": []}),
        json!({"type": "text"}),
        json!({"minimum": 1, "maximum": 3}),
        json!({"minimum": "1"}),
        json!({"minimum": 1.5}),
        json!({"exclusiveMinimum": 1}),
        json!({"multipleOf": 2}),
        json!({"minLength": 2, "maxLength": 3}),
        json!({"minLength": -1}),
        json!({"pattern": "^[a-z]+$"}),
        json!({"pattern": "(?=a)"}),
        json!({"pattern": "("}),
        json!({"format": "ipv4"}),
        json!({"enum": ["ab", "1"]}),
        json!({"enum": [1, null]}),
        json!({"const": "ab"}),
        json!({"required": ["x"]}),
        json!({"required": ["x", "x"]}),
        json!({"properties": {"x": {"type": "integer"}}, "additionalProperties": false}),
        json!({"properties": {"x": 1}}),
        json!({"additionalProperties": {"type": "string"}}),
        json!({"patternProperties": {"^x": false}}),
        json!({"propertyNames": {"maxLength": 0}}),
        json!({"minProperties": 2}),
        json!({"uniqueItems": true}),
        json!({"contains": {"type": "null"}}),
        json!({"items": [{"type": "null"}]}),
        json!({"not": {}}),
        json!({"allOf": [{"type": "null"}]}),
        json!({"anyOf": [{"type": "null"}]}),
        json!({"if": true, "then": false}),
        json!({"dependencies": {"x": ["y"]}}),
        json!({"$ref": "#/definitions/text"}),
        json!({"$ref": "#/definitions/self"}),
        json!({"$ref": "#/definitions/tree"}),
        json!({"$ref": "#/definitions/none"}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/definitions/text", "type": "null"}),
        json!({"$id": "http://x/y", "type": "string"}),
        json!({"title": 1}),
        json!({"description": "a", "default": 1, "x-secret": true, "writeOnly": true}),
        json!({"definitions": {"x": {"type": "nothing"}}}),
    ]
}

#[test]
fn values_that_surely_fit_are_accepted_by_the_validator() {
    let values = "\
null
true
0
2
2.0
2.5
4
18446744073709551615
''
a
ab
abcd
é
'1'
1.2.3.4
[]
[a]
[a, a]
[1, 2, 3]
{}
{x: 1}
{x: a}
{x: a, y: b}
{y: {x: 1}}
{x: null}";
    let mut sure = 0;
    for part in parts() {
        let definitions = json!({
            "text": {"type": "string"},
            "self": {"$ref": "#/definitions/self"},
            "tree": {"type": "object", "additionalProperties": {"$ref": "#/definitions/tree"}},
        });
        for schema in [
            json!({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"v": part},
                "definitions": definitions}),
            json!({"additionalProperties": {"type": "object", "properties": {"w": part}},
                "definitions": definitions}),
            json!({"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"v": part}}),
        ] {
            let mut validator = None;
            for value in values.lines() {
                for text in [format!("v: {value}"), format!("v: {{w: {value}}}")] {
                    let values = map(&text);
                    if quick::surely_fits(&schema, &values) {
                        sure += 1;
                        let instance = yaml::to_serde(&Value::Map(values));
                        let validator = validator.get_or_insert_with(|| valid(&schema));
                        assert!(validator.is_valid(&instance), "{schema} {text}");
                    }
                }
            }
        }
    }
    assert!(sure > 500, "only {sure} are answered");
}

#[test]
fn the_defaults_of_bundled_charts_are_answered_without_the_validator() {
    for name in chart::bundled_names() {
        let chart = chart::bundled(name)
            .expect("a bundled chart has this name")
            .expect("bundled charts load");
        let source = chart.schema.clone().expect("bundled charts have a schema");
        let schema = compile::read(&source).expect("it is JSON");
        let processed = values::process_dependencies(&Arc::new(chart), &Map::new(), |_, _| true);
        let coalesced = values::coalesce(&processed.chart, &Map::new());
        assert!(quick::surely_fits(&schema, &coalesced.values), "{name}");
    }
}
