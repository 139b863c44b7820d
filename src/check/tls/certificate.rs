//! Owns reading the value of a certificate: every certificate of its chain, and how long each is valid.
//!
//! It does not look at the private key.

use super::CODE;
use super::contents;
use super::host;
use super::key;
use super::pem;
use super::pem::Block;
use crate::check::encoding::File;
use crate::check::problem::Problem;
use time::Duration;
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

const CERTIFICATE: File = File {
    what: "a PEM certificate",
    name: "tls.crt",
    code: CODE,
};

/// A certificate that ends sooner than this is worth a warning.
const SOON: Duration = Duration::days(30);

/// What a value holds that should be a certificate.
#[derive(Debug)]
pub(in crate::check) struct Certificate {
    /// The public keys of the chain, the leaf's first; none if it could not be read.
    pub(super) public_keys: Vec<Vec<u8>>,
    /// The hosts for which the leaf is valid.
    pub(super) hosts: Vec<String>,
    /// What is wrong with it on its own.
    pub(in crate::check) problems: Vec<Problem>,
    /// Whether it is a private key instead.
    pub(super) is_key: bool,
}

/// Reads the value of a certificate.
pub(in crate::check) fn certificate(value: &str, now: OffsetDateTime) -> Certificate {
    let mut certificate = Certificate {
        public_keys: Vec::new(),
        hosts: Vec::new(),
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
        let contents = block.contents.as_deref().unwrap_or_default();
        if let Ok((_, parsed)) = X509Certificate::from_der(contents) {
            if index == 0 {
                certificate.hosts = host::names(&parsed);
            }
            certificate.problems.extend(lifetime(&parsed, &which, now));
            certificate
                .public_keys
                .push(parsed.public_key().subject_public_key.data.to_vec());
        } else {
            certificate.problems.push(damaged(&which));
            certificate.public_keys.push(Vec::new());
        }
    }
    certificate
}

fn damaged(which: &str) -> Problem {
    CERTIFICATE
        .error(format!("holds {which} that cannot be read as X.509"))
        .help("the text between its `BEGIN` and `END` lines is incomplete or damaged")
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
