//! Owns the wording of what goes wrong while a Go template runs: the place, the cause, the value to blame, help.
//!
//! Go's own words stand beside the underline, because people search for them. It decides nothing.

use super::ast::{Span, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::suggest::nearest;
use crate::template::OUTPUT_LIMIT;
use crate::template::functions::{FnError, LIMIT, Parameter};
use crate::yaml::Value;
use std::sync::Arc;

/// What evaluating gives.
pub(super) type Outcome<T> = Result<T, Failure>;

/// Why a template was not rendered. It is rare and large, results are many and small: so it is boxed.
#[derive(Debug)]
pub(super) struct Failure(Box<Diagnostic>);

impl Failure {
    /// Adds a line of help.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        (*self.0).help(help).into()
    }

    /// Adds a place.
    pub(super) fn label(self, place: Place, length: u32, text: impl Into<String>) -> Self {
        (*self.0).label(place, length, text).into()
    }

    /// Notes that the failing template was reached from `at`.
    pub(super) fn traced(mut self, how: &str, at: At<'_>) -> Self {
        self.0.trace.push(format!("{how} from {}", at.place()));
        self
    }

    /// The diagnostic; the middle of a long trace is cut out.
    pub(super) fn finished(mut self) -> Diagnostic {
        let trace = &mut self.0.trace;
        let steps = trace.len();
        if steps > TRACE {
            let hidden = steps - TRACE;
            let cut = TRACE / 2..TRACE / 2 + hidden;
            trace.splice(cut, [format!("… {hidden} more …")]);
        }
        *self.0
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(Box::new(diagnostic))
    }
}

/// A place in a template.
#[derive(Clone, Copy)]
pub(super) struct At<'t> {
    pub(super) source: &'t Arc<Source>,
    pub(super) span: Span,
}

/// Longer traces are cut in the middle.
const TRACE: usize = 8;

/// The longest piece of a template or value that a message quotes.
const QUOTED: usize = 60;

impl At<'_> {
    pub(super) fn to(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// What is written there, on one line.
    pub(super) fn code(self) -> String {
        let text = self.span.text(self.source);
        shortened(text.lines().next().unwrap_or_default().trim())
    }

    pub(super) fn place(self) -> Place {
        self.span.underline(self.source).0
    }
}

pub(super) fn error(code: &'static str, at: At<'_>, message: impl Into<String>, label: &str) -> Failure {
    let (place, length) = at.span.underline(at.source);
    Diagnostic::error(code, message)
        .label(place, length, label)
        .into()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// One of the functions refused.
pub(super) fn refused(at: At<'_>, function: &str, refusal: &FnError) -> Failure {
    let diagnostic = if refusal.by_author {
        let label = format!("`{function}` stops here");
        error("template-failed", at, refusal.message.clone(), &label)
    } else if refusal.message.starts_with('`') {
        error("wrong-call", at, refusal.message.clone(), "")
    } else {
        error("wrong-call", at, format!("`{function}`: {}", refusal.message), "")
    };
    refusal.help.iter().fold(diagnostic, Failure::help)
}

/// A method refused.
pub(super) fn method(at: At<'_>, name: &str, message: &str) -> Failure {
    error("wrong-call", at, format!("`{name}`: {message}"), "")
}

/// A value is of the wrong type for a parameter.
pub(super) fn wrong_type(at: At<'_>, wanted: &str, got: Option<&Value>) -> Failure {
    let found = match got {
        None | Some(Value::Null) => "nil",
        Some(value) => go_type(value),
    };
    let message = format!("wrong type for value; expected `{wanted}`; got `{found}`");
    let diagnostic = error("wrong-type", at, message, "");
    match (wanted, got) {
        ("int", Some(Value::Number(_))) => diagnostic.help("convert it with `int`"),
        ("string", Some(Value::Number(_) | Value::Bool(_))) => diagnostic.help("convert it with `toString`"),
        (_, None | Some(Value::Null)) => diagnostic.help(DEFAULT),
        _ => diagnostic,
    }
}

/// There is no value where a parameter needs one.
pub(super) fn no_value(at: At<'_>, parameter: Parameter) -> Failure {
    let message = format!("invalid value; expected `{}`", parameter.go_type());
    error("wrong-type", at, message, "nothing is set here").help(DEFAULT)
}

/// What stands in for values that are not set.
pub(super) const DEFAULT: &str = "`default` can stand in for what is not set";

/// A constant is of the wrong type for a parameter.
pub(super) fn wrong_constant(at: At<'_>, parameter: Parameter) -> Failure {
    let message = format!("expected `{}`; found `{}`", parameter.go_type(), at.code());
    error("wrong-type", at, message, "")
}

pub(super) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "nil",
        Value::Bool(_) => "bool",
        Value::Number(number) => number.go_type(),
        Value::String(_) => "string",
        Value::List(list) => list.kind().go_type(),
        Value::Map(map) => map.kind().go_type(),
        Value::Object(object) => object.go_type(),
    }
}

