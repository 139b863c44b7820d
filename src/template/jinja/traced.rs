//! Owns call traces of macros: every macro is wrapped where it is defined, so that an error inside it also
//! carries the place of the call.
//!
//! minijinja traces includes by itself but not macro calls. After each `endmacro` a `set` of the same name
//! is put into the text that minijinja compiles; [`Prepared`] maps its offsets back to the user's text.

use minijinja::value::{Object, Value as Jinja};
use minijinja::{Error, ErrorKind, State};
use std::sync::Arc;

/// The function that wraps a macro; the name stands in no user's template.
pub(super) const WRAP: &str = "__traced";

/// A template's text as minijinja compiles it.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// The text; None if it is the user's.
    pub(super) text: Option<String>,
    /// Where something was put in: the offset in the user's text and the length of the addition.
    added: Vec<(usize, usize)>,
}

impl Prepared {
    /// The user's text as it is.
    pub(super) fn plain(_: &str) -> Self {
        Self::default()
    }

    /// Puts the wrappers into `source`.
    pub(super) fn traced(source: &str) -> Self {
        let mut text = String::new();
        let mut added = Vec::new();
        let mut copied = 0;
        for definition in definitions(source) {
            let Definition { end, name, mark } = definition;
            let addition = format!("{{% set {name} = {WRAP}({name}) {mark}%}}");
            text.push_str(&source[copied..end]);
            text.push_str(&addition);
            added.push((end, addition.len()));
            copied = end;
        }
        text.push_str(&source[copied..]);
        Self {
            text: Some(text),
            added,
        }
    }

    /// The offset in the user's text for one in the compiled text.
    pub(super) fn original(&self, offset: usize) -> usize {
        let mut shift = 0;
        for (at, length) in &self.added {
            if offset < at + shift + length {
                return (offset - shift).min(*at);
            }
            shift += length;
        }
        offset - shift
    }
}

/// The end of an `endmacro` tag.
struct Definition<'s> {
    end: usize,
    name: &'s str,
    /// `-` or `+`, if the tag ends with it.
    mark: &'static str,
}

/// The macros that `source` defines, in the order of their ends.
fn definitions(source: &str) -> Vec<Definition<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for tag in tags(source) {
        let mut words = tag
            .body
            .split(|character: char| !is_name(character))
            .filter(|word| !word.is_empty());
        match words.next() {
            Some("macro") => open.extend(words.next()),
            Some("endmacro") => {
                let Some(name) = open.pop() else { continue };
                let mark = match tag.body.as_bytes().last() {
                    Some(b'-') => "-",
                    Some(b'+') => "+",
                    _ => "",
                };
                found.push(Definition {
                    end: tag.end,
                    name,
                    mark,
                });
            }
            _ => {}
        }
    }
    found
}

fn is_name(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// The names of the macros that `source` defines.
pub(super) fn macros(source: &str) -> impl Iterator<Item = &str> {
    definitions(source).into_iter().map(|definition| definition.name)
}

/// A `{% … %}` tag: what stands inside, and the offset behind it.
pub(super) struct Tag<'s> {
    pub(super) body: &'s str,
    pub(super) end: usize,
}

/// The block tags of a template, without comments and what stands in `raw`.
pub(super) fn tags(source: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    let mut raw = false;
    while let Some(brace) = source[at..].find('{') {
        let start = at + brace;
        at = start + 1;
        let inside = start + 2;
        let closing = match source.as_bytes().get(start + 1) {
            Some(b'#') if !raw => "#}",
            Some(b'{') if !raw => "}}",
            Some(b'%') => "%}",
            _ => continue,
        };
        let Some(length) = closed_by(&source[inside..], closing) else {
            // In `raw`, or a syntax error that minijinja reports.
            continue;
        };
        let body = &source[inside..inside + length];
        let end = inside + length + 2;
        if closing == "%}" {
            let word = body.trim_matches(['-', '+']).trim();
            if raw && word != "endraw" {
                continue;
            }
            raw = word == "raw";
            tags.push(Tag { body, end });
        }
        at = end;
    }
    tags
}

/// How far it is to `closing`, which does not count inside quotes of an expression.
fn closed_by(text: &str, closing: &str) -> Option<usize> {
    if closing == "#}" {
        return text.find(closing);
    }
    let mut quote = None;
    let mut escaped = false;
    for (offset, character) in text.char_indices() {
        match quote {
            Some(open) => {
                if escaped {
                    escaped = false;
                } else if character == '\\' {
                    escaped = true;
                } else if character == open {
                    quote = None;
                }
            }
            None if text[offset..].starts_with(closing) => return Some(offset),
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None => {}
        }
    }
    None
}

/// A macro whose errors carry the place of the call.
#[derive(Debug)]
struct Traced(Jinja);

impl Object for Traced {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Jinja]) -> Result<Jinja, Error> {
        self.0.call(state, args).map_err(|error| {
            // Without a line it is about the call itself and gets the place of the call anyway.
            if error.line().is_none() {
                return error;
            }
            Error::new(ErrorKind::EvalBlock, "in a macro").with_source(error)
        })
    }
}

/// The function behind [`WRAP`].
#[derive(Debug)]
pub(super) struct Wrap;

impl Object for Wrap {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Jinja]) -> Result<Jinja, Error> {
        Ok(Jinja::from_object(Traced(
            args.first().cloned().unwrap_or_default(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_mapped_back() {
        let source = "{# {% macro no() %} #}{% macro a(x='%}') -%}b{%- endmacro -%} c {% raw %}{% endmacro %}{% endraw %}";
        let prepared = Prepared::traced(source);
        let addition = "{% set a = __traced(a) -%}";
        let at = source.find(" c ").unwrap();
        assert_eq!(
            prepared.text,
            Some(format!("{}{addition}{}", &source[..at], &source[at..]))
        );
        assert_eq!(prepared.original(at - 1), at - 1);
        assert_eq!(prepared.original(at + 3), at);
        assert_eq!(prepared.original(at + addition.len() + 1), at + 1);
    }
}
