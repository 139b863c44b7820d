//! Owns the wording of what is wrong with a Go template's syntax.
//!
//! It does not find faults; the parser knows where and what they are.

use super::super::ast::Span;
use super::super::lex::{Fault, Keyword, Kind, Token};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::suggest::nearest;
use crate::template::functions::FUNCTIONS;
use std::fmt;
use std::sync::Arc;

const CODE: &str = "template-syntax";

/// What was being read when a token did not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Action,
    Operand,
    Parentheses,
    /// The action of a keyword.
    Keyword(Keyword),
}

impl fmt::Display for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => out.write_str("an action"),
            Self::Operand => out.write_str("an operand"),
            Self::Parentheses => out.write_str("parentheses"),
            Self::Keyword(keyword) => write!(out, "`{}`", keyword.name()),
        }
    }
}

impl Keyword {
    /// As it is written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Break => "break",
            Self::Continue => "continue",
            Self::Define => "define",
            Self::Else => "else",
            Self::End => "end",
            Self::If => "if",
            Self::Range => "range",
            Self::Template => "template",
            Self::With => "with",
        }
    }
}

/// A fault with its place.
pub(super) fn fault(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Diagnostic {
    let (place, length) = span.underline(source);
    Diagnostic::error(CODE, message).label(place, length, "")
}

/// Adds where the thing began.
pub(super) fn with_opener(fault: Diagnostic, source: &Arc<Source>, opener: Span) -> Diagnostic {
    let (place, length) = opener.underline(source);
    fault.label(place, length, "it begins here")
}

/// A token that does not fit where it stands.
pub(super) fn unexpected(
    source: &Arc<Source>,
    token: Token,
    context: Context,
    delim: Span,
    paren: Option<Span>,
) -> Diagnostic {
    if let Kind::Fault(fault) = token.kind {
        return unreadable(source, token.span, fault, delim, paren);
    }
    let text = token.span.text(source);
    let message = match token.kind {
        Kind::End => format!("unexpected end of the text in {context}"),
        Kind::RightDelim => format!("{context} ends too early"),
        _ => format!("unexpected `{}` in {context}", shortened(text)),
    };
    let fault = fault(source, token.span, message);
    match help_with(token.kind, text, context) {
        Some(help) => fault.help(help),
        None => fault,
    }
}

/// What may have been meant by a token that does not fit.
fn help_with(kind: Kind, text: &str, context: Context) -> Option<&'static str> {
    match (kind, context) {
        (Kind::Char, _) => match text {
            "}" => Some("an action ends with `}}`"),
            "," => Some("arguments are separated by spaces"),
            "[" => Some("elements are read with `index`: `index .List 0`"),
            "!" => Some("there are functions for it: `not .A`, `ne .A .B`"),
            "&" => Some("there is a function for it: `and .A .B`"),
            "<" | ">" => Some("there are functions for it: `lt .A .B`, `gt .A .B`"),
            "*" | "/" | "%" => Some("there are functions for it: `mul`, `div`, `mod`"),
            _ => None,
        },
        (Kind::Pipe, _) => Some("`|` stands between two commands; `or` is a function: `or .A .B`"),
        (Kind::Assign, _) => Some("only variables are assigned; values are compared with `eq`: `eq .A .B`"),
        (Kind::Declare, _) => Some("only variables are declared, one at a time: `$x := .A`"),
        (Kind::Keyword(Keyword::Define), _) => Some("`define` stands outside of all other blocks"),
        (_, Context::Keyword(Keyword::Define | Keyword::Template | Keyword::Block)) => {
            Some("the name of a template is a quoted string")
        }
        (
            Kind::LeftParen | Kind::String | Kind::RawString | Kind::Variable | Kind::Dot | Kind::Number,
            Context::Operand,
        ) => Some("arguments are separated by spaces"),
        _ => None,
    }
}

