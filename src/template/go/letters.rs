//! Owns which characters make up Go's names.

use regex::Regex;
use std::sync::LazyLock;

/// Letters and decimal digits beyond ASCII, as Go's `unicode.IsLetter` and `unicode.IsDigit` say.
static BEYOND_ASCII: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{Nd}]$").expect("the pattern is valid"));

/// Whether names may hold `character`.
pub(super) fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    BEYOND_ASCII.is_match(character.encode_utf8(&mut [0; 4]))
}
