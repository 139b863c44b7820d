//! Owns the flags of checks against Kubernetes, and what they ask for.
//!
//! `check::kubernetes` does the checking.

use super::ui::{self, Stop};
use crate::check::kubernetes;
use crate::check::kubernetes::Target;
use crate::diagnostic::Diagnostic;
use crate::manifest::{Arranged, Files};
use crate::render::RenderRequest;
use crate::yaml::Map;

/// Whether and how manifests are checked against Kubernetes.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Check")]
pub(super) struct CheckArgs {
    /// Check every manifest against Kubernetes of `--kube-version`, as strictly as the API server does
    #[arg(long)]
    pub(super) check: bool,

    /// Object that is there though nothing renders it, with `--check` (can be repeated)
    #[arg(long, value_name = "KIND/NAME", requires = "check")]
    pub(super) external: Vec<String>,
}

impl CheckArgs {
    /// What the check needs of the rendered files.
    pub(super) fn files(&self) -> Files {
        if self.check { Files::Kept } else { Files::Dropped }
    }

    /// Checks the manifests if that is asked for: any error is what the command ends with, warnings are reported.
    pub(super) fn run(&self, release: &Arranged, values: &Map, request: &RenderRequest) -> Result<(), Stop> {
        if !self.check {
            return Ok(());
        }
        let (first, last) = kubernetes::known_minors();
        let version = &request.capabilities.kube_version;
        let minor = version.minor.trim_end_matches('+').parse().unwrap_or(last);
        let mut findings = Vec::new();
        if !(first..=last).contains(&minor) {
            let nearest = minor.clamp(first, last);
            let message = format!(
                "Kubernetes {} is not known; 1.{nearest} is checked against",
                version.version
            );
            let help = format!("known are 1.{first} to 1.{last}");
            findings.push(Diagnostic::warning("k8s-version", message).help(help));
        }
        let target = Target {
            minor,
            namespace: request.release.namespace.clone(),
            external: self.external.clone(),
            existing: Vec::new(),
        };
        findings.extend(kubernetes::check_release(release, values, &target));
        if findings.iter().any(Diagnostic::is_error) {
            return Err(findings.into());
        }
        ui::report(&findings);
        Ok(())
    }
}
