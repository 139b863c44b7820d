//! Owns the typed form of `Chart.yaml`.
//!
//! It does not know where the file came from.

/// `Chart.yaml` as Helm defines it.
#[derive(Clone, Debug, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// The chart's name.
    pub name: String,
    /// Its version, SemVer 2.
    pub version: String,
    /// The version of what it installs; any text.
    pub app_version: String,
}
