//! Owns which characters make up Go's names.

use regex::Regex;
use std::sync::LazyLock;

/// Letters and decimal digits beyond ASCII, as `unicode.IsLetter` and `unicode.IsDigit` of Go 1.23 say: what Unicode
/// has added since its version 15.0 is none yet.
static BEYOND_ASCII: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[[\p{L}\p{Nd}]&&\p{Age=15.0}]$").expect("the pattern is valid"));

/// Whether names may hold `character`.
pub(super) fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    BEYOND_ASCII.is_match(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_those_of_unicode_15() {
        let of_names = "aZ_9éß日本٣\u{31350}";
        assert!(of_names.chars().all(is_alphanumeric));
        // The last two came with Unicode 15.1 and 16.0.
        let others = "- ²½Ⅷ\u{301}\u{a0}😀\u{2ebf0}\u{1c89}";
        assert!(!others.chars().any(is_alphanumeric));
    }
}
