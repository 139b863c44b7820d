//! Owns reading the value of a private key.
//!
//! The formats of keys are read in `key`; the certificate is not looked at.

use super::CODE;
use super::contents;
use super::key;
use super::key::Key;
use super::pem;
use super::pem::Block;
use crate::check::encoding::File;
use crate::check::problem::Problem;

const PRIVATE_KEY: File = File {
    what: "a PEM private key",
    name: "tls.key",
    code: CODE,
};

/// What a value holds that should be a private key.
#[derive(Debug)]
pub(in crate::check) struct PrivateKey {
    pub(super) key: Key,
    /// What is wrong with it on its own.
    pub(in crate::check) problems: Vec<Problem>,
    /// Whether it is a certificate instead.
    pub(super) is_certificate: bool,
}

/// Reads the value of a private key.
pub(in crate::check) fn private_key(value: &str) -> PrivateKey {
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
