//! Owns Sprig's functions over regular expressions in Go's (RE2's) syntax.
//!
//! Matching takes linear time; the size of a compiled expression is bounded by the crate.

use super::arguments::{at, check_size, int, string, strings, text};
use super::regex_syntax::translate;
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::{List, ListKind, Value};
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "regexMatch",
        "REGEX TEXT",
        "Whether the expression matches; a wrong one never does.",
        |_, args| {
            let matches = |expression: Regex| Ok(expression.is_match(text(args, 1)?).into());
            compile(text(args, 0)?).map_or(Ok(false.into()), matches)
        },
    )
    .examples(&[example(
        r#"regexMatch "^a+$" "aaa""#,
        r#""aaa" | regexMatch("^a+$")"#,
        "true",
    )]),
    Function::plain(
        "mustRegexMatch",
        "REGEX TEXT",
        "Whether the expression matches.",
        |_, args| Ok(compile(text(args, 0)?)?.is_match(text(args, 1)?).into()),
    )
    .examples(&[example(
        r#"mustRegexMatch "^a+$" "aab""#,
        r#""aab" | mustRegexMatch("^a+$")"#,
        "false",
    )]),
    Function::plain(
        "regexFind",
        "REGEX TEXT",
        "The first match, or an empty text.",
        find,
    )
    .examples(&[example(
        r#"regexFind "[0-9]+" "ab12c3""#,
        r#""ab12c3" | regexFind("[0-9]+")"#,
        "12",
    )]),
    Function::plain("mustRegexFind", "REGEX TEXT", "Like `regexFind`.", find).examples(&[example(
        r#"mustRegexFind "[a-z]+" "12ab""#,
        r#""12ab" | mustRegexFind("[a-z]+")"#,
        "ab",
    )]),
    Function::plain(
        "regexFindAll",
        "REGEX TEXT COUNT",
        "The matches, at most COUNT if it is not negative.",
        find_all,
    )
    .subject(1)
    .examples(&[example(
        r#"regexFindAll "[2468]" "123456" -1"#,
        r#""123456" | regexFindAll("[2468]", -1)"#,
        "[2 4 6]",
    )]),
    Function::plain(
        "mustRegexFindAll",
        "REGEX TEXT COUNT",
        "Like `regexFindAll`.",
        find_all,
    )
    .subject(1)
    .examples(&[example(
        r#"mustRegexFindAll "[24]" "1234" 1"#,
        r#""1234" | mustRegexFindAll("[24]", 1)"#,
        "[2]",
    )]),
    Function::plain(
        "regexReplaceAll",
        "REGEX TEXT REPLACEMENT",
        "Replaces the matches; `${1}` is the first group.",
        replace_all,
    )
    .subject(1)
    .examples(&[example(
        r#"regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W""#,
        r#""-ab-axxb-" | regexReplaceAll("a(x*)b", "${1}W")"#,
        "-W-xxW-",
    )]),
    Function::plain(
        "mustRegexReplaceAll",
        "REGEX TEXT REPLACEMENT",
        "Like `regexReplaceAll`.",
        replace_all,
    )
    .subject(1)
    .examples(&[example(
        r#"mustRegexReplaceAll "b" "abc" "-""#,
        r#""abc" | mustRegexReplaceAll("b", "-")"#,
        "a-c",
    )]),
    Function::plain(
        "regexReplaceAllLiteral",
        "REGEX TEXT REPLACEMENT",
        "Replaces the matches by the text as it is.",
        replace_literal,
    )
    .subject(1)
    .examples(&[example(
        r#"regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}""#,
        r#""-ab-axxb-" | regexReplaceAllLiteral("a(x*)b", "${1}")"#,
        "-${1}-${1}-",
    )]),
    Function::plain(
        "mustRegexReplaceAllLiteral",
        "REGEX TEXT REPLACEMENT",
        "Like `regexReplaceAllLiteral`.",
        replace_literal,
    )
    .subject(1)
    .examples(&[example(
        r#"mustRegexReplaceAllLiteral "b" "abc" "$1""#,
        r#""abc" | mustRegexReplaceAllLiteral("b", "$1")"#,
        "a$1c",
    )]),
    Function::plain(
        "regexSplit",
        "REGEX TEXT COUNT",
        "The parts between matches, at most COUNT if it is not negative.",
        split,
    )
    .subject(1)
    .examples(&[example(
        r#"regexSplit "z+" "pizza" -1"#,
        r#""pizza" | regexSplit("z+", -1)"#,
        "[pi a]",
    )]),
    Function::plain("mustRegexSplit", "REGEX TEXT COUNT", "Like `regexSplit`.", split)
        .subject(1)
        .examples(&[example(
            r#"mustRegexSplit "," "a,b,c" 2"#,
            r#""a,b,c" | mustRegexSplit(",", 2)"#,
            "[a b,c]",
        )]),
    Function::plain(
        "regexQuoteMeta",
        "TEXT",
        "The text with what an expression would read escaped.",
        |_, args| string(quote_meta(text(args, 0)?)),
    )
    .examples(&[example(
        r#"regexQuoteMeta "1.2.3""#,
        r#""1.2.3" | regexQuoteMeta"#,
        r"1\.2\.3",
    )]),
];

