//! Owns texts that hold bytes which are no UTF-8: Go's strings are bytes, ours are `str`.
//!
//! A byte that belongs to no character is carried as one from the end of Unicode's last private plane. Who writes
//! a text out takes [`of_text`]; who reads bytes takes [`to_text`]. No format is read or written here.

use std::borrow::Cow;

/// Byte `b` is carried as the character of this number plus `b`. Only 0x80 to 0xFF occur.
const CARRIER: u32 = 0x10_ff00;

/// The first byte of every carrying character in UTF-8; few others start with it.
const LEAD: u8 = 0xf4;

/// The text of these bytes. What is no UTF-8 is carried, and so are characters that would be taken for carriers.
pub fn to_text(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !has_invalid(text)
    {
        return text.to_owned();
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if carried(character).is_some() {
                let mut buffer = [0; 4];
                out.extend(character.encode_utf8(&mut buffer).bytes().map(carrier));
            } else {
                out.push(character);
            }
        }
        out.extend(chunk.invalid().iter().copied().map(carrier));
    }
    out
}

/// As [`to_text`], of bytes that nobody else needs: what is UTF-8 is not copied.
pub fn into_text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if !has_invalid(&text) => text,
        Ok(text) => to_text(text.as_bytes()),
        Err(error) => to_text(error.as_bytes()),
    }
}

/// The bytes of a text; borrowed if it carries none.
pub fn of_text(text: &str) -> Cow<'_, [u8]> {
    if !has_invalid(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match carried(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// The text with U+FFFD for each byte that is no UTF-8, as Go's JSON writes it.
pub fn replaced(text: &str) -> Cow<'_, str> {
    if !has_invalid(text) {
        return Cow::Borrowed(text);
    }
    let shown = |character| carried(character).map_or(character, |_| char::REPLACEMENT_CHARACTER);
    // Carried bytes may have come to stand side by side and be a character by now.
    Cow::Owned(to_text(&of_text(text)).chars().map(shown).collect())
}

/// The text with carried bytes that stand side by side and are a character joined to it.
pub fn joined(text: String) -> String {
    if has_invalid(&text) {
        to_text(&of_text(&text))
    } else {
        text
    }
}

/// Whether a text carries bytes that are no UTF-8.
pub fn has_invalid(text: &str) -> bool {
    text.as_bytes().contains(&LEAD) && text.chars().any(|character| carried(character).is_some())
}

/// How many bytes the text has in Go.
pub fn len(text: &str) -> usize {
    if has_invalid(text) {
        text.chars()
            .map(|character| carried(character).map_or(character.len_utf8(), |_| 1))
            .sum()
    } else {
        text.len()
    }
}

/// The byte that a character carries.
pub fn carried(character: char) -> Option<u8> {
    let byte = u8::try_from(u32::from(character).checked_sub(CARRIER)?).ok()?;
    (byte >= 0x80).then_some(byte)
}

fn carrier(byte: u8) -> char {
    char::from_u32(CARRIER + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back_as_they_were() {
        let every: Vec<u8> = (0..=255).collect();
        let carriers = "\u{10ff80}\u{10ffff}\u{10ff7f}".as_bytes();
        for bytes in [&every[..], b"plain", b"", b"\xc3", b"a\xc3\xa4\xc3", carriers] {
            assert_eq!(of_text(&to_text(bytes)), bytes);
            assert_eq!(len(&to_text(bytes)), bytes.len());
        }
        assert!(matches!(of_text("ä"), Cow::Borrowed(_)));
    }

    #[test]
    fn halves_of_a_character_that_meet_are_the_character() {
        let (first, second) = (to_text(b"\xc3"), to_text(b"\xa4"));
        assert_eq!(joined(format!("{first}{second}")), "ä");
        assert_eq!(replaced(&format!("{first}{second}{first}")), "ä\u{fffd}");
        assert!(has_invalid(&first));
        assert!(!has_invalid("\u{10ff7f}"));
    }
}
