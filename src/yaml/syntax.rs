//! Owns the wording of syntax errors: the cause in plain words and help for the common causes.
//!
//! It never repeats the text at fault: the text may be a credential, and the snippet shows it masked.

use super::parser::SyntaxError;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use std::sync::Arc;

/// The diagnostic for a syntax error in `source`.
pub(super) fn explain(source: &Arc<Source>, error: &SyntaxError) -> Diagnostic {
    let at = error.at.place(source);
    let began = error.context.map(|(_, mark)| mark.place(source));
    let scene = Scene { source, at, began };
    let wording = scene.wording(error);
    let (main, other) = match scene.began {
        Some(began) if wording.from_start => (began, None),
        Some(began) if began != scene.at => (scene.at, Some(began)),
        _ => (scene.at, None),
    };
    let mut diagnostic = Diagnostic::error("yaml-syntax", wording.message).at(main);
    if let Some(other) = other {
        diagnostic = diagnostic.label(other, 1, "it began here");
    }
    match wording.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

struct Wording {
    message: String,
    help: Option<String>,
    /// Whether the place to look at is where the thing began, not where the parser gave up.
    from_start: bool,
}

fn wording(message: &str, help: &str) -> Wording {
    Wording {
        message: message.to_owned(),
        help: (!help.is_empty()).then(|| help.to_owned()),
        from_start: false,
    }
}

fn from_start(message: &str, help: &str) -> Wording {
    Wording {
        from_start: true,
        ..wording(message, help)
    }
}

/// What surrounds an error.
struct Scene<'a> {
    source: &'a Arc<Source>,
    at: Place,
    began: Option<Place>,
}

const TEMPLATE_HELP: &str = "quote a text that starts with `{{`: \"{{ … }}\"";
const TAB_HELP: &str = "indent with spaces";

impl Scene<'_> {
    fn wording(&self, error: &SyntaxError) -> Wording {
        match error.problem {
            "could not find expected ':'" => self.lone_key(),
            "mapping values are not allowed in this context" => self.stray_colon(),
            "found character that cannot start any token" => self.bad_start(),
            "did not find expected key" | "did not find expected '-' indicator" => self.bad_indentation(),
            "did not find expected ',' or ']'" => self.open_bracket(']'),
            "did not find expected ',' or '}'" => self.open_bracket('}'),
            "did not find expected node content" => self.no_content(),
            problem => fixed(problem),
        }
    }

    /// The text of a line, up to the characters before `column` if one is given.
    fn line(&self, number: u32, column: Option<u32>) -> String {
        let line = self.source.line(number).unwrap_or("");
        let count = column.map_or(usize::MAX, |column| column.saturating_sub(1) as usize);
        line.chars().take(count).collect()
    }

    fn rest(&self, place: &Place) -> String {
        let line = self.source.line(place.line).unwrap_or("");
        line.chars()
            .skip(place.column.saturating_sub(1) as usize)
            .collect()
    }

    fn lone_key(&self) -> Wording {
        let text = self
            .began
            .as_ref()
            .map(|began| self.rest(began))
            .unwrap_or_default();
        let help = if lacks_space(&text) {
            "put a space behind the colon: `key: value`"
        } else if text.starts_with("{{") {
            TEMPLATE_HELP
        } else {
            "write `key: value`; indent the line further if it continues the text above"
        };
        from_start("a key without a `:` and a value", help)
    }

    fn stray_colon(&self) -> Wording {
        let message = "a `:` where no key can stand";
        let before = self.line(self.at.line, Some(self.at.column));
        if before.contains(": ") || before.trim_start().starts_with("- ") && before.contains(':') {
            return wording(message, "quote a text that holds `: `");
        }
        let above = (1..self.at.line)
            .rev()
            .map(|number| (number, self.line(number, None)));
        let above = above.into_iter().find(|(_, line)| !line.trim().is_empty());
        match above {
            Some((number, line)) if lacks_space(line.trim_start()) => wording(
                message,
                &format!("put a space behind the colon in line {number}: `key: value`"),
            ),
            Some((number, _)) => wording(
                message,
                &format!(
                    "check the indentation of this line against line {number}, which holds a complete value"
                ),
            ),
            None => wording(message, "quote a text that holds `: `"),
        }
    }

    fn bad_start(&self) -> Wording {
        match self.rest(&self.at).chars().next() {
            Some('\t') => wording("a tab cannot indent YAML", TAB_HELP),
            Some(character) => wording(
                &format!("a text cannot start with `{character}`"),
                "quote the text",
            ),
            None => wording("a text cannot start here", ""),
        }
    }

    fn bad_indentation(&self) -> Wording {
        let indentation = self.line(self.at.line, Some(self.at.column));
        if indentation.contains('\t') {
            return wording("a tab cannot indent YAML", TAB_HELP);
        }
        let began = self.began.as_ref().map_or(0, |began| began.line);
        if self.rest(&self.at).starts_with("- ") {
            let help = format!("put it below a key of its own; the map began at line {began}");
            return wording("a list item where a key was expected", &help);
        }
        let message = "this does not line up with what stands above";
        wording(
            message,
            "indent it exactly as the other entries of its map or list",
        )
    }

    fn open_bracket(&self, close: char) -> Wording {
        let (open, name) = if close == ']' { ('[', "list") } else { ('{', "map") };
        let began = self
            .began
            .as_ref()
            .map(|began| self.rest(began))
            .unwrap_or_default();
        let message = format!("the {name} that `{open}` begins is never closed, or a `,` is missing in it");
        let help = if began.starts_with("{{") {
            TEMPLATE_HELP.to_owned()
        } else {
            format!("add the `,` or the `{close}`, or quote the text if it is no {name}")
        };
        wording(&message, &help)
    }

    fn no_content(&self) -> Wording {
        let found = self.rest(&self.at).chars().next();
        match found {
            Some(character) if !character.is_alphanumeric() => wording(
                &format!("a value was expected before `{character}`"),
                "add the value, or quote the text if it is one",
            ),
            _ => wording("a value was expected", ""),
        }
    }
}