/// A number that no int holds.
pub(super) fn overflow(at: At<'_>) -> Failure {
    error("wrong-type", at, format!("`{}` overflows int", at.code()), "")
}

/// A complex number, which nothing in a chart takes.
pub(super) fn complex(at: At<'_>) -> Failure {
    error(
        "wrong-type",
        at,
        format!("`{}` is a complex number", at.code()),
        "",
    )
}

/// `nil` where something is to be called.
pub(super) fn nil_command(at: At<'_>) -> Failure {
    error("wrong-call", at, "`nil` is not a command", "")
}

/// Arguments for what is no function.
pub(super) fn no_function(at: At<'_>) -> Failure {
    let message = format!("`{}` is given an argument, but is not a function", at.code());
    error("wrong-call", at, message, "")
}

/// Arguments for what is a field or key.
pub(super) fn no_method(at: At<'_>, name: &str) -> Failure {
    let message = format!("`{name}` is not a method but has arguments");
    error("wrong-call", at.to(behind_dot(at.span)), message, "")
}

/// A variable that has no value here.
pub(super) fn no_variable(at: At<'_>, name: &str) -> Failure {
    error("undefined", at, format!("undefined variable: `{name}`"), "")
}

/// `range` over what holds nothing to go over.
pub(super) fn no_range(at: At<'_>, value: Option<&Value>) -> Failure {
    let kind = value.map_or("null", Value::kind);
    let message = format!("range can't iterate over `{}`: it is a {kind}", at.code());
    error("wrong-type", at, message, "not a list or map")
}

/// A template that is nowhere defined.
pub(super) fn unknown_template<'n>(at: At<'_>, name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let message = format!("there is no template `{}`", shortened(name));
    let diagnostic = error("unknown-template", at, message, "not defined");
    match nearest(name, known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// Templates that reach themselves without end.
pub(super) fn recursion(at: At<'_>, name: &str) -> Failure {
    let message = format!(
        "rendering template has a nested reference name: `{}`",
        shortened(name)
    );
    nested(at, message)
}

/// Templates that nest deeper than the stack.
pub(super) fn too_deep(at: At<'_>) -> Failure {
    nested(at, "templates call each other too deeply".to_owned())
}

fn nested(at: At<'_>, message: String) -> Failure {
    error("template-recursion", at, message, "one level too deep")
        .help("the trace shows how it got here; a template that reaches itself must end somewhere")
}

/// A rendering that takes too long.
pub(super) fn too_long(at: At<'_>) -> Failure {
    let message = "the template does not end: it was stopped after 50 million steps";
    error("template-loops", at, message, "stopped here")
}

/// A function made more than can be kept.
pub(super) fn too_much(at: At<'_>) -> Failure {
    let message = format!("`{}` makes more than {} MiB", at.code(), LIMIT >> 20);
    error("too-large", at, message, "")
}

/// A text that is too large.
pub(super) fn too_large(tree: &Tree) -> Failure {
    let message = format!("the template renders more than {} MiB", OUTPUT_LIMIT >> 20);
    Diagnostic::error("too-large", message)
        .at(Place::whole(&tree.source))
        .into()
}

/// A text given to `tpl` that does not parse.
pub(super) fn unreadable_text(errors: Vec<Diagnostic>, at: At<'_>) -> Failure {
    let first = errors.into_iter().next();
    let first = first.unwrap_or_else(|| Diagnostic::error("template-syntax", "the text does not parse"));
    let (place, length) = at.span.underline(at.source);
    first.label(place, length, "the text is evaluated here").into()
}

/// A name without its dot.
pub(super) fn behind_dot(span: Span) -> Span {
    Span {
        start: span.start + 1,
        ..span
    }
}
