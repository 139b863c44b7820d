//! Owns keys for the tests: made anew each time from a seed, with whatever is to be wrong with them.

use super::NOW;
use crate::package::provenance::Keyring;
use pgp::composed::KeyType;
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{
    KeyFlags, Packet, PubKeyInner, PublicKey, PublicSubkey, SecretKey, SecretSubkey, Signature,
    SignatureConfig, SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::ser::Serialize as _;
use pgp::types::{
    Duration, KeyVersion, PacketHeaderVersion, Password, SecretParams, SigningKey, Tag, Timestamp,
};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// What a key is like; the default is one that signs for ever.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to go wrong")]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Seconds that it lives, from `CREATED` on; 0 is for ever.
    pub(super) lifetime: u32,
    pub(super) is_for_signing: bool,
    pub(super) is_revoked: bool,
    /// Whether its only user id is taken back.
    pub(super) is_nameless: bool,
    /// The hash of what it says of itself.
    pub(super) hash: HashAlgorithm,
    pub(super) passphrase: Option<&'static str>,
    pub(super) subkey: Option<Sub>,
    /// Elliptic keys refuse weak hashes by themselves.
    pub(super) is_rsa: bool,
    pub(super) seed: u64,
}

/// A kind that differs from the default.
pub(super) fn kind(change: impl FnOnce(&mut Kind)) -> Kind {
    let mut kind = Kind::default();
    change(&mut kind);
    kind
}

/// A key that only certifies, with a subkey that signs and differs from the default.
pub(super) fn with_subkey(change: impl FnOnce(&mut Sub)) -> Kind {
    let mut sub = Sub::default();
    change(&mut sub);
    kind(|it| (it.is_for_signing, it.subkey) = (false, Some(sub)))
}

/// What a subkey is like.
#[derive(Clone, Debug)]
pub(super) struct Sub {
    pub(super) lifetime: u32,
    pub(super) is_revoked: bool,
    /// Whether it agrees to belong to its key.
    pub(super) is_mutual: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            name: "Ada <ada@example.com>",
            lifetime: 0,
            is_for_signing: true,
            is_revoked: false,
            is_nameless: false,
            hash: HashAlgorithm::Sha256,
            passphrase: None,
            subkey: None,
            is_rsa: false,
            seed: 1,
        }
    }
}

impl Default for Sub {
    fn default() -> Self {
        Self {
            lifetime: 0,
            is_revoked: false,
            is_mutual: true,
        }
    }
}

/// When all keys are made: a day before they are used.
pub(super) const CREATED: u32 = NOW - 86_400;

/// A key with both halves, as packets of keyrings.
pub(super) struct TestKey {
    pub(super) secret: SecretKey,
    pub(super) public_packets: Vec<u8>,
    pub(super) secret_packets: Vec<u8>,
}

impl TestKey {
    /// A keyring of the public half.
    pub(super) fn public(&self) -> Keyring {
        Keyring::read("pubring.gpg", &self.public_packets).expect("the test's keyring is sound")
    }

    /// A keyring of both halves.
    pub(super) fn secret(&self) -> Keyring {
        Keyring::read("secring.gpg", &self.secret_packets).expect("the test's keyring is sound")
    }
}

/// A key of this kind.
pub(super) fn make(kind: &Kind) -> TestKey {
    let mut rng = StdRng::seed_from_u64(kind.seed);
    let password = kind.passphrase.map_or_else(Password::empty, Password::from);
    let kind_of_key = if kind.is_rsa { KeyType::Rsa(1024) } else { ELLIPTIC };
    let (inner, params) = generate(&mut rng, &kind_of_key);
    let public = PublicKey::from_inner(inner).unwrap();
    let mut secret = SecretKey::new(public.clone(), params).unwrap();
    if kind.passphrase.is_some() {
        secret.set_password(&mut rng, &password).unwrap();
    }
    let mut signatures = Vec::new();
    if kind.is_revoked {
        let config = config(SignatureType::KeyRevocation, kind.hash, &secret, Vec::new());
        signatures.push(Packet::from(
            config.sign_key(&secret, &password, &public).unwrap(),
        ));
    }
    let id = UserId::from_str(PacketHeaderVersion::New, kind.name).unwrap();
    signatures.push(id.clone().into());
    let certify = |typ, more| {
        let config = config(typ, kind.hash, &secret, more);
        Packet::from(
            config
                .sign_certification(&secret, &public, &password, Tag::UserId, &id)
                .unwrap(),
        )
    };
    let terms = terms(kind.is_for_signing, kind.lifetime);
    signatures.push(certify(SignatureType::CertPositive, terms));
    if kind.is_nameless {
        signatures.push(certify(SignatureType::CertRevocation, Vec::new()));
    }
    let write = |packets: &[Packet]| {
        let mut bytes = Vec::new();
        for packet in packets {
            packet.to_writer(&mut bytes).unwrap();
        }
        bytes
    };
    let mut public_packets = write(&[public.clone().into()]);
    let mut secret_packets = write(&[secret.clone().into()]);
    for packets in [&mut public_packets, &mut secret_packets] {
        packets.extend(write(&signatures));
    }
    if let Some(sub) = &kind.subkey {
        let (subkey, bindings) = make_subkey(&mut rng, sub, &secret, &password);
        public_packets.extend(write(&[subkey.public_key().clone().into()]));
        secret_packets.extend(write(&[subkey.into()]));
        for packets in [&mut public_packets, &mut secret_packets] {
            packets.extend(write(&bindings));
        }
    }
    TestKey {
        secret,
        public_packets,
        secret_packets,
    }
}

