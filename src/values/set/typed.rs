//! Owns the types that `--set` gives to bare text: booleans, null, integers.
//!
//! It knows nothing of keys; floats stay text, as in Helm.

use crate::yaml::{Number, Value};

/// The value that `text` stands for.
pub(super) fn value(text: String) -> Value {
    if folds_to(&text, "true") {
        return true.into();
    }
    if folds_to(&text, "false") {
        return false.into();
    }
    if folds_to(&text, "null") {
        return Value::Null;
    }
    // A leading zero marks text: octal file modes, phone numbers, build hashes.
    let leading_zero = text.starts_with('0') && text != "0";
    match text.parse::<i64>() {
        Ok(number) if !leading_zero => Number::Int64(number).into(),
        _ => text.into(),
    }
}

/// Go's `strings.EqualFold` against an ASCII word, which also folds the long s.
fn folds_to(text: &str, word: &str) -> bool {
    let fold = |character: char| match character {
        'ſ' => 's',
        other => other.to_ascii_lowercase(),
    };
    text.chars().map(fold).eq(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_decimal_are_numbers_and_all_else_is_text() {
        let number = |text: &str| match value(text.to_owned()) {
            Value::Number(Number::Int64(number)) => Some(number),
            _ => None,
        };
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("-7"), Some(-7));
        assert_eq!(number("+7"), Some(7));
        assert_eq!(number("9223372036854775807"), Some(i64::MAX));
        for text in [
            "00",
            "010",
            "1.5",
            "1e3",
            "9223372036854775808",
            "1_000",
            "",
            "-",
            " 1",
        ] {
            assert_eq!(value(text.to_owned()), text.into(), "{text}");
        }
    }
}
