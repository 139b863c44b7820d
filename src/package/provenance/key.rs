//! Owns one key of a keyring: who it says it belongs to, which of its parts may sign, and until when.
//!
//! It does not read keyrings. What is not signed by the key itself is not believed.

use super::policy;
use pgp::packet::{
    KeyFlags, PublicKey, PublicSubkey, SecretKey, SecretSubkey, Signature, SignatureType, SubpacketData,
    UserId,
};
use pgp::types::{EcdsaPublicParams, KeyDetails, PublicParams, Tag};

/// A primary key with all that is bound to it.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) primary: PublicKey,
    /// Its secret half, if the keyring holds it.
    pub(super) secret: Option<SecretKey>,
    /// Signatures on the key itself: revocations, and settings for all of it.
    pub(super) direct: Vec<Signature>,
    pub(super) users: Vec<User>,
    pub(super) subkeys: Vec<Subkey>,
}

/// A name that a key claims.
#[derive(Debug)]
pub(super) struct User {
    pub(super) id: UserId,
    pub(super) signatures: Vec<Signature>,
}

/// A key that a primary key lets act for it.
#[derive(Debug)]
pub(super) struct Subkey {
    pub(super) public: PublicSubkey,
    pub(super) secret: Option<SecretSubkey>,
    pub(super) signatures: Vec<Signature>,
}

/// Why a key, or a part of it, cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Its owner took it back.
    Revoked,
    /// It was valid until then, in seconds since 1970.
    Expired(u32),
    /// Its owner gave it another use.
    NotForSigning,
    /// Its algorithm is not known here.
    Unknown,
    /// No valid signature binds it to a name, or to its primary key.
    Unbound,
}

impl Key {
    /// A primary key to which nothing is bound yet.
    pub(super) fn new(primary: PublicKey, secret: Option<SecretKey>) -> Self {
        Self {
            primary,
            secret,
            direct: Vec::new(),
            users: Vec::new(),
            subkeys: Vec::new(),
        }
    }

    /// Adds what another copy of the same key holds.
    pub(super) fn merge(&mut self, other: Self) {
        self.secret = self.secret.take().or(other.secret);
        self.direct.extend(other.direct);
        for user in other.users {
            match self.users.iter_mut().find(|known| known.id.id() == user.id.id()) {
                Some(known) => known.signatures.extend(user.signatures),
                None => self.users.push(user),
            }
        }
        for subkey in other.subkeys {
            let fingerprint = subkey.public.fingerprint();
            match self
                .subkeys
                .iter_mut()
                .find(|known| known.public.fingerprint() == fingerprint)
            {
                Some(known) => {
                    known.secret = known.secret.take().or(subkey.secret);
                    known.signatures.extend(subkey.signatures);
                }
                None => self.subkeys.push(subkey),
            }
        }
    }

    /// `0123…CDEF`, as Helm prints it.
    pub(super) fn fingerprint(&self) -> String {
        format!("{:X}", self.primary.fingerprint())
    }

    /// The names that it claims by a valid signature and has not taken back, in the order of the keyring.
    pub(super) fn names(&self, now: u32) -> Vec<String> {
        let claimed = |user: &&User| self.claim(user, now).is_some();
        self.users.iter().filter(claimed).map(User::name).collect()
    }

    /// Whether the primary key itself may sign.
    pub(super) fn primary_fitness(&self, now: u32) -> Result<(), Unfit> {
        let (claim, direct) = self.alive(now)?;
        let flags = flags(claim).or_else(|| direct.and_then(flags));
        may_sign(flags)
    }

    /// Whether a subkey may sign.
    pub(super) fn subkey_fitness(&self, subkey: &Subkey, now: u32) -> Result<(), Unfit> {
        self.alive(now)?;
        if !is_known(&subkey.public) {
            return Err(Unfit::Unknown);
        }
        let is_revocation = |signature: &&Signature| signature.typ() == Some(SignatureType::SubkeyRevocation);
        // One that cannot be checked may be of a revoker whom the owner named; Helm refuses such keys as well.
        if subkey
            .signatures
            .iter()
            .any(|signature| is_revocation(&signature))
        {
            return Err(Unfit::Revoked);
        }
        let binding = newest(subkey.signatures.iter().filter(|signature| {
            signature.typ() == Some(SignatureType::SubkeyBinding)
                && is_believable(signature, now)
                && signature
                    .verify_subkey_binding(&self.primary, &subkey.public)
                    .is_ok()
        }));
        let binding = binding.ok_or(Unfit::Unbound)?;
        may_sign(flags(binding))?;
        // Without the subkey's own word anyone could claim what it signed.
        let is_mutual = binding.embedded_signature().is_some_and(|back| {
            is_believable(back, now)
                && back
                    .verify_primary_key_binding(&subkey.public, &self.primary)
                    .is_ok()
        });
        if !is_mutual {
            return Err(Unfit::Unbound);
        }
        not_expired(&subkey.public, binding, now)
    }

