//! Owns which characters YAML text may hold.

use super::cursor::Cursor;
use super::event::SyntaxError;
use crate::bytes;

/// The first character that YAML refuses: controls but tab and line breaks, U+FFFE and U+FFFF, and bytes that are
/// no UTF-8.
pub(super) fn check(text: &str) -> Result<(), SyntaxError> {
    let mut from = 0;
    while let Some(position) = suspicious(text.as_bytes(), from) {
        let character = text[position..].chars().next().unwrap_or(' ');
        let next = position + character.len_utf8();
        if !is_allowed(character) {
            return Err(error_at(text, position, "control characters are not allowed"));
        }
        if bytes::has_invalid(&text[position..next]) {
            return Err(error_at(text, position, "the text is not UTF-8 here"));
        }
        from = next;
    }
    Ok(())
}

/// The next byte that may begin a refused character.
fn suspicious(bytes: &[u8], from: usize) -> Option<usize> {
    let is_suspicious = |byte: u8| {
        (byte < b' ') & !matches!(byte, b'\t' | b'\n' | b'\r') | matches!(byte, 0x7f | 0xc2 | 0xef | 0xf4)
    };
    // A whole chunk is looked at without a branch, which is many times as fast as byte by byte.
    let (chunks, _) = bytes[from..].as_chunks::<32>();
    let clean = |chunk: &[u8; 32]| !chunk.iter().fold(false, |any, byte| any | is_suspicious(*byte));
    let start = from + 32 * chunks.iter().take_while(|chunk| clean(chunk)).count();
    let step = bytes[start..].iter().position(|byte| is_suspicious(*byte))?;
    Some(start + step)
}

fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}

fn error_at(text: &str, position: usize, message: &'static str) -> SyntaxError {
    let mut cursor = Cursor::new(text);
    while cursor.position() < position {
        if cursor.is_break() {
            cursor.take_break();
        } else {
            cursor.skip();
        }
    }
    SyntaxError::new(message, cursor.mark())
}
