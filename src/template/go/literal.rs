//! Owns the values of Go's literals: quoted strings, character constants and numbers.
//!
//! It does not find literals in text; the lexer does.

use super::ast::Number;
use super::lex::Kind;
use crate::bytes;
use memchr::memchr;
use std::borrow::Cow;

/// What a string in either kind of quotes means; `None` if an escape is wrong.
pub(super) fn unquote(literal: &str) -> Option<Cow<'_, str>> {
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if literal.starts_with('`') {
        return Some(match memchr(b'\r', inner.as_bytes()) {
            Some(_) => inner.replace('\r', "").into(),
            None => inner.into(),
        });
    }
    if memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(bytes::replaced(inner));
    }
    let mut unquoted = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (unit, behind) = unescape(rest, '"')?;
        match unit {
            Unit::Byte(byte) => unquoted.push(byte),
            Unit::Char(character) => {
                unquoted.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = behind;
    }
    Some(bytes::to_text(&unquoted).into())
}

/// What one character or escape in a string adds to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Byte(u8),
    Char(char),
}

/// The first character or escape of `text` and what stands behind it.
fn unescape(text: &str, quote: char) -> Option<(Unit, &str)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if first == quote {
        return None;
    }
    if first != '\\' {
        // Go reads characters here, so that a byte which is none is lost.
        let valid = if bytes::carried(first).is_some() {
            char::REPLACEMENT_CHARACTER
        } else {
            first
        };
        return Some((Unit::Char(valid), characters.as_str()));
    }
    let escape = characters.next()?;
    let behind = characters.as_str();
    let plain = match escape {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        '\'' | '"' if escape == quote => quote,
        'x' => {
            return digits(behind, 2, 16)
                .and_then(|(value, rest)| Some((Unit::Byte(value.try_into().ok()?), rest)));
        }
        'u' => return digits(behind, 4, 16).and_then(character),
        'U' => return digits(behind, 8, 16).and_then(character),
        // A byte in octal: the digit read above is the first of three.
        '0'..='7' => {
            let from = text.len() - behind.len() - 1;
            return digits(&text[from..], 3, 8)
                .and_then(|(value, rest)| Some((Unit::Byte(value.try_into().ok()?), rest)));
        }
        _ => return None,
    };
    Some((Unit::Char(plain), behind))
}

fn character((value, rest): (u32, &str)) -> Option<(Unit, &str)> {
    Some((Unit::Char(char::from_u32(value)?), rest))
}

/// The number in the first `count` digits of `text`, and what stands behind them.
fn digits(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let (digits, rest) = (text.get(..count)?, &text[count..]);
    // `from_str_radix` would take a sign.
    let all = digits.bytes().all(|byte| char::from(byte).is_digit(radix));
    let value = u32::from_str_radix(digits, radix).ok()?;
    all.then_some((value, rest))
}

/// Why a number has no value; each is worded as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not Go's syntax.
    Syntax,
    /// An integer beyond 64 bits.
    Overflow,
    /// Not one character between the quotes, or a wrong escape.
    Char,
}

/// The value of an integer in plain digits, such as most numbers are; one that begins with 0 is octal.
pub(super) fn decimal(literal: &str) -> Option<i64> {
    /// So many digits fit into 64 bits.
    const FIT: usize = 18;
    let is_plain = literal.len() <= FIT && literal.bytes().all(|byte| byte.is_ascii_digit());
    let is_octal = literal.len() > 1 && literal.starts_with('0');
    let value = |value, digit| value * 10 + i64::from(digit - b'0');
    (is_plain && !is_octal).then(|| literal.bytes().fold(0, value))
}

/// An integer that is no more than that, as all the kinds of number that it fits into.
#[expect(clippy::cast_precision_loss, reason = "Go rounds here, too")]
pub(super) fn of_int(value: i64) -> Number {
    Number {
        int: Some(value),
        uint: u64::try_from(value).ok(),
        float: Some(value as f64),
        complex: None,
    }
}

/// The value of a number or character constant.
pub(super) fn number(literal: &str, kind: Kind) -> Result<Number, Refusal> {
    match kind {
        Kind::CharConstant => char_constant(literal).ok_or(Refusal::Char),
        Kind::Complex => {
            let parts = complex(literal).ok_or(Refusal::Syntax)?;
            Ok(of_complex(parts))
        }
        _ => match literal.strip_suffix('i').and_then(float) {
            Some(imaginary) => Ok(of_complex((0.0, imaginary))),
            None => real(literal),
        },
    }
}

fn char_constant(literal: &str) -> Option<Number> {
    let (unit, rest) = unescape(&literal[1..], '\'')?;
    let code = match unit {
        Unit::Byte(byte) => u32::from(byte),
        Unit::Char(character) => u32::from(character),
    };
    (rest == "'").then(|| Number {
        int: Some(i64::from(code)),
        uint: Some(u64::from(code)),
        float: Some(f64::from(code)),
        complex: None,
    })
}

/// An imaginary part of zero leaves a number of every kind that the real part fits.
fn of_complex(parts: (f64, f64)) -> Number {
    let real = (parts.1 == 0.0).then_some(parts.0);
    Number {
        int: real.and_then(exact_int),
        uint: real.and_then(exact_uint),
        float: real,
        complex: Some(parts),
    }
}

