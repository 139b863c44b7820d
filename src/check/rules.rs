//! Owns the rules of a chart's configuration, as data: `x-required` and `x-images` at the root of its schema.
//!
//! It does not look at values.

use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::source::Source;
use serde::Deserialize;
use std::sync::Arc;

/// One item that a release cannot do without.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Rule {
    /// The dotted path of the value.
    pub(super) key: String,
    /// Older names that are accepted in its place.
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// How the value is checked.
    pub(super) kind: Kind,
    /// Why it is needed, a phrase.
    pub(super) reason: String,
    /// A value as it might look; no credential.
    pub(super) example: String,
    /// Values that name an existing Secret; with one of them the value is not needed.
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// The other half of a certificate and its private key.
    #[serde(default)]
    pub(super) pair: Option<String>,
    /// The value with the host for which a certificate must be valid.
    #[serde(default)]
    pub(super) host: Option<String>,
    /// A switch: false means not needed, true needed, neither that the lack of it is a warning.
    #[serde(default)]
    pub(super) enabled_by: Option<String>,
}

/// How a value is checked.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// Text that somebody filled in.
    Text,
    /// A UUID in its canonical form.
    Uuid,
    /// A NATS credentials file or its base64.
    NatsCredentials,
    /// A NATS subject.
    NatsSubject,
    /// One or more URLs of NATS servers.
    NatsUrl,
    /// PEM certificates or their base64.
    Certificate,
    /// A PEM private key or its base64.
    PrivateKey,
}

/// What a chart's schema says about configuration beyond its shape.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// `x-required`: the items of the minimum.
    pub(super) required: Vec<Rule>,
    /// `x-images`: the keys of image repositories, each with the chart's own image as its default.
    pub(super) images: Vec<String>,
    /// What could not be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The rules of `chart`.
///
/// A schema that is not JSON is reported where values are checked against it. An `x-required` that is not a
/// list of objects with `key` and `kind` belongs to somebody else and is left alone.
pub(super) fn read(chart: &Chart) -> Rules {
    let mut rules = Rules::default();
    let Some(schema) = &chart.schema else {
        return rules;
    };
    // Nearly all schemas have no rules; finding that out must not cost a parse.
    if !["\"x-required\"", "\"x-images\""]
        .iter()
        .any(|name| schema.text.contains(name))
    {
        return rules;
    }
    let Ok(mut root) = serde_json::from_str::<serde_json::Value>(&schema.text) else {
        return rules;
    };
    for (number, item) in (1..).zip(items(&mut root, "x-required", is_ours)) {
        match serde_json::from_value::<Rule>(item) {
            Ok(rule) => rules.required.push(rule),
            Err(error) => rules.diagnostics.push(malformed(schema, number, &error)),
        }
    }
    let keys = items(&mut root, "x-images", serde_json::Value::is_string);
    rules.images = keys
        .iter()
        .filter_map(|key| key.as_str().map(str::to_owned))
        .collect();
    rules
}

/// The list called `name`, empty unless all its items are ours.
fn items(
    root: &mut serde_json::Value,
    name: &str,
    is_ours: fn(&serde_json::Value) -> bool,
) -> Vec<serde_json::Value> {
    match root.get_mut(name).map(serde_json::Value::take) {
        Some(serde_json::Value::Array(items)) if items.iter().all(is_ours) => items,
        _ => Vec::new(),
    }
}

fn is_ours(item: &serde_json::Value) -> bool {
    ["key", "kind"]
        .iter()
        .all(|name| item.get(name).is_some_and(serde_json::Value::is_string))
}

fn malformed(schema: &Arc<Source>, number: usize, error: &serde_json::Error) -> Diagnostic {
    let place = match schema.text.find("\"x-required\"") {
        Some(offset) => schema.place_at(offset),
        None => Place::whole(schema),
    };
    Diagnostic::error(
        "required-rule",
        format!("item {number} of `x-required` in the chart's schema cannot be read: {error}"),
    )
    .label(place, 12, "")
    .help("an item has `key`, `kind`, `reason` and `example`, and may have `aliases`, `unless`, `pair`, `host` and `enabledBy`")
}
