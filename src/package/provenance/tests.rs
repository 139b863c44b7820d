//! Tests of signing and verifying. Real Helm's part is in `.ci/provenance`.

use super::{Keyring, Signer, Verification, block, check, message};
use crate::diagnostic::Diagnostic;
use crate::package::Package;
use keys::{CREATED, Kind, TestKey, kind, with_subkey};
use pgp::armor::BlockType;
use pgp::composed::ArmorOptions;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{SignatureType, SubpacketData};
use std::collections::BTreeMap;
use std::fs;
use time::OffsetDateTime;

mod hostile;
mod keys;

/// 2026-01-01 00:00:00 UTC.
const NOW: u32 = 1_767_225_600;

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW.into()).unwrap()
}

/// The package of a chart that holds nothing but a name, a version and a description to be signed.
fn package() -> Package {
    let metadata = "apiVersion: v2\nname: demo\nversion: 1.2.3\ndescription: |-\n  - first\n  second\n";
    let files = BTreeMap::from([("demo/Chart.yaml".to_owned(), metadata.as_bytes().to_vec())]);
    Package {
        file_name: "demo-1.2.3.tgz".to_owned(),
        data: crate::package::archive::write(&files, 0).unwrap(),
    }
}

fn sign(key: &TestKey) -> String {
    let keyring = key.secret();
    let signer = Signer::choose(&keyring, "ada@", now()).unwrap();
    signer.sign(&package(), None).unwrap()
}

fn verify(keyring: &Keyring, provenance: &str) -> Result<Verification, Diagnostic> {
    let package = package();
    check(
        &package.file_name,
        &package.sha256(),
        provenance.as_bytes(),
        keyring,
        now(),
    )
}

/// The code of what is wrong, and its message.
#[track_caller]
fn refused(result: Result<Verification, Diagnostic>) -> (&'static str, String) {
    let error = result.expect_err("it must not be believed");
    assert!(!error.help.is_empty(), "{error}");
    (error.code, error.message)
}

/// A provenance with a signature of any form over the right text.
fn provenance(key: &TestKey, typ: SignatureType, hash: HashAlgorithm, more: Vec<SubpacketData>) -> String {
    let package = package();
    let chart = crate::chart::load_archive(&package.data, &package.file_name).unwrap();
    let text = message::write(&chart.metadata, &package.file_name, &package.sha256()).unwrap();
    let signature = keys::sign(key, typ, hash, more, &text);
    block::write(&text, &hash.to_string(), signature).unwrap()
}

#[test]
fn what_is_signed_verifies_in_helms_words() {
    let key = keys::make(&Kind::default());
    let verification = verify(&key.public(), &sign(&key)).unwrap();
    let fingerprint = &verification.fingerprint;
    assert!(fingerprint.len() == 40 && fingerprint.chars().all(|it| it.is_ascii_hexdigit()));
    let expected = format!(
        "Signed by: Ada <ada@example.com>\nUsing Key With Fingerprint: {fingerprint}\nChart Hash Verified: sha256:{}\n",
        package().sha256()
    );
    assert_eq!(verification.to_string(), expected);
}

#[test]
fn a_provenance_has_helms_layout() {
    let provenance = sign(&keys::make(&Kind::default()));
    let expected = [
        concat!("-----BEGIN", " PGP SIGNED MESSAGE-----"),
        "Hash: SHA512",
        "",
        "apiVersion: v2",
        "description: '- first second'",
        "name: demo",
        "version: 1.2.3",
        "",
        "...",
        "files:",
        &format!("  demo-1.2.3.tgz: sha256:{}", package().sha256()),
        concat!("-----BEGIN", " PGP SIGNATURE-----"),
        "",
        "",
    ];
    assert!(provenance.starts_with(&expected.join("\n")), "{provenance}");
    assert!(
        provenance.ends_with(concat!("\n-----END", " PGP SIGNATURE-----")),
        "{provenance}"
    );
}

#[test]
fn line_ends_and_text_around_do_not_matter() {
    let key = keys::make(&Kind::default());
    let provenance = sign(&key);
    let windows = provenance.replace('\n', "\r\n");
    let wrapped = format!("From: Ada\n\n{provenance}\n\nRegards\n");
    for text in [
        windows,
        wrapped,
        provenance.replacen("name: demo\n", "name: demo \t\n", 1),
    ] {
        assert!(verify(&key.public(), &text).is_ok(), "{text}");
    }
}

