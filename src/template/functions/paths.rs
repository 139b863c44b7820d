//! Owns Sprig's functions over slash-separated paths.
//!
//! They look at texts only; nothing here touches a disk.

use super::arguments::{string, text};
use super::{Context, FnResult, Function, example};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] =
    &[
        Function::plain("base", "PATH", "The last element.", base).examples(&[example(
            r#"base "a/b.c""#,
            r#""a/b.c" | base"#,
            "b.c",
        )]),
        Function::plain("osBase", "PATH", "Like `base`.", base).examples(&[example(
            r#"osBase "a/b""#,
            r#""a/b" | osBase"#,
            "b",
        )]),
        Function::plain("dir", "PATH", "All but the last element, cleaned.", dir).examples(&[example(
            r#"dir "a/b/c""#,
            r#""a/b/c" | dir"#,
            "a/b",
        )]),
        Function::plain("osDir", "PATH", "Like `dir`.", dir).examples(&[example(
            r#"osDir "a/b""#,
            r#""a/b" | osDir"#,
            "a",
        )]),
        Function::plain("clean", "PATH", "The shortest equal path.", |_, args| {
            string(clean(text(args, 0)?))
        })
        .examples(&[example(
            r#"clean "a//b/../c/.""#,
            r#""a//b/../c/." | clean"#,
            "a/c",
        )]),
        Function::plain("osClean", "PATH", "Like `clean`.", |_, args| {
            string(clean(text(args, 0)?))
        })
        .examples(&[example(r#"osClean "a/./b""#, r#""a/./b" | osClean"#, "a/b")]),
        Function::plain("ext", "PATH", "The suffix that starts with the last dot.", ext)
            .examples(&[example(r#"ext "a.tar.gz""#, r#""a.tar.gz" | ext"#, ".gz")]),
        Function::plain("osExt", "PATH", "Like `ext`.", ext).examples(&[example(
            r#"osExt "a.b""#,
            r#""a.b" | osExt"#,
            ".b",
        )]),
        Function::plain("isAbs", "PATH", "Whether the path starts with a slash.", is_abs)
            .examples(&[example(r#"isAbs "/a""#, r#""/a" | isAbs"#, "true")]),
        Function::plain("osIsAbs", "PATH", "Like `isAbs`.", is_abs).examples(&[example(
            r#"osIsAbs "a""#,
            r#""a" | osIsAbs"#,
            "false",
        )]),
    ];

fn base(_: &Context, args: &[Value]) -> FnResult {
    let path = text(args, 0)?;
    if path.is_empty() {
        return string(".");
    }
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    string(if last.is_empty() { "/" } else { last })
}

fn dir(_: &Context, args: &[Value]) -> FnResult {
    let path = text(args, 0)?;
    string(clean(path.rfind('/').map_or("", |slash| &path[..=slash])))
}

fn ext(_: &Context, args: &[Value]) -> FnResult {
    let path = text(args, 0)?;
    let last = path.rsplit('/').next().unwrap_or(path);
    string(last.rfind('.').map_or("", |dot| &last[dot..]))
}

fn is_abs(_: &Context, args: &[Value]) -> FnResult {
    Ok(text(args, 0)?.starts_with('/').into())
}

/// Go's `path.Clean`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for element in path.split('/') {
        match element {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            other => kept.push(other),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
