//! Owns signing: which key of a keyring a name means, whether it may sign, and the provenance that it signs.
//!
//! It does not ask for passphrases; it says whether one is needed.

use super::block;
use super::key::{Key, Unfit};
use super::keyring::Keyring;
use super::message;
use super::policy;
use crate::chart;
use crate::diagnostic::Diagnostic;
use crate::package::Package;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{
    SecretKey, SecretSubkey, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData,
};
use pgp::types::{
    KeyDetails, KeyVersion, Password, PublicParams, S2kParams, SecretParams, SigningKey, StringToKey,
    Timestamp,
};
use time::OffsetDateTime;

/// What Helm signs with, whatever the key prefers.
const HASH: HashAlgorithm = HashAlgorithm::Sha512;

/// A key that may sign, chosen from a keyring.
#[derive(Debug)]
pub struct Signer<'a> {
    key: &'a Key,
    secret: Secret<'a>,
    name: String,
    now: u32,
}

/// The part of a key that signs.
#[derive(Clone, Copy, Debug)]
enum Secret<'a> {
    Primary(&'a SecretKey),
    Subkey(&'a SecretSubkey),
}

impl<'a> Signer<'a> {
    /// The key of `keyring` whose user id is `name`, or else the only one whose user id contains it.
    pub fn choose(keyring: &'a Keyring, name: &str, now: OffsetDateTime) -> Result<Self, Diagnostic> {
        let now = policy::seconds(now);
        let key = find(keyring, name)?;
        let shown = key.users.first().map(super::key::User::name).unwrap_or_default();
        let secret = match choose_part(key, now) {
            Ok(secret) => secret,
            Err(reason) => return Err(refuse(keyring, &shown, reason)),
        };
        if key.primary.version() != KeyVersion::V4 {
            let message = format!("key `{shown}` is of an OpenPGP version that Helm cannot read");
            return Err(Diagnostic::error("signing-key", message).help("sign with an RSA key of version 4"));
        }
        Ok(Self {
            key,
            secret,
            name: shown,
            now,
        })
    }

    /// The user id of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether signing needs a passphrase.
    pub fn is_locked(&self) -> bool {
        let params = match self.secret {
            Secret::Primary(secret) => secret.secret_params(),
            Secret::Subkey(secret) => secret.secret_params(),
        };
        params.is_encrypted()
    }

    /// What is worth knowing before its signatures are published.
    pub fn warning(&self) -> Option<Diagnostic> {
        let part: &dyn KeyDetails = match &self.secret {
            Secret::Primary(secret) => *secret,
            Secret::Subkey(secret) => *secret,
        };
        let parts = [&self.key.primary as &dyn KeyDetails, part];
        if parts.into_iter().all(is_known_to_helm) {
            return None;
        }
        let message = format!(
            "Helm 3 cannot check signatures of key `{}`: it knows RSA, DSA and NIST's elliptic keys only",
            self.name
        );
        Some(
            Diagnostic::warning("signing-key", message)
                .help("sign with an RSA key if Helm 3 is to verify the chart"),
        )
    }

    /// The provenance of a package. The error of a wrong passphrase does not repeat it.
    pub fn sign(&self, package: &Package, passphrase: Option<&[u8]>) -> Result<String, Vec<Diagnostic>> {
        // As Helm, it vouches for the metadata that the archive holds.
        let chart = chart::load_archive(&package.data, &package.file_name)?;
        let failed = |reason: String| {
            let message = format!(
                "failed to sign `{}` with key `{}`: {reason}",
                package.file_name, self.name
            );
            Diagnostic::error("signing-key", message)
        };
        let text = message::write(&chart.metadata, &package.file_name, &package.sha256());
        let text = text.map_err(|reason| vec![failed(reason)])?;
        let password = passphrase.map_or_else(Password::empty, Password::from);
        let signed = block::signed(&text);
        let signature = match self.secret {
            Secret::Primary(secret) => self.make(secret, &password, &signed),
            Secret::Subkey(secret) => self.make(secret, &password, &signed),
        };
        signature
            .and_then(|signature| block::write(&text, &HASH.to_string(), signature))
            .map_err(|error| {
                let is_open = self.opens(&password);
                vec![if is_open {
                    failed(error.to_string())
                } else {
                    self.is_closed()
                }]
            })
    }

    /// Signs with what Helm's signatures hold, in its order.
    fn make(
        &self,
        key: &impl SigningKey,
        password: &Password,
        signed: &[u8],
    ) -> pgp::errors::Result<Signature> {
        let mut config = SignatureConfig::v4(SignatureType::Text, key.algorithm(), HASH);
        let made = SubpacketData::SignatureCreationTime(Timestamp::from_secs(self.now));
        let issuer = SubpacketData::IssuerKeyId(key.legacy_key_id());
        config.hashed_subpackets = vec![Subpacket::regular(made)?, Subpacket::regular(issuer)?];
        config.sign(key, password, signed)
    }

    fn opens(&self, password: &Password) -> bool {
        let opened = match self.secret {
            Secret::Primary(secret) => secret.unlock(password, |_, _| Ok(())),
            Secret::Subkey(secret) => secret.unlock(password, |_, _| Ok(())),
        };
        matches!(opened, Ok(Ok(())))
    }

    fn is_closed(&self) -> Diagnostic {
        let message = format!("the passphrase does not open key `{}`", self.name);
        Diagnostic::error("passphrase", message)
            .help("the file of `--passphrase-file` holds the passphrase in its first line")
    }
}

/// The key that `name` means, by Helm's rule.
fn find<'a>(keyring: &'a Keyring, name: &str) -> Result<&'a Key, Diagnostic> {
    let has = |key: &Key, is: &dyn Fn(&str) -> bool| {
        key.users
            .iter()
            .any(|user| is(&String::from_utf8_lossy(user.id.id())))
    };
    if let Some(key) = keyring.keys.iter().find(|key| has(key, &|id| id == name)) {
        return Ok(key);
    }
    let candidates: Vec<&Key> = keyring
        .keys
        .iter()
        .filter(|key| has(key, &|id| id.contains(name)))
        .collect();
    match candidates[..] {
        [key] => Ok(key),
        [] => {
            let message = format!(
                "keyring `{}` holds no key whose user id contains `{name}`",
                keyring.name
            );
            Err(Diagnostic::error("signing-key", message).help(format!("it holds {}", list(&keyring.keys))))
        }
        _ => {
            let message = format!(
                "more than one key of keyring `{}` contains `{name}`",
                keyring.name
            );
            let ids = list(candidates);
            Err(Diagnostic::error("signing-key", message).help(format!("give the whole user id: {ids}")))
        }
    }
}