#[test]
fn lines_that_begin_with_dashes_survive() {
    let key = keys::make(&Kind::default());
    let text = "- a\n-----BEGIN\n\n--- \nlast\n\n";
    let signature = keys::sign(&key, SignatureType::Text, HashAlgorithm::Sha512, Vec::new(), text);
    let block = block::Block::find(&block::write(text, "SHA512", signature).unwrap()).unwrap();
    assert_eq!(block.text, text.replace("--- ", "---"));
    assert_eq!(block.signed(), b"- a\r\n-----BEGIN\r\n\r\n---\r\nlast\r\n");
    assert!(
        block.signatures[0]
            .verify(key.secret.public_key(), &block.signed()[..])
            .is_ok()
    );
}

#[test]
fn what_differs_from_what_was_signed_is_refused() {
    let key = keys::make(&Kind::default());
    let ring = key.public();
    let provenance = sign(&key);
    let changed = "0".repeat(64);
    let package = package();
    let of = |name: &str, sha256: &str| check(name, sha256, provenance.as_bytes(), &ring, now());
    let (code, message) = refused(of(&package.file_name, &changed));
    assert_eq!(code, "provenance-hash");
    assert!(
        message.contains(&changed) && message.contains(&package.sha256()),
        "{message}"
    );
    assert_eq!(
        refused(of("demo-1.2.4.tgz", &package.sha256())).0,
        "provenance-file"
    );
    let other_text = provenance.replace("name: demo\n", "name: dema\n");
    assert_eq!(refused(verify(&ring, &other_text)).0, "provenance-signature");
    let other_hash = provenance.replace(&package.sha256(), &changed);
    assert_eq!(refused(verify(&ring, &other_hash)).0, "provenance-signature");
    let stranger = keys::make(&kind(|it| it.seed = 2));
    let (code, message) = refused(verify(&stranger.public(), &provenance));
    assert_eq!(code, "provenance-signer");
    let id = &verify(&ring, &provenance).unwrap().fingerprint[24..];
    assert!(message.contains(id), "{message}");
}

#[test]
fn a_text_without_sums_is_no_provenance() {
    let key = keys::make(&Kind::default());
    for (text, expected) in [
        (
            "name: demo\n",
            "it has no `...` between a chart's metadata and the sums of its files",
        ),
        (
            "name: [\n\n...\nfiles: {}\n",
            "it has a chart's metadata that is not YAML",
        ),
        (
            "name: demo\n\n...\nfiles: [\n",
            "it has a list of sums that is not YAML",
        ),
    ] {
        let signature = keys::sign(&key, SignatureType::Text, HashAlgorithm::Sha512, Vec::new(), text);
        let provenance = block::write(text, "SHA512", signature).unwrap();
        let (code, message) = refused(verify(&key.public(), &provenance));
        assert_eq!(code, "provenance-format");
        assert!(message.ends_with(expected), "{message}");
    }
    let text = "name: demo\n\n...\nfiles:\n  demo-1.2.3.tgz: 7\n";
    let signature = keys::sign(&key, SignatureType::Text, HashAlgorithm::Sha512, Vec::new(), text);
    let provenance = block::write(text, "SHA512", signature).unwrap();
    assert_eq!(refused(verify(&key.public(), &provenance)).0, "provenance-file");
}

#[test]
fn signatures_of_other_forms_are_refused() {
    let key = keys::make(&kind(|it| it.is_rsa = true));
    let of = |hash, more| verify(&key.public(), &provenance(&key, SignatureType::Text, hash, more));
    assert!(of(HashAlgorithm::Sha256, Vec::new()).is_ok());
    let binary = provenance(&key, SignatureType::Binary, HashAlgorithm::Sha384, Vec::new());
    assert!(verify(&key.public(), &binary).is_ok());
    for hash in [HashAlgorithm::Sha1, HashAlgorithm::Md5, HashAlgorithm::Ripemd160] {
        let (code, message) = refused(of(hash, Vec::new()));
        assert_eq!(code, "provenance-weak-hash");
        assert!(message.contains(&hash.to_string()), "{message}");
    }
    let lifetime = |seconds| {
        let lifetime = std::time::Duration::from_secs(seconds).try_into().unwrap();
        of(
            HashAlgorithm::Sha512,
            vec![SubpacketData::SignatureExpirationTime(lifetime)],
        )
    };
    let day = u64::from(NOW - CREATED);
    assert!(lifetime(day + 1).is_ok());
    assert_eq!(refused(lifetime(day)).0, "provenance-expired");
}

