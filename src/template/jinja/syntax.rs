//! Owns the wording of syntax errors in Jinja: the cause in plain words and help for habits of other languages.
//!
//! It does not place them; `errors` does.

use std::ops::Range;

/// What is wrong with a template that does not parse.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wording {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The tag of the block that is never closed.
    pub(super) opened: Option<Range<usize>>,
}

/// What minijinja calls its tokens, and how they are written.
const TOKENS: [(&str, &str); 6] = [
    ("end of variable block", "`}}`"),
    ("start of variable block", "`{{`"),
    ("end of block", "`%}`"),
    ("start of block", "`{%`"),
    ("identifier", "a name"),
    ("end of input", "the end of the template"),
];

/// What stands at the error, and what was meant. Longer spellings first.
const HABITS: [(&str, &str); 7] = [
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("!", "write `not`"),
    ("?", "write `a if condition else b`"),
    (".", "names have no leading dot in Jinja: `Values`, not `.Values`"),
    ("$", "names have no `$` in Jinja"),
    (":=", "write `{% set name = value %}`"),
];

/// Statements that need an end of their own.
const BLOCKS: [&str; 8] = [
    "autoescape",
    "block",
    "call",
    "filter",
    "for",
    "if",
    "macro",
    "with",
];

/// Words the error that minijinja describes as `detail`, found at `offset` of `template`.
pub(super) fn explain(detail: &str, template: &str, offset: usize) -> Wording {
    let rest = template.get(offset..).unwrap_or_default();
    let mut wording = Wording {
        message: spell(detail),
        help: None,
        opened: None,
    };
    if let Some(statement) = detail.strip_prefix("unknown statement ") {
        let before = template[..offset.min(template.len())].rsplit_once("{%");
        let open = before.and_then(|(before, _)| unclosed(before));
        wording.message = match (statement.strip_prefix("end"), open) {
            (Some(block), Some((inner, range))) if BLOCKS.contains(&block) => {
                wording.opened = Some(range);
                format!("`{statement}` where `{inner}` is not closed")
            }
            (Some(block), None) if BLOCKS.contains(&block) => format!("`{statement}` without its `{block}`"),
            _ if matches!(statement, "else" | "elif") => format!("`{statement}` without its `if`"),
            _ => format!("there is no statement `{statement}`"),
        };
    } else if let (true, Some((block, range))) =
        (detail.starts_with("unexpected end of input"), unclosed(template))
    {
        wording.message = format!("`{block}` is never closed");
        wording.help = Some(format!("end it with `{{% end{block} %}}`"));
        wording.opened = Some(range);
    } else if let Some((_, help)) = HABITS.iter().find(|(written, _)| rest.starts_with(written)) {
        wording.help = Some((*help).to_owned());
    }
    wording
}

/// The message with tokens as they are written.
fn spell(detail: &str) -> String {
    let spelt = TOKENS.iter().fold(detail.to_owned(), |text, (token, spelling)| {
        text.replace(token, spelling)
    });
    match spelt
        .strip_prefix("unexpected ")
        .and_then(|rest| rest.split_once(", expected "))
    {
        Some((found, expected)) => format!("expected {expected}, found {found}"),
        None => spelt,
    }
}

/// The innermost block without its end, and where its tag stands.
fn unclosed(template: &str) -> Option<(&str, Range<usize>)> {
    let mut open = Vec::new();
    for (start, _) in template.match_indices("{%") {
        let tag = &template[start + 2..];
        // A tag that is not closed itself is another error.
        let length = tag.find("%}")?;
        let words = tag[..length].trim_start_matches(['-', '+']).trim_start();
        let word = words.split(|letter: char| !letter.is_alphanumeric()).next()?;
        if BLOCKS.contains(&word) {
            open.push((word, start..start + length + 4));
        } else if word.starts_with("end") && BLOCKS.contains(&&word[3..]) {
            open.pop();
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_without_its_end_is_found_where_it_begins() {
        let template = "{% for x in y %}{%- if x %}{% endif %}\n";
        let wording = explain("unexpected end of input, expected end of block", template, 38);
        assert_eq!(wording.message, "`for` is never closed");
        assert_eq!(wording.opened, Some(0..16));
    }

    #[test]
    fn habits_of_other_languages_get_help() {
        let help = |template: &str, offset| explain("unexpected character", template, offset).help;
        assert_eq!(help("{{ a && b }}", 5).as_deref(), Some("write `and`"));
        assert_eq!(help("{{ a # b }}", 5), None);
    }

    #[test]
    fn tokens_are_named_as_they_are_written() {
        let detail = "unexpected identifier, expected end of variable block";
        let wording = explain(detail, "{{ a b }}", 5);
        assert_eq!(wording.message, "expected `}}`, found a name");
    }
}
