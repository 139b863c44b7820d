//! Owns the order in which the writer puts keys: go-yaml's natural order, in which `a2` stands before `a10`.
//!
//! Maps themselves and JSON stay in byte order.

use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Sorts keys that are in byte order.
///
/// The order is not a total one (`a2` < `a10` < `a1b` < `a2`), which std's sort may answer with a panic; a plain
/// merge sort does not care.
pub(super) fn sort(keys: &mut Vec<&str>) {
    if keys.len() < 2
        || keys
            .iter()
            .all(|key| key.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        return;
    }
    if keys.is_sorted_by(|one, other| !is_less(other, one)) {
        return;
    }
    let mut width = 1;
    let mut spare = Vec::with_capacity(keys.len());
    while width < keys.len() {
        for pair in keys.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut spare);
        }
        std::mem::swap(keys, &mut spare);
        spare.clear();
        width *= 2;
    }
}

fn merge<'a>(mut left: &[&'a str], mut right: &[&'a str], out: &mut Vec<&'a str>) {
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if is_less(second, first) {
            out.push(second);
            right = right_rest;
        } else {
            out.push(first);
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
    let same = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let index = left.floor_char_boundary(same);
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

    #[test]
    fn digits_sort_by_number_and_letters_last() {
        let mut keys = vec![
            "a10", "a2", "a", "B", "b", "_x", "1", "10", "2", "a02", "a-b", "ab",
        ];
        keys.sort_unstable();
        sort(&mut keys);
        let expected = [
            "_x", "1", "2", "10", "B", "a", "a-b", "a2", "a02", "a10", "ab", "b",
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn numbers_beyond_64_bits_do_no_harm() {
        let long = |digit: &str| format!("k{}", digit.repeat(40));
        let owned: Vec<String> = (0..50).map(|n| long(&(n % 10).to_string())).collect();
        let mut keys: Vec<&str> = owned.iter().map(String::as_str).collect();
        sort(&mut keys);
        assert_eq!(keys.len(), 50);
    }
}
