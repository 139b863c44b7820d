//! Owns what a signature must be before anyone believes it: its hash, its time, and nothing in it that it calls
//! critical and nobody here knows.
//!
//! It does not know who signed what.

use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SubpacketData};

/// Whether texts with the same hash cannot be made.
pub(super) fn is_strong(hash: HashAlgorithm) -> bool {
    use HashAlgorithm::{Sha3_256, Sha3_512, Sha224, Sha256, Sha384, Sha512};
    matches!(hash, Sha224 | Sha256 | Sha384 | Sha512 | Sha3_256 | Sha3_512)
}

/// Whether a hash will do for what a key says of itself. Keys of many years still carry SHA-1 there; their owner
/// alone chose what was signed, and the library refuses texts made to collide.
pub(super) fn is_fit_for_keys(hash: HashAlgorithm) -> bool {
    is_strong(hash) || hash == HashAlgorithm::Sha1
}

/// Whether it holds something that must be understood and is not.
pub(super) fn is_understood(signature: &Signature) -> bool {
    let Some(config) = signature.config() else {
        return false;
    };
    let unknown = |data: &SubpacketData| {
        matches!(
            data,
            SubpacketData::Experimental(..) | SubpacketData::Other(..) | SubpacketData::Notation(_)
        )
    };
    !config
        .hashed_subpackets()
        .any(|subpacket| subpacket.is_critical && unknown(&subpacket.data))
}

/// Seconds since 1970 at which it expires, if it does.
pub(super) fn expiry(signature: &Signature) -> Option<u32> {
    let lifetime = signature.signature_expiration_time()?.as_secs();
    (lifetime > 0).then(|| created(signature).saturating_add(lifetime))
}

/// Seconds since 1970 at which it says that it was made.
pub(super) fn created(signature: &Signature) -> u32 {
    signature.created().map_or(0, pgp::types::Timestamp::as_secs)
}

/// A time in OpenPGP's seconds; what lies outside of them is as good as their first or last.
pub(super) fn seconds(time: time::OffsetDateTime) -> u32 {
    let seconds = time.unix_timestamp().clamp(0, u32::MAX.into());
    u32::try_from(seconds).expect("it was clamped")
}

/// `2026-11-21 10:51:39 UTC`.
pub(super) fn date(seconds: u32) -> String {
    let time =
        time::OffsetDateTime::from_unix_timestamp(seconds.into()).expect("32 bits of seconds are a date");
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    time.format(format).expect("all parts of the date are known")
}
