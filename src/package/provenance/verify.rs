//! Owns verifying: whether a package is what the owner of a key in a keyring signed.
//!
//! It does not open archives: the bytes are hashed, never unpacked.

use super::block::Block;
use super::issuer;
use super::keyring::Keyring;
use super::message;
use super::path;
use super::policy;
use crate::diagnostic::{Diagnostic, io_reason};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::path::Path;
use time::OffsetDateTime;

/// The largest provenance that is read: a `Chart.yaml` has at most 5 MiB.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// What a good signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The user ids of the key, in the order of the keyring.
    pub signed_by: Vec<String>,
    /// The fingerprint of the primary key.
    pub fingerprint: String,
    /// The SHA-256 of the package.
    pub sha256: String,
}

/// Helm's lines.
impl fmt::Display for Verification {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.signed_by {
            writeln!(out, "Signed by: {name}")?;
        }
        writeln!(out, "Using Key With Fingerprint: {}", self.fingerprint)?;
        writeln!(out, "Chart Hash Verified: sha256:{}", self.sha256)
    }
}

/// Checks the package at `archive` against the provenance beside it, with the keys of the file `keyring`.
pub fn verify(archive: &Path, keyring: &Path, now: OffsetDateTime) -> Result<Verification, Vec<Diagnostic>> {
    let sha256 = hash_file(archive).map_err(|error| vec![error])?;
    let (provenance, keyring) = match (read(archive), Keyring::load(keyring)) {
        (Ok(provenance), Ok(keyring)) => (provenance, keyring),
        (provenance, keyring) => return Err(provenance.err().into_iter().chain(keyring.err()).collect()),
    };
    let file_name = archive.file_name().unwrap_or_default().to_string_lossy();
    check(&file_name, &sha256, &provenance, &keyring, now).map_err(|error| vec![error])
}

/// Checks a package named `file_name`, with the SHA-256 `sha256`, against the content of its provenance.
pub fn check(
    file_name: &str,
    sha256: &str,
    provenance: &[u8],
    keyring: &Keyring,
    now: OffsetDateTime,
) -> Result<Verification, Diagnostic> {
    let now = policy::seconds(now);
    let prov = format!("{file_name}.prov");
    let malformed = |reason: String| {
        Diagnostic::error(
            "provenance-format",
            format!("`{prov}` is no provenance: {reason}"),
        )
        .help(SIGN)
    };
    let text = std::str::from_utf8(provenance).map_err(|_| malformed("it is not UTF-8 text".to_owned()))?;
    let block = Block::find(text).map_err(malformed)?;
    let key = issuer::find(&block, &prov, keyring, now)?;
    let signed =
        message::sum_of(&block.text, file_name).map_err(|reason| malformed(format!("it {reason}")))?;
    let Some(signed) = signed else {
        let message = format!("`{prov}` says nothing of a file named `{file_name}`");
        return Err(Diagnostic::error("provenance-file", message).help(
            "the package keeps the name under which it was signed: rename it back, or get its own provenance",
        ));
    };
    if signed != format!("sha256:{sha256}") {
        let message = format!(
            "`{file_name}` is not what was signed: its hash is `sha256:{sha256}`, signed is `{signed}`"
        );
        return Err(Diagnostic::error("provenance-hash", message)
            .help("it was changed after it was signed: get it again from where it was published"));
    }
    Ok(Verification {
        signed_by: key.names(now),
        fingerprint: key.fingerprint(),
        sha256: sha256.to_owned(),
    })
}

/// How a provenance is made.
const SIGN: &str = "a provenance is what `runnerctl package --sign` or `helm package --sign` writes";

/// What can be verified.
const NAME_A_PACKAGE: &str = "only packages on disk are signed: name a `.tgz`";

/// The SHA-256 of the package at `archive`.
fn hash_file(archive: &Path) -> Result<String, Diagnostic> {
    let shown = archive.display();
    let refuse =
        |reason: &str| Diagnostic::error("chart-archive", format!("cannot verify `{shown}`: {reason}"));
    let metadata = fs::metadata(archive).map_err(|error| refuse(&io_reason(&error)).help(NAME_A_PACKAGE))?;
    if metadata.is_dir() {
        return Err(refuse("it is a directory").help(NAME_A_PACKAGE));
    }
    let is_package = archive
        .extension()
        .is_some_and(|suffix| suffix.eq_ignore_ascii_case("tgz"));
    if !metadata.is_file() || !is_package {
        return Err(refuse("it is no package").help(NAME_A_PACKAGE));
    }
    let mut hash = Sha256::new();
    File::open(archive)
        .and_then(|mut file| io::copy(&mut file, &mut hash))
        .map_err(|error| refuse(&io_reason(&error)))?;
    Ok(format!("{:x}", hash.finalize()))
}

/// The provenance beside the package at `archive`.
fn read(archive: &Path) -> Result<Vec<u8>, Diagnostic> {
    let path = path(archive);
    let refuse = |reason: &str| {
        let message = format!("failed to read provenance `{}`: {reason}", path.display());
        Diagnostic::error("provenance-missing", message)
    };
    let failed = |error: io::Error| {
        refuse(&io_reason(&error)).help("get it from where the package was published, or sign the package")
    };
    if !fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(refuse("it is not a regular file"));
    }
    let mut data = Vec::new();
    let file = File::open(&path).map_err(failed)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut data).map_err(failed)?;
    if data.len() as u64 > MAX_BYTES {
        return Err(refuse(&format!(
            "it is larger than {} MiB",
            MAX_BYTES / 1024 / 1024
        )));
    }
    Ok(data)
}
