//! Owns the wording of what goes wrong while a Go template runs: the place, the cause, the value to blame, help.
//!
//! Go's own words stand beside the underline, because people search for them. It decides nothing.

use super::ast::{Ident, Span, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::suggest::nearest;
use crate::template::OUTPUT_LIMIT;
use crate::template::functions::{FnError, LIMIT, Parameter};
use crate::yaml::{Map, Value};
use std::sync::Arc;

/// What evaluating gives. The first failure ends a template, so its message may be large.
pub(super) type Outcome<T> = Result<T, Box<Diagnostic>>;

/// A place in a template.
#[derive(Clone, Copy)]
pub(super) struct At<'t> {
    pub(super) source: &'t Arc<Source>,
    pub(super) span: Span,
}

/// Longer traces are cut in the middle.
const TRACE: usize = 8;

/// At most this many keys are listed.
const LISTED: usize = 8;

/// The longest piece of a template or value that a message quotes.
const QUOTED: usize = 60;

impl<'t> At<'t> {
    fn to(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// What is written there, on one line.
    fn code(self) -> String {
        let text = self.span.text(self.source);
        shortened(text.lines().next().unwrap_or_default().trim())
    }

    fn place(self) -> Place {
        self.span.underline(self.source).0
    }
}

fn error(code: &'static str, at: At<'_>, message: impl Into<String>, label: &str) -> Box<Diagnostic> {
    let (place, length) = at.span.underline(at.source);
    Box::new(Diagnostic::error(code, message).label(place, length, label))
}

fn helped(error: Box<Diagnostic>, help: impl Into<String>) -> Box<Diagnostic> {
    Box::new((*error).help(help))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Notes that the failing template was reached from `at`.
pub(super) fn traced(mut error: Box<Diagnostic>, how: &str, at: At<'_>) -> Box<Diagnostic> {
    error.trace.push(format!("{how} from {}", at.place()));
    error
}

/// Cuts the middle out of a long trace.
pub(super) fn finished(mut error: Box<Diagnostic>) -> Diagnostic {
    let steps = error.trace.len();
    if steps > TRACE {
        let hidden = steps - TRACE;
        let cut = TRACE / 2..TRACE / 2 + hidden;
        error.trace.splice(cut, [format!("… {hidden} more …")]);
    }
    *error
}

/// One of the functions refused.
pub(super) fn refused(at: At<'_>, function: &str, refusal: &FnError) -> Box<Diagnostic> {
    let diagnostic = if refusal.by_author {
        let label = format!("`{function}` stops here");
        error("template-failed", at, refusal.message.clone(), &label)
    } else if refusal.message.starts_with('`') {
        error("wrong-call", at, refusal.message.clone(), "")
    } else {
        error("wrong-call", at, format!("`{function}`: {}", refusal.message), "")
    };
    refusal.help.iter().fold(diagnostic, helped)
}

/// A method refused.
pub(super) fn method(at: At<'_>, name: &str, message: &str) -> Box<Diagnostic> {
    error("wrong-call", at, format!("`{name}`: {message}"), "")
}

/// A value is of the wrong type for a parameter.
pub(super) fn wrong_type(at: At<'_>, wanted: &str, got: &Option<Value>) -> Box<Diagnostic> {
    let found = match got {
        None | Some(Value::Null) => "nil",
        Some(value) => go_type(value),
    };
    let message = format!("wrong type for value; expected `{wanted}`; got `{found}`");
    let diagnostic = error("wrong-type", at, message, "");
    match (wanted, got) {
        ("int", Some(Value::Number(_))) => helped(diagnostic, "convert it with `int`"),
        ("string", Some(Value::Number(_) | Value::Bool(_))) => {
            helped(diagnostic, "convert it with `toString`")
        }
        (_, None | Some(Value::Null)) => helped(diagnostic, DEFAULT),
        _ => diagnostic,
    }
}

/// There is no value where a parameter needs one.
pub(super) fn no_value(at: At<'_>, parameter: Parameter) -> Box<Diagnostic> {
    let message = format!("invalid value; expected `{}`", parameter.go_type());
    helped(error("wrong-type", at, message, "nothing is set here"), DEFAULT)
}

/// What stands in for values that are not set.
const DEFAULT: &str = "`default` can stand in for what is not set";

/// A chain of names leads to nothing where a parameter needs a value.
pub(super) fn absent(
    at: At<'_>,
    parameter: Parameter,
    start: Option<&Value>,
    names: &[Ident],
) -> Box<Diagnostic> {
    let Some((missing, before)) = names.split_last() else {
        return no_value(at, parameter);
    };
    let parent = below(start, before);
    let parent = parent.as_ref().and_then(Value::as_map);
    let is_null = parent.is_some_and(|map| map.get(&missing.name).is_some());
    let state = if is_null { "null" } else { "not set" };
    let message = format!("`{}` is {state}; expected `{}`", at.code(), parameter.go_type());
    let label = format!("expected {}; got interface {{}}", parameter.go_type());
    let diagnostic = error("wrong-type", at.to(behind_dot(missing.span)), message, &label);
    let diagnostic = blamed(diagnostic, at, parent, is_null, missing);
    helped(diagnostic, DEFAULT)
}

/// A constant is of the wrong type for a parameter.
pub(super) fn wrong_constant(at: At<'_>, parameter: Parameter) -> Box<Diagnostic> {
    let message = format!("expected `{}`; found `{}`", parameter.go_type(), at.code());
    error("wrong-type", at, message, "")
}

fn go_type(value: &Value) -> &'static str {
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
pub(super) fn overflow(at: At<'_>) -> Box<Diagnostic> {
    error("wrong-type", at, format!("`{}` overflows int", at.code()), "")
}

/// A complex number, which nothing in a chart takes.
pub(super) fn complex(at: At<'_>) -> Box<Diagnostic> {
    error(
        "wrong-type",
        at,
        format!("`{}` is a complex number", at.code()),
        "",
    )
}

/// `nil` where something is to be called.
pub(super) fn nil_command(at: At<'_>) -> Box<Diagnostic> {
    error("wrong-call", at, "`nil` is not a command", "")
}

/// Arguments for what is no function.
pub(super) fn no_function(at: At<'_>) -> Box<Diagnostic> {
    let message = format!("`{}` is given an argument, but is not a function", at.code());
    error("wrong-call", at, message, "")
}

/// Arguments for what is a field or key.
pub(super) fn no_method(at: At<'_>, name: &str) -> Box<Diagnostic> {
    let message = format!("`{name}` is not a method but has arguments");
    error("wrong-call", at.to(behind_dot(at.span)), message, "")
}

/// A variable that has no value here.
pub(super) fn no_variable(at: At<'_>, name: &str) -> Box<Diagnostic> {
    error("undefined", at, format!("undefined variable: `{name}`"), "")
}

/// `range` over what holds nothing to go over.
pub(super) fn no_range(at: At<'_>, value: &Option<Value>) -> Box<Diagnostic> {
    let kind = value.as_ref().map_or("null", Value::kind);
    let message = format!("range can't iterate over `{}`: it is a {kind}", at.code());
    error("wrong-type", at, message, "not a list or map")
}

/// A template that is nowhere defined.
pub(super) fn unknown_template<'n>(
    at: At<'_>,
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> Box<Diagnostic> {
    let message = format!("there is no template `{}`", shortened(name));
    let diagnostic = error("unknown-template", at, message, "not defined");
    match nearest(name, known) {
        Some(near) => helped(diagnostic, format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// Templates that reach themselves without end.
pub(super) fn recursion(at: At<'_>, name: &str) -> Box<Diagnostic> {
    let message = format!(
        "rendering template has a nested reference name: `{}`",
        shortened(name)
    );
    helped(
        error("template-recursion", at, message, "one level too deep"),
        "the trace shows how it got here; a template that reaches itself must end somewhere",
    )
}

/// Templates that nest deeper than the stack.
pub(super) fn too_deep(at: At<'_>) -> Box<Diagnostic> {
    helped(
        error(
            "template-recursion",
            at,
            "templates call each other too deeply",
            "one level too deep",
        ),
        "the trace shows how it got here; a template that reaches itself must end somewhere",
    )
}

/// A rendering that takes too long.
pub(super) fn too_long(at: At<'_>) -> Box<Diagnostic> {
    let message = "the template does not end: it was stopped after 50 million steps";
    error("template-loops", at, message, "stopped here")
}

/// A function made more than can be kept.
pub(super) fn too_much(at: At<'_>) -> Box<Diagnostic> {
    let message = format!("`{}` makes more than {} MiB", at.code(), LIMIT >> 20);
    error("too-large", at, message, "")
}

/// A text that is too large.
pub(super) fn too_large(tree: &Tree) -> Box<Diagnostic> {
    let message = format!("the template renders more than {} MiB", OUTPUT_LIMIT >> 20);
    Box::new(Diagnostic::error("too-large", message).at(Place::whole(&tree.source)))
}

/// A text given to `tpl` that does not parse.
pub(super) fn unreadable_text(errors: Vec<Diagnostic>, at: At<'_>) -> Box<Diagnostic> {
    let first = errors.into_iter().next();
    let first = first.unwrap_or_else(|| Diagnostic::error("template-syntax", "the text does not parse"));
    let (place, length) = at.span.underline(at.source);
    Box::new(first.label(place, length, "the text is evaluated here"))
}

/// A field of nil: the name before it is not set, or null.
pub(super) fn nil_pointer(
    at: At<'_>,
    start: Option<&Value>,
    names: &[Ident],
    index: usize,
) -> Box<Diagnostic> {
    let name = &names[index].name;
    let label = format!("nil pointer evaluating interface {{}}.{name}");
    let Some(before) = index.checked_sub(1) else {
        let path = path_to(at, names[index].span.start);
        let message = format!("`{name}` cannot be read: `{path}` is null");
        return error("undefined", at, message, &label);
    };
    let missing = &names[before];
    let path = path_to(at, missing.span.end);
    let parent = below(start, &names[..before]);
    let parent = parent.as_ref().and_then(Value::as_map);
    let is_null = parent.is_some_and(|map| map.get(&missing.name).is_some());
    let state = if is_null { "null" } else { "not set" };
    let message = format!("`{name}` cannot be read: `{path}` is {state}");
    let diagnostic = error("undefined", at.to(behind_dot(missing.span)), message, &label);
    blamed(diagnostic, at, parent, is_null, missing)
}

/// The value that maps hold at a chain of names.
fn below(start: Option<&Value>, names: &[Ident]) -> Option<Value> {
    names.iter().try_fold(start?.clone(), |value, name| {
        value.as_map().and_then(|map| map.get(&name.name))
    })
}

/// Adds where a null was set, or which keys stand beside one that is not set.
fn blamed(
    diagnostic: Box<Diagnostic>,
    at: At<'_>,
    parent: Option<&Map>,
    is_null: bool,
    missing: &Ident,
) -> Box<Diagnostic> {
    match parent {
        Some(map) if is_null => match map.origin(&missing.name) {
            Some(place) => Box::new(diagnostic.label(place, length(&missing.name), "it is null here")),
            None => diagnostic,
        },
        Some(map) => beside(diagnostic, &path_to(at, missing.span.start), map, &missing.name),
        None => diagnostic,
    }
}

/// Adds what is known about the keys beside one that is not set.
fn beside(diagnostic: Box<Diagnostic>, path: &str, map: &Map, missing: &str) -> Box<Diagnostic> {
    let keys = map.keys();
    if let Some(near) = nearest(missing, keys.iter().map(|key| &**key)) {
        let diagnostic = match map.origin(near) {
            Some(place) => Box::new(diagnostic.label(place, length(near), format!("`{near}` is set here"))),
            None => diagnostic,
        };
        return helped(diagnostic, format!("did you mean `{near}`?"));
    }
    if keys.is_empty() {
        return helped(diagnostic, format!("`{path}` is empty"));
    }
    let mut listed: Vec<String> = keys.iter().take(LISTED).map(|key| format!("`{key}`")).collect();
    if keys.len() > LISTED {
        listed.push("…".to_owned());
    }
    helped(diagnostic, format!("`{path}` has {}", listed.join(", ")))
}

/// A field of what has no such field.
pub(super) fn no_field(at: At<'_>, receiver: &Value, names: &[Ident], index: usize) -> Box<Diagnostic> {
    let name = &names[index];
    let path = path_to(at, name.span.start);
    let label = format!("can't evaluate field {} in type {}", name.name, go_type(receiver));
    let at = at.to(behind_dot(name.span));
    let Value::Object(object) = receiver else {
        let message = format!(
            "`{}` cannot be read: `{path}` is a {}, not a map",
            name.name,
            receiver.kind()
        );
        return error("undefined", at, message, &label);
    };
    let message = format!("`{path}` has no field `{}`", name.name);
    let diagnostic = error("undefined", at, message, &label);
    match nearest(&name.name, object.names()) {
        Some(near) => helped(diagnostic, format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// The operand from its start to `end`, as it is written; `.` where that is all there is.
fn path_to(at: At<'_>, end: u32) -> String {
    let span = Span {
        start: at.span.start,
        end: end.max(at.span.start),
    };
    match at.to(span).code().as_str() {
        "" => ".".to_owned(),
        path => path.to_owned(),
    }
}

/// A name without its dot.
fn behind_dot(span: Span) -> Span {
    Span {
        start: span.start + 1,
        ..span
    }
}

fn length(name: &str) -> u32 {
    u32::try_from(name.chars().count()).unwrap_or(1)
}
