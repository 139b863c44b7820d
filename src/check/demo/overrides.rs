//! Owns the overrides file with demo credentials, in YAML with comments.

use super::Account;
use super::certificate;
use crate::check::text;
use crate::diagnostic::Diagnostic;
use time::OffsetDateTime;
use uuid::Uuid;

/// An overrides file of the runner chart that passes every check: a runner called `name` in `namespace`.
///
/// Its credentials are new with every call and known to no server.
pub fn overrides(
    name: &str,
    namespace: &str,
    organization: &str,
    now: OffsetDateTime,
) -> Result<String, Vec<Diagnostic>> {
    let problems = refused(name, namespace, organization);
    if !problems.is_empty() {
        return Err(problems);
    }
    let account = Account::new();
    let pair = certificate(namespace, now).map_err(|problem| vec![problem])?;
    let runner = block(&account.credentials(name, now));
    let customer = block(&account.credentials(name, now));
    let (crt, key) = (block(&pair.certificate), block(&pair.private_key));
    let (uuid, quoted_organization, quoted_name) = (Uuid::new_v4(), quoted(organization), quoted(name));
    Ok(format!(
        "# Demo overrides: every credential below was made for this file and no server knows it.
# Put your own in their place before you install, and keep the file out of version control.

# Who runs it: part of every metric and of the runner's group.
organization: {quoted_organization}

# The runner's name, the same as the name in the JWTs below; NATS rejects any other.
runnerNameOverride: {quoted_name}

# The identity of this runner.
uuid: {uuid}

nats:
  # The credentials file of the runner itself, as it is.
  jwt: |
{runner}
  # The credentials file that its agents and tools use.
  secondJwt: |
{customer}
  # Where the runner listens.
  subject: \"runners.{name}\"
  # One URL or several, joined by commas.
  serverUrl: tls://connect.ngs.global

# TLS of the registry that caches tool images; the certificate is valid for this host.
registryTls:
  host: cache-registry-svc.{namespace}
  crt: |
{crt}
  key: |
{key}"
    ))
}

fn refused(name: &str, namespace: &str, organization: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if !text::is_release_name(name) {
        problems.push(
            Diagnostic::error("runner-name", "the name cannot be the name of a runner")
                .help(text::RELEASE_NAME_HELP),
        );
    }
    if !text::is_namespace(namespace) {
        problems.push(
            Diagnostic::error("invalid-value", "the namespace is not one that Kubernetes takes")
                .help("a namespace has at most 63 lowercase letters, digits and `-`"),
        );
    }
    problems.extend(
        text::text(organization)
            .into_iter()
            .map(|problem| problem.about("organization")),
    );
    problems
}

/// The lines of a block scalar two levels deep, each ended by a line break.
fn block(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str("    ");
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// A double-quoted scalar: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
