//! Owns which characters YAML text may hold.

use super::cursor::Cursor;
use super::event::SyntaxError;

/// The first character that YAML refuses: controls but tab and line breaks, U+FFFE and U+FFFF.
pub(super) fn check(text: &str) -> Result<(), SyntaxError> {
    let bytes = text.as_bytes();
    let suspicious = |byte: u8| match byte {
        b'\t' | b'\n' | b'\r' => false,
        0x7f | 0xc2 | 0xef => true,
        _ => byte < b' ',
    };
    let mut from = 0;
    while let Some(step) = bytes[from..].iter().position(|byte| suspicious(*byte)) {
        let position = from + step;
        let character = text[position..].chars().next().unwrap_or(' ');
        if !is_allowed(character) {
            return Err(error_at(text, position));
        }
        from = position + character.len_utf8();
    }
    Ok(())
}

fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    }
}

fn error_at(text: &str, position: usize) -> SyntaxError {
    let mut cursor = Cursor::new(text);
    while cursor.position() < position {
        if cursor.is_break() {
            cursor.take_break();
        } else {
            cursor.skip();
        }
    }
    SyntaxError::new("control characters are not allowed", cursor.mark())
}
