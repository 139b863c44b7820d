//! Owns the flags of `helm template` that need a cluster or a repository: accepted where they change nothing here,
//! refused with the reason where they ask for what is never done.
//!
//! They are there so that scripts written for Helm run as they are.

use super::signing;
use super::ui::Stop;
use crate::diagnostic::Diagnostic;
use crate::package::provenance;
use clap::Args;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Flags without effect.
#[derive(Args, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of Helm's flags")]
#[command(next_help_heading = "Accepted as in Helm, without effect")]
pub(super) struct InstallArgs {
    /// Delete the installation if it fails
    #[arg(long, hide_short_help = true)]
    atomic: bool,

    /// Describe the release
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "TEXT")]
    description: Option<String>,

    /// Do not validate against the cluster's schema
    #[arg(long, hide_short_help = true)]
    disable_openapi_validation: bool,

    /// Simulate an install; only `client`, as `server` asks a cluster
    #[arg(
        long,
        hide_short_help = true,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "client"
    )]
    dry_run: Option<String>,

    /// Look up host names; `getHostByName` stays empty
    #[arg(long, hide_short_help = true)]
    enable_dns: bool,

    /// Do not show notes
    #[arg(long, hide_short_help = true)]
    hide_notes: bool,

    /// Labels of the stored release
    #[arg(
        short,
        long,
        hide_short_help = true,
        value_name = "KEY=VALUE",
        value_parser = labels
    )]
    labels: Vec<String>,

    /// Show the notes of subcharts
    #[arg(long, hide_short_help = true)]
    render_subchart_notes: bool,

    /// Use a name again
    #[arg(long, hide_short_help = true)]
    replace: bool,

    /// Do not install CRDs; `--include-crds` alone decides whether they are printed
    #[arg(long, hide_short_help = true)]
    skip_crds: bool,

    /// Take over existing resources
    #[arg(long, hide_short_help = true)]
    take_ownership: bool,

    /// How long to wait for the cluster
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "DURATION", value_parser = duration)]
    timeout: Option<String>,

    /// Refused: ask a cluster whether the manifests are valid
    #[arg(long, hide_short_help = true)]
    validate: bool,

    /// Wait until everything is ready
    #[arg(long, hide_short_help = true)]
    wait: bool,

    /// Wait until jobs are done
    #[arg(long, hide_short_help = true)]
    wait_for_jobs: bool,
}

impl InstallArgs {
    /// What must be told before anything is rendered: an error for what asks a cluster, else warnings.
    pub(super) fn check(&self) -> Result<Vec<Diagnostic>, Stop> {
        if self.validate {
            return Err(asks_a_cluster("--validate"));
        }
        match self.dry_run.as_deref() {
            None | Some("" | "client" | "true") => {}
            Some(how @ ("server" | "none" | "false")) => {
                return Err(asks_a_cluster(&format!("--dry-run={how}")));
            }
            Some(other) => {
                let message = format!("`{}` is no value of `--dry-run`", other.escape_debug());
                return Err(Stop::Usage(
                    Diagnostic::error("usage", message).help("use `--dry-run` alone, or leave it out"),
                ));
            }
        }
        let mut warnings = Vec::new();
        if self.enable_dns {
            let message = "`--enable-dns` has no effect: rendering never uses the network";
            warnings.push(
                Diagnostic::warning("no-effect", message)
                    .help("`getHostByName` gives an empty text, as in Helm without the flag"),
            );
        }
        Ok(warnings)
    }
}

fn asks_a_cluster(flag: &str) -> Stop {
    let message = format!("`{flag}` asks a cluster, and none is ever contacted");
    Stop::Usage(
        Diagnostic::error("needs-a-cluster", message).help(
            "leave it out; `kubectl apply --dry-run=server -f -` validates the output, and `--lookup-fixtures` serves `lookup`",
        ),
    )
}

/// How a chart is fetched. A chart on disk needs none of it, and Helm too ignores it then.
#[derive(Args, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of Helm's flags")]
#[command(next_help_heading = "Remote charts (never fetched; ignored for charts on disk, as in Helm)")]
pub(super) struct RemoteArgs {
    /// CA bundle for HTTPS servers
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE")]
    ca_file: Option<String>,

    /// TLS certificate of the client
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE")]
    cert_file: Option<String>,

