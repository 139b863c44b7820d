//! Owns `snakecase`, `kebabcase` and `camelcase` as xstrings does them for Sprig, and Go's letter cases.
//!
//! Go changes letters one for one: `ß` has no capital there.

use super::arguments::{string, text};
use super::{Function, example};
use crate::bytes;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "snakecase",
        "TEXT",
        "Words in small letters with `_` between.",
        |_, args| string(connected(text(args, 0)?, '_')),
    )
    .examples(&[example(
        r#"snakecase "FirstName""#,
        r#""FirstName" | snakecase"#,
        "first_name",
    )]),
    Function::plain(
        "kebabcase",
        "TEXT",
        "Words in small letters with `-` between.",
        |_, args| string(connected(text(args, 0)?, '-')),
    )
    .examples(&[example(
        r#"kebabcase "FirstName""#,
        r#""FirstName" | kebabcase"#,
        "first-name",
    )]),
    Function::plain(
        "camelcase",
        "TEXT",
        "Words with capital letters and nothing between.",
        |_, args| string(camel(text(args, 0)?)),
    )
    .examples(&[example(
        r#"camelcase "http_server""#,
        r#""http_server" | camelcase"#,
        "HttpServer",
    )]),
];

/// Go's `unicode.ToUpper`.
pub(super) fn upper(character: char) -> char {
    if bytes::carried(character).is_some() {
        return char::REPLACEMENT_CHARACTER;
    }
    let mut changed = character.to_uppercase();
    match (changed.next(), changed.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

/// Go's `unicode.ToLower`.
pub(super) fn lower(character: char) -> char {
    if bytes::carried(character).is_some() {
        return char::REPLACEMENT_CHARACTER;
    }
    character.to_lowercase().next().unwrap_or(character)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    None,
    Small,
    Capital,
    Number,
    Connector,
    Punctuation,
    Other,
}

fn is_connector(character: char) -> bool {
    matches!(character, '-' | '_') || character.is_whitespace()
}

/// Go's `unicode.IsPunct`, as far as texts in charts go: ASCII's and the general punctuation.
fn is_punctuation(character: char) -> bool {
    match character {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        ascii if ascii.is_ascii() => ascii.is_ascii_punctuation(),
        other => {
            matches!(other, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3003}')
        }
    }
}

/// The scripts without cases and spaces are no letters to xstrings.
fn is_letter(character: char) -> bool {
    character.is_alphabetic()
        && !matches!(character, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..)
}

/// Splits off the first word.
fn next_word(text: &str) -> (Word, &str, &str) {
    let Some(first) = text.chars().next() else {
        return (Word::None, "", "");
    };
    let until = |stop: &dyn Fn(char) -> bool| {
        let rest = text[first.len_utf8()..].find(stop);
        rest.map_or(text.len(), |end| end + first.len_utf8())
    };
    let is_small = |character: char| is_letter(character) && !character.is_uppercase();
    let (word, end) = if is_connector(first) {
        (Word::Connector, until(&|character| !is_connector(character)))
    } else if is_punctuation(first) {
        (Word::Punctuation, until(&|character| !is_punctuation(character)))
    } else if first.is_uppercase() {
        (
            Word::Capital,
            capital_end(text, first, until(&|character| !character.is_uppercase())),
        )
    } else if is_letter(first) {
        (Word::Small, until(&|character| !is_small(character)))
    } else if first.is_numeric() {
        (Word::Number, until(&|character| !character.is_numeric()))
    } else {
        let known = |character: char| {
            is_connector(character)
                || is_letter(character)
                || character.is_numeric()
                || is_punctuation(character)
        };
        (Word::Other, until(&known))
    };
    (word, &text[..end], &text[end..])
}

/// `Http` is one word; in `HTTPServer` the last capital starts the next one.
fn capital_end(text: &str, first: char, capitals: usize) -> usize {
    let behind = &text[capitals..];
    let goes_on = behind.chars().next().is_some_and(is_letter);
    if capitals > first.len_utf8() {
        let last = text[..capitals].chars().next_back().map_or(0, char::len_utf8);
        return if goes_on { capitals - last } else { capitals };
    }
    let small = behind.find(|character: char| !is_letter(character) || character.is_uppercase());
    capitals + small.unwrap_or(behind.len())
}

fn add(out: &mut String, word: Word, text: &str, connector: char) {
    match word {
        Word::Capital | Word::Connector => out.extend(text.chars().map(|character| {
            if is_connector(character) {
                connector
            } else {
                lower(character)
            }
        })),
        _ => out.push_str(text),
    }
}

/// xstrings' `camelCaseToLowerCase`.
fn connected(text: &str, connector: char) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let joins = |word: Word| !matches!(word, Word::Connector | Word::Punctuation);
    let (mut word, mut part, mut rest) = next_word(text);
    while !rest.is_empty() {
        if word != Word::Connector {
            add(&mut out, word, part, connector);
        }
        let (before, last) = (word, part);
        (word, part, rest) = next_word(rest);
        match before {
            Word::Number => (word, part, rest) = add_run(&mut out, (word, part, rest), connector),
            Word::Connector => add(&mut out, before, last, connector),
            Word::Punctuation => {}
            _ if word != Word::Number => {
                if joins(word) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = part;
                (word, part, rest) = next_word(rest);
                if word == Word::Small {
                    // `http2xx` is `http_2xx`, but `Bld4Floor` is `bld4_floor`.
                    out.push(connector);
                    out.push_str(number);
                    (word, part, rest) = add_run(&mut out, (word, part, rest), connector);
                } else {
                    out.push_str(number);
                    if joins(word) {
                        out.push(connector);
                    }
                }
            }
        }
    }
    add(&mut out, word, part, connector);
    out
}

/// Numbers and small letters stay together behind a number.
fn add_run<'t>(
    out: &mut String,
    from: (Word, &'t str, &'t str),
    connector: char,
) -> (Word, &'t str, &'t str) {
    let (mut word, mut part, mut rest) = from;
    while matches!(word, Word::Small | Word::Number) {
        add(out, word, part, connector);
        (word, part, rest) = next_word(rest);
    }
    if !matches!(word, Word::None | Word::Connector | Word::Punctuation) {
        out.push(connector);
    }
    (word, part, rest)
}

/// xstrings' `ToPascalCase`: connectors at the start stay, of several in a row all but the last.
fn camel(text: &str) -> String {
    let start = text
        .find(|character: char| !is_connector(character))
        .unwrap_or(text.len());
    let mut out = text[..start].to_owned();
    let mut characters = text[start..].chars();
    let Some(first) = characters.next() else {
        // xstrings writes the last of nothing but connectors twice.
        out.extend(text.chars().next_back());
        return out;
    };
    let mut capitals = first.is_uppercase();
    let mut before = upper(first);
    for mut character in characters {
        if is_connector(character) && is_connector(before) {
            out.push(before);
        } else if is_connector(before) {
            capitals = character.is_uppercase();
            character = upper(character);
        } else {
            // A word in capitals gets small ones behind its first.
            if capitals && character.is_uppercase() {
                character = lower(character);
            } else {
                capitals = false;
            }
            out.push(before);
        }
        before = character;
    }
    out.push(before);
    out
}
