//! Owns checks of a TLS certificate and its private key: parsed, current, belonging together.
//!
//! It does not judge who signed the certificate nor for which host it stands.

mod der;
mod key;
mod pem;

use super::encoding;
use super::encoding::File;
use super::problem::Problem;
use super::text;
use key::Key;
use pem::Block;
use time::Duration;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

const CODE: &str = "invalid-certificate";

const CERTIFICATE: File = File {
    what: "a PEM certificate",
    name: "tls.crt",
    code: CODE,
};

const PRIVATE_KEY: File = File {
    what: "a PEM private key",
    name: "tls.key",
    code: CODE,
};

/// A certificate that ends sooner than this is worth a warning.
const SOON: Duration = Duration::days(30);

/// What a value holds that should be a certificate.
#[derive(Debug)]
pub(super) struct Certificate {
    /// The public keys of the chain, the leaf's first; none if it could not be read.
    public_keys: Vec<Vec<u8>>,
    /// What is wrong with it on its own.
    pub(super) problems: Vec<Problem>,
    /// Whether it is a private key instead.
    is_key: bool,
}

/// What a value holds that should be a private key.
#[derive(Debug)]
pub(super) struct PrivateKey {
    key: Key,
    /// What is wrong with it on its own.
    pub(super) problems: Vec<Problem>,
    /// Whether it is a certificate instead.
    is_certificate: bool,
}

/// Reads the value of a certificate.
pub(super) fn certificate(value: &str, now: OffsetDateTime) -> Certificate {
    let mut certificate = Certificate {
        public_keys: Vec::new(),
        problems: Vec::new(),
        is_key: false,
    };
    let text = match contents(value, CERTIFICATE) {
        Ok(text) => text,
        Err(problem) => {
            certificate.problems.push(problem);
            return certificate;
        }
    };
    let blocks = pem::blocks(&text);
    let chain: Vec<&Block<'_>> = blocks
        .iter()
        .filter(|block| block.label == "CERTIFICATE")
        .collect();
    let with_key = blocks.iter().any(|block| key::is_key(block.label));
    if chain.is_empty() {
        certificate.is_key = with_key;
        certificate.problems.push(no_certificate(&blocks, with_key));
        return certificate;
    }
    if with_key {
        let problem = Problem::warning(CODE, "holds a private key besides the certificate");
        certificate.problems.push(
            problem.help("leave only certificates there: this half is handed to everyone who connects"),
        );
    }
    for (index, block) in chain.iter().enumerate() {
        let which = which(index, chain.len());
        let (public_key, problem) = link(block, &which, now);
        certificate.public_keys.push(public_key);
        certificate.problems.extend(problem);
    }
    certificate
}

/// The public key of one certificate of a chain, empty if it cannot be read, and its problem.
fn link(block: &Block<'_>, which: &str, now: OffsetDateTime) -> (Vec<u8>, Option<Problem>) {
    let contents = block.contents.as_deref().unwrap_or_default();
    let Ok((_, parsed)) = X509Certificate::from_der(contents) else {
        let problem = CERTIFICATE.error(format!("holds {which} that cannot be read as X.509"));
        let help = "the text between its `BEGIN` and `END` lines is incomplete or damaged";
        return (Vec::new(), Some(problem.help(help)));
    };
    let public_key = parsed.public_key().subject_public_key.data.to_vec();
    (public_key, lifetime(&parsed, which, now))
}

/// Reads the value of a private key.
pub(super) fn private_key(value: &str) -> PrivateKey {
    let mut private_key = PrivateKey {
        key: Key::Broken,
        problems: Vec::new(),
        is_certificate: false,
    };
    let text = match contents(value, PRIVATE_KEY) {
        Ok(text) => text,
        Err(problem) => {
            private_key.problems.push(problem);
            return private_key;
        }
    };
    let blocks = pem::blocks(&text);
    let Some(block) = blocks.iter().find(|block| key::is_key(block.label)) else {
        private_key.is_certificate = blocks.iter().any(|block| block.label == "CERTIFICATE");
        private_key
            .problems
            .push(no_key(&blocks, private_key.is_certificate));
        return private_key;
    };
    private_key.key = key::read(block);
    match private_key.key {
        Key::Encrypted => {
            let problem = PRIVATE_KEY.error("is an encrypted private key");
            private_key.problems.push(
                problem.help("a pod cannot ask for its passphrase: decrypt it with `openssl pkey -in tls.key -out plain.key`"),
            );
        }
        Key::Broken => {
            let problem = PRIVATE_KEY.error("holds a private key that cannot be read");
            private_key.problems.push(problem.help(
                "its text is incomplete or damaged; PKCS#8, PKCS#1 (RSA) and SEC1 (EC) keys are understood",
            ));
        }
        Key::Public(_) | Key::Opaque => {}
    }
    private_key
}

/// Problems of the two together, which hold only if each could be read: they must be halves of one pair.
///
/// The problem reads after the name of the certificate's key; `other` is the private key's.
pub(super) fn pair(certificate: &Certificate, private_key: &PrivateKey, other: &str) -> Option<Problem> {
    if certificate.is_key && private_key.is_certificate {
        let problem = Problem::error(
            CODE,
            format!("and `{other}` are swapped: it holds the private key"),
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

fn which(index: usize, count: usize) -> String {
    if count == 1 {
        "a certificate".to_owned()
    } else {
        format!("certificate {} of {count}", index + 1)
    }
}

fn lifetime(certificate: &X509Certificate<'_>, which: &str, now: OffsetDateTime) -> Option<Problem> {
    const CODE: &str = "certificate-expiry";
    let validity = certificate.validity();
    let (from, to) = (
        validity.not_before.to_datetime(),
        validity.not_after.to_datetime(),
    );
    let renew = "renew it in time: pods that pull from the registry refuse it after that day";
    if from > now {
        let problem = Problem::warning(
            CODE,
            format!("holds {which} that is not valid before {}", from.date()),
        );
        return Some(problem.help("check the clock of the machine that made it"));
    }
    if to < now {
        let problem = Problem::warning(CODE, format!("holds {which} that expired on {}", to.date()));
        return Some(problem.help("renew it: clients refuse an expired certificate"));
    }
    if to < now + SOON {
        return Some(
            Problem::warning(CODE, format!("holds {which} that expires on {}", to.date())).help(renew),
        );
    }
    None
}

fn no_certificate(blocks: &[Block<'_>], with_key: bool) -> Problem {
    if with_key {
        return CERTIFICATE.error("holds a private key where the certificate belongs");
    }
    match blocks.first() {
        Some(block) if block.label == "CERTIFICATE REQUEST" => {
            let problem = CERTIFICATE.error("holds a certificate request, not a certificate");
            problem.help("the authority that signs the request answers with the certificate")
        }
        Some(_) => CERTIFICATE.error("holds PEM text without a certificate"),
        None => CERTIFICATE.error("holds no PEM certificate"),
    }
}

fn no_key(blocks: &[Block<'_>], is_certificate: bool) -> Problem {
    if is_certificate {
        return PRIVATE_KEY.error("holds a certificate where the private key belongs");
    }
    match blocks.first() {
        Some(block) if block.label.ends_with("PUBLIC KEY") => {
            PRIVATE_KEY.error("holds a public key, not the private one")
        }
        Some(_) => PRIVATE_KEY.error("holds PEM text without a private key"),
        None => PRIVATE_KEY.error("holds no PEM private key"),
    }
}
