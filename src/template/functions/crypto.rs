//! Owns checksums.
//!
//! Passwords are in `passwords.rs`, keys and certificates in `certs.rs`.

use super::arguments::{string, text_bytes};
use super::{Function, example};
use sha2::Digest as _;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("sha256sum", "TEXT", "SHA-256 in hexadecimal.", |_, args| {
        string(hex(&sha2::Sha256::digest(text_bytes(args, 0)?)))
    })
    .examples(&[example(
        r#"sha256sum "hello""#,
        r#""hello" | sha256sum"#,
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    )]),
    Function::plain("sha512sum", "TEXT", "SHA-512 in hexadecimal.", |_, args| {
        string(hex(&sha2::Sha512::digest(text_bytes(args, 0)?)))
    })
    .examples(&[example(
        r#"sha512sum "hello" | trunc 16"#,
        r#""hello" | sha512sum | trunc(16)"#,
        "9b71d224bd62f378",
    )]),
    Function::plain("sha1sum", "TEXT", "SHA-1 in hexadecimal.", |_, args| {
        string(hex(&sha1::Sha1::digest(text_bytes(args, 0)?)))
    })
    .examples(&[example(
        r#"sha1sum "hello""#,
        r#""hello" | sha1sum"#,
        "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
    )]),
    Function::plain(
        "adler32sum",
        "TEXT",
        "Adler-32 as a decimal number.",
        |_, args| string(adler32(&text_bytes(args, 0)?).to_string()),
    )
    .examples(&[example(
        r#"adler32sum "hello""#,
        r#""hello" | adler32sum"#,
        "103547413",
    )]),
];

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let step = |(low, high): (u32, u32), byte: &u8| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    };
    let (low, high) = bytes.iter().fold((1, 0), step);
    high << 16 | low
}
