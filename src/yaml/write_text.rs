//! Owns what happens to text between Helm's JSON and its YAML, and the errors that writing can end in.
//!
//! Helm reads its own JSON with a YAML parser. JSON leaves a few characters unescaped that YAML refuses
//! (U+007F, most of U+0080 to U+009F, U+FFFE, U+FFFF) or folds (U+0085, a line break).

use crate::bytes;
use std::borrow::Cow;
use std::fmt;

/// The longest key, quoted and escaped as JSON, that a YAML parser looks ahead for its colon.
const LONGEST_KEY: usize = 1024;

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The value contains itself, or is nested as deep as if it did.
    TooDeep,
    /// It holds NaN or an infinity.
    NotFinite,
    /// It holds a character that YAML refuses.
    ControlCharacter(char),
    /// A key is too long, spans lines, or holds a line break that JSON does not escape.
    Key,
    /// A line of a text looks like the mark between documents.
    DocumentMark,
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => out.write_str("the value contains itself or is nested too deep"),
            Self::NotFinite => out.write_str("there is no infinity and no NaN in JSON"),
            Self::ControlCharacter(character) => {
                write!(
                    out,
                    "the control character U+{:04X} is not allowed in YAML",
                    u32::from(*character)
                )
            }
            Self::Key => write!(
                out,
                "a key is longer than {LONGEST_KEY} characters or spans lines"
            ),
            Self::DocumentMark => out.write_str("a line of a text looks like the mark between documents"),
        }
    }
}

impl std::error::Error for WriteError {}

/// A text as a YAML parser reads it from JSON.
pub(super) fn text_after_json(text: &str) -> Result<Cow<'_, str>, WriteError> {
    // Every character of interest has one of these as its first byte.
    let of_interest = |any, byte| any | matches!(byte, 0x7f | 0xc2 | 0xef | 0xf4);
    if !text.bytes().fold(false, of_interest) {
        return Ok(Cow::Borrowed(text));
    }
    if let Cow::Owned(replaced) = bytes::replaced(text) {
        return text_after_json(&replaced).map(|text| Cow::Owned(text.into_owned()));
    }
    if let Some(refused) = text.chars().find(|character| is_refused(*character)) {
        return Err(WriteError::ControlCharacter(refused));
    }
    if text.contains('\u{85}') {
        fold(text).map(Cow::Owned)
    } else {
        Ok(Cow::Borrowed(text))
    }
}

/// A key as a YAML parser reads it from JSON.
pub(super) fn key_after_json(key: &str) -> Result<&str, WriteError> {
    let Cow::Borrowed(key) = text_after_json(key)? else {
        return Err(WriteError::Key);
    };
    // Escapes make a key at most six times as long.
    if key.len() > LONGEST_KEY / 6 - 2 {
        let length: usize = key.chars().map(json_length).sum();
        if length + 2 > LONGEST_KEY {
            return Err(WriteError::Key);
        }
    }
    Ok(key)
}

fn json_length(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    }
}

fn is_refused(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Folds U+0085 as a YAML parser folds line breaks in double quotes: one becomes a space, of several the
/// first goes; blanks around them go.
fn fold(text: &str) -> Result<String, WriteError> {
    let mut lines = text.split('\u{85}').enumerate().peekable();
    let mut out = String::with_capacity(text.len());
    let mut breaks = 0;
    while let Some((index, line)) = lines.next() {
        if index > 0 {
            breaks += 1;
            // Tabs and other blanks are escapes in JSON, and so no white space to the parser.
            let mark = line.starts_with("---") || line.starts_with("...");
            if mark
                && matches!(line[3..].chars().next(), None | Some(' '))
                && !(line.len() == 3 && lines.peek().is_none())
            {
                return Err(WriteError::DocumentMark);
            }
        }
        let line = if index > 0 {
            line.trim_start_matches(' ')
        } else {
            line
        };
        let last = lines.peek().is_none();
        let line = if last { line } else { line.trim_end_matches(' ') };
        if line.is_empty() && !last && index > 0 {
            continue;
        }
        match breaks {
            0 => {}
            1 => out.push(' '),
            more => out.extend((1..more).map(|_| '\n')),
        }
        breaks = 0;
        out.push_str(line);
    }
    Ok(out)
}
