//! Owns Base64 and Base32.
//!
//! YAML and JSON are in `yaml_json.rs`.

use super::arguments::{string, text};
use super::{Context, FnResult, Function, example};
use crate::yaml::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "b64enc",
        "TEXT",
        "Base64 with the standard alphabet and padding.",
        |_, args| string(STANDARD.encode(text(args, 0)?)),
    )
    .examples(&[example(r#"b64enc "hello""#, r#""hello" | b64enc"#, "aGVsbG8=")]),
    Function::plain(
        "b64dec",
        "TEXT",
        "The text behind Base64; Go's error as a text if it is none.",
        b64dec,
    )
    .examples(&[
        example(r#"b64dec "aGVsbG8=""#, r#""aGVsbG8=" | b64dec"#, "hello"),
        example(
            r#"b64dec "a!""#,
            r#""a!" | b64dec"#,
            "illegal base64 data at input byte 1",
        ),
    ]),
    Function::plain(
        "b32enc",
        "TEXT",
        "Base32 with the standard alphabet and padding.",
        |_, args| string(encode32(text(args, 0)?.as_bytes())),
    )
    .examples(&[example(r#"b32enc "hello""#, r#""hello" | b32enc"#, "NBSWY3DP")]),
    Function::plain(
        "b32dec",
        "TEXT",
        "The text behind Base32; Go's error as a text if it is none.",
        b32dec,
    )
    .examples(&[example(r#"b32dec "NBSWY3DP""#, r#""NBSWY3DP" | b32dec"#, "hello")]),
];

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn b64dec(_: &Context, args: &[Value]) -> FnResult {
    // Go's decoder skips line breaks.
    let body: String = text(args, 0)?
        .chars()
        .filter(|character| !matches!(character, '\r' | '\n'))
        .collect();
    match STANDARD.decode(&body) {
        Ok(bytes) => string(String::from_utf8_lossy(&bytes)),
        Err(_) => string(format!(
            "illegal base64 data at input byte {}",
            first_illegal64(body.as_bytes())
        )),
    }
}

/// Where Go's decoder stops: the first byte that can follow no valid beginning.
fn first_illegal64(body: &[u8]) -> usize {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let stop = body.iter().position(|byte| !valid(*byte)).unwrap_or(body.len());
    let in_quantum = stop % 4;
    if body.get(stop) != Some(&b'=') {
        // A cut quantum is reported at its start.
        return if stop == body.len() {
            stop - in_quantum
        } else {
            stop
        };
    }
    match in_quantum {
        0 | 1 => stop,
        2 if body.get(stop + 1) != Some(&b'=') => (stop + 1).min(body.len()),
        2 => stop + 2,
        _ => stop + 1,
    }
}

fn encode32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let used = (chunk.len() * 8).div_ceil(5);
        for position in 0..8 {
            let digit = usize::try_from(bits >> (35 - 5 * position) & 31).unwrap_or_default();
            out.push(if position < used {
                char::from(ALPHABET[digit])
            } else {
                '='
            });
        }
    }
    out
}

fn b32dec(_: &Context, args: &[Value]) -> FnResult {
    let body: Vec<u8> = text(args, 0)?
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    match decode32(&body) {
        Ok(bytes) => string(String::from_utf8_lossy(&bytes)),
        Err(position) => string(format!("illegal base32 data at input byte {position}")),
    }
}

fn decode32(body: &[u8]) -> Result<Vec<u8>, usize> {
    let digits = body.iter().position(|byte| *byte == b'=').unwrap_or(body.len());
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u64, 0_u32);
    for (position, byte) in body[..digits].iter().enumerate() {
        let digit = ALPHABET.iter().position(|known| known == byte).ok_or(position)?;
        bits = bits << 5 | digit as u64;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    let padded = body.len() % 8 == 0 && body[digits..].iter().all(|byte| *byte == b'=');
    if padded && matches!(digits % 8, 0 | 2 | 4 | 5 | 7) {
        Ok(bytes)
    } else {
        Err(digits.min(body.len()))
    }
}
