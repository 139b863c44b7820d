//! Owns the question who signed a text: which key of a keyring, and whether that key, at this time and in this way, may.
//!
//! It does not ask what the text says.

use super::block::Block;
use super::key::{Key, Subkey, Unfit};
use super::keyring::Keyring;
use super::policy;
use crate::diagnostic::Diagnostic;
use pgp::packet::{Signature, SignatureType};
use pgp::types::KeyDetails;

/// The key in `keyring` that signed the text of the file `prov`. As in Helm, the first signature by a known key decides.
pub(super) fn find<'a>(
    block: &Block,
    prov: &str,
    keyring: &'a Keyring,
    now: u32,
) -> Result<&'a Key, Diagnostic> {
    for signature in &block.signatures {
        let candidates = candidates(signature, keyring);
        if candidates.is_empty() {
            continue;
        }
        check_form(signature, prov, now)?;
        let signed = block.signed();
        let is_by = |(key, subkey): &(&Key, Option<&Subkey>)| match subkey {
            Some(subkey) => signature.verify(&subkey.public, &signed[..]).is_ok(),
            None => signature.verify(&key.primary, &signed[..]).is_ok(),
        };
        let Some((key, subkey)) = candidates.into_iter().find(is_by) else {
            let message = format!("the text of `{prov}` is not what was signed");
            return Err(Diagnostic::error("provenance-signature", message).help(
                "it was changed after it was signed, or its signature was: get it again from where it was published",
            ));
        };
        check_key(signature, prov, key, subkey, now)?;
        return Ok(key);
    }
    let issuers: Vec<String> = block.signatures.iter().map(name).collect();
    let message = format!(
        "`{prov}` is signed by {}, which keyring `{}` does not hold",
        issuers.join(" and "),
        keyring.name
    );
    Err(Diagnostic::error("provenance-signer", message)
        .help("if you trust that key, add it to the keyring; if not, do not install the chart"))
}

/// The keys and subkeys that a signature may be of, by what it says.
fn candidates<'a>(signature: &Signature, keyring: &'a Keyring) -> Vec<(&'a Key, Option<&'a Subkey>)> {
    let (ids, fingerprints) = (signature.issuer_key_id(), signature.issuer_fingerprint());
    let is_issuer = |key: &dyn KeyDetails| {
        ids.contains(&&key.legacy_key_id()) || fingerprints.contains(&&key.fingerprint())
    };
    let mut found = Vec::new();
    for key in &keyring.keys {
        if is_issuer(&key.primary) {
            found.push((key, None));
        }
        let subkeys = key.subkeys.iter().filter(|subkey| is_issuer(&subkey.public));
        found.extend(subkeys.map(|subkey| (key, Some(subkey))));
    }
    found
}

/// What a signature says of its key.
fn name(signature: &Signature) -> String {
    if let Some(fingerprint) = signature.issuer_fingerprint().first() {
        return format!("key `{fingerprint:X}`");
    }
    match signature.issuer_key_id().first() {
        Some(id) => format!("key `{}`", id.to_string().to_uppercase()),
        None => "a key that is not named".to_owned(),
    }
}

/// What can be said of a signature without its key.
fn check_form(signature: &Signature, prov: &str, now: u32) -> Result<(), Diagnostic> {
    let refuse = |code, reason: &str| {
        let message = format!("the signature in `{prov}` {reason}");
        Err(Diagnostic::error(code, message).help("let the chart's owner sign it again"))
    };
    let is_over_text = matches!(signature.typ(), Some(SignatureType::Text | SignatureType::Binary));
    if !is_over_text || !policy::is_understood(signature) {
        return refuse(
            "provenance-signature",
            "is not one over a text, or demands what is not understood",
        );
    }
    if let Some(hash) = signature.hash_alg().filter(|hash| !policy::is_strong(*hash)) {
        let reason = format!("uses the weak hash {hash}: other texts can be made that have the same one");
        return refuse("provenance-weak-hash", &reason);
    }
    match policy::expiry(signature) {
        Some(expiry) if expiry <= now => {
            let reason = format!("expired on {}", policy::date(expiry));
            refuse("provenance-expired", &reason)
        }
        _ => Ok(()),
    }
}

/// Whether the key, or its subkey, may have signed.
fn check_key(
    signature: &Signature,
    prov: &str,
    key: &Key,
    subkey: Option<&Subkey>,
    now: u32,
) -> Result<(), Diagnostic> {
    let (fitness, made, part) = match subkey {
        Some(subkey) => (
            key.subkey_fitness(subkey, now),
            subkey.public.created_at(),
            "a subkey of ",
        ),
        None => (key.primary_fitness(now), key.primary.created_at(), ""),
    };
    let (code, reason, help) = match fitness {
        Ok(()) if policy::created(signature) >= made.as_secs() => return Ok(()),
        Ok(()) => (
            "provenance-expired",
            "before that was made".to_owned(),
            "a clock was wrong when either was made: let the chart's owner sign it again",
        ),
        Err(Unfit::Revoked) => (
            "provenance-revoked",
            "which is revoked".to_owned(),
            "do not install the chart, since the key may be in other hands; ask for a new signature",
        ),
        Err(Unfit::Expired(at)) => (
            "provenance-expired",
            format!("which expired on {}", policy::date(at)),
            "if its owner has extended it, refresh your keyring; if not, ask for a new signature",
        ),
        Err(Unfit::NotForSigning) => (
            "provenance-signer",
            "which is not for signing".to_owned(),
            "ask for a signature by a key that is for signing",
        ),
        Err(Unfit::Unknown) => (
            "provenance-signer",
            "whose algorithm is not known here".to_owned(),
            "verify the provenance by `gpg --verify` and compare the hash in it by `sha256sum`",
        ),
        Err(Unfit::Unbound) => (
            "provenance-signer",
            match subkey {
                Some(_) => "which that key does not vouch for".to_owned(),
                None => "which does not vouch for its user id".to_owned(),
            },
            "the keyring may be damaged or forged: export the key again from where it was made",
        ),
    };
    let owner = key.users.first().map(super::key::User::name).unwrap_or_default();
    let message = format!(
        "`{prov}` is signed by {part}`{owner}` ({}), {reason}",
        key.fingerprint()
    );
    Err(Diagnostic::error(code, message).help(help))
}