#[test]
fn keys_that_may_not_sign_are_not_believed() {
    let day = NOW - CREATED;
    // The seed makes them the same key; only what it says of itself differs.
    let check = |good: &Kind, bad: &Kind, code: &str, part: &str| {
        let provenance = sign(&keys::make(good));
        assert!(verify(&keys::make(good).public(), &provenance).is_ok());
        let (found, message) = refused(verify(&keys::make(bad).public(), &provenance));
        assert_eq!(found, code, "{bad:?}: {message}");
        assert!(message.contains(part), "{message}");
    };
    let good = Kind::default();
    let expiry = "2026-01-01 00:00:00 UTC";
    check(&good, &kind(|it| it.lifetime = day), "provenance-expired", expiry);
    check(
        &good,
        &kind(|it| it.is_revoked = true),
        "provenance-revoked",
        "is revoked",
    );
    check(
        &good,
        &kind(|it| it.is_nameless = true),
        "provenance-signer",
        "does not vouch",
    );
    check(
        &good,
        &kind(|it| it.is_for_signing = false),
        "provenance-signer",
        "not for signing",
    );
    let good = with_subkey(|_| ());
    let part = "is signed by a subkey of `Ada <ada@example.com>`";
    check(
        &good,
        &with_subkey(|it| it.lifetime = day),
        "provenance-expired",
        part,
    );
    check(
        &good,
        &with_subkey(|it| it.is_revoked = true),
        "provenance-revoked",
        part,
    );
    check(
        &good,
        &with_subkey(|it| it.is_mutual = false),
        "provenance-signer",
        part,
    );
    let of_primary = |change: fn(&mut Kind)| {
        let mut kind = good.clone();
        change(&mut kind);
        kind
    };
    check(
        &good,
        &of_primary(|it| it.lifetime = NOW - CREATED),
        "provenance-expired",
        part,
    );
    check(
        &good,
        &of_primary(|it| it.is_revoked = true),
        "provenance-revoked",
        part,
    );
}

#[test]
fn a_key_may_vouch_for_itself_by_sha1_but_not_by_md5() {
    let of = |hash| keys::make(&kind(|it| (it.is_rsa, it.hash) = (true, hash)));
    let provenance = sign(&of(HashAlgorithm::Sha256));
    assert!(verify(&of(HashAlgorithm::Sha1).public(), &provenance).is_ok());
    let (code, message) = refused(verify(&of(HashAlgorithm::Md5).public(), &provenance));
    assert!(
        code == "provenance-signer" && message.contains("does not vouch"),
        "{message}"
    );
}

#[test]
fn a_key_expires_in_its_last_second() {
    let lives = |lifetime| keys::make(&kind(|it| it.lifetime = lifetime));
    let provenance = sign(&lives(NOW - CREATED + 1));
    assert!(verify(&lives(NOW - CREATED + 1).public(), &provenance).is_ok());
    assert!(verify(&lives(NOW - CREATED).public(), &provenance).is_err());
}

#[test]
fn a_revoked_copy_of_a_key_counts() {
    let key = keys::make(&Kind::default());
    let revoked = keys::make(&kind(|it| it.is_revoked = true));
    for copies in [[&key, &revoked], [&revoked, &key]] {
        let ring: Vec<u8> = copies.iter().flat_map(|key| key.public_packets.clone()).collect();
        let ring = Keyring::read("both", &ring).unwrap();
        assert_eq!(refused(verify(&ring, &sign(&key))).0, "provenance-revoked");
    }
}

#[test]
fn keyrings_may_be_armoured() {
    let keys = [1, 2].map(|seed| keys::make(&kind(|it| it.seed = seed)));
    let armored = |key: &TestKey| {
        let (mut text, bytes) = (Vec::new(), Raw(&key.public_packets));
        pgp::armor::write(
            &bytes,
            BlockType::PublicKey,
            &mut text,
            None,
            ArmorOptions::default().include_checksum,
        )
        .unwrap();
        text
    };
    let both = [
        b"my keys\n".to_vec(),
        armored(&keys[0]),
        b"\n".to_vec(),
        armored(&keys[1]),
    ]
    .concat();
    let ring = Keyring::read("keys.asc", &both).unwrap();
    for key in &keys {
        assert!(verify(&ring, &sign(key)).is_ok());
    }
}

/// Bytes that are packets already.
struct Raw<'a>(&'a [u8]);

impl pgp::ser::Serialize for Raw<'_> {
    fn to_writer<W: std::io::Write>(&self, writer: &mut W) -> pgp::errors::Result<()> {
        Ok(writer.write_all(self.0)?)
    }

    fn write_len(&self) -> usize {
        self.0.len()
    }
}

#[test]
fn files_that_are_no_keyrings_say_what_they_are() {
    let key = keys::make(&Kind::default());
    let cut = &key.public_packets[..key.public_packets.len() - 1];
    let keybox = b"\0\0\0\x20\x01\x01\0\x02KBXf\0\0\0\0";
    let unknown = b"\xc6\x06\x09\0\0\0\0\x63";
    for (data, expected) in [
        (
            &keybox[..],
            "keyring `k` is a keybox, GnuPG's own format, which only GnuPG reads",
        ),
        (cut, "keyring `k` is cut off in the middle of a key"),
        (b"", "keyring `k` holds no key that can be read"),
        (unknown, "keyring `k` holds no key that can be read"),
        (b"ssh-ed25519 AAAA", "keyring `k` holds no OpenPGP keys"),
        (b"\x8f", "keyring `k` is damaged or no keyring at all"),
    ] {
        assert_eq!(Keyring::read("k", data).unwrap_err().message, expected);
    }
    // A key that is not understood does not hide those around it.
    let ring = [&key.public_packets, &unknown[..], &key.public_packets].concat();
    assert!(verify(&Keyring::read("k", &ring).unwrap(), &sign(&key)).is_ok());
}

