//! Owns Base64 and Base32.
//!
//! YAML and JSON are in `yaml_json.rs`.

use super::arguments::{string, string_of_bytes, text_bytes};
use super::{Context, FnResult, Function, example};
use crate::yaml::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "b64enc",
        "TEXT",
        "Base64 with the standard alphabet and padding.",
        |_, args| string(STANDARD.encode(text_bytes(args, 0)?)),
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
        |_, args| string(encode32(&text_bytes(args, 0)?)),
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
    match decode64(&text_bytes(args, 0)?) {
        Ok(bytes) => string_of_bytes(&bytes),
        Err(position) => string(format!("illegal base64 data at input byte {position}")),
    }
}

/// Go's decoder: line breaks are skipped, unused bits ignored; the error is the byte it stopped at.
pub(super) fn decode64(body: &[u8]) -> Result<Vec<u8>, usize> {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut input = body.iter().enumerate().filter(|(_, byte)| !is_break(byte));
    let (mut bits, mut digits) = (0_u32, 0_usize);
    let mut bytes = Vec::new();
    while let Some((position, byte)) = input.next() {
        if *byte == b'=' {
            if digits < 2 {
                return Err(position);
            }
            if digits == 2 && input.next().ok_or(body.len())?.1 != &b'=' {
                return Err(position);
            }
            if let Some((garbage, _)) = input.next() {
                return Err(garbage);
            }
            bytes.extend(rest64(bits, digits));
            return Ok(bytes);
        }
        let digit = digit64(*byte).ok_or(position)?;
        bits = bits << 6 | digit;
        digits += 1;
        if digits == 4 {
            bytes.extend(&bits.to_be_bytes()[1..]);
            (bits, digits) = (0, 0);
        }
    }
    // A cut group is reported at its start.
    if digits == 0 {
        Ok(bytes)
    } else {
        Err(body.len() - digits)
    }
}

fn digit64(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}

/// The bytes in a last group of two or three digits.
fn rest64(bits: u32, digits: usize) -> Vec<u8> {
    let aligned = bits << (6 * (4 - digits));
    aligned.to_be_bytes()[1..digits].to_vec()
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
    let body: Vec<u8> = text_bytes(args, 0)?
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    match decode32(&body) {
        Ok(bytes) => string_of_bytes(&bytes),
        Err(position) => string(format!("illegal base32 data at input byte {position}")),
    }
}

/// Go's decoder; the error is the byte it stopped at.
fn decode32(body: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::new();
    for (index, group) in body.chunks(8).enumerate() {
        let start = index * 8;
        let digits = group.iter().position(|byte| *byte == b'=').unwrap_or(group.len());
        let mut bits = 0_u64;
        for (offset, byte) in group[..digits].iter().enumerate() {
            let digit = ALPHABET
                .iter()
                .position(|known| known == byte)
                .ok_or(start + offset)?;
            bits = bits << 5 | digit as u64;
        }
        if digits < 8 {
            check_padding(body, start, group, digits)?;
        }
        let aligned = bits << (5 * (8 - digits));
        bytes.extend(&aligned.to_be_bytes()[3..3 + digits * 5 / 8]);
    }
    Ok(bytes)
}

fn check_padding(body: &[u8], start: usize, group: &[u8], digits: usize) -> Result<(), usize> {
    if digits == group.len() {
        return Err(start);
    }
    if digits < 2 {
        return Err(start + digits);
    }
    if group.len() < 8 {
        return Err(body.len());
    }
    if let Some(wrong) = group[digits..].iter().position(|byte| *byte != b'=') {
        return Err(start + digits + wrong - 1);
    }
    if matches!(digits, 3 | 6) {
        return Err(start + digits);
    }
    if start + 8 < body.len() {
        Err(start + 8)
    } else {
        Ok(())
    }
}