/// Whether a text looks like `key:value`.
fn lacks_space(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or("");
    word.split_once(':').is_some_and(|(key, value)| {
        let is_key =
            |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '/');
        !key.is_empty() && key.chars().all(is_key) && !value.is_empty()
    })
}

/// The problems whose wording needs nothing but their name.
fn fixed(problem: &str) -> Wording {
    match problem {
        "found unexpected end of stream" => {
            from_start("a quoted text is never closed", "add the closing quote")
        }
        "found unexpected document indicator" => from_start(
            "a quoted text is not closed before the document ends",
            "add the closing quote; indent a line of the text that starts with `---` or `...`",
        ),
        "found unknown escape character" => from_start(
            "an unknown escape behind a backslash in double quotes",
            "use single quotes, in which a backslash stands for itself, or write `\\\\`",
        ),
        "did not find expected hexdecimal number" | "found invalid Unicode character escape code" => {
            from_start(
                "an escape in double quotes that names no character",
                "use single quotes, in which a backslash stands for itself",
            )
        }
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => {
            wording("a tab cannot indent YAML", TAB_HELP)
        }
        "block sequence entries are not allowed in this context" => wording(
            "a list cannot start behind its key on the same line",
            "put each `- ` on a line of its own, or quote the text",
        ),
        "mapping keys are not allowed in this context" => {
            wording("a `? ` where no key can stand", "quote the text")
        }
        "did not find expected alphabetic or numeric character" => wording(
            "`&` and `*` begin the name of an anchor, which holds letters, digits, `-` and `_`",
            "quote a text that starts with `&` or `*`",
        ),
        "did not find expected comment or line break" => wording(
            "text behind `|`, `>` or a directive",
            "start the text on the next line",
        ),
        "found an indentation indicator equal to 0" => {
            wording("a block of text cannot be indented by 0", "leave the digit out")
        }
        "control characters are not allowed" => wording(
            "a control character, which YAML does not allow",
            "write it as an escape in double quotes: \"\\x07\"",
        ),
        "the text is not UTF-8 here" => wording("a byte that is no UTF-8", "save the text as UTF-8"),
        "found unknown directive name"
        | "could not find expected directive name"
        | "found unexpected non-alphabetical character" => wording(
            "a line that starts with `%` is a directive",
            "quote or indent the text",
        ),
        "found incompatible YAML document" => wording(
            "a version of YAML other than 1.1",
            "remove the `%YAML` line: Helm reads YAML 1.1",
        ),
        "did not find expected <document start>" => wording(
            "text behind the end of the document",
            "begin another document with `---`, or check the indentation",
        ),
        "found undefined tag handle" => wording(
            "a tag whose handle is not known",
            "quote a text that starts with `!`",
        ),
        "did not find expected whitespace or line break" => wording(
            "a tag must end in white space",
            "quote a text that starts with `!`",
        ),
        other => wording(other, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use crate::source::Source;

    /// The first line, the place and the help of the error in `text`.
    fn error(text: &str) -> (String, String, String) {
        let errors = read(&Source::new("v", text)).expect_err(text);
        let first = &errors[0];
        assert_eq!(first.code, "yaml-syntax", "{text}");
        let place = &first.labels[0].place;
        (
            first.message.clone(),
            format!("{}:{}", place.line, place.column),
            first.help.join("\n"),
        )
    }

    #[test]
    fn common_mistakes_are_named_with_their_place() {
        for (text, place, message, help) in [
            ("a:\n\tb: 1\n", "2:1", "a tab cannot indent YAML", "spaces"),
            (
                "a: 1\nb:2\nc: 3\n",
                "2:1",
                "a key without a `:`",
                "space behind the colon",
            ),
            ("a:1\nb: 2\n", "2:2", "a `:` where no key", "in line 1"),
            ("a: b: c\n", "1:5", "a `:` where no key", "quote"),
            (
                "a: \"b\nc: d\n",
                "1:4",
                "a quoted text is never closed",
                "closing quote",
            ),
            ("a:\n  b: 1\n c: 2\n", "3:2", "does not line up", "exactly"),
            ("a: {{ .Values.x }}\n", "1:4", "a map cannot be a key", "{{"),
            ("a: [1, 2\nb: 3\n", "2:2", "the list that `[` begins", "`]`"),
            ("a: @b\n", "1:4", "cannot start with `@`", "quote"),
            ("a: \"\\d\"\n", "1:4", "unknown escape", "single quotes"),
            ("a: - b\n", "1:4", "a list cannot start behind", "line of its own"),
            ("a: *\n", "1:5", "anchor", "quote"),
            ("a: 1\n\u{1}b: 1\n", "2:1", "a control character", "escape"),
            ("é: 1\n  ü: 2\n", "2:4", "a `:` where no key", "indentation"),
            ("a: |x\n  b\n", "1:5", "text behind `|`", "next line"),
            ("%YAML 1.2\n---\na: 1\n", "1:1", "a version of YAML", "%YAML"),
        ] {
            if message == "a map cannot be a key" {
                let errors = read(&Source::new("v", text)).expect_err(text);
                assert!(
                    errors[0].message.contains(message) && errors[0].help[0].contains(help),
                    "{errors:?}"
                );
                continue;
            }
            let (found, at, advice) = error(text);
            assert!(found.contains(message), "{text}: {found}");
            assert_eq!(at, place, "{text}: {found}");
            assert!(advice.contains(help), "{text}: {advice}");
        }
    }

    #[test]
    fn wording_never_repeats_the_text() {
        for text in [
            "a: 1\nhunter2\nb: 1\n",
            "a: \"hunter2\n",
            "a: hunter2: x\n",
            "a: [hunter2\n",
        ] {
            let (message, _, help) = error(text);
            assert!(
                !message.contains("hunter2") && !help.contains("hunter2"),
                "{message} {help}"
            );
        }
        let errors = read(&Source::sensitive("v", "token: *hunter2\n")).expect_err("no such anchor");
        assert!(!errors[0].message.contains("hunter2"), "{}", errors[0].message);
    }
}
