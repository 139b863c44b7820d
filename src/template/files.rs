//! Owns what `.Files` gives: a chart's files by name, by glob, and as data of `ConfigMap`s and Secrets.
//!
//! It reads no disk: the chart holds the bytes.

use crate::chart::{Chart, File};
use crate::yaml::{self, Map};
use base64::Engine as _;
use std::sync::Arc;

/// A chart's files, or those that a glob picked.
#[derive(Clone, Debug, Default)]
pub(super) struct ChartFiles(Arc<[File]>);

impl ChartFiles {
    /// All files of the chart.
    pub(super) fn new(chart: &Chart) -> Self {
        Self(chart.files.clone().into())
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|file| file.name.as_str())
    }

    /// The text of a file, if it exists.
    pub(super) fn find(&self, name: &str) -> Option<String> {
        let file = self.0.iter().find(|file| file.name == name)?;
        Some(String::from_utf8_lossy(&file.data).into_owned())
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

    /// The files whose names match; `*` stops at `/`, `**` does not.
    pub(super) fn glob(&self, pattern: &str) -> Result<Self, String> {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
        let matcher = glob
            .map_err(|_| format!("`{pattern}` is not a glob"))?
            .compile_matcher();
        let picked = self.0.iter().filter(|file| matcher.is_match(&file.name));
        Ok(Self(picked.cloned().collect()))
    }

    /// The files as the `data` of a `ConfigMap`: base names and texts, as YAML without its last line break.
    pub(super) fn as_config(&self) -> String {
        self.as_data(|data| String::from_utf8_lossy(data).into_owned())
    }

    /// The files as the `data` of a Secret, in Base64.
    pub(super) fn as_secrets(&self) -> String {
        self.as_data(|data| base64::engine::general_purpose::STANDARD.encode(data))
    }

    /// Helm's `AsConfig` and `AsSecrets`: the base names as keys, YAML without its last line break.
    fn as_data(&self, text: impl Fn(&[u8]) -> String) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let entries: Map = self
            .0
            .iter()
            .map(|file| (base(&file.name), text(&file.data)))
            .collect();
        yaml::write(&entries.into()).unwrap_or_default()
    }
}
