//! Owns `Capabilities`: the Kubernetes version and API versions that templates may ask for.
//!
//! It never asks a cluster; the defaults are those of Helm 3.17.3 without one.

use crate::diagnostic::Diagnostic;

mod defaults;

/// What templates see as `.Capabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// `.Capabilities.KubeVersion`.
    pub kube_version: KubeVersion,
    /// `.Capabilities.APIVersions`, in Helm's order: its own set, then those of `--api-versions`.
    pub api_versions: Vec<String>,
}

impl Capabilities {
    /// `.Capabilities.HelmVersion.Version`: the Helm that is followed.
    pub const HELM_VERSION: &'static str = "v3.17.3";

    /// `.Capabilities.HelmVersion.GitCommit`.
    pub const HELM_COMMIT: &'static str = "e4da49785aa6e6ee2b86efd5dd9e43400318262b";

    /// `.Capabilities.HelmVersion.GoVersion`.
    pub const GO_VERSION: &'static str = "go1.23.7";

    /// Helm's defaults, with the version and API versions that flags give.
    pub fn new(kube_version: Option<&str>, api_versions: &[String]) -> Result<Self, Diagnostic> {
        let mut capabilities = Self::default();
        // Helm takes an empty flag for none.
        if let Some(version) = kube_version.filter(|version| !version.is_empty()) {
            capabilities.kube_version = KubeVersion::parse(version)?;
        }
        capabilities.api_versions.extend(api_versions.iter().cloned());
        Ok(capabilities)
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            kube_version: KubeVersion {
                version: "v1.32.0".to_owned(),
                major: "1".to_owned(),
                minor: "32".to_owned(),
            },
            api_versions: defaults::API_VERSIONS
                .iter()
                .map(|&version| version.to_owned())
                .collect(),
        }
    }
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

impl KubeVersion {
    /// Reads `--kube-version` as Helm does: up to three numbers, `v` and a suffix are allowed.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let refusal = || {
            Diagnostic::error("kube-version", format!("`{text}` is not a Kubernetes version"))
                .help("an example is `--kube-version 1.30.0`")
        };
        let body = text.strip_prefix('v').unwrap_or(text);
        let end = body.find(['-', '+']).unwrap_or(body.len());
        let (numbers, suffix) = body.split_at(end);
        let mut parts: Vec<u64> = Vec::new();
        for part in numbers.split('.') {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            parts.push(part.parse().ok().filter(|_| digits).ok_or_else(refusal)?);
        }
        if parts.len() > 3 || !is_suffix(suffix) {
            return Err(refusal());
        }
        parts.resize(3, 0);
        Ok(Self {
            version: format!("v{}.{}.{}{suffix}", parts[0], parts[1], parts[2]),
            major: parts[0].to_string(),
            minor: parts[1].to_string(),
        })
    }
}

/// `-prerelease+build`, each part optional.
fn is_suffix(suffix: &str) -> bool {
    let (before, build) = suffix
        .split_once('+')
        .map_or((suffix, None), |(before, build)| (before, Some(build)));
    let identifiers = |text: &str, prerelease: bool| {
        text.split('.').all(|part| {
            let numeric = part.bytes().all(|byte| byte.is_ascii_digit());
            let characters = part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            !part.is_empty()
                && characters
                && !(prerelease && numeric && part.len() > 1 && part.starts_with('0'))
        })
    };
    let prerelease = match before.strip_prefix('-') {
        Some(prerelease) => identifiers(prerelease, true),
        None => before.is_empty(),
    };
    prerelease && build.is_none_or(|build| identifiers(build, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each was tried with Helm 3.17.3.
    #[test]
    fn kube_versions_are_read_as_helm_reads_them() {
        for (text, expected) in [
            ("1.20", "v1.20.0 1 20"),
            ("v1.20", "v1.20.0 1 20"),
            ("1", "v1.0.0 1 0"),
            ("1.2.3", "v1.2.3 1 2"),
            ("v1.30.1-eks-1", "v1.30.1-eks-1 1 30"),
            ("1.30.1+k3s1", "v1.30.1+k3s1 1 30"),
            ("1.02", "v1.2.0 1 2"),
        ] {
            let read = KubeVersion::parse(text).unwrap();
            assert_eq!(
                format!("{} {} {}", read.version, read.major, read.minor),
                expected
            );
        }
        for text in [
            "abc",
            "1.2.3.4",
            "v",
            "1.x",
            "-1",
            "1.20.0-01",
            "1.20 ",
            "V1.20",
            "1.20.0+",
            "1.20.0-",
        ] {
            assert!(KubeVersion::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn flags_come_behind_the_defaults() {
        let given = ["foo/v1".to_owned()];
        let capabilities = Capabilities::new(Some(""), &given).unwrap();
        assert_eq!(capabilities.kube_version.version, "v1.32.0");
        assert_eq!(capabilities.api_versions.len(), 57);
        assert_eq!(
            capabilities.api_versions.last().map(String::as_str),
            Some("foo/v1")
        );
    }
}
