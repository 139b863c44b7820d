//! Owns percent escapes as Go's net/url writes and reads them, which differ by the part of a URL.
//!
//! Where the parts of a URL begin and end is in `parse.rs`.

use std::fmt::Write as _;

/// A part of a URL with its own set of characters that stand for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    /// What follows `%25` in an IPv6 host.
    HostZone,
    UserInfo,
    Query,
    Fragment,
}

/// Whether the byte is escaped in this part.
pub(super) fn is_escaped(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        return false;
    }
    let plain: &[u8] = match part {
        Part::Host | Part::HostZone => b"!$&'()*+,;=:[]<>\"",
        Part::Path => b"$&+,/:;=@",
        Part::UserInfo => b"$&+,;=",
        Part::Query => b"",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !plain.contains(&byte)
}

/// The text with escapes; a space in a query is `+`.
pub(super) fn escape(body: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for byte in body {
        match byte {
            b' ' if part == Part::Query => out.push(b'+'),
            byte if is_escaped(*byte, part) => {
                let mut escaped = String::new();
                // Writing to a String cannot fail.
                let _ = write!(escaped, "%{byte:02X}");
                out.extend(escaped.bytes());
            }
            byte => out.push(*byte),
        }
    }
    out
}

/// The text behind the escapes; a phrase if one of them, or a character, may not stand in this part.
pub(super) fn unescape(body: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let in_host = matches!(part, Part::Host | Part::HostZone);
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        if *byte != b'%' {
            if in_host && byte.is_ascii() && is_escaped(*byte, part) {
                return Err(format!("the host holds `{}`", char::from(*byte).escape_debug()));
            }
            out.push(*byte);
            at += 1;
            continue;
        }
        let digits = body.get(at + 1..at + 3);
        let value = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = value.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        let allowed = |value: u8| match part {
            // Of ASCII a host may escape the percent sign alone, its zone what could stand there and a space.
            Part::Host => value >= 0x80 || value == b'%',
            Part::HostZone => matches!(value, b'%' | b' ') || !is_escaped(value, Part::Host),
            _ => true,
        };
        let Some(value) = value.filter(|value| allowed(*value)) else {
            let shown = &body[at..body.len().min(at + 3)];
            return Err(format!(
                "`{}` is no valid escape there",
                String::from_utf8_lossy(shown).escape_debug()
            ));
        };
        out.push(value);
        at += 3;
    }
    Ok(out)
}
