//! Owns the tests of the minimum configuration, all through one door: a [`Customer`] and what is said of it.
//!
//! Keys and tokens are made here, at a fixed time; none is kept.

mod certificates;
mod credentials;
mod demo;
mod leaks;
mod plain;
mod rules;

use super::demo::Account;
use super::demo::Pair;
use super::demo::certificate;
use super::minimum;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::source::Place;
use crate::source::Source;
use crate::yaml::Map;
use crate::yaml::Slot;
use crate::yaml::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use std::sync::Arc;
use time::OffsetDateTime;
use time::macros::datetime;

/// The day of all tests.
pub(super) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

const SCHEMA: &str = r#"{"x-required": [
  {"key": "organization", "kind": "text", "reason": "it is part of every metric", "example": "acme"},
  {"key": "uuid", "aliases": ["kubiyaAgentUUID"], "kind": "uuid", "reason": "it identifies the runner",
   "example": "6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a90"},
  {"key": "nats.jwt", "kind": "nats-credentials", "reason": "the runner signs in with it",
   "example": "<contents of runner.creds>", "unless": ["nats.existingSecrets.runner"]},
  {"key": "nats.secondJwt", "kind": "nats-credentials", "reason": "its tools sign in with it",
   "example": "<contents of customer.creds>", "unless": ["nats.existingSecrets.customer"]},
  {"key": "nats.subject", "kind": "nats-subject", "reason": "it listens there", "example": "runners.acme"},
  {"key": "nats.serverUrl", "kind": "nats-url", "reason": "it connects there", "example": "tls://connect.ngs.global"},
  {"key": "registryTls.crt", "kind": "certificate", "pair": "registryTls.key",
   "unless": ["registryTls.existingSecret"], "enabledBy": "registryTls.enabled", "host": "registryTls.host",
   "reason": "the registry answers with it", "example": "<contents of tls.crt>"},
  {"key": "registryTls.key", "kind": "private-key", "pair": "registryTls.crt",
   "unless": ["registryTls.existingSecret"], "enabledBy": "registryTls.enabled",
   "reason": "it belongs to the certificate", "example": "<contents of tls.key>"}
]}"#;

/// The values of a customer, one key on each line of `overrides.yaml`.
#[derive(Clone)]
pub(super) struct Customer {
    schema: String,
    release: String,
    values: Vec<(String, Value)>,
}

impl Customer {
    /// One without any values; the release is called `acme`.
    pub(super) fn empty() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            release: "acme".to_owned(),
            values: Vec::new(),
        }
    }

    /// One of whom nothing is to be said.
    pub(super) fn complete() -> Self {
        let account = Account::new();
        let Pair {
            certificate,
            private_key,
        } = certificate("kubiya", NOW).unwrap();
        Self::empty()
            .set("organization", "acme")
            .set("uuid", "6f1c1a52-9d6b-4a57-8f0e-0d6f2c1b7a90")
            .set("nats.jwt", account.credentials("acme", NOW))
            .set("nats.secondJwt", account.credentials("acme", NOW))
            .set("nats.subject", "runners.acme")
            .set("nats.serverUrl", "tls://connect.ngs.global")
            .set("registryTls.crt", certificate)
            .set("registryTls.key", private_key)
    }

    pub(super) fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.values.retain(|(other, _)| other != key);
        self.values.push((key.to_owned(), value.into()));
        self
    }

    pub(super) fn without(mut self, key: &str) -> Self {
        self.values.retain(|(other, _)| other != key);
        self
    }

    pub(super) fn release(mut self, name: &str) -> Self {
        name.clone_into(&mut self.release);
        self
    }

    pub(super) fn schema(mut self, schema: &str) -> Self {
        schema.clone_into(&mut self.schema);
        self
    }

    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        let chart = Chart {
            schema: Some(Source::new("values.schema.json", self.schema.clone())),
            ..Chart::default()
        };
        let release = Release {
            name: self.release.clone(),
            namespace: "kubiya".to_owned(),
            revision: 1,
            is_upgrade: false,
        };
        minimum(&chart, &self.map(), &release, NOW)
    }

    /// Everything that is printed.
    pub(super) fn report(&self) -> String {
        self.diagnostics()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The first lines of all findings.
    pub(super) fn messages(&self) -> Vec<String> {
        let first = |diagnostic: &Diagnostic| {
            diagnostic
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        self.diagnostics().iter().map(first).collect()
    }

    fn map(&self) -> Map {
        let mut text = String::new();
        for (key, value) in &self.values {
            let shown = value.as_str().unwrap_or("…");
            if shown.contains('\n') {
                let block = shown.trim_end().replace('\n', "\n  ");
                let _ = writeln!(text, "{key}: |\n  {block}");
            } else {
                let _ = writeln!(text, "{key}: {shown}");
            }
        }
        let source = Source::sensitive("overrides.yaml", text.clone());
        let root = Map::new();
        for (key, value) in &self.values {
            let line = text
                .lines()
                .position(|line| line.starts_with(&format!("{key}:")))
                .unwrap_or_default();
            let place = Place::new(&source, u32::try_from(line).unwrap() + 1, 1);
            insert(&root, key, value, &place);
        }
        root
    }
}

fn insert(map: &Map, key: &str, value: &Value, place: &Place) {
    let slot = |value| Slot {
        value,
        origin: Some(place.clone()),
    };
    match key.split_once('.') {
        None => drop(map.write().insert(Arc::from(key), slot(value.clone()))),
        Some((first, rest)) => {
            if map.get(first).is_none() {
                map.write().insert(Arc::from(first), slot(Value::empty_map()));
            }
            let inner = map
                .get(first)
                .and_then(|value| value.as_map().cloned())
                .expect("a map");
            insert(&inner, rest, value, place);
        }
    }
}

/// What `base64` prints for `text`.
pub(super) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// `text` broken into lines of 76 characters, as `base64` prints it.
pub(super) fn wrapped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(76)
        .map(|line| line.iter().collect::<String>() + "\n")
        .collect()
}

#[track_caller]
pub(super) fn assert_messages(customer: &Customer, expected: &[&str]) {
    assert_eq!(customer.messages(), expected, "{}", customer.report());
}
