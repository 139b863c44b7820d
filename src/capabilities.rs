//! Owns `Capabilities`: the Kubernetes version and API versions that templates may ask for.
//!
//! It never asks a cluster; the defaults are those of Helm 3.17.3 without one.

/// What templates see as `.Capabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// `.Capabilities.KubeVersion`.
    pub kube_version: KubeVersion,
    /// `.Capabilities.APIVersions`, in Helm's order: its own set, then those of `--api-versions`.
    pub api_versions: Vec<String>,
}

/// A Kubernetes version as Helm splits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// `v1.32.0`.
    pub version: String,
    /// `1`.
    pub major: String,
    /// `32`.
    pub minor: String,
}
