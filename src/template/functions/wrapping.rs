//! Owns breaking lines and abbreviating, byte for byte as goutils does it for Sprig.
//!
//! Lengths are bytes, so a cut may fall into a character.

use super::arguments::{check_size, int, string, string_of_bytes, text};
use super::{Context, FnError, FnResult, Function, example};
use crate::bytes;
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "wrap",
        "WIDTH TEXT",
        "Breaks lines at spaces; longer words stay whole.",
        |_, args| wrapped(int(args, 0)?, "\n", text(args, 1)?, false),
    )
    .examples(&[example(
        r#"wrap 6 "Hello big world""#,
        r#""Hello big world" | wrap(6)"#,
        "Hello\nbig\nworld",
    )]),
    Function::plain(
        "wrapWith",
        "WIDTH BREAK TEXT",
        "Breaks lines with BREAK; longer words are cut.",
        |_, args| {
            let line_break = text(args, 1)?;
            wrapped(
                int(args, 0)?,
                if line_break.is_empty() { "\n" } else { line_break },
                text(args, 2)?,
                true,
            )
        },
    )
    .examples(&[example(
        r#"wrapWith 5 "|" "Hello World""#,
        r#""Hello World" | wrapWith(5, "|")"#,
        "Hello|World",
    )]),
    Function::plain(
        "abbrev",
        "WIDTH TEXT",
        "Cuts to WIDTH bytes, three of which are dots.",
        |_, args| abbreviated(text(args, 1)?, 0, int(args, 0)?),
    )
    .examples(&[example(
        r#"abbrev 5 "hello world""#,
        r#""hello world" | abbrev(5)"#,
        "he...",
    )]),
    Function::plain(
        "abbrevboth",
        "START WIDTH TEXT",
        "Cuts at both ends, so that START is shown.",
        abbrevboth,
    )
    .examples(&[example(
        r#"abbrevboth 5 10 "1234 5678 9123""#,
        r#""1234 5678 9123" | abbrevboth(5, 10)"#,
        "...5678...",
    )]),
];

fn wrapped(width: i64, line_break: &str, text: &str, cut_words: bool) -> FnResult {
    let line_break = bytes::of_text(line_break);
    let bytes = bytes::of_text(text);
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    let mut out: Vec<u8> = Vec::new();
    let mut offset = 0;
    while bytes.len() - offset > width {
        if bytes[offset] == b' ' {
            offset += 1;
            continue;
        }
        let space = bytes[offset..=offset + width]
            .iter()
            .rposition(|byte| *byte == b' ');
        let end = match space {
            Some(space) => Some(offset + space),
            None if cut_words => None,
            None => {
                let behind = bytes[offset + width..].iter().position(|byte| *byte == b' ');
                let Some(behind) = behind else { break };
                Some(offset + width + behind)
            }
        };
        out.extend(&bytes[offset..end.unwrap_or(offset + width)]);
        out.extend(&*line_break);
        check_size(out.len())?;
        offset = end.map_or(offset + width, |end| end + 1);
    }
    out.extend(&bytes[offset..]);
    string_of_bytes(&out)
}

fn abbrevboth(_: &Context, args: &[Value]) -> FnResult {
    let (start, width) = (int(args, 0)?, int(args, 1)?);
    if start > 0 && width < 7 {
        return string(text(args, 2)?);
    }
    abbreviated(text(args, 2)?, start, width)
}

fn abbreviated(text: &str, start: i64, width: i64) -> FnResult {
    let bytes = bytes::of_text(text);
    let Some(width) = usize::try_from(width)
        .ok()
        .filter(|width| *width >= 4 && *width < bytes.len())
    else {
        return string(text);
    };
    let kept = width - 3;
    let start = usize::try_from(start).unwrap_or(0).min(bytes.len() - kept);
    if start <= 4 {
        return string_of_bytes(&[&bytes[..kept], b"..."].concat());
    }
    if start + kept >= bytes.len() {
        return string_of_bytes(&[b"...", &bytes[bytes.len() - kept..]].concat());
    }
    let middle = kept.checked_sub(3).filter(|_| kept >= 4);
    let middle = middle.ok_or_else(|| FnError::new("the width must be at least 7"))?;
    string_of_bytes(&[b"...", &bytes[start..start + middle], b"..."].concat())
}
