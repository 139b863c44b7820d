//! Owns keys on the curves P-256 and P-384: SEC 1, the public point, signatures.
//!
//! Signatures follow RFC 6979, so that the same key and text give the same bytes.

use super::der::{self, Reader};
use crate::template::functions::{FnError, Random};
use p256::ecdsa::signature::Signer as _;

/// Object identifiers, as DER writes their content.
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 34];

/// A private key.
pub(super) enum Ec {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl Ec {
    /// A new key on P-256.
    pub(super) fn generate(random: &Random) -> Result<Self, FnError> {
        loop {
            // All but one in 2^32 numbers of this size belong to the curve.
            if let Some(key) = Self::new(P256, &random.bytes::<32>()?) {
                return Ok(key);
            }
        }
    }

    fn new(curve: &[u8], scalar: &[u8]) -> Option<Self> {
        let zeros = scalar.iter().take_while(|byte| **byte == 0).count();
        let digits = &scalar[zeros..];
        let padded = |size: usize| Some([&vec![0; size.checked_sub(digits.len())?], digits].concat());
        match curve {
            P256 => p256::ecdsa::SigningKey::from_slice(&padded(32)?)
                .ok()
                .map(Self::P256),
            P384 => p384::ecdsa::SigningKey::from_slice(&padded(48)?)
                .ok()
                .map(Self::P384),
            _ => None,
        }
    }

    /// Reads SEC 1. The curve stands in it or, in PKCS #8, around it.
    pub(super) fn from_sec1(bytes: &[u8], curve: Option<&[u8]>) -> Option<Self> {
        let mut reader = Reader(bytes).sequence()?;
        reader.take(der::INTEGER).filter(|version| *version == [1])?;
        let scalar = reader.take(der::OCTETS)?;
        let inner = reader.take(0xa0).and_then(|tagged| Reader(tagged).take(der::OID));
        Self::new(curve.or(inner)?, scalar)
    }

    /// Writes SEC 1 with the curve and the public point.
    pub(super) fn to_sec1(&self) -> Vec<u8> {
        let scalar = match self {
            Self::P256(key) => key.to_bytes().to_vec(),
            Self::P384(key) => key.to_bytes().to_vec(),
        };
        der::sequence(&[
            der::element(der::INTEGER, &[1]),
            der::element(der::OCTETS, &scalar),
            der::tagged(0, &der::element(der::OID, self.curve())),
            der::tagged(1, &der::bits(&self.public())),
        ])
    }

    /// The identifier of its curve.
    pub(super) fn curve(&self) -> &'static [u8] {
        match self {
            Self::P256(_) => P256,
            Self::P384(_) => P384,
        }
    }

    /// The public point, uncompressed.
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => key.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_encoded_point(false).as_bytes().to_vec(),
        }
    }

    /// The identifier of ECDSA with the hash of the curve's size.
    pub(super) fn signature_algorithm(&self) -> &'static [u8] {
        match self {
            Self::P256(_) => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
            Self::P384(_) => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).ok()?;
                signature.to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.try_sign(message).ok()?;
                signature.to_der().as_bytes().to_vec()
            }
        })
    }
}