/// The most user ids that a message lists.
const MAX_LISTED: usize = 10;

/// The user ids of keys, for help.
fn list<'a>(keys: impl IntoIterator<Item = &'a Key>) -> String {
    let mut users = keys.into_iter().flat_map(|key| &key.users);
    let mut names: Vec<String> = users
        .by_ref()
        .take(MAX_LISTED)
        .map(|user| format!("`{}`", user.name()))
        .collect();
    match users.count() {
        0 => {}
        more => names.push(format!("{more} more")),
    }
    names.join(", ")
}

/// Why a key cannot sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// No secret half is in the keyring.
    Public,
    Unfit(Unfit),
}

/// The primary key is for other uses.
const NOT_FOR_SIGNING: Refusal = Refusal::Unfit(Unfit::NotForSigning);

/// The primary key as in Helm, or else the newest subkey that may sign.
fn choose_part(key: &Key, now: u32) -> Result<Secret<'_>, Refusal> {
    let primary = key.primary_fitness(now);
    let mut subkeys: Vec<_> = key.subkeys.iter().collect();
    subkeys.sort_by_key(|subkey| std::cmp::Reverse(subkey.public.created_at().as_secs()));
    if let (Ok(()), Some(secret)) = (
        primary,
        key.secret.as_ref().filter(|it| is_whole(it.secret_params())),
    ) {
        return Ok(Secret::Primary(secret));
    }
    let mut refusal = primary.err().map_or(Refusal::Public, Refusal::Unfit);
    for subkey in subkeys {
        let secret = subkey.secret.as_ref().filter(|it| is_whole(it.secret_params()));
        match (key.subkey_fitness(subkey, now), secret) {
            (Ok(()), Some(secret)) => return Ok(Secret::Subkey(secret)),
            (Ok(()), None) => refusal = Refusal::Public,
            // What is wrong with the only subkey for signing says more than that the primary key is for other uses.
            (Err(unfit @ (Unfit::Expired(_) | Unfit::Revoked)), _) if refusal == NOT_FOR_SIGNING => {
                refusal = Refusal::Unfit(unfit);
            }
            (Err(_), _) => {}
        }
    }
    Err(refusal)
}

/// Whether the secret is really there: GnuPG exports stubs of keys that lie elsewhere.
fn is_whole(params: &SecretParams) -> bool {
    let SecretParams::Encrypted(encrypted) = params else {
        return true;
    };
    match encrypted.string_to_key_params() {
        S2kParams::Cfb { s2k, .. } | S2kParams::MalleableCfb { s2k, .. } | S2kParams::Aead { s2k, .. } => {
            !matches!(
                s2k,
                StringToKey::Private { .. } | StringToKey::Other { .. } | StringToKey::Reserved { .. }
            )
        }
        S2kParams::Unprotected | S2kParams::LegacyCfb { .. } => true,
    }
}

fn refuse(keyring: &Keyring, name: &str, reason: Refusal) -> Diagnostic {
    let error = |text: String| Diagnostic::error("signing-key", text);
    match reason {
        Refusal::Public => error(format!(
            "keyring `{}` holds no secret key of `{name}`, only what verifies its signatures",
            keyring.name
        ))
        .help("give a keyring with secret keys: `gpg --export-secret-keys > secring.gpg`"),
        Refusal::Unfit(Unfit::Revoked) => {
            error(format!("key `{name}` is revoked")).help("sign with another key, and publish that one")
        }
        Refusal::Unfit(Unfit::Expired(at)) => error(format!("key `{name}` expired on {}", policy::date(at)))
            .help("extend it with `gpg --quick-set-expire`, export it again and publish its public half"),
        Refusal::Unfit(Unfit::NotForSigning) => error(format!("key `{name}` is not for signing"))
            .help("add a subkey that signs, or choose another key"),
        Refusal::Unfit(Unfit::Unknown) => error(format!("the algorithm of key `{name}` is not known here"))
            .help("sign with an RSA key, which Helm knows as well"),
        Refusal::Unfit(Unfit::Unbound) => error(format!("key `{name}` does not vouch for its own user id"))
            .help("the keyring is damaged or forged: export the key again from where it was made"),
    }
}

/// Whether Helm 3 reads such keys. Of elliptic curves, those that it does not know are not known here either.
fn is_known_to_helm(key: &dyn KeyDetails) -> bool {
    matches!(
        key.public_params(),
        PublicParams::RSA(_) | PublicParams::DSA(_) | PublicParams::ECDSA(_)
    )
}
