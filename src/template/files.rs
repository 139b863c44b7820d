//! Owns what `.Files` gives: a chart's files by name, by glob, and as data of `ConfigMap`s and Secrets.
//!
//! It reads no disk: the chart holds the bytes. Each engine shows it in its own way.

use super::file_glob::FileGlob;
use crate::bytes;
use crate::chart::{Chart, Contents};
use crate::yaml::{self, Map};
use base64::Engine as _;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A chart's files, or those that a glob picked, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct ChartFiles(Arc<BTreeMap<Arc<str>, Contents>>);

impl ChartFiles {
    /// All files of the chart.
    pub(super) fn new(chart: &Chart) -> Self {
        let files = chart.files.iter();
        let named = files.map(|file| (Arc::from(file.name.as_str()), file.data.clone()));
        Self(Arc::new(named.collect()))
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// The names and bytes, sorted by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Arc<[u8]>)> {
        self.0.iter().map(|(name, data)| (name, data.bytes()))
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes of a file, if it exists.
    pub(super) fn data(&self, name: &str) -> Option<Arc<[u8]>> {
        self.0.get(name).map(Contents::bytes)
    }

    /// The text of a file, if it exists.
    pub(super) fn find(&self, name: &str) -> Option<String> {
        self.data(name).map(|data| bytes::to_text(&data))
    }

    /// The text of a file; empty if there is none, as in Helm.
    pub(super) fn get(&self, name: &str) -> String {
        self.find(name).unwrap_or_default()
    }

    /// The lines of a file; a last line break adds no line.
    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        let text = self.get(name);
        let body = text.strip_suffix('\n').unwrap_or(&text);
        if text.is_empty() {
            return Vec::new();
        }
        body.split('\n').map(str::to_owned).collect()
    }

    /// The files whose names match; None if the pattern is malformed.
    pub(super) fn glob(&self, pattern: &str) -> Option<Self> {
        let glob = FileGlob::parse(pattern)?;
        let picked = self.0.iter().filter(|(name, _)| glob.matches(name));
        let picked = picked.map(|(name, data)| (Arc::clone(name), data.clone()));
        Some(Self(Arc::new(picked.collect())))
    }

    /// The files as the `data` of a `ConfigMap`: base names and texts, as YAML without its last line break.
    pub(super) fn as_config(&self) -> String {
        self.as_data(|data| bytes::replaced(&bytes::to_text(data)).into_owned())
    }

    /// The files as the `data` of a Secret, in Base64.
    pub(super) fn as_secrets(&self) -> String {
        self.as_data(base64)
    }

    /// Base names as keys. Of files with one base name the last counts; Helm picks one at random.
    fn as_data(&self, text: impl Fn(&[u8]) -> String) -> String {
        let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let entries: Map = self
            .iter()
            .map(|(name, data)| (base(name), text(&data)))
            .collect();
        yaml::write(&entries.into()).unwrap_or_default()
    }
}

/// Bytes as Secrets and Go's JSON hold them.
pub(super) fn base64(data: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(data)
}
