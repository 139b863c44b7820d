//! Owns Sprig's functions over URLs, and the escapes of Go's templates for queries, HTML and JavaScript.
//!
//! No URL is ever opened.

use super::arguments::{describe, map, string, string_of_bytes, text, text_bytes};
use super::quoting::is_go_print;
use super::{Context, FnError, FnResult, Function, example, printf};
use crate::bytes;
use crate::yaml::{Map, Value};
use escape::Part;
use parse::Url;
use std::fmt::Write as _;

mod escape;
mod parse;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "urlParse",
        "URL",
        "A dict of the URL's parts: `scheme`, `host`, `hostname`, `path`, `query`, `opaque`, `fragment`, `userinfo`.",
        url_parse,
    )
    .examples(&[example(
        r#"(urlParse "https://u@example.com:8080/a?b=c#d").host"#,
        r#"("https://u@example.com:8080/a?b=c#d" | urlParse).host"#,
        "example.com:8080",
    )]),
    Function::plain(
        "urlJoin",
        "DICT",
        "The URL of the parts that `urlParse` gives.",
        url_join,
    )
    .examples(&[example(
        r#"urlJoin (dict "scheme" "https" "host" "example.com" "path" "/a b")"#,
        r#"{"scheme": "https", "host": "example.com", "path": "/a b"} | urlJoin"#,
        "https://example.com/a%20b",
    )]),
    Function::plain(
        "urlquery",
        "VALUE...",
        "The values as one text, escaped for the query of a URL.",
        |context, args| {
            let body = joined(context, args);
            string_of_bytes(&escape::escape(&bytes::of_text(&body), Part::Query))
        },
    )
    .examples(&[example(r#"urlquery "a b&c""#, r#""a b&c" | urlquery"#, "a+b%26c")]),
    Function::plain(
        "html",
        "VALUE...",
        "The values as one text, escaped for HTML.",
        |context, args| string(html(&joined(context, args))),
    )
    .examples(&[example(r#"html "<a & 'b'>""#, r#""<a & 'b'>" | html"#, "&lt;a &amp; &#39;b&#39;&gt;")]),
    Function::plain(
        "js",
        "VALUE...",
        "The values as one text, escaped for JavaScript.",
        |context, args| string(javascript(&joined(context, args))),
    )
    .examples(&[example(r#"js "it's <b>""#, r#""it's <b>" | js"#, r"it\'s \u003Cb\u003E")]),
    Function::plain(
        "getHostByName",
        "NAME",
        "An address of the host; nothing is ever asked, so always an empty text.",
        |_, args| {
            text(args, 0)?;
            string("")
        },
    )
    .examples(&[example(
        r#"getHostByName "example.com" | quote"#,
        r#""example.com" | getHostByName | quote"#,
        r#""""#,
    )]),
];

/// The values as one text; in these functions a null is shown.
fn joined(context: &Context, args: &[Value]) -> String {
    let shown = |value: &Value| match value {
        Value::Null => Value::from("<no value>"),
        other => other.clone(),
    };
    printf::print(context, &args.iter().map(shown).collect::<Vec<_>>())
}

fn url_parse(_: &Context, args: &[Value]) -> FnResult {
    let body = text_bytes(args, 0)?;
    let refusal = |reason| FnError::new(format!("the text is no URL: {reason}"));
    let url = Url::parse(&body).map_err(refusal)?;
    let user = url.user.as_ref().map(parse::UserInfo::to_bytes);
    let parts: [(&str, &[u8]); 8] = [
        ("scheme", &url.scheme),
        ("host", &url.host),
        ("hostname", url.hostname()),
        ("path", &url.path),
        ("query", &url.query),
        ("opaque", &url.opaque),
        ("fragment", &url.fragment),
        ("userinfo", user.as_deref().unwrap_or_default()),
    ];
    let parts = parts.map(|(name, part)| (name, bytes::to_text(part)));
    Ok(Value::Map(parts.into_iter().collect::<Map>()))
}

fn url_join(_: &Context, args: &[Value]) -> FnResult {
    let parts = map(args, 0)?;
    let part = |name: &str| match parts.get(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(bytes::of_text(&text).into_owned()),
        Some(other) => Err(FnError::new(format!(
            "`{name}` must be a string, not {}",
            describe(&other)
        ))),
    };
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let user = part("userinfo")?;
    if !user.is_empty() {
        let whole = [b"proto://", &user[..], b"@host"].concat();
        let refusal = |reason| FnError::new(format!("`userinfo` is not valid: {reason}"));
        url.user = Url::parse(&whole).map_err(refusal)?.user;
    }
    string_of_bytes(&url.to_bytes())
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}

fn javascript(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '\'' | '"' => out.extend(['\\', character]),
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            '\u{80}'.. if bytes::carried(character).is_some() => out.push(character),
            '\u{80}'.. if !is_go_print(character) => {
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_comes_back_from_its_parts() {
        for url in [
            "https://u:p@example.com:8080/a/b?c=d#e",
            "mailto:a@b.c",
            "//host/path",
            "/only/path",
            "http://[::1]:80/",
        ] {
            assert_eq!(Url::parse(url.as_bytes()).unwrap().to_bytes(), url.as_bytes());
        }
    }
}