/// Expressions that were compiled before: a chart's helpers use the same few again and again, and compiling one
/// costs more than a hundred searches.
static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());

/// More than any chart writes; expressions made from values must not fill the memory.
const MOST_COMPILED: usize = 64;

fn compile(expression: &str) -> Result<Regex, FnError> {
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(expression) {
        return Ok(known.clone());
    }
    let built = build(expression)?;
    if compiled.len() < MOST_COMPILED {
        compiled.insert(expression.to_owned(), built.clone());
    }
    Ok(built)
}

fn build(expression: &str) -> Result<Regex, FnError> {
    let refusal = || {
        FnError::new(format!(
            "`{expression}` is not a regular expression that Go accepts"
        ))
    };
    let translated = translate(expression).ok_or_else(refusal)?;
    let built = regex::RegexBuilder::new(&translated).size_limit(1 << 20).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => FnError::new("the regular expression is too large"),
        _ => refusal(),
    })
}

fn find(_: &Context, args: &[Value]) -> FnResult {
    let expression = compile(text(args, 0)?)?;
    string(expression.find(text(args, 1)?).map_or("", |found| found.as_str()))
}

fn limit(args: &[Value], index: usize) -> Result<usize, FnError> {
    Ok(usize::try_from(int(args, index)?).unwrap_or(usize::MAX))
}

fn find_all(_: &Context, args: &[Value]) -> FnResult {
    let expression = compile(text(args, 0)?)?;
    let found = expression.find_iter(text(args, 1)?).take(limit(args, 2)?);
    let found: Vec<&str> = found.map(|found| found.as_str()).collect();
    if found.is_empty() {
        return Ok(nil_strings());
    }
    Ok(strings(found))
}

fn replace_all(_: &Context, args: &[Value]) -> FnResult {
    let (subject, replacement) = (text(args, 1)?, text(args, 2)?);
    let expression = compile(text(args, 0)?)?;
    let mut out = String::new();
    let mut end = 0;
    for groups in expression.captures_iter(subject) {
        let Some(whole) = groups.get(0) else { continue };
        out.push_str(&subject[end..whole.start()]);
        expand(&groups, &expression, replacement, &mut out);
        check_size(out.len())?;
        end = whole.end();
    }
    out.push_str(&subject[end..]);
    string(out)
}

/// Go's `Regexp.Expand`: `$name` takes letters, digits and underscores; unknown groups are empty.
fn expand(groups: &Captures<'_>, expression: &Regex, template: &str, out: &mut String) {
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let Some((name, behind)) = group_name(rest) else {
            out.push('$');
            continue;
        };
        rest = behind;
        let number = name
            .parse::<usize>()
            .ok()
            .filter(|_| name == "0" || !name.starts_with('0'));
        let group = match number {
            Some(number) => groups.get(number),
            None => expression
                .capture_names()
                .flatten()
                .find(|known| *known == name)
                .and_then(|name| groups.name(name)),
        };
        out.push_str(group.map_or("", |group| group.as_str()));
    }
    out.push_str(rest);
}

/// The name behind a `$`, with or without braces, and what follows it.
fn group_name(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let body = braced.unwrap_or(text);
    let end = body
        .find(|character: char| character != '_' && !character.is_alphanumeric())
        .unwrap_or(body.len());
    let (name, behind) = body.split_at(end);
    let behind = if braced.is_some() {
        behind.strip_prefix('}')?
    } else {
        behind
    };
    (!name.is_empty()).then_some((name, behind))
}

fn replace_literal(_: &Context, args: &[Value]) -> FnResult {
    let (subject, replacement) = (text(args, 1)?, text(args, 2)?);
    let expression = compile(text(args, 0)?)?;
    check_size(
        subject
            .len()
            .saturating_add((subject.len() + 1).saturating_mul(replacement.len()) / 2),
    )?;
    string(expression.replace_all(subject, regex::NoExpand(replacement)))
}

fn nil_strings() -> Value {
    Value::List(List::of_kind(ListKind::NilStrings, []))
}

/// Go's `Regexp.Split`.
fn split(_: &Context, args: &[Value]) -> FnResult {
    let (subject, count) = (text(args, 1)?, limit(args, 2)?);
    let expression = compile(text(args, 0)?)?;
    if count == 0 {
        return Ok(nil_strings());
    }
    if !at(args, 0).is_true() || subject.is_empty() {
        return Ok(strings(split_empty(&expression, subject, count)));
    }
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in expression.find_iter(subject) {
        if parts.len() + 1 == count {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(&subject[start..end]);
        }
        start = found.end();
    }
    if end != subject.len() {
        parts.push(&subject[start..]);
    }
    Ok(strings(parts))
}

fn split_empty<'s>(expression: &Regex, subject: &'s str, count: usize) -> Vec<&'s str> {
    if subject.is_empty() {
        // Go: an expression text that is not empty gives the one empty part.
        return if expression.as_str().is_empty() {
            Vec::new()
        } else {
            vec![""]
        };
    }
    let mut parts = super::strings::go_split(subject, "", Some(count));
    if parts.len() == count {
        let kept: usize = parts.iter().take(count - 1).map(|part| part.len()).sum();
        parts[count - 1] = &subject[kept..];
    }
    parts
}

/// Go's `regexp.QuoteMeta`.
fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
