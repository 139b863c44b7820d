//! Owns the order in which the writer puts keys: go-yaml's natural order, in which `a2` stands before `a10`.
//!
//! Maps themselves and JSON stay in byte order.

use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Sorts entries whose keys are in byte order.
///
/// The order is not a total one (`a2` < `a10` < `a1b` < `a2`), which std's sort may answer with a panic; a plain
/// merge sort does not care.
pub(super) fn sort<T: Copy>(entries: &mut Vec<(&str, T)>) {
    let is_plain = |key: &str| key.bytes().all(|byte| byte.is_ascii_alphabetic());
    if entries.len() < 2 || entries.iter().all(|(key, _)| is_plain(key)) {
        return;
    }
    if entries.is_sorted_by(|one, other| !is_less(other.0, one.0)) {
        return;
    }
    let mut width = 1;
    let mut spare = Vec::with_capacity(entries.len());
    while width < entries.len() {
        for pair in entries.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut spare);
        }
        std::mem::swap(entries, &mut spare);
        spare.clear();
        width *= 2;
    }
}

fn merge<'a, T: Copy>(mut left: &[(&'a str, T)], mut right: &[(&'a str, T)], out: &mut Vec<(&'a str, T)>) {
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if is_less(second.0, first.0) {
            out.push(*second);
            right = right_rest;
        } else {
            out.push(*first);
            left = left_rest;
        }
    }
    out.extend(left);
    out.extend(right);
}

/// Whether `left` comes first: letters after everything else, runs of digits by their number.
fn is_less(left: &str, right: &str) -> bool {
    compare(left, right) == Ordering::Less
}

fn compare(left: &str, right: &str) -> Ordering {
    let index = left.floor_char_boundary(same_start(left.as_bytes(), right.as_bytes()));
    let (Some(one), Some(other)) = (left[index..].chars().next(), right[index..].chars().next()) else {
        return left.len().cmp(&right.len());
    };
    match (is_letter(one), is_letter(other)) {
        (true, true) => return one.cmp(&other),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero that differs is a leading zero only if no other digit stands before it.
    let significant = (one == '0' || other == '0')
        && left[..index]
            .chars()
            .rev()
            .take_while(|before| is_digit(*before))
            .any(|before| before != '0');
    let start = i64::from(significant);
    let (left_number, left_length) = number(&left[index..], start);
    let (right_number, right_length) = number(&right[index..], start);
    left_number
        .cmp(&right_number)
        .then(left_length.cmp(&right_length))
        .then(one.cmp(&other))
}

/// How many bytes both begin with. Keys of one map often share a long prefix, so it looks at eight at once.
fn same_start(left: &[u8], right: &[u8]) -> usize {
    const WORD: usize = 8;
    let words = left.chunks_exact(WORD).zip(right.chunks_exact(WORD));
    let whole = WORD * words.take_while(|(one, other)| one == other).count();
    let bytes = left[whole..].iter().zip(&right[whole..]);
    whole + bytes.take_while(|(one, other)| one == other).count()
}

/// The number at the start of `text`, wrapping as Go's int64 does, and how many digits it has.
fn number(text: &str, start: i64) -> (i64, usize) {
    text.chars()
        .take_while(|character| is_digit(*character))
        .fold((start, 0), |(number, length), digit| {
            let value = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
            (number.wrapping_mul(10).wrapping_add(value), length + 1)
        })
}

fn is_letter(character: char) -> bool {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{L}$").expect("the pattern is fixed"));
    character.is_ascii_alphabetic()
        || !character.is_ascii() && LETTER.is_match(character.encode_utf8(&mut [0; 4]))
}

fn is_digit(character: char) -> bool {
    static DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").expect("the pattern is fixed"));
    character.is_ascii_digit() || !character.is_ascii() && DIGIT.is_match(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(keys: &[&'a str]) -> Vec<&'a str> {
        let mut entries: Vec<(&str, ())> = keys.iter().map(|key| (*key, ())).collect();
        sort(&mut entries);
        entries.into_iter().map(|(key, ())| key).collect()
    }

    #[test]
    fn a_shared_start_is_measured_in_bytes_whatever_its_length() {
        let text = "example.com/key-10";
        for length in 0..text.len() {
            let other = format!("{}!", &text[..length]);
            assert_eq!(same_start(text.as_bytes(), other.as_bytes()), length);
        }
        assert_eq!(same_start(text.as_bytes(), text.as_bytes()), text.len());
    }

    #[test]
    fn digits_sort_by_number_and_letters_last() {
        let mut keys = vec![
            "a10", "a2", "a", "B", "b", "_x", "1", "10", "2", "a02", "a-b", "ab",
        ];
        keys.sort_unstable();
        let keys = sorted(&keys);
        let expected = [
            "_x", "1", "2", "10", "B", "a", "a-b", "a2", "a02", "a10", "ab", "b",
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn numbers_beyond_64_bits_do_no_harm() {
        let long = |digit: &str| format!("k{}", digit.repeat(40));
        let owned: Vec<String> = (0..50).map(|n| long(&(n % 10).to_string())).collect();
        let keys: Vec<&str> = owned.iter().map(String::as_str).collect();
        assert_eq!(sorted(&keys).len(), 50);
    }
}
