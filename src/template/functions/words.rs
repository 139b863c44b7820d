//! Owns Sprig's functions that look at letters and words: cases, initials, abbreviating, wrapping.
//!
//! Trimming, replacing and the like are in `strings.rs`.

use super::arguments::{at, int, string, text, text_bytes};
use super::strings::is_go_space;
use super::{Context, FnResult, Function, cases, example};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("title", "TEXT", "Each word with a capital letter.", |_, args| {
        string(title(text(args, 0)?))
    })
    .examples(&[example(
        r#"title "hello world""#,
        r#""hello world" | title"#,
        "Hello World",
    )]),
    Function::plain("untitle", "TEXT", "Each word with a small letter.", |_, args| {
        string(each_word(text(args, 0)?, cases::lower))
    })
    .examples(&[example(
        r#"untitle "Hello World""#,
        r#""Hello World" | untitle"#,
        "hello world",
    )]),
    Function::plain(
        "swapcase",
        "TEXT",
        "Small letters capital and the reverse.",
        |_, args| string(swap_case(text(args, 0)?)),
    )
    .examples(&[example(
        r#"swapcase "This Is A.Test""#,
        r#""This Is A.Test" | swapcase"#,
        "tHIS iS a.tEST",
    )]),
    Function::plain("hello", "", "A greeting.", |_, _| string("Hello!"))
        .examples(&[example("hello", "hello()", "Hello!")]),
    Function::plain("nospace", "TEXT", "Without any white space.", |_, args| {
        let subject = text(args, 0)?;
        // Sprig takes each byte for a character, and a text without such white space as it is.
        let characters =
            || text_bytes(args, 0).map(|bytes| bytes.iter().copied().map(char::from).collect::<String>());
        let latin = characters()?;
        if !latin.contains(is_go_space) {
            return string(subject);
        }
        string(
            latin
                .chars()
                .filter(|character| !is_go_space(*character))
                .collect::<String>(),
        )
    })
    .examples(&[example(r#"nospace "a b  c""#, r#""a b  c" | nospace"#, "abc")]),
    Function::plain("initials", "TEXT", "The first letter of each word.", |_, args| {
        // Sprig takes each byte for a character.
        let text: String = text_bytes(args, 0)?.iter().copied().map(char::from).collect();
        let words = text.split(is_go_space);
        string(words.filter_map(|word| word.chars().next()).collect::<String>())
    })
    .examples(&[example(
        r#"initials "First Try""#,
        r#""First Try" | initials"#,
        "FT",
    )]),
    Function::plain(
        "plural",
        "ONE MANY COUNT",
        "ONE if the count is 1, else MANY.",
        plural,
    )
    .examples(&[example(
        r#"plural "one" "many" 2"#,
        r#"2 | plural("one", "many")"#,
        "many",
    )]),
];

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        if is_separator(before) {
            out.push(cases::upper(character));
        } else {
            out.push(character);
        }
        before = character;
    }
    out
}

/// Go's `strings.Title`: letters, digits and underscores belong to words, so does ASCII's rest not.
fn is_separator(character: char) -> bool {
    if character.is_ascii() {
        return !(character.is_ascii_alphanumeric() || character == '_');
    }
    !character.is_alphanumeric() && character.is_whitespace()
}

fn each_word(text: &str, change: fn(char) -> char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for character in text.chars() {
        if start {
            out.push(change(character));
        } else {
            out.push(character);
        }
        start = character.is_whitespace();
    }
    out
}

fn swap_case(text: &str) -> String {
    let swap = |character: char| {
        if character.is_uppercase() {
            cases::lower(character)
        } else {
            cases::upper(character)
        }
    };
    text.chars().map(swap).collect()
}

fn plural(_: &Context, args: &[Value]) -> FnResult {
    let one = int(args, 2)? == 1;
    Ok(at(args, usize::from(!one)).clone())
}
