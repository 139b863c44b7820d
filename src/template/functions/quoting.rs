//! Owns Go's quoted texts and characters: `%q` in its variants, and which characters it shows as they are.
//!
//! Quoting for YAML and JSON is in the `yaml` module.

use crate::bytes;
use regex::Regex;
use std::sync::LazyLock;

/// Go's `strconv.Quote`.
pub(super) fn go_quote(text: &str) -> String {
    quote(text, is_go_print)
}

/// Go's `strconv.QuoteToASCII`.
pub(super) fn go_quote_ascii(text: &str) -> String {
    quote(text, |character| {
        character.is_ascii() && !character.is_ascii_control()
    })
}

fn quote(text: &str, shown: fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        escape(&mut out, character, '"', shown);
    }
    out.push('"');
    out
}

/// Go's `strconv.QuoteRune`, or with `ascii` its `QuoteRuneToASCII`.
pub(super) fn quote_character(character: char, ascii: bool) -> String {
    let mut out = String::from("'");
    let shown = |character| is_go_print(character);
    let ascii_only = |character: char| character.is_ascii() && !character.is_ascii_control();
    escape(&mut out, character, '\'', if ascii { ascii_only } else { shown });
    out.push('\'');
    out
}

fn escape(out: &mut String, character: char, quote: char, shown: fn(char) -> bool) {
    match character {
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        mark if mark == quote => out.extend(['\\', mark]),
        plain if shown(plain) => out.push(plain),
        hidden => out.push_str(&numbered_escape(hidden)),
    }
}

fn numbered_escape(character: char) -> String {
    if let Some(byte) = bytes::carried(character) {
        return format!("\\x{byte:02x}");
    }
    match u32::from(character) {
        code @ 0..0x80 => format!("\\x{code:02x}"),
        code @ 0x80..0x1_0000 => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space.
pub(super) fn is_go_print(character: char) -> bool {
    static PRINT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S}]$").expect("the pattern is fixed"));
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    PRINT.is_match(character.encode_utf8(&mut [0; 4]))
}

/// Whether the text can stand between backquotes: one line without backquotes and control characters.
pub(super) fn can_backquote(text: &str) -> bool {
    text.chars().all(|character| {
        character == '\t'
            || !(character < ' '
                || matches!(character, '`' | '\u{7f}' | '\u{feff}')
                || bytes::carried(character).is_some())
    })
}
