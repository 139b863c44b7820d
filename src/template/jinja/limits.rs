//! Owns what a Jinja template may hold so that its parser, which recurses, does not overflow its stack.
//!
//! The syntax is minijinja's; loops and recursion while rendering are bounded in `session.rs`.

use super::syntax_config;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use minijinja::machinery::{Span, Token, tokenize};
use std::sync::Arc;

/// A tag with more tokens nests too deeply; people write some dozens.
const TOKENS: usize = 10_000;

/// Each `elif` of a chain nests in the one before.
const ALTERNATIVES: usize = 1_000;

/// Refuses a template with a tag or a chain of `elif` that is too long to be read.
pub(super) fn check(source: &Arc<Source>) -> Option<Diagnostic> {
    // A token has at least one byte, so most templates need no second look.
    if source.text.len() <= TOKENS {
        return None;
    }
    let (span, message, help) = first_beyond(source)?;
    let place = source.place_at(usize::try_from(span.start_offset).unwrap_or(usize::MAX));
    Some(
        Diagnostic::error("template-syntax", message)
            .label(place, 2, "")
            .help(help),
    )
}

fn first_beyond(source: &Source) -> Option<(Span, &'static str, &'static str)> {
    let mut tag = None;
    let mut alternatives = 0;
    for token in tokenize(&source.text, false, syntax_config()) {
        // What is no token is reported by the parser.
        let Ok((token, span)) = token else { return None };
        tag = match (token, tag) {
            (Token::VariableStart | Token::BlockStart, _) => Some((span, 0)),
            (Token::VariableEnd | Token::BlockEnd, _) => None,
            (Token::Ident("elif"), Some((start, 0))) => {
                alternatives += 1;
                Some((start, 1))
            }
            (_, tag) => tag.map(|(start, tokens)| (start, tokens + 1)),
        };
        match tag {
            Some((start, TOKENS..)) => {
                return Some((
                    start,
                    "the tag is too long",
                    "set variables with its parts before",
                ));
            }
            Some((start, _)) if alternatives > ALTERNATIVES => {
                let message = "the template has more than 1,000 `elif`";
                return Some((start, message, "look the alternatives up in a map with `get`"));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Option<String> {
        check(&Source::new("t.j2", text)).map(|finding| finding.message)
    }

    #[test]
    fn what_would_overflow_the_stack_is_refused_and_long_templates_are_not() {
        let operands = |count| format!("{{{{ {} }}}}", vec!["1"; count].join(" ~ "));
        assert_eq!(message(&operands(4_000)), None);
        assert_eq!(message(&operands(6_000)).as_deref(), Some("the tag is too long"));
        let chain = |count| format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(count));
        assert_eq!(message(&chain(1_000)), None);
        assert!(message(&chain(1_001)).is_some());
        assert_eq!(message(&"{{ a }} and text\n".repeat(10_000)), None);
    }
}
