//! Owns the digits of a float under the verbs `v e E f F g G x X b`, as Go's `fmt` writes them.
//!
//! Signs and widths are put around them in `verbs.rs`; the plain `%v` of a float is in `template/format.rs`.

use super::verbs::Verb;
use crate::template::format;

/// The digits with a minus if there is one; None if the verb is none of floats.
pub(super) fn digits(verb: &Verb, value: f64) -> Option<String> {
    let precision = verb.precision;
    let plain = match (format::special(value), verb.letter) {
        (Some(special), 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') => {
            return Some(special.to_owned());
        }
        (None, 'f' | 'F') => format!("{value:.*}", precision.unwrap_or(6)),
        (None, 'e') => format::exponential(value, precision.unwrap_or(6)),
        (None, 'E') => format::exponential(value, precision.unwrap_or(6)).to_uppercase(),
        (None, 'g' | 'v') => format::general(value, precision),
        (None, 'G') => format::general(value, precision).to_uppercase(),
        (None, 'x') => hexadecimal(value, precision),
        (None, 'X') => hexadecimal(value, precision).to_uppercase(),
        (None, 'b') => return Some(binary(value)),
        _ => return None,
    };
    Some(if verb.sharp {
        with_point(verb, &plain)
    } else {
        plain
    })
}

/// The flag `#`: always a decimal point, and for `g` the zeros that it leaves out.
fn with_point(verb: &Verb, text: &str) -> String {
    let (sign, body) = text.strip_prefix('-').map_or(("", text), |body| ("-", body));
    let exponents: &[char] = if matches!(verb.letter, 'x' | 'X') {
        &['p', 'P']
    } else {
        &['e', 'E']
    };
    let (number, tail) = body.split_at(body.find(exponents).unwrap_or(body.len()));
    let mut missing = match verb.letter {
        'v' | 'g' | 'G' | 'x' => i64::try_from(verb.precision.unwrap_or(6)).unwrap_or(0),
        _ => 0,
    };
    let significant = number.trim_start_matches(['0', '.']);
    missing -= i64::try_from(significant.bytes().filter(|byte| *byte != b'.').count()).unwrap_or(0);
    let mut out = format!("{sign}{number}");
    if !number.contains('.') {
        missing -= i64::from(number == "0");
        out.push('.');
    }
    out.push_str(&"0".repeat(usize::try_from(missing).unwrap_or(0)));
    out.push_str(tail);
    out
}

const FRACTION_BITS: u32 = 52;

/// Mantissa and binary exponent: the value is `mantissa × 2^exponent`.
fn parts(value: f64) -> (u64, i64) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let raw = i64::try_from(bits >> FRACTION_BITS & 0x7ff).unwrap_or_default();
    match raw {
        0 => (fraction, -1074),
        raw => (fraction | 1 << FRACTION_BITS, raw - 1075),
    }
}

/// `%b`: the mantissa in decimal and the power of two.
fn binary(value: f64) -> String {
    let (mantissa, exponent) = parts(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    format!("{sign}{mantissa}p{exponent:+}")
}

/// `%x`: one hexadecimal digit, the fraction and the power of two.
fn hexadecimal(value: f64, precision: Option<usize>) -> String {
    const DIGITS: usize = 13;
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        let zeros = "0".repeat(precision.unwrap_or(0));
        let point = if zeros.is_empty() { "" } else { "." };
        return format!("{sign}0x0{point}{zeros}p+00");
    }
    // The leading digit is 1, also for what a float64 holds without its hidden bit.
    while mantissa >> FRACTION_BITS == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    exponent += i64::from(FRACTION_BITS);
    let kept = precision.unwrap_or(DIGITS).min(DIGITS);
    let dropped = u32::try_from(4 * (DIGITS - kept)).unwrap_or(0);
    if dropped > 0 {
        // Half goes to the even neighbour.
        let (rest, half) = (mantissa & ((1 << dropped) - 1), 1 << (dropped - 1));
        mantissa >>= dropped;
        if rest > half || rest == half && mantissa & 1 == 1 {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa >> FRACTION_BITS > 1 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let fraction = format!("{:013x}", mantissa & ((1 << FRACTION_BITS) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(precision) => format!("{:0<precision$}", &fraction[..kept]),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}0x1{point}{fraction}p{exponent:+03}")
}