/// Text that is no token. `delim` is the `{{` of its action and `paren` the innermost parenthesis that is open.
fn unreadable(
    source: &Arc<Source>,
    span: Span,
    fault: Fault,
    delim: Span,
    paren: Option<Span>,
) -> Diagnostic {
    let span = match fault {
        Fault::UnclosedAction => delim,
        Fault::UnclosedParen => paren.unwrap_or(span),
        _ => span,
    };
    let message = match fault {
        Fault::UnclosedAction => "the action is not closed".to_owned(),
        Fault::UnclosedComment => "the comment is not closed".to_owned(),
        Fault::CommentNotLast => "a comment must be all that stands in its action".to_owned(),
        Fault::UnclosedParen => "the parenthesis is not closed".to_owned(),
        Fault::UnopenedParen => "nothing is open that `)` could close".to_owned(),
        Fault::LoneColon => "unexpected `:` in an action".to_owned(),
        Fault::UnclosedString => "the string is not closed on its line".to_owned(),
        Fault::UnclosedRawString => "the raw string is not closed".to_owned(),
        Fault::UnclosedChar => "the character constant is not closed on its line".to_owned(),
        Fault::BadNumber => format!("`{}` is not a number", shortened(span.text(source))),
        Fault::UnknownCharacter(character) => format!("unexpected {} in an action", named(character)),
        Fault::BadEnd(character) => format!("unexpected {} behind a name", named(character)),
    };
    let report = self::fault(source, span, message);
    match help_with_unreadable(fault) {
        Some(help) => report.help(help),
        None => report,
    }
}

/// What may have been meant by text that is no token.
fn help_with_unreadable(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::UnclosedAction | Fault::BadEnd('}') => Some("an action ends with `}}`"),
        Fault::UnclosedComment | Fault::CommentNotLast => Some("a comment ends with `*/}}` or `*/ -}}`"),
        Fault::LoneColon => Some("a variable is declared with `:=`"),
        Fault::UnclosedString => Some("a string that spans lines stands in backquotes"),
        Fault::UnclosedChar => Some("strings stand in double quotes, single ones are for one character"),
        Fault::UnknownCharacter('\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}') => {
            Some("strings stand in straight double quotes")
        }
        Fault::UnknownCharacter('\u{a0}') | Fault::BadEnd('\u{a0}') => {
            Some("a no-break space looks like a space and is none")
        }
        Fault::BadEnd('-') => Some("a key with `-` is read with `index`: `index .Values \"a-b\"`"),
        Fault::BadEnd('=') => Some("a space belongs before `=`; values are compared with `eq`: `eq .A .B`"),
        Fault::BadEnd('[') => Some("elements are read with `index`: `index .List 0`"),
        Fault::BadEnd('+') => Some("there is a function for it: `add .A .B`"),
        _ => None,
    }
}

/// A function that the table does not have.
pub(super) fn unknown_function(source: &Arc<Source>, span: Span, name: &str) -> Diagnostic {
    let (place, length) = span.underline(source);
    let diagnostic = Diagnostic::error("unknown-function", format!("there is no function `{name}`")).label(
        place,
        length,
        "not known",
    );
    if matches!(name, "elseif" | "elif") {
        return diagnostic.help("`else if` is written as two words");
    }
    match nearest(name, FUNCTIONS.iter().map(|function| function.name)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// A variable that is not declared where it is used.
pub(super) fn unknown_variable(source: &Arc<Source>, span: Span, name: &str, known: &[&str]) -> Diagnostic {
    let (place, length) = span.underline(source);
    let message = format!("the variable `{name}` is not declared");
    let diagnostic = Diagnostic::error("unknown-variable", message).label(place, length, "");
    match nearest(name, known.iter().copied().filter(|known| *known != "$")) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => {
            diagnostic.help("a variable is known up to the `end` or `else` of the block that declares it")
        }
    }
}

fn named(character: char) -> String {
    match (crate::bytes::carried(character), character) {
        (Some(byte), _) => format!("byte 0x{byte:02x}"),
        (None, '!'..='_' | 'a'..='~') => format!("`{character}`"),
        (None, '`') => "backquote".to_owned(),
        _ if character.is_control() || character.is_whitespace() => {
            format!("character U+{:04X}", u32::from(character))
        }
        _ => format!("`{character}` (U+{:04X})", u32::from(character)),
    }
}

/// The first line of `text`, cut to what a message can hold, without the quotes that messages use.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    let cut = line.char_indices().nth(MOST);
    let shown = cut.map_or(line, |(end, _)| &line[..end]).replace('`', "'");
    if cut.is_some() { shown + "…" } else { shown }
}