    /// The signatures that say what the key may do, if it is neither revoked nor expired.
    fn alive(&self, now: u32) -> Result<(&Signature, Option<&Signature>), Unfit> {
        let of_type = |kind| move |signature: &&Signature| signature.typ() == Some(kind);
        if self
            .direct
            .iter()
            .any(|signature| of_type(SignatureType::KeyRevocation)(&signature))
        {
            return Err(Unfit::Revoked);
        }
        if !is_known(&self.primary) {
            return Err(Unfit::Unknown);
        }
        let claims = self.users.iter().filter_map(|user| self.claim(user, now));
        let claim = claims.max_by_key(|claim| (claim.is_primary(), policy::created(claim)));
        let claim = claim.ok_or(Unfit::Unbound)?;
        let direct = newest(
            self.direct
                .iter()
                .filter(of_type(SignatureType::Key))
                .filter(|signature| {
                    is_believable(signature, now) && signature.verify_key(&self.primary).is_ok()
                }),
        );
        for signature in direct.into_iter().chain([claim]) {
            not_expired(&self.primary, signature, now)?;
        }
        Ok((claim, direct))
    }

    /// The newest valid signature by which the key claims a name that it has not taken back since.
    fn claim<'a>(&self, user: &'a User, now: u32) -> Option<&'a Signature> {
        let own = |signature: &&Signature| {
            is_believable(signature, now)
                && signature
                    .verify_certification(&self.primary, Tag::UserId, &user.id)
                    .is_ok()
        };
        let (revocations, claims): (Vec<_>, Vec<_>) = user
            .signatures
            .iter()
            .filter(own)
            .partition(|signature| signature.typ() == Some(SignatureType::CertRevocation));
        let claim = newest(claims)?;
        let revoked = newest(revocations).is_some_and(|it| policy::created(it) >= policy::created(claim));
        (!revoked).then_some(claim)
    }
}

impl User {
    /// The name as text; whoever made the key chose it, so nothing in it may reach a terminal as a command.
    pub(super) fn name(&self) -> String {
        String::from_utf8_lossy(self.id.id())
            .chars()
            .map(|character| {
                if character.is_control() {
                    char::REPLACEMENT_CHARACTER
                } else {
                    character
                }
            })
            .collect()
    }
}

fn newest<'a>(signatures: impl IntoIterator<Item = &'a Signature>) -> Option<&'a Signature> {
    signatures
        .into_iter()
        .max_by_key(|signature| policy::created(signature))
}

/// Whether a signature on a key counts, if it is the key's.
fn is_believable(signature: &Signature, now: u32) -> bool {
    signature.hash_alg().is_some_and(policy::is_fit_for_keys)
        && policy::is_understood(signature)
        && policy::expiry(signature).is_none_or(|expiry| expiry > now)
}

/// Whether signatures by it can be checked at all. On secp256k1 the library refuses half of those that GnuPG makes: it
/// wants them in the form that coins need.
fn is_known(key: &impl KeyDetails) -> bool {
    !matches!(
        key.public_params(),
        PublicParams::Unknown { .. }
            | PublicParams::ECDSA(
                EcdsaPublicParams::Secp256k1 { .. } | EcdsaPublicParams::Unsupported { .. }
            )
    )
}

fn flags(signature: &Signature) -> Option<&KeyFlags> {
    let mut subpackets = signature.config()?.hashed_subpackets();
    subpackets.find_map(|subpacket| match &subpacket.data {
        SubpacketData::KeyFlags(flags) => Some(flags),
        _ => None,
    })
}

/// A key without flags may do what its algorithm can.
fn may_sign(flags: Option<&KeyFlags>) -> Result<(), Unfit> {
    if flags.is_none_or(KeyFlags::sign) {
        Ok(())
    } else {
        Err(Unfit::NotForSigning)
    }
}

fn not_expired(key: &impl KeyDetails, signature: &Signature, now: u32) -> Result<(), Unfit> {
    let lifetime = signature
        .key_expiration_time()
        .map_or(0, pgp::types::Duration::as_secs);
    let expiry = key.created_at().as_secs().saturating_add(lifetime);
    if lifetime > 0 && expiry <= now {
        return Err(Unfit::Expired(expiry));
    }
    Ok(())
}
