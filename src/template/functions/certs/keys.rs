//! Owns private keys of every kind that Sprig makes or takes: PEM, the public half, signatures.
//!
//! What is particular to RSA, DSA and curves is in files of their own.

use super::der::{self, Reader};
use super::dsa::Dsa;
use super::ec::Ec;
use super::pem;
use super::rsa::Rsa;
use crate::template::functions::{FnError, Random};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

/// Object identifiers, as DER writes their content.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A private key.
pub(super) enum PrivateKey {
    Rsa(Rsa),
    Dsa(Dsa),
    Ec(Ec),
    /// The secret bytes, and what they stand for.
    Ed25519([u8; 32], Ed25519KeyPair),
}

/// What a certificate says of its key.
#[derive(PartialEq, Eq)]
pub(super) struct PublicKey {
    /// The kind of key, with its parameters.
    pub(super) algorithm: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

impl PrivateKey {
    /// A new RSA key.
    pub(super) fn rsa(random: &Random, bits: usize) -> Result<Self, FnError> {
        Rsa::generate(random, bits).map(Self::Rsa)
    }

    /// A new key of the kind that `genPrivateKey` calls `kind`; none if it knows none.
    pub(super) fn generate(random: &Random, kind: &str) -> Result<Option<Self>, FnError> {
        Ok(Some(match kind {
            "" | "rsa" => Self::rsa(random, 4096)?,
            "dsa" => Self::Dsa(Dsa::generate(random)?),
            "ecdsa" => Self::Ec(Ec::generate(random)?),
            "ed25519" => {
                Self::ed25519(&random.bytes::<32>()?).ok_or_else(|| FnError::new("no key can be made"))?
            }
            _ => return Ok(None),
        }))
    }

    fn ed25519(secret: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(secret).ok()?;
        Some(Self::Ed25519(secret.try_into().ok()?, pair))
    }

    /// Reads the first block of a text; the error never quotes it.
    pub(super) fn from_pem(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("it holds no PEM block")?;
        let broken = || format!("its `{}` block cannot be read", block.label);
        match block.label {
            "PRIVATE KEY" => Self::from_pkcs8(&block.bytes).ok_or_else(broken),
            "RSA PRIVATE KEY" => Rsa::from_pkcs1(&block.bytes)
                .map(Self::Rsa)
                .map_err(|reason| format!("{}: {reason}", broken())),
            "EC PRIVATE KEY" => Ec::from_sec1(&block.bytes, None).map(Self::Ec).ok_or_else(broken),
            "DSA PRIVATE KEY" => Dsa::from_der(&block.bytes).map(Self::Dsa).ok_or_else(broken),
            label => Err(format!(
                "a block of type `{label}` holds no key of a kind that is known"
            )),
        }
    }

    fn from_pkcs8(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes).sequence()?;
        reader.integer()?;
        let mut algorithm = reader.sequence()?;
        let kind = algorithm.take(der::OID)?;
        let key = reader.take(der::OCTETS)?;
        match kind {
            RSA => Rsa::from_pkcs1(key).ok().map(Self::Rsa),
            EC => Ec::from_sec1(key, algorithm.take(der::OID)).map(Self::Ec),
            ED25519 => Self::ed25519(Reader(key).take(der::OCTETS)?),
            _ => None,
        }
    }

    /// The block that Go writes for a key of its kind.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &key.to_pkcs1()),
            Self::Dsa(key) => pem::encode("DSA PRIVATE KEY", &key.to_der()),
            Self::Ec(key) => pem::encode("EC PRIVATE KEY", &key.to_sec1()),
            Self::Ed25519(secret, _) => {
                let pkcs8 = der::sequence(&[
                    der::element(der::INTEGER, &[0]),
                    der::sequence(&[der::element(der::OID, ED25519)]),
                    der::element(der::OCTETS, &der::element(der::OCTETS, secret)),
                ]);
                pem::encode("PRIVATE KEY", &pkcs8)
            }
        }
    }

    /// Its public half; none for DSA, which certificates do not hold.
    pub(super) fn public(&self) -> Option<PublicKey> {
        let oid = |oid| der::element(der::OID, oid);
        let (algorithm, bytes) = match self {
            Self::Rsa(key) => (vec![oid(RSA), der::NULL.to_vec()], key.public()),
            Self::Ec(key) => (vec![oid(EC), oid(key.curve())], key.public()),
            Self::Ed25519(_, pair) => (vec![oid(ED25519)], pair.public_key().as_ref().to_vec()),
            Self::Dsa(_) => return None,
        };
        let algorithm = der::sequence(&algorithm);
        Some(PublicKey { algorithm, bytes })
    }

    /// How it signs, in DER; none for DSA.
    pub(super) fn signature_algorithm(&self) -> Option<Vec<u8>> {
        let oid = |oid| der::element(der::OID, oid);
        let algorithm = match self {
            Self::Rsa(_) => vec![oid(RSA_SHA256), der::NULL.to_vec()],
            Self::Ec(key) => vec![oid(key.signature_algorithm())],
            Self::Ed25519(..) => vec![oid(ED25519)],
            Self::Dsa(_) => return None,
        };
        Some(der::sequence(&algorithm))
    }

    /// Signs; none if a key of this kind or size cannot.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => key.sign(message),
            Self::Ec(key) => key.sign(message),
            Self::Ed25519(_, pair) => Some(pair.sign(message).as_ref().to_vec()),
            Self::Dsa(_) => None,
        }
    }
}
