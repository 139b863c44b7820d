//! Owns reading keyrings: OpenPGP keys in a file, binary as Helm wants them or armoured as they are sent by mail.
//!
//! It does not judge keys. A key that cannot be read is left out, as in Helm, so that one of a newer kind does not
//! take the others with it; a file that is cut off is an error, since a revocation may be what is missing.

use super::key::{Key, Subkey, User};
use crate::diagnostic::{Diagnostic, io_reason};
use pgp::armor::Dearmor;
use pgp::packet::{Packet, PacketHeader, Signature};
use pgp::types::{KeyDetails as _, Tag};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The largest keyring that is read; those of whole distributions are smaller.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The most parts of a keyring, since the smallest take two bytes and each costs memory.
const MAX_PACKETS: usize = 500_000;

/// What the first block of GnuPG's own key database holds.
const KEYBOX_MAGIC: &[u8] = b"KBXf";

/// What starts armoured keys.
const ARMOR: &[u8] = b"-----BEGIN";

/// The keys of a file.
#[derive(Debug)]
pub struct Keyring {
    /// What messages call it.
    pub(super) name: String,
    pub(super) keys: Vec<Key>,
}

impl Keyring {
    /// The keys in the file at `path`.
    pub fn load(path: &Path) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| {
            let message = format!("failed to read keyring `{name}`: {}", io_reason(&error));
            Diagnostic::error("keyring", message).help(EXPORT)
        };
        let file = File::open(path).map_err(failed)?;
        let mut data = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut data).map_err(failed)?;
        Self::read(&name, &data)
    }

    /// The keys in `data`, the content of a file that messages call `name`.
    pub fn read(name: &str, data: &[u8]) -> Result<Self, Diagnostic> {
        let refuse = |reason: &str| Diagnostic::error("keyring", format!("keyring `{name}` {reason}"));
        if data.len() as u64 > MAX_BYTES {
            return Err(refuse(&format!("is larger than {} MiB", MAX_BYTES / 1024 / 1024)));
        }
        if data.get(8..12) == Some(KEYBOX_MAGIC) {
            return Err(refuse("is a keybox, GnuPG's own format, which only GnuPG reads").help(EXPORT));
        }
        let binary = if data.first().is_some_and(|first| first & 0x80 == 0) {
            dearmor(data).map_err(|reason| refuse(&reason).help(EXPORT))?
        } else {
            data.to_vec()
        };
        let keys = group(&binary).map_err(refuse)?;
        if keys.is_empty() {
            return Err(refuse("holds no key that can be read").help(EXPORT));
        }
        let name = name.to_owned();
        Ok(Self { name, keys })
    }
}

/// How a keyring is made.
const EXPORT: &str = "export the keys of GnuPG: `gpg --export > pubring.gpg` to verify, \
                      `gpg --export-secret-keys > secring.gpg` to sign";

/// The keys in all armoured blocks of a file.
fn dearmor(data: &[u8]) -> Result<Vec<u8>, String> {
    let mut binary = Vec::new();
    let mut starts = (0..data.len())
        .filter(|at| data[*at..].starts_with(ARMOR))
        .peekable();
    if starts.peek().is_none() {
        return Err("holds no OpenPGP keys".to_owned());
    }
    while let Some(start) = starts.next() {
        let block = &data[start..starts.peek().copied().unwrap_or(data.len())];
        Dearmor::new(block)
            .read_to_end(&mut binary)
            .map_err(|_| "holds an armoured block that is damaged".to_owned())?;
    }
    Ok(binary)
}

/// What the next signature is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Key,
    User,
    Subkey,
    /// A part of a key that is left out.
    Nothing,
    /// A part of a whole key that is left out.
    Unread,
}

/// Gathers packets into keys; copies of a key become one.
fn group(mut data: &[u8]) -> Result<Vec<Key>, &'static str> {
    let mut keys = Vec::new();
    let mut subject = Subject::Nothing;
    let mut count = 0;
    while !data.is_empty() {
        count += 1;
        if count > MAX_PACKETS {
            return Err("holds too many parts");
        }
        let (header, body) = next(&mut data)?;
        let starts_key = matches!(header.tag(), Tag::PublicKey | Tag::SecretKey);
        subject = match Packet::from_reader(header, body) {
            Ok(Packet::PublicKey(key)) => {
                keys.push(Key::new(key, None));
                Subject::Key
            }
            Ok(Packet::SecretKey(key)) => {
                keys.push(Key::new(key.public_key().clone(), Some(key)));
                Subject::Key
            }
            // What follows a key that cannot be read is left out with it.
            _ if starts_key => Subject::Unread,
            _ if subject == Subject::Unread => Subject::Unread,
            Ok(packet) => match keys.last_mut() {
                Some(key) => attach(packet, key, subject),
                None => Subject::Unread,
            },
            // A signature that cannot be read does not hide those after it.
            Err(_) if header.tag() == Tag::Signature => subject,
            Err(_) => Subject::Nothing,
        };
    }
    Ok(merge(keys))
}

/// Each key once, where its first copy stands.
fn merge(copies: Vec<Key>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let mut known = BTreeMap::new();
    for key in copies {
        let at = *known
            .entry(key.primary.fingerprint().as_bytes().to_vec())
            .or_insert(keys.len());
        match keys.get_mut(at) {
            Some(known) => known.merge(key),
            None => keys.push(key),
        }
    }
    keys
}

/// Takes one packet from the front of `data`.
fn next<'a>(data: &mut &'a [u8]) -> Result<(PacketHeader, &'a [u8]), &'static str> {
    let header = PacketHeader::try_from_reader(&mut *data).map_err(|_| "is damaged or no keyring at all")?;
    let length = header
        .packet_length()
        .maybe_len()
        .ok_or("is damaged or no keyring at all")?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let (body, rest) = data
        .split_at_checked(length)
        .ok_or("is cut off in the middle of a key")?;
    *data = rest;
    Ok((header, body))
}

/// Adds a packet to the key before it and says what signatures after it are on.
fn attach(packet: Packet, key: &mut Key, subject: Subject) -> Subject {
    match packet {
        Packet::UserId(id) => {
            let signatures = Vec::new();
            key.users.push(User { id, signatures });
            Subject::User
        }
        Packet::PublicSubkey(public) => {
            key.subkeys.push(Subkey {
                public,
                secret: None,
                signatures: Vec::new(),
            });
            Subject::Subkey
        }
        Packet::SecretSubkey(secret) => {
            key.subkeys.push(Subkey {
                public: secret.public_key().clone(),
                secret: Some(secret),
                signatures: Vec::new(),
            });
            Subject::Subkey
        }
        Packet::Signature(signature) => {
            if let Some(signatures) = signatures(key, subject) {
                signatures.push(signature);
            }
            subject
        }
        // What GnuPG notes for itself says nothing about what follows.
        Packet::Trust(_) | Packet::Marker(_) | Packet::Padding(_) => subject,
        _ => Subject::Nothing,
    }
}

fn signatures(key: &mut Key, subject: Subject) -> Option<&mut Vec<Signature>> {
    match subject {
        Subject::Key => Some(&mut key.direct),
        Subject::User => key.users.last_mut().map(|user| &mut user.signatures),
        Subject::Subkey => key.subkeys.last_mut().map(|subkey| &mut subkey.signatures),
        Subject::Nothing | Subject::Unread => None,
    }
}
