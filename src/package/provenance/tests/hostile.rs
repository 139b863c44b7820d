//! Damaged provenances and keyrings: whatever is done to their bytes, nothing panics and nothing else is believed.

use super::keys::{self, Kind, Sub, kind, with_subkey};
use super::{check, now, package, sign, verify};
use crate::package::provenance::Keyring;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// How often bytes are damaged; each costs a signature check.
const ROUNDS: usize = 800;

/// A copy with one to three bytes changed, or cut off, or with a piece doubled.
fn damaged(data: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut data = data.to_vec();
    match random.gen_range(0..8) {
        0 => data.truncate(random.gen_range(0..data.len())),
        1 => {
            let (from, to) = (random.gen_range(0..data.len()), random.gen_range(0..data.len()));
            let piece = data[from.min(to)..from.max(to)].to_vec();
            data.splice(to..to, piece);
        }
        _ => {
            for _ in 0..random.gen_range(1..=3) {
                let at = random.gen_range(0..data.len());
                data[at] ^= 1 << random.gen_range(0..8);
            }
        }
    }
    data
}

#[test]
fn a_damaged_provenance_says_what_it_said_or_nothing() {
    let key = keys::make(&Kind::default());
    let ring = key.public();
    let provenance = sign(&key);
    let good = verify(&ring, &provenance).unwrap();
    let text = super::block::Block::find(&provenance).unwrap().text;
    let package = package();
    let mut random = StdRng::seed_from_u64(7);
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let bytes = damaged(provenance.as_bytes(), &mut random);
        match check(&package.file_name, &package.sha256(), &bytes, &ring, now()) {
            // Bytes outside of the text and the signature, and blanks at the ends of lines, are not signed.
            Ok(found) => {
                assert_eq!(found, good);
                let found = super::block::Block::find(std::str::from_utf8(&bytes).unwrap()).unwrap();
                assert_eq!(found.text, text);
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > ROUNDS * 8 / 10, "{refused} of {ROUNDS} were refused");
}

#[test]
fn a_damaged_keyring_names_nobody_else() {
    let key = keys::make(&with_subkey(|_| ()));
    let provenance = sign(&key);
    let good = verify(&key.public(), &provenance).unwrap();
    let mut random = StdRng::seed_from_u64(11);
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let bytes = damaged(&key.public_packets, &mut random);
        match Keyring::read("damaged", &bytes).and_then(|ring| verify(&ring, &provenance)) {
            Ok(found) => assert_eq!(found, good),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > ROUNDS * 8 / 10, "{refused} of {ROUNDS} were refused");
}

#[test]
fn damaged_secret_keys_do_not_panic() {
    let key = keys::make(&kind(|it| {
        (it.passphrase, it.subkey) = (Some("x"), Some(Sub::default()));
    }));
    let mut random = StdRng::seed_from_u64(13);
    for _ in 0..100 {
        let bytes = damaged(&key.secret_packets, &mut random);
        let Ok(ring) = Keyring::read("damaged", &bytes) else {
            continue;
        };
        let Ok(signer) = super::Signer::choose(&ring, "Ada", now()) else {
            continue;
        };
        if let Ok(provenance) = signer.sign(&package(), Some(b"x")) {
            assert!(verify(&key.public(), &provenance).is_ok());
        }
    }
}