    /// Use development versions, too
    #[arg(long, hide_short_help = true)]
    devel: bool,

    /// Do not verify TLS certificates
    #[arg(long, hide_short_help = true)]
    insecure_skip_tls_verify: bool,

    /// TLS key of the client
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "FILE")]
    key_file: Option<String>,

    /// Public keys for `--verify` [default: pubring.gpg in $GNUPGHOME or ~/.gnupg]
    #[arg(
        long,
        hide_short_help = true,
        allow_hyphen_values = true,
        value_name = "FILE",
        help_heading = "Provenance"
    )]
    keyring: Option<PathBuf>,

    /// Pass credentials to all domains
    #[arg(long, hide_short_help = true)]
    pass_credentials: bool,

    /// Password of the repository
    #[arg(
        long,
        hide_short_help = true,
        allow_hyphen_values = true,
        value_name = "PASSWORD"
    )]
    password: Option<String>,

    /// Use HTTP
    #[arg(long, hide_short_help = true)]
    plain_http: bool,

    /// URL of the chart's repository
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "URL")]
    repo: Option<String>,

    /// User of the repository
    #[arg(long, hide_short_help = true, allow_hyphen_values = true, value_name = "NAME")]
    username: Option<String>,

    /// Verify the package by its provenance before it is rendered
    #[arg(long, hide_short_help = true, help_heading = "Provenance")]
    verify: bool,

    /// Version of the chart
    #[arg(
        long,
        hide_short_help = true,
        allow_hyphen_values = true,
        value_name = "VERSION"
    )]
    version: Option<String>,
}

impl RemoteArgs {
    /// Verifies the package that `reference` names, if that is asked for. Only what lies on disk is signed.
    pub(super) fn verify(&self, reference: &str, now: OffsetDateTime) -> Result<(), Vec<Diagnostic>> {
        if self.verify {
            let keyring = signing::keyring_path(self.keyring.as_deref());
            provenance::verify(Path::new(reference.trim()), &keyring, now)?;
        }
        Ok(())
    }

    /// Whether the chart is asked of a repository.
    pub(super) fn wants_repository(&self) -> bool {
        self.repo.as_deref().is_some_and(|url| !url.is_empty())
    }
}

/// Labels that Helm sets itself.
const SYSTEM_LABELS: &[&str] = &["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/// As in Go, commas separate pairs only where there are several.
fn labels(text: &str) -> Result<String, String> {
    let pairs: Vec<&str> = match text.matches('=').count() {
        0 | 1 => vec![text],
        _ => text.split(',').collect(),
    };
    for pair in pairs {
        let Some((key, _)) = pair.split_once('=') else {
            return Err("a label is written `key=value`".to_owned());
        };
        if SYSTEM_LABELS.contains(&key) {
            let names = SYSTEM_LABELS.join("`, `");
            return Err(format!("Helm sets the labels `{names}` itself"));
        }
    }
    Ok(text.to_owned())
}

/// Go's durations: numbers with units, such as `1h30m` and `1.5s`.
fn duration(text: &str) -> Result<String, String> {
    const UNITS: &[&str] = &["ns", "us", "µs", "μs", "ms", "s", "m", "h"];
    let refusal = || Err("a duration is written `5m0s`".to_owned());
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(text.to_owned());
    }
    if rest.is_empty() {
        return refusal();
    }
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
        let number = &rest[..rest.len() - unit.len()];
        let end = unit.find(|character: char| character.is_ascii_digit() || character == '.');
        let (unit, next) = unit.split_at(end.unwrap_or(unit.len()));
        let is_number = number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() <= 1;
        if !is_number || !UNITS.contains(&unit) {
            return refusal();
        }
        rest = next;
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_gos() {
        for good in ["5m0s", "0", "1.5h", "-3ms", "+1us", ".5s", "10ns1µs"] {
            assert!(duration(good).is_ok(), "{good}");
        }
        for bad in ["", "5", "x", "5x", "m", "1..2s", ".s", "5m0", " 5m", "-"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn labels_are_keys_and_values() {
        for good in ["a=b", "a=", "a=b,c", "a=b,c=d"] {
            assert!(labels(good).is_ok(), "{good}");
        }
        for bad in ["a", "", "owner=me", "a=b,name=c", "a=b,c=d,e"] {
            assert!(labels(bad).is_err(), "{bad}");
        }
    }
}
