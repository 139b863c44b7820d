//! Owns the rules of a chart's configuration, as data: `x-required` and `x-images` at the root of its schema.
//!
//! It does not look at values.

use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::source::Source;
use serde::Deserialize;
use serde_json::Value as Json;
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
    let Some(root) = members(&schema.text) else {
        return rules;
    };
    for (number, item) in (1..).zip(items(root.required, is_ours)) {
        match serde_json::from_value::<Rule>(item) {
            Ok(rule) => rules.required.push(rule),
            Err(error) => rules.diagnostics.push(malformed(schema, number, &error)),
        }
    }
    let keys = items(root.images, Json::is_string);
    rules.images = keys
        .iter()
        .filter_map(|key| key.as_str().map(str::to_owned))
        .collect();
    rules
}

/// The members of a schema that are rules; the rest of it is read, but not kept.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Members {
    #[serde(rename = "x-required")]
    required: Json,
    #[serde(rename = "x-images")]
    images: Json,
}

fn members(text: &str) -> Option<Members> {
    // The derived reader would take the items of a list for the members.
    if !text.trim_start().starts_with('{') {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| {
        // Of two members with one name the last counts, which the derived reader refuses.
        let mut root: Json = serde_json::from_str(text).ok()?;
        let mut take = |name: &str| root.get_mut(name).map(Json::take).unwrap_or_default();
        Some(Members {
            required: take("x-required"),
            images: take("x-images"),
        })
    })
}

/// The items of a list, none unless all of them are ours.
fn items(list: Json, is_ours: fn(&Json) -> bool) -> Vec<Json> {
    match list {
        Json::Array(items) if items.iter().all(is_ours) => items,
        _ => Vec::new(),
    }
}

fn is_ours(item: &Json) -> bool {
    ["key", "kind"]
        .iter()
        .all(|name| item.get(name).is_some_and(Json::is_string))
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