#[test]
fn a_name_means_the_key_that_helm_takes() {
    let names = [
        "Ada <ada@example.com>",
        "Ada <ada@example.com> (old)",
        "Bob <bob@example.com>",
    ];
    let keys: Vec<TestKey> = (1..)
        .zip(names)
        .map(|(seed, name)| keys::make(&kind(|it| (it.seed, it.name) = (seed, name))))
        .collect();
    let ring: Vec<u8> = keys.iter().flat_map(|key| key.secret_packets.clone()).collect();
    let ring = Keyring::read("secring.gpg", &ring).unwrap();
    for (name, expected) in [(names[0], 0), ("(old)", 1), ("bob", 2)] {
        assert_eq!(
            Signer::choose(&ring, name, now()).unwrap().name(),
            names[expected]
        );
    }
    for (name, expected) in [
        (
            "ada@",
            "more than one key of keyring `secring.gpg` contains `ada@`",
        ),
        ("", "more than one key of keyring `secring.gpg` contains ``"),
        (
            "Eve",
            "keyring `secring.gpg` holds no key whose user id contains `Eve`",
        ),
    ] {
        assert_eq!(Signer::choose(&ring, name, now()).unwrap_err().message, expected);
    }
}

#[test]
fn keys_that_cannot_sign_are_refused_before_any_work() {
    let day = NOW - CREATED;
    for (kind, expected) in [
        (kind(|it| it.lifetime = day), "expired on 2026-01-01 00:00:00 UTC"),
        (kind(|it| it.is_revoked = true), "is revoked"),
        (kind(|it| it.is_for_signing = false), "is not for signing"),
        (
            with_subkey(|it| it.lifetime = day),
            "expired on 2026-01-01 00:00:00 UTC",
        ),
        (
            kind(|it| it.is_nameless = true),
            "does not vouch for its own user id",
        ),
    ] {
        let error = Signer::choose(&keys::make(&kind).secret(), "Ada", now()).unwrap_err();
        assert_eq!(error.message, format!("key `Ada <ada@example.com>` {expected}"));
    }
    let public = keys::make(&Kind::default()).public();
    let error = Signer::choose(&public, "Ada", now()).unwrap_err();
    assert!(error.message.contains("holds no secret key"), "{error}");
}

#[test]
fn a_wrong_passphrase_is_told_and_not_repeated() {
    let key = keys::make(&kind(|it| it.passphrase = Some("open sesame")));
    let ring = key.secret();
    let signer = Signer::choose(&ring, "Ada", now()).unwrap();
    assert!(signer.is_locked());
    assert!(
        verify(
            &key.public(),
            &signer.sign(&package(), Some(b"open sesame")).unwrap()
        )
        .is_ok()
    );
    for wrong in [Some(&b"open barley"[..]), None] {
        let errors = signer.sign(&package(), wrong).unwrap_err();
        assert_eq!(
            errors[0].message,
            "the passphrase does not open key `Ada <ada@example.com>`"
        );
        assert!(!errors[0].to_string().contains("barley"));
    }
}

#[test]
fn what_lies_beside_a_package_is_checked() {
    let key = keys::make(&Kind::default());
    let scratch = tempfile::tempdir().unwrap();
    let (archive, ring) = (
        scratch.path().join("demo-1.2.3.tgz"),
        scratch.path().join("pubring.gpg"),
    );
    let codes = |archive: &std::path::Path| match super::verify(archive, &ring, now()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.code).collect(),
    };
    assert_eq!(codes(&archive), ["chart-archive"]);
    assert_eq!(codes(scratch.path()), ["chart-archive"]);
    fs::write(&archive, package().data).unwrap();
    assert_eq!(codes(&archive), ["provenance-missing", "keyring"]);
    fs::write(&ring, &key.public_packets).unwrap();
    assert_eq!(codes(&archive), ["provenance-missing"]);
    fs::write(super::path(&archive), sign(&key)).unwrap();
    assert!(codes(&archive).is_empty());
    assert_eq!(codes(&super::path(&archive)), ["chart-archive"]);
    fs::write(&archive, "other").unwrap();
    assert_eq!(codes(&archive), ["provenance-hash"]);
}