fn make_subkey(
    rng: &mut StdRng,
    sub: &Sub,
    primary: &SecretKey,
    password: &Password,
) -> (SecretSubkey, Vec<Packet>) {
    let hash = HashAlgorithm::Sha256;
    let (inner, params) = generate(rng, &ELLIPTIC);
    let public = PublicSubkey::from_inner(inner).unwrap();
    let secret = SecretSubkey::new(public.clone(), params).unwrap();
    let mut more = terms(true, sub.lifetime);
    if sub.is_mutual {
        let back = config(SignatureType::KeyBinding, hash, &secret, Vec::new())
            .sign_primary_key_binding(&secret, &public, &Password::empty(), primary.public_key())
            .unwrap();
        more.push(SubpacketData::EmbeddedSignature(Box::new(back)));
    }
    let bind = |typ, more| {
        let config = config(typ, hash, primary, more);
        let signature = config.sign_subkey_binding(primary, primary.public_key(), password, &public);
        Packet::from(signature.unwrap())
    };
    let mut bindings = vec![bind(SignatureType::SubkeyBinding, more)];
    if sub.is_revoked {
        bindings.push(bind(SignatureType::SubkeyRevocation, Vec::new()));
    }
    (secret, bindings)
}

/// Made and used in no time.
const ELLIPTIC: KeyType = KeyType::ECDSA(ECCCurve::P256);

fn generate(rng: &mut StdRng, kind: &KeyType) -> (PubKeyInner, SecretParams) {
    let (public, secret) = kind.generate(rng).unwrap();
    let created = Timestamp::from_secs(CREATED);
    let inner = PubKeyInner::new(KeyVersion::V4, kind.to_alg(), created, None, public);
    (inner.unwrap(), secret)
}

/// What a key says that it may do, and how long.
fn terms(is_for_signing: bool, lifetime: u32) -> Vec<SubpacketData> {
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    flags.set_sign(is_for_signing);
    let mut terms = vec![SubpacketData::KeyFlags(flags)];
    if lifetime > 0 {
        let lifetime = std::time::Duration::from_secs(lifetime.into());
        terms.push(SubpacketData::KeyExpirationTime(
            Duration::try_from(lifetime).unwrap(),
        ));
    }
    terms
}

fn config(
    typ: SignatureType,
    hash: HashAlgorithm,
    key: &impl SigningKey,
    more: Vec<SubpacketData>,
) -> SignatureConfig {
    let mut config = SignatureConfig::v4(typ, key.algorithm(), hash);
    let own = [
        SubpacketData::SignatureCreationTime(Timestamp::from_secs(CREATED)),
        SubpacketData::IssuerKeyId(key.legacy_key_id()),
    ];
    config.hashed_subpackets = own
        .into_iter()
        .chain(more)
        .map(|data| Subpacket::regular(data).unwrap())
        .collect();
    config
}

/// A signature of any type, with any hash, over a text as it stands in a provenance.
pub(super) fn sign(
    key: &TestKey,
    typ: SignatureType,
    hash: HashAlgorithm,
    more: Vec<SubpacketData>,
    text: &str,
) -> Signature {
    let config = config(typ, hash, &key.secret, more);
    let signed = super::block::signed(text);
    config.sign(&key.secret, &Password::empty(), &signed[..]).unwrap()
}
