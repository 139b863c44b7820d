//! Owns `Release`: what templates see as `.Release`.
//!
//! It does not check names; `cli` does before it builds one.

/// The release being rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `.Release.Name`.
    pub name: String,
    /// `.Release.Namespace`.
    pub namespace: String,
    /// `.Release.Revision`; Helm's `template` always says 1.
    pub revision: u32,
    /// `.Release.IsUpgrade`; `.Release.IsInstall` is its opposite.
    pub is_upgrade: bool,
}

impl Release {
    /// `.Release.Service`, always Helm's word, because charts put it in `app.kubernetes.io/managed-by`.
    pub const SERVICE: &'static str = "Helm";
}
