//! Owns Sprig's functions over texts: trimming, searching, replacing, splitting, quoting, indenting.
//!
//! Functions that know about words (cases, wrapping, initials) are in `words.rs`.

use super::arguments::{at, check_size, int, string, string_of_bytes, strings, text, text_bytes};
use super::quoting::go_quote;
use super::{Context, FnError, FnResult, Function, cases, example, numbers};
use crate::yaml::{Map, MapKind, Slot, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("trim", "TEXT", "Removes white space at both ends.", |_, args| {
        string(text(args, 0)?.trim_matches(is_go_space))
    })
    .examples(&[example(r#"trim "  a b ""#, r#""  a b " | trim"#, "a b")]),
    Function::plain(
        "trimAll",
        "CHARACTERS TEXT",
        "Removes any of the characters at both ends.",
        trim_all,
    )
    .examples(&[example(
        r#"trimAll "$-" "$-5.00-$""#,
        r#""$-5.00-$" | trimAll("$-")"#,
        "5.00",
    )]),
    Function::plain(
        "trimall",
        "CHARACTERS TEXT",
        "The older name of `trimAll`.",
        trim_all,
    )
    .examples(&[example(
        r#"trimall "$" "$5.00$""#,
        r#""$5.00$" | trimall("$")"#,
        "5.00",
    )]),
    Function::plain(
        "trimPrefix",
        "PREFIX TEXT",
        "Removes one prefix, if it is there.",
        |_, args| {
            let (prefix, subject) = (text(args, 0)?, text(args, 1)?);
            string(subject.strip_prefix(prefix).unwrap_or(subject))
        },
    )
    .examples(&[example(
        r#"trimPrefix "-" "-hello""#,
        r#""-hello" | trimPrefix("-")"#,
        "hello",
    )]),
    Function::plain(
        "trimSuffix",
        "SUFFIX TEXT",
        "Removes one suffix, if it is there.",
        |_, args| {
            let (suffix, subject) = (text(args, 0)?, text(args, 1)?);
            string(subject.strip_suffix(suffix).unwrap_or(subject))
        },
    )
    .examples(&[example(
        r#"trimSuffix "-" "hello--""#,
        r#""hello--" | trimSuffix("-")"#,
        "hello-",
    )]),
    Function::plain(
        "trunc",
        "LENGTH TEXT",
        "Cuts to a length in bytes; a negative length keeps the end.",
        trunc,
    )
    .examples(&[
        example(r#"trunc 5 "hello world""#, r#""hello world" | trunc(5)"#, "hello"),
        example(
            r#"trunc -5 "hello world""#,
            r#""hello world" | trunc(-5)"#,
            "world",
        ),
    ]),
    Function::plain(
        "substr",
        "START END TEXT",
        "The bytes from START to END; a negative END is the end.",
        substr,
    )
    .examples(&[example(
        r#"substr 0 5 "hello world""#,
        r#""hello world" | substr(0, 5)"#,
        "hello",
    )]),
    Function::plain("upper", "TEXT", "In capital letters.", |_, args| {
        string(text(args, 0)?.chars().map(cases::upper).collect::<String>())
    })
    .examples(&[example(r#"upper "hello""#, r#""hello" | upper"#, "HELLO")]),
    Function::plain("lower", "TEXT", "In small letters.", |_, args| {
        string(text(args, 0)?.chars().map(cases::lower).collect::<String>())
    })
    .examples(&[example(r#"lower "HELLO""#, r#""HELLO" | lower"#, "hello")]),
    Function::plain("repeat", "COUNT TEXT", "The text COUNT times.", repeat).examples(&[example(
        r#"repeat 3 "ab""#,
        r#""ab" | repeat(3)"#,
        "ababab",
    )]),
    Function::plain(
        "replace",
        "OLD NEW TEXT",
        "Replaces every OLD by NEW.",
        |_, args| {
            let (old, new, subject) = (text(args, 0)?, text(args, 1)?, text(args, 2)?);
            check_size(
                subject.len()
                    + (subject.len() + 1).saturating_mul(new.len()).min(usize::MAX / 2) / old.len().max(1),
            )?;
            string(subject.replace(old, new))
        },
    )
    .examples(&[example(
        r#"replace " " "-" "I am here""#,
        r#""I am here" | replace(" ", "-")"#,
        "I-am-here",
    )]),
    Function::plain(
        "contains",
        "PART TEXT",
        "Whether PART occurs in TEXT.",
        |_, args| Ok(text(args, 1)?.contains(text(args, 0)?).into()),
    )
    .examples(&[example(
        r#"contains "cat" "catch""#,
        r#""catch" | contains("cat")"#,
        "true",
    )]),
    Function::plain(
        "hasPrefix",
        "PREFIX TEXT",
        "Whether TEXT starts with PREFIX.",
        |_, args| Ok(text(args, 1)?.starts_with(text(args, 0)?).into()),
    )
    .examples(&[example(
        r#"hasPrefix "cat" "catch""#,
        r#""catch" | hasPrefix("cat")"#,
        "true",
    )]),
    Function::plain(
        "hasSuffix",
        "SUFFIX TEXT",
        "Whether TEXT ends with SUFFIX.",
        |_, args| Ok(text(args, 1)?.ends_with(text(args, 0)?).into()),
    )
    .examples(&[example(
        r#"hasSuffix "cat" "catch""#,
        r#""catch" | hasSuffix("cat")"#,
        "false",
    )]),
    Function::plain(
        "quote",
        "VALUE...",
        "Each value in double quotes, escaped as in Go; nulls are left out.",
        quote,
    )
    .examples(&[
        example(r#"quote "a\"b""#, r#""a\"b" | quote"#, r#""a\"b""#),
        example("quote 1 true", "quote(1, true)", r#""1" "true""#),
    ]),
    Function::plain(
        "squote",
        "VALUE...",
        "Each value in single quotes; nulls are left out.",
        |context, args| {
            let quoted: Vec<String> = present(args)
                .map(|value| format!("'{}'", numbers::text(context, value)))
                .collect();
            string(quoted.join(" "))
        },
    )
    .examples(&[example(r#"squote "it" 1"#, r#"squote("it", 1)"#, "'it' '1'")]),
    Function::plain(
        "cat",
        "VALUE...",
        "The values with spaces between; nulls are left out.",
        |context, args| {
            let texts: Vec<String> = present(args).map(|value| numbers::text(context, value)).collect();
            string(texts.join(" "))
        },
    )
    .examples(&[example(
        r#"cat "hello" 1 "world""#,
        r#"cat("hello", 1, "world")"#,
        "hello 1 world",
    )]),
    Function::plain("indent", "SPACES TEXT", "Indents every line.", |_, args| {
        string(indented(int(args, 0)?, text(args, 1)?)?)
    })
    .examples(&[example(r#"indent 2 "a\nb""#, r#""a\nb" | indent(2)"#, "  a\n  b")]),
    Function::plain(
        "nindent",
        "SPACES TEXT",
        "A line break, then every line indented.",
        |_, args| string(format!("\n{}", indented(int(args, 0)?, text(args, 1)?)?)),
    )
    .examples(&[example(
        r#"nindent 2 "a\nb""#,
        r#""a\nb" | nindent(2)"#,
        "\n  a\n  b",
    )]),
    Function::plain(
        "split",
        "SEPARATOR TEXT",
        "A dict of the parts with the keys `_0`, `_1`, ….",
        |_, args| Ok(numbered(&go_split(text(args, 1)?, text(args, 0)?, None))),
    )
    .examples(&[example(
        r#"(split "$" "a$b")._1"#,
        r#"("a$b" | split("$"))._1"#,
        "b",
    )]),
    Function::plain(
        "splitn",
        "SEPARATOR COUNT TEXT",
        "Like `split` with at most COUNT parts.",
        |_, args| {
            let count = int(args, 1)?;
            let parts = match usize::try_from(count) {
                Ok(0) => Vec::new(),
                Ok(count) => go_split(text(args, 2)?, text(args, 0)?, Some(count)),
                Err(_) => go_split(text(args, 2)?, text(args, 0)?, None),
            };
            Ok(numbered(&parts))
        },
    )
    .examples(&[example(
        r#"(splitn "$" 2 "a$b$c")._1"#,
        r#"("a$b$c" | splitn("$", 2))._1"#,
        "b$c",
    )]),
    Function::plain(
        "splitList",
        "SEPARATOR TEXT",
        "A list of the parts.",
        |_, args| Ok(strings(go_split(text(args, 1)?, text(args, 0)?, None))),
    )
    .examples(&[example(
        r#"splitList "$" "a$b" | last"#,
        r#""a$b" | splitList("$") | last"#,
        "b",
    )]),
    Function::plain(
        "join",
        "SEPARATOR LIST",
        "The values of a list as one text; nulls are left out.",
        |context, args| {
            let parts = texts(context, at(args, 1));
            check_size(parts.len().saturating_mul(text(args, 0)?.len()))?;
            string(parts.join(text(args, 0)?))
        },
    )
    .examples(&[example(
        r#"list 1 "b" | join "-""#,
        r#"[1, "b"] | join("-")"#,
        "1-b",
    )]),
    Function::plain(
        "sortAlpha",
        "LIST",
        "The values as texts, sorted.",
        |context, args| {
            let value = at(args, 0);
            if value.is_null() {
                return Ok(strings(["<nil>"]));
            }
            let mut texts = texts(context, value);
            texts.sort();
            Ok(strings(texts))
        },
    )
    .examples(&[example(
        r#"list "b" "a" | sortAlpha"#,
        r#"["b", "a"] | sortAlpha"#,
        "[a b]",
    )]),
    Function::plain("toStrings", "LIST", "The values as texts.", |context, args| {
        Ok(strings(texts(context, at(args, 0))))
    })
    .examples(&[example(
        "list 1 true | toStrings",
        "[1, true] | toStrings",
        "[1 true]",
    )]),
    Function::plain("toString", "VALUE", "The value as a text.", |context, args| {
        string(numbers::text(context, at(args, 0)))
    })
    .examples(&[example("toString 12", "12 | toString", "12")]),
];

/// Go's `unicode.IsSpace`, as `strings.TrimSpace` uses it.
pub(super) fn is_go_space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{1c}'..='\u{1f}')
}

fn present(args: &[Value]) -> impl Iterator<Item = &Value> {
    args.iter().filter(|value| !value.is_null())
}

fn trim_all(_: &Context, args: &[Value]) -> FnResult {
    let characters = text(args, 0)?;
    string(text(args, 1)?.trim_matches(|character| characters.contains(character)))
}

fn trunc(_: &Context, args: &[Value]) -> FnResult {
    let (length, bytes) = (int(args, 0)?, text_bytes(args, 1)?);
    let kept = if let Ok(length) = usize::try_from(length) {
        &bytes[..length.min(bytes.len())]
    } else {
        let cut = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
        &bytes[bytes.len().saturating_sub(cut)..]
    };
    string_of_bytes(kept)
}

fn substr(_: &Context, args: &[Value]) -> FnResult {
    let (start, end, bytes) = (int(args, 0)?, int(args, 1)?, text_bytes(args, 2)?);
    let out_of_range = || {
        FnError::new(format!(
            "the text has {} bytes, which does not reach",
            bytes.len()
        ))
    };
    let part = match (usize::try_from(start), usize::try_from(end)) {
        (Err(_), end) => bytes.get(..end.map_err(|_| out_of_range())?),
        (Ok(start), Ok(end)) if end <= bytes.len() => bytes.get(start..end),
        (Ok(start), _) => bytes.get(start..),
    };
    string_of_bytes(part.ok_or_else(out_of_range)?)
}

fn repeat(_: &Context, args: &[Value]) -> FnResult {
    let subject = text(args, 1)?;
    let count = usize::try_from(int(args, 0)?).map_err(|_| FnError::new("the count is negative"))?;
    check_size(count.saturating_mul(subject.len()))?;
    string(subject.repeat(count))
}

fn quote(context: &Context, args: &[Value]) -> FnResult {
    let quoted: Vec<String> = present(args)
        .map(|value| go_quote(&numbers::text(context, value)))
        .collect();
    string(quoted.join(" "))
}

fn indented(spaces: i64, text: &str) -> Result<String, FnError> {
    let spaces = usize::try_from(spaces).map_err(|_| FnError::new("the number of spaces is negative"))?;
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    check_size(spaces.saturating_mul(lines).saturating_add(text.len()))?;
    let pad = " ".repeat(spaces);
    let mut out = String::with_capacity(text.len() + spaces * lines);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(&pad);
        out.push_str(line);
    }
    Ok(out)
}

/// Go's `strings.SplitN`; an empty separator splits into characters.
pub(super) fn go_split<'a>(text: &'a str, separator: &str, count: Option<usize>) -> Vec<&'a str> {
    if separator.is_empty() {
        let mut starts: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        starts.truncate(count.unwrap_or(usize::MAX));
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        return starts
            .iter()
            .zip(ends)
            .map(|(start, end)| &text[*start..end])
            .collect();
    }
    match count {
        None => text.split(separator).collect(),
        Some(count) => text.splitn(count, separator).collect(),
    }
}

fn numbered(parts: &[&str]) -> Value {
    let entry = |(index, part): (usize, &&str)| {
        let value = Value::from(*part);
        (format!("_{index}").into(), Slot { value, origin: None })
    };
    Value::Map(Map::of_kind(
        MapKind::Strings,
        parts.iter().enumerate().map(entry).collect(),
    ))
}

/// Sprig's `strslice`: the non-null values of a list as texts; anything else is one text, null is none.
pub(super) fn texts(context: &Context, value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::List(list) => list
            .values()
            .iter()
            .filter(|value| !value.is_null())
            .map(|value| numbers::text(context, value))
            .collect(),
        other => vec![numbers::text(context, other)],
    }
}