#[expect(clippy::cast_precision_loss, reason = "Go rounds here, too")]
fn real(literal: &str) -> Result<Number, Refusal> {
    let int = int(literal);
    // `-0` is an unsigned number, too.
    let uint = uint(literal).or((int == Some(0)).then_some(0));
    let whole = int.map(|value| value as f64).or(uint.map(|value| value as f64));
    let number = |int, uint, float| Number {
        int,
        uint,
        float: Some(float),
        complex: None,
    };
    if let Some(whole) = whole {
        return Ok(number(int, uint, whole));
    }
    let float = float(literal).ok_or(Refusal::Syntax)?;
    if literal.contains(['.', 'e', 'E', 'p', 'P']) {
        Ok(number(exact_int(float), exact_uint(float), float))
    } else if split_sign(literal).1.starts_with('0') {
        Err(Refusal::Syntax)
    } else {
        Err(Refusal::Overflow)
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn exact_int(value: f64) -> Option<i64> {
    ((-TWO_TO_63..TWO_TO_63).contains(&value) && value.fract() == 0.0).then_some(value as i64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked"
)]
fn exact_uint(value: f64) -> Option<u64> {
    ((0.0..2.0 * TWO_TO_63).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

/// Go's `ParseInt` with base 0.
fn int(text: &str) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    let value = i128::from(uint(digits)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Go's `ParseUint` with base 0: prefixes `0x`, `0o`, `0b` and `0`, and underscores between digits.
fn uint(text: &str) -> Option<u64> {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    if !digits
        .bytes()
        .all(|byte| byte == b'_' || char::from(byte).is_digit(radix))
    {
        return None;
    }
    u64::from_str_radix(&without_underscores(text, digits)?, radix).ok()
}

/// `digits` of the number `text` without underscores, if each stands between digits or behind the prefix.
fn without_underscores(text: &str, digits: &str) -> Option<String> {
    let (_, unsigned) = split_sign(text);
    let (prefixed, hex) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (true, true),
        [b'0', b'o' | b'O' | b'b' | b'B', ..] => (true, false),
        _ => (false, false),
    };
    let mut after_digit = prefixed;
    let mut after_underscore = false;
    for byte in unsigned.bytes().skip(if prefixed { 2 } else { 0 }) {
        let digit = byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
        let misplaced = if byte == b'_' {
            !after_digit
        } else {
            after_underscore && !digit
        };
        if misplaced {
            return None;
        }
        after_digit = digit;
        after_underscore = byte == b'_';
    }
    (!after_underscore).then(|| digits.replace('_', ""))
}

/// Go's `ParseFloat`, of what the lexer takes for a number; `None` if it is none or too large.
fn float(text: &str) -> Option<f64> {
    let (negative, unsigned) = split_sign(text);
    let plain = without_underscores(text, unsigned)?;
    let value = match plain.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => hex_float(&plain[2..])?,
        // Of the words that Rust reads as floats, none consists of these characters.
        bytes
            if bytes
                .iter()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) =>
        {
            // A second sign in front is not Go's.
            let signed = matches!(bytes.first(), Some(b'+' | b'-'));
            plain.parse::<f64>().ok().filter(|_| !signed)?
        }
        _ => return None,
    };
    value.is_finite().then_some(if negative { -value } else { value })
}

/// The value of `1.8p3`: hexadecimal digits and a power of two, which must be there.
fn hex_float(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P'])?;
    let (_, size) = split_sign(exponent);
    if size.is_empty() || !size.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut sticky = false;
    let mut scale = 0_i64;
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        if mantissa >> 56 == 0 {
            mantissa = mantissa << 4 | digit;
            scale -= if index < whole.len() { 0 } else { 4 };
        } else {
            sticky |= digit != 0;
            scale += if index < whole.len() { 4 } else { 0 };
        }
    }
    let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') {
        -99_999
    } else {
        99_999
    });
    Some(scaled(
        mantissa | u64::from(sticky),
        exponent.clamp(-99_999, 99_999) + scale,
    ))
}

/// `mantissa` times 2 to the power of `exponent`, rounded once, half to even.
#[expect(clippy::cast_precision_loss, reason = "53 bits are left, which a float holds")]
fn scaled(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = i64::from(mantissa.leading_zeros());
    let (mut mantissa, mut exponent) = (mantissa << shift, exponent - shift);
    // Numbers below the normal ones have fewer bits.
    let missing = (-1085 - exponent).clamp(0, 63);
    let lost = mantissa & ((1 << missing) - 1) != 0;
    mantissa = mantissa >> missing | u64::from(lost);
    exponent += missing;
    let (kept, dropped) = (mantissa >> 11, mantissa & 0x7ff);
    let up = dropped > 0x400 || dropped == 0x400 && kept & 1 == 1;
    let mut value = (kept + u64::from(up)) as f64;
    exponent += 11;
    // In steps, because 2 to the power of -1074 has no inverse.
    while exponent != 0 && value != 0.0 && value.is_finite() {
        let step = exponent.clamp(-1000, 1000);
        value *= 2_f64.powi(i32::try_from(step).expect("a step fits"));
        exponent -= step;
    }
    value
}

/// Both parts of `1+2i`, as Go's `fmt.Sscan` reads them.
fn complex(literal: &str) -> Option<(f64, f64)> {
    let body = literal.strip_suffix('i')?;
    let exponent_signs = |at: usize| {
        let before = body[..at].bytes().next_back();
        let hex = body[..at].contains(['x', 'X']);
        matches!((before, hex), (Some(b'p' | b'P'), _) | (Some(b'e' | b'E'), false))
    };
    let split = body
        .char_indices()
        .skip(1)
        .find(|(at, character)| matches!(character, '+' | '-') && !exponent_signs(*at))?
        .0;
    Some((float(&body[..split])?, float(&body[split..])?))
}
