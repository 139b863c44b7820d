//! Owns provenance: the clear-signed `NAME-VERSION.tgz.prov` beside a package, which says who packaged a chart and
//! that its bytes are unchanged, as `helm package --sign` writes it and `helm verify` reads it.
//!
//! It does not build packages, asks nobody for a passphrase and has no clock: the time of a check is given to it.
//!
//! [`Keyring`] reads keys; [`Signer`] signs with one of them; [`verify`] and [`check`] ask whether a package is what
//! the owner of a key signed. What each means is Helm's; where Helm believes a key that has expired, a subkey that
//! may not sign or a signature over a broken hash, they refuse.

mod block;
mod issuer;
mod key;
mod keyring;
mod message;
mod policy;
mod sign;
mod verify;

pub use keyring::Keyring;
pub use sign::Signer;
pub use verify::{Verification, check, verify};

use std::path::{Path, PathBuf};

/// Where the provenance of the package at `archive` lies.
pub fn path(archive: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    path.into()
}

#[cfg(test)]
mod tests;
