//! Owns how Go templates are read where only names matter: what they define, and where they ask for their chart's name.
//!
//! It does not parse them: it tells actions from text, and texts and comments in actions from the rest.

use crate::chart::Template;
use crate::source::Source;

/// A chart that was a part of another, and its name there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'n> {
    /// The name that objects go on being made with.
    pub(super) whole: &'n str,
    /// The name of the part itself.
    pub(super) part: &'n str,
}

impl Names<'_> {
    /// A template of the part: where it asks for its chart's name it gets that of the whole.
    pub(super) fn own(&self, template: &Template) -> Template {
        rewritten(template, |_| format!("\"{}\"", self.whole))
    }

    /// A template of a subchart, which may be asked by any chart.
    pub(super) fn foreign(&self, template: &Template) -> Template {
        rewritten(template, |chain| {
            format!(
                "(ternary \"{}\" {chain} (eq {chain} \"{}\"))",
                self.whole, self.part
            )
        })
    }
}

/// A template in which `name` replaces what asks for the name of the chart.
fn rewritten(template: &Template, name: impl Fn(&str) -> String) -> Template {
    let text = &template.source.text;
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Word(chain) if asks_for_the_name(chain) => out.push_str(&name(chain)),
            Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text) => out.push_str(text),
        }
    }
    Template {
        name: template.name.clone(),
        source: Source::new(template.source.name.clone(), out),
    }
}

/// Whether a chain of fields leads to the name of the chart that is rendered.
fn asks_for_the_name(chain: &str) -> bool {
    let Some(before) = chain.strip_suffix(".Chart.Name") else {
        return false;
    };
    // Values may hold anything, and subcharts have names of their own.
    let is_other = |step: &str| matches!(step, "Values" | "Subcharts");
    !before.split('.').any(is_other)
}

/// The names of the definitions in a template.
pub(super) fn definitions(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut defines = false;
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => defines = matches!(word, "define" | "block"),
            Piece::Quoted(quoted) if std::mem::take(&mut defines) => {
                names.push(&quoted[1..quoted.len().saturating_sub(1).max(1)]);
            }
            Piece::Quoted(_) => {}
            // Blanks may stand between the word and the name.
            Piece::Other(other) => defines &= other.trim().is_empty(),
        }
    }
    names
}

/// A run of characters of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    /// In an action: a key word, a name, a number, or a chain of fields.
    Word(&'t str),
    /// In an action: a text or a character, with its quotes.
    Quoted(&'t str),
    /// Text outside of actions, comments, and what stands between words.
    Other(&'t str),
}

/// The pieces of a template, which make it up one behind the other.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (outside, action) = rest.split_at(start + 2);
        pieces.push(Piece::Other(outside));
        let mut inside = action;
        while !inside.is_empty() && !inside.starts_with("}}") {
            let (piece, length) = next(inside);
            pieces.push(piece);
            inside = &inside[length..];
        }
        rest = inside;
    }
    pieces.push(Piece::Other(rest));
    pieces
}

/// The first piece of what an action still holds, and its length.
fn next(text: &str) -> (Piece<'_>, usize) {
    let word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '$');
    let end_of_word = text.find(|character| !word(character)).unwrap_or(text.len());
    let first = text.chars().next().unwrap_or_default();
    if end_of_word > 0 {
        return (Piece::Word(&text[..end_of_word]), end_of_word);
    }
    if text.starts_with("/*") {
        let end = text.find("*/").map_or(text.len(), |end| end + 2);
        return (Piece::Other(&text[..end]), end);
    }
    if matches!(first, '"' | '\'' | '`') {
        let end = end_of_quoted(text, first);
        return (Piece::Quoted(&text[..end]), end);
    }
    // A field of what parentheses give is no chain of its own.
    let is_field = first == ')' && text[1..].starts_with('.');
    let length = if is_field {
        1 + text[1..]
            .find(|character| !word(character))
            .unwrap_or(text.len() - 1)
    } else {
        first.len_utf8()
    };
    (Piece::Other(&text[..length]), length)
}

/// Where a text ends that begins with `quote`; in all but raw texts a backslash escapes.
fn end_of_quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (offset, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote != '`' {
            escaped = true;
        } else if character == quote {
            return offset + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> String {
        let names = Names {
            whole: "all",
            part: "all-one",
        };
        let template = Template {
            name: "templates/a.yaml".to_owned(),
            source: Source::new("a", text),
        };
        names.own(&template).source.text.clone()
    }

    #[test]
    fn only_the_charts_own_name_is_replaced() {
        for (text, expected) in [
            ("{{ .Chart.Name }}", "{{ \"all\" }}"),
            ("{{- $.Chart.Name | trunc 3 -}}", "{{- \"all\" | trunc 3 -}}"),
            (
                "{{ printf \"%s\" .root.Chart.Name }}{{.Chart.Name}}",
                "{{ printf \"%s\" \"all\" }}{{\"all\"}}",
            ),
            (
                "{{ (.Chart.Name) }}{{ $x.Chart.Name }}",
                "{{ (\"all\") }}{{ \"all\" }}",
            ),
        ] {
            assert_eq!(named(text), expected);
        }
        for same in [
            ".Chart.Name {{ x }} .Chart.Name",
            "{{/* {{ .Chart.Name }} */}}{{ \".Chart.Name }}\" }}{{ `\\` }}{{ '\\'' }}",
            "{{ .Values.Chart.Name }}{{ .Subcharts.a.Chart.Name }}{{ .Chart.Names }}{{ .Chart.Version }}",
            "{{ (index . 0).Chart.Name }}{{ .MyChart.Name }}{{ .Chart.Name.x }}",
            "{{ \"open",
            "{{ /* open",
            "{{",
        ] {
            assert_eq!(named(same), same);
        }
    }

    #[test]
    fn definitions_are_found_by_their_names() {
        let text = "{{- define \"a.b\" }}x{{ end }}{{define `c`}}{{ include \"d\" . }}{{ end }}{{ block \"e\" . }}{{ end }}\
                    {{/* define \"f\" */}} define \"g\" {{ $define := \"h\" }}{{ define \"";
        assert_eq!(definitions(text), ["a.b", "c", "e", ""]);
    }
}
