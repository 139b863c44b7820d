//! Owns how a string is written: plain, quoted or as a block, by go-yaml's rules.
//!
//! It decides and changes nothing; `write` writes.

use super::resolve::{Scalar, is_base60, resolve};

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What was found in a string.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property that rules out a style"
)]
struct Findings {
    indicators: bool,
    line_breaks: bool,
    special: bool,
    leading_space: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

/// A string's style, and whether it spans lines, which a simple key must not.
pub(super) fn choose(text: &str, simple_key: bool) -> (Style, bool) {
    let wanted = if text.contains('\n') {
        Style::Literal
    } else if resolve(text) == Scalar::Text && !is_base60(text) {
        Style::Plain
    } else {
        Style::Double
    };
    let found = if is_ordinary(text.as_bytes()) {
        Findings::default()
    } else {
        inspect(text)
    };
    let style = match wanted {
        Style::Plain if found.plain_allowed() => Style::Plain,
        Style::Plain if found.single_allowed() => Style::Single,
        Style::Literal if found.block_allowed() && !simple_key => Style::Literal,
        _ => Style::Double,
    };
    (style, found.line_breaks)
}

impl Findings {
    fn plain_allowed(&self) -> bool {
        !(self.indicators
            || self.line_breaks
            || self.leading_space
            || self.trailing_space
            || !self.single_allowed())
    }

    fn single_allowed(&self) -> bool {
        !(self.break_space || self.space_break || self.special)
    }

    fn block_allowed(&self) -> bool {
        !(self.trailing_space || self.space_break || self.special)
    }
}

/// Whether a text is so plain that there is nothing to find, as most are; a look at its bytes is cheap.
fn is_ordinary(bytes: &[u8]) -> bool {
    let mut before = b' ';
    for &byte in bytes {
        let fits = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' => true,
            b'.' | b'-' | b'=' | b'+' | b'(' | b')' | b':' => before != b' ',
            b' ' => before != b' ' && before != b':',
            _ => false,
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    !matches!(before, b' ' | b':')
}

fn inspect(text: &str) -> Findings {
    let mut found = Findings {
        indicators: text.starts_with("---") || text.starts_with("..."),
        ..Findings::default()
    };
    let mut before = '\n';
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let followed_by_blank = next.is_none_or(|next| matches!(next, ' ' | '\t'));
        found.indicators |= match character {
            '#' => index == 0 || matches!(before, ' ' | '\t' | '\0') || is_break(before),
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                index == 0
            }
            '?' | '-' => index == 0 && followed_by_blank,
            ':' => followed_by_blank,
            _ => false,
        };
        found.special |= !is_printable(character);
        if character == ' ' {
            found.leading_space |= index == 0;
            found.trailing_space |= next.is_none();
            found.break_space |= index > 0 && is_break(before);
        } else if is_break(character) {
            found.line_breaks = true;
            found.space_break |= before == ' ';
        }
        before = character;
    }
    found
}

/// What go-yaml writes without an escape; everything beyond the basic plane, so emoji, is escaped.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character,
        '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// A line break of YAML 1.1.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
