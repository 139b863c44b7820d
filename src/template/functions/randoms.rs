//! Owns Sprig's random texts and numbers.
//!
//! The bytes come from `randomness.rs`: the operating system's, or a stream that a seed fixes.

use super::arguments::{check_size, int, number, string, text};
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("randAlpha", "LENGTH", "Random letters.", |context, args| {
        random(context, args, u8::is_ascii_alphabetic)
    })
    .examples(&[example("randAlpha 5 | len", "5 | randAlpha | len", "5")]),
    Function::plain("randNumeric", "LENGTH", "Random digits.", |context, args| {
        random(context, args, u8::is_ascii_digit)
    })
    .examples(&[example("randNumeric 5 | len", "5 | randNumeric | len", "5")]),
    Function::plain(
        "randAlphaNum",
        "LENGTH",
        "Random letters and digits.",
        |context, args| random(context, args, u8::is_ascii_alphanumeric),
    )
    .examples(&[example("randAlphaNum 5 | len", "5 | randAlphaNum | len", "5")]),
    Function::plain(
        "randAscii",
        "LENGTH",
        "Random printable characters of ASCII.",
        |context, args| random(context, args, |byte| byte.is_ascii() && !byte.is_ascii_control()),
    )
    .examples(&[example("randAscii 5 | len", "5 | randAscii | len", "5")]),
    Function::plain(
        "randBytes",
        "LENGTH",
        "Random bytes in Base64.",
        |context, args| {
            if int(args, 0)? < 0 {
                return Err(FnError::new("the length is negative"));
            }
            let mut bytes = vec![0; length(args)?];
            context.random.fill(&mut bytes)?;
            string(STANDARD.encode(bytes))
        },
    )
    .examples(&[example("randBytes 6 | len", "6 | randBytes | len", "8")]),
    Function::plain(
        "randInt",
        "LEAST END",
        "A random number from LEAST up to, not including, END.",
        rand_int,
    )
    .subject(0)
    .examples(&[example("randInt 7 8", "randInt(7, 8)", "7")]),
    Function::plain(
        "shuffle",
        "TEXT",
        "The characters in random order.",
        |context, args| {
            let mut characters: Vec<char> = text(args, 0)?.chars().collect();
            for last in (1..characters.len()).rev() {
                let picked = context.random.below(last as u64 + 1)?;
                characters.swap(last, usize::try_from(picked).unwrap_or(last));
            }
            string(characters.into_iter().collect::<String>())
        },
    )
    .examples(&[example(r#"shuffle "aaa""#, r#""aaa" | shuffle"#, "aaa")]),
    Function::plain("uuidv4", "", "A random UUID of version 4.", |context, _| {
        string(
            uuid::Builder::from_random_bytes(context.random.bytes()?)
                .into_uuid()
                .to_string(),
        )
    })
    .examples(&[example("uuidv4 | len", "uuidv4() | len", "36")]),
];

/// A length; Sprig gives nothing for a negative one.
fn length(args: &[Value]) -> Result<usize, FnError> {
    let length = usize::try_from(int(args, 0)?).unwrap_or(0);
    check_size(length)?;
    Ok(length)
}

/// Random characters of a set, each as likely as the others.
fn random(context: &Context, args: &[Value], wanted: fn(&u8) -> bool) -> FnResult {
    let set: Vec<char> = (b' '..=b'~').filter(wanted).map(char::from).collect();
    let mut out = String::new();
    for _ in 0..length(args)? {
        let picked = context.random.below(set.len() as u64)?;
        out.extend(usize::try_from(picked).ok().and_then(|picked| set.get(picked)));
    }
    string(out)
}

fn rand_int(context: &Context, args: &[Value]) -> FnResult {
    let (least, end) = (int(args, 0)?, int(args, 1)?);
    let range = end.checked_sub(least).and_then(|range| u64::try_from(range).ok());
    let refusal = || FnError::new(format!("there is no number from {least} up to {end}"));
    let range = range.filter(|range| *range > 0).ok_or_else(refusal)?;
    number(least.wrapping_add_unsigned(context.random.below(range)?))
}
