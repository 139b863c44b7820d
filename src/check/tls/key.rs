//! Owns reading a private key and deriving its public half: PKCS#8, PKCS#1 (RSA) and SEC1 (EC).
//!
//! It does not compare it with a certificate.

use super::der;
use super::der::Elements;
use super::pem::Block;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::ECDSA_P256_SHA256_ASN1_SIGNING as P256;
use ring::signature::ECDSA_P384_SHA384_ASN1_SIGNING as P384;
use ring::signature::EcdsaKeyPair;
use ring::signature::EcdsaSigningAlgorithm;
use ring::signature::Ed25519KeyPair;
use ring::signature::KeyPair as _;

/// What could be found out about a private key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Its public half, as a certificate's `subjectPublicKey` holds it.
    Public(Vec<u8>),
    /// A sound structure of an algorithm whose public half cannot be derived here.
    Opaque,
    /// Encrypted: nothing can be said without its passphrase.
    Encrypted,
    /// Not a private key, or one whose halves do not belong together.
    Broken,
}

/// Whether blocks with this label hold a private key.
pub(super) fn is_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

/// Reads the private key in `block`.
pub(super) fn read(block: &Block<'_>) -> Key {
    if block.encrypted || block.label.starts_with("ENCRYPTED") {
        return Key::Encrypted;
    }
    let Some(contents) = &block.contents else {
        return Key::Broken;
    };
    // Go tries every format whatever the label says, and so do tools that write the wrong label.
    [pkcs8, sec1, pkcs1]
        .iter()
        .find_map(|format| format(contents))
        .unwrap_or(Key::Broken)
}

/// `1.2.840.10045.2.1`.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// `1.2.840.113549.1.1.1`.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// `1.3.101.112`.
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// `SEQUENCE { version, SEQUENCE { algorithm, parameters }, OCTET STRING { key }, … }`.
fn pkcs8(contents: &[u8]) -> Option<Key> {
    let mut elements = Elements::of_sequence(contents)?;
    elements.take(der::INTEGER)?;
    let mut algorithm = elements.expect(der::SEQUENCE)?;
    let name = algorithm.take(der::OBJECT_IDENTIFIER)?;
    let curve = algorithm.take(der::OBJECT_IDENTIFIER);
    let inner = elements.take(der::OCTET_STRING)?;
    Some(match name {
        EC => ec(inner, curve).unwrap_or(Key::Broken),
        RSA => pkcs1(inner).unwrap_or(Key::Broken),
        ED25519 => match Ed25519KeyPair::from_pkcs8_maybe_unchecked(contents) {
            Ok(pair) => Key::Public(pair.public_key().as_ref().to_vec()),
            Err(_) => Key::Broken,
        },
        _ => Key::Opaque,
    })
}

fn sec1(contents: &[u8]) -> Option<Key> {
    ec(contents, None)
}

/// `prime256v1`, `1.2.840.10045.3.1.7`.
const CURVE_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `secp384r1`, `1.3.132.0.34`.
const CURVE_P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// `[0]`, constructed: the curve inside an EC private key.
const CONTEXT_0: u8 = 0xa0;

/// `SEQUENCE { 1, OCTET STRING { scalar }, [0] curve, [1] BIT STRING { public } }`.
fn ec(contents: &[u8], outer_curve: Option<&[u8]>) -> Option<Key> {
    let mut elements = Elements::of_sequence(contents)?;
    elements.take(der::INTEGER)?;
    let scalar = elements.take(der::OCTET_STRING)?;
    let inner_curve = match elements.expect(CONTEXT_0) {
        Some(mut parameters) => parameters.take(der::OBJECT_IDENTIFIER),
        None => None,
    };
    let Some(mut wrapped) = elements.expect(der::CONTEXT_1) else {
        return Some(Key::Opaque);
    };
    let (&0, public) = wrapped.take(der::BIT_STRING)?.split_first()? else {
        return Some(Key::Broken);
    };
    let sound = match inner_curve.or(outer_curve) {
        Some(CURVE_P256) => belong_together(&P256, scalar, public),
        Some(CURVE_P384) => belong_together(&P384, scalar, public),
        // Other curves: the public half that the file itself names is compared.
        _ => true,
    };
    Some(if sound {
        Key::Public(public.to_vec())
    } else {
        Key::Broken
    })
}

fn belong_together(algorithm: &'static EcdsaSigningAlgorithm, scalar: &[u8], public: &[u8]) -> bool {
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, public, &SystemRandom::new()).is_ok()
}

/// `SEQUENCE { version, modulus, publicExponent, privateExponent, … }`.
fn pkcs1(contents: &[u8]) -> Option<Key> {
    let mut elements = Elements::of_sequence(contents)?;
    elements.take(der::INTEGER)?;
    let public = elements.rest();
    let modulus = elements.take(der::INTEGER)?;
    let exponent = elements.take(der::INTEGER)?;
    let public = &public[..public.len() - elements.rest().len()];
    elements.take(der::INTEGER)?;
    if is_common_rsa(modulus, exponent) && rsa::KeyPair::from_der(contents).is_err() {
        return Some(Key::Broken);
    }
    Some(Key::Public(sequence(public)))
}

/// Whether `ring` takes every sound RSA key of this shape, so that a refusal means contradicting halves.
fn is_common_rsa(modulus: &[u8], exponent: &[u8]) -> bool {
    let size = modulus.len() - usize::from(modulus.first() == Some(&0));
    (256..=512).contains(&size) && size.is_multiple_of(64) && exponent == [1, 0, 1]
}

/// A sequence of elements that are already encoded.
fn sequence(elements: &[u8]) -> Vec<u8> {
    let length = elements.len().to_be_bytes();
    let length = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut out = vec![der::SEQUENCE];
    match length {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(elements);
    out
}
