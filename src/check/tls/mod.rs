//! Owns checks of a TLS certificate and its private key: parsed, current, belonging together.
//!
//! It does not judge who signed the certificate.

mod certificate;
mod der;
mod host;
mod key;
mod pem;
mod private_key;

use super::encoding;
use super::encoding::File;
use super::problem::Problem;
use super::text;
pub(super) use certificate::Certificate;
pub(super) use certificate::certificate;
pub(super) use host::wrong_host;
use key::Key;
pub(super) use private_key::PrivateKey;
pub(super) use private_key::private_key;

const CODE: &str = "invalid-certificate";

/// Problems of the two together, which hold only if each could be read: they must be halves of one pair.
///
/// The problem reads after the name of the certificate's key; `other` is the private key's.
pub(super) fn pair(certificate: &Certificate, private_key: &PrivateKey, other: &str) -> Option<Problem> {
    if certificate.is_key && private_key.is_certificate {
        let problem = Problem::error(
            CODE,
            format!("and `{other}` are swapped: the first holds the private key"),
        );
        return Some(problem.help(format!(
            "put the certificate here and the private key into `{other}`"
        )));
    }
    let leaf = certificate.public_keys.first().filter(|leaf| !leaf.is_empty())?;
    match &private_key.key {
        Key::Public(public) if public == leaf => None,
        Key::Public(public) if certificate.public_keys.contains(public) => {
            let problem = Problem::error(
                CODE,
                format!("has its certificates in the wrong order for `{other}`"),
            );
            Some(problem.help(
                "the certificate that belongs to the private key comes first, then the ones that signed it",
            ))
        }
        Key::Public(_) => {
            let problem = Problem::error(CODE, format!("does not belong to the private key in `{other}`"));
            Some(problem.help("take both from the same pair, or make a new one"))
        }
        Key::Opaque => Some(Problem::warning(
            CODE,
            format!("could not be compared with `{other}`: its public half cannot be derived here"),
        )),
        Key::Encrypted | Key::Broken => None,
    }
}

/// Whether the pair's only problem is that the two are swapped.
pub(super) fn swapped(certificate: &Certificate, private_key: &PrivateKey) -> bool {
    certificate.is_key && private_key.is_certificate
}

fn contents(value: &str, file: File) -> Result<String, Problem> {
    match text::placeholder(value) {
        Some(problem) => Err(problem),
        None => encoding::text(value, file),
    }
}
