//! Owns writing a certificate as Go writes the ones of Sprig: the same fields in the same order.
//!
//! Which key signs and what the function was called with is decided in `certs.rs`.

use super::der;
use super::keys::{PrivateKey, PublicKey};
use crate::template::functions::{FnError, Random};
use num_bigint::BigUint;
use sha1::{Digest as _, Sha1};
use std::net::IpAddr;
use time::OffsetDateTime;
use time::macros::format_description;

/// What a certificate says of its subject.
pub(super) struct Subject {
    pub(super) common_name: String,
    pub(super) ips: Vec<IpAddr>,
    pub(super) names: Vec<String>,
    pub(super) days: i64,
    pub(super) is_authority: bool,
}

/// Whose key signs.
pub(super) struct Issuer<'k> {
    /// Its name, in DER.
    pub(super) name: Vec<u8>,
    pub(super) key_id: Option<Vec<u8>>,
    pub(super) key: &'k PrivateKey,
}

/// Below `2.5.29`.
const SUBJECT_KEY_ID: u8 = 14;
const KEY_USAGE: u8 = 15;
const ALTERNATIVE_NAMES: u8 = 17;
const BASIC_CONSTRAINTS: u8 = 19;
const AUTHORITY_KEY_ID: u8 = 35;
const EXTENDED_KEY_USAGE: u8 = 37;

const NANOSECONDS_OF_A_DAY: i64 = 86_400_000_000_000;

/// The certificate, in DER. Without an issuer the subject signs itself.
pub(super) fn certificate(
    random: &Random,
    now: OffsetDateTime,
    subject: &Subject,
    key: &PrivateKey,
    issuer: Option<Issuer<'_>>,
) -> Result<Vec<u8>, FnError> {
    let cannot = || FnError::new("a key of this kind or size cannot sign a certificate");
    let public = key.public().ok_or_else(cannot)?;
    let name = name(&subject.common_name);
    let issuer = issuer.unwrap_or_else(|| Issuer {
        name: name.clone(),
        key_id: None,
        key,
    });
    let algorithm = issuer.key.signature_algorithm().ok_or_else(cannot)?;
    let serial = BigUint::from_bytes_be(&random.bytes::<16>()?);
    // Go counts nanoseconds in 64 bits, which wrap around.
    let valid = time::Duration::nanoseconds(NANOSECONDS_OF_A_DAY.wrapping_mul(subject.days));
    let extensions = extensions(subject, &name, &public, &issuer);
    let body = der::sequence(&[
        der::tagged(0, &der::element(der::INTEGER, &[2])),
        der::integer(&serial),
        algorithm.clone(),
        issuer.name,
        der::sequence(&[moment(now)?, moment(now.saturating_add(valid))?]),
        name,
        der::sequence(&[public.algorithm, der::bits(&public.bytes)]),
        der::tagged(3, &der::sequence(&extensions)),
    ]);
    let signature = issuer.key.sign(&body).ok_or_else(cannot)?;
    Ok(der::sequence(&[body, algorithm, der::bits(&signature)]))
}

/// A name of at most one part.
fn name(common_name: &str) -> Vec<u8> {
    const PRINTABLE_STRING: u8 = 0x13;
    const UTF8_STRING: u8 = 0x0c;
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    if common_name.is_empty() {
        return der::sequence::<&[u8]>(&[]);
    }
    let is_printable =
        |character: char| character.is_ascii_alphanumeric() || " '()+,-./:=?".contains(character);
    let tag = if common_name.chars().all(is_printable) {
        PRINTABLE_STRING
    } else {
        UTF8_STRING
    };
    let part = der::sequence(&[
        der::element(der::OID, COMMON_NAME),
        der::element(tag, common_name.as_bytes()),
    ]);
    der::sequence(&[der::element(der::SET, &part)])
}

/// A time, with two digits of the year where they suffice.
fn moment(time: OffsetDateTime) -> Result<Vec<u8>, FnError> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let time = time.to_offset(time::UtcOffset::UTC);
    let text = if (1950..2050).contains(&time.year()) {
        let format = format_description!("[year repr:last_two][month][day][hour][minute][second]Z");
        time.format(&format).map(|text| (UTC_TIME, text))
    } else {
        let format = format_description!("[year][month][day][hour][minute][second]Z");
        time.format(&format).map(|text| (GENERALIZED_TIME, text))
    };
    let (tag, text) =
        text.map_err(|_| FnError::new("the certificate would end at a time that has no date"))?;
    Ok(der::element(tag, text.as_bytes()))
}

fn extensions(subject: &Subject, name: &[u8], public: &PublicKey, issuer: &Issuer<'_>) -> Vec<Vec<u8>> {
    const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
    // Digital signature and key encipherment; an authority also signs certificates. The first byte counts the
    // bits that are left over.
    let usage: [u8; 2] = if subject.is_authority {
        [2, 0xa4]
    } else {
        [5, 0xa0]
    };
    let authority: &[u8] = if subject.is_authority { &[1, 1, 0xff] } else { &[] };
    let purposes = der::sequence(&[
        der::element(der::OID, SERVER_AUTH),
        der::element(der::OID, CLIENT_AUTH),
    ]);
    let mut out = vec![
        extension(KEY_USAGE, true, &der::element(der::BITS, &usage)),
        extension(EXTENDED_KEY_USAGE, false, &purposes),
        extension(BASIC_CONSTRAINTS, true, &der::sequence(&[authority])),
    ];
    if subject.is_authority {
        let id = der::element(der::OCTETS, &Sha1::digest(&public.bytes));
        out.push(extension(SUBJECT_KEY_ID, false, &id));
    }
    if let Some(id) = issuer
        .key_id
        .as_ref()
        .filter(|id| !id.is_empty() && issuer.name != name)
    {
        // The element that says "key identifier" holds its bytes without a tag of their own.
        let id = der::sequence(&[der::element(0x80, id)]);
        out.push(extension(AUTHORITY_KEY_ID, false, &id));
    }
    if !subject.names.is_empty() || !subject.ips.is_empty() {
        let is_unnamed = subject.common_name.is_empty();
        out.push(extension(ALTERNATIVE_NAMES, is_unnamed, &alternatives(subject)));
    }
    out
}

fn extension(number: u8, is_critical: bool, content: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if is_critical { &[1, 1, 0xff] } else { &[] };
    der::sequence(&[
        &der::element(der::OID, &[0x55, 0x1d, number]),
        critical,
        &der::element(der::OCTETS, content),
    ])
}

fn alternatives(subject: &Subject) -> Vec<u8> {
    const DNS_NAME: u8 = 0x82;
    const IP_ADDRESS: u8 = 0x87;
    let names = subject
        .names
        .iter()
        .map(|name| der::element(DNS_NAME, name.as_bytes()));
    let ips = subject.ips.iter().map(|ip| match ip.to_canonical() {
        IpAddr::V4(ip) => der::element(IP_ADDRESS, &ip.octets()),
        IpAddr::V6(ip) => der::element(IP_ADDRESS, &ip.octets()),
    });
    der::sequence(&names.chain(ips).collect::<Vec<_>>())
}
