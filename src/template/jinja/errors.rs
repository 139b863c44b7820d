//! Owns turning minijinja's errors into diagnostics: the place, the cause in our words, the trace and help.
//!
//! What is missing is found from the template's text and the values (`missing.rs`), not from error texts.

use super::calls::Refusal;
use super::missing::{self, Finding};
use super::names::{self, Role};
use super::parsed::{Parsed, Text};
use super::session::{RECURSION, Session};
use super::syntax;
use super::traced;
use crate::diagnostic::Diagnostic;
use crate::suggest::nearest;
use crate::template::functions::FUNCTIONS;
use minijinja::{Error, ErrorKind};
use std::error::Error as _;
use std::ops::Range;
use std::sync::Arc;

/// Longer traces are cut in the middle.
const TRACE: usize = 8;

/// One error of a chain with its place.
pub(super) struct Frame<'e> {
    pub(super) error: &'e Error,
    pub(super) text: Option<&'e Text>,
    /// The failing expression in the user's text.
    pub(super) range: Range<usize>,
    engine: &'e Parsed,
}

impl<'e> Frame<'e> {
    fn new(engine: &'e Parsed, error: &'e Error) -> Self {
        let text = error.name().and_then(|name| engine.sources.get(name));
        let range = text.map_or(0..0, |text| range_in(text, error));
        Self {
            error,
            text,
            range,
            engine,
        }
    }

    /// The failing expression as it is written.
    pub(super) fn code(&self) -> &'e str {
        self.text.map_or("", |text| &text.source.text[self.range.clone()])
    }

    /// The names in the failing expression, with what stands left of a failing filter or test.
    pub(super) fn chains(&self) -> Vec<names::Chain> {
        let Some(text) = self.text else { return Vec::new() };
        let whole = &text.source.text;
        let start = names::expression_start(whole, self.range.start);
        names::chains(&whole[start..self.range.end], start)
    }

    /// The macros of all templates.
    pub(super) fn macros(&self) -> impl Iterator<Item = &'e str> {
        self.engine
            .sources
            .values()
            .flat_map(|text| traced::macros(&text.source.text))
    }

    fn is_located(&self) -> bool {
        self.text.is_some() && self.error.line().is_some()
    }

    fn describe_place(&self) -> String {
        let place = self.text.map(|text| text.source.place_at(self.range.start));
        place.map_or_else(|| "an unknown place".to_owned(), |place| place.to_string())
    }
}

/// The range of the error in the user's text; the whole line where minijinja knows no more.
fn range_in(text: &Text, error: &Error) -> Range<usize> {
    let whole = &text.source.text;
    let clamp = |mut offset: usize| {
        offset = text
            .prepared
            .original(offset.min(text.compiled().len()))
            .min(whole.len());
        while !whole.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    if let Some(range) = error.range() {
        let start = clamp(range.start);
        return names::chain_start(whole, start)..clamp(range.end).max(start);
    }
    let Some(line) = error.line() else { return 0..0 };
    let start: usize = whole.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let length = whole
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .map_or(0, str::len);
    start.min(whole.len())..(start + length).min(whole.len())
}

/// The diagnostic for an error of parsing (without a session) or rendering.
pub(super) fn diagnose(engine: &Parsed, session: Option<&Arc<Session>>, error: &Error) -> Diagnostic {
    let mut frames = vec![Frame::new(engine, error)];
    let mut refusal = None;
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<Error>() {
            frames.push(Frame::new(engine, error));
        } else if let Some(found) = cause.downcast_ref::<Refusal>() {
            refusal = Some(found);
        }
        source = cause.source();
    }
    // The innermost error with a place is the cause; an unplaced one below it says what happened.
    let what = frames.len() - 1;
    let main = frames.iter().rposition(Frame::is_located).unwrap_or(what);
    let frame = Frame {
        error: frames[what].error,
        ..Frame::new(engine, frames[main].error)
    };
    let diagnostic = cause(&frame, session, refusal);
    with_trace(diagnostic, &frames[..main])
}

fn with_trace(mut diagnostic: Diagnostic, outer: &[Frame<'_>]) -> Diagnostic {
    let steps: Vec<String> = outer
        .iter()
        .rev()
        .filter(|frame| frame.is_located())
        .map(|frame| {
            let how = match frame.error.kind() {
                ErrorKind::EvalBlock => "called",
                _ => "included",
            };
            format!("{how} from {}", frame.describe_place())
        })
        .collect();
    let hidden = steps.len().saturating_sub(TRACE);
    for (index, step) in steps.into_iter().enumerate() {
        if index == TRACE / 2 && hidden > 0 {
            diagnostic = diagnostic.trace(format!("… {hidden} more …"));
        }
        if index < TRACE / 2 || index >= TRACE / 2 + hidden {
            diagnostic = diagnostic.trace(step);
        }
    }
    diagnostic
}

fn cause(frame: &Frame<'_>, session: Option<&Arc<Session>>, refusal: Option<&Refusal>) -> Diagnostic {
    if let Some(refusal) = refusal.filter(|refusal| !refusal.undefined) {
        return refused(frame, refusal);
    }
    let detail = frame.error.detail();
    match frame.error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape | ErrorKind::InvalidDelimiter => syntax(frame),
        ErrorKind::UnknownFilter => unknown(frame, Role::Filter),
        ErrorKind::UnknownTest => unknown(frame, Role::Test),
        ErrorKind::OutOfFuel => placed(
            Diagnostic::error(
                "template-loops",
                "the template does not end: it was stopped after 10 million steps",
            ),
            frame,
            "stopped here",
        ),
        ErrorKind::InvalidOperation if detail == Some(RECURSION) => placed(
            Diagnostic::error(
                "template-recursion",
                "templates include or macros call each other too deeply",
            ),
            frame,
            "one level too deep",
        )
        .help("the trace shows how it got here; a macro or include that reaches itself must end somewhere"),
        ErrorKind::TemplateNotFound => not_found(frame),
        ErrorKind::UnknownMethod => unknown_method(frame),
        _ => match session.and_then(|session| missing::find(frame, refusal.is_some(), session)) {
            Some(finding) => missing_value(frame, finding),
            None => other(frame, refusal),
        },
    }
}

/// Adds the failing expression's place.
fn placed(diagnostic: Diagnostic, frame: &Frame<'_>, label: &str) -> Diagnostic {
    at(diagnostic, frame, frame.range.clone(), label)
}

/// Adds the place of a part of the failing template; an underline ends with its line.
fn at(diagnostic: Diagnostic, frame: &Frame<'_>, range: Range<usize>, label: &str) -> Diagnostic {
    let Some(text) = frame.text else { return diagnostic };
    let code = text.source.text.get(range.clone()).unwrap_or_default();
    let length = code.split('\n').next().unwrap_or_default().chars().count();
    diagnostic.label(
        text.source.place_at(range.start),
        u32::try_from(length).unwrap_or(u32::MAX),
        label,
    )
}

fn refused(frame: &Frame<'_>, refusal: &Refusal) -> Diagnostic {
    let error = &refusal.error;
    let (code, message) = if error.by_author {
        ("template-failed", error.message.clone())
    } else if refusal.function.is_empty() {
        (
            "wrong-value",
            format!(
                "`{}` cannot be printed: {}",
                one_line(frame.code()),
                error.message
            ),
        )
    } else if error.message.starts_with('`') {
        ("wrong-call", error.message.clone())
    } else {
        ("wrong-call", format!("`{}`: {}", refusal.function, error.message))
    };
    let label = if error.by_author {
        format!("`{}` stops here", refusal.function)
    } else {
        String::new()
    };
    let diagnostic = placed(Diagnostic::error(code, message), frame, &label);
    error.help.iter().fold(diagnostic, Diagnostic::help)
}

fn syntax(frame: &Frame<'_>) -> Diagnostic {
    let detail = frame.error.detail().unwrap_or("the template does not parse");
    let detail = detail.replace(traced_name(), "a macro");
    let template = frame.text.map_or("", |text| &text.source.text);
    let wording = syntax::explain(&detail, template, frame.range.start);
    let mut diagnostic = placed(Diagnostic::error("template-syntax", wording.message), frame, "");
    if let Some(opened) = wording.opened {
        diagnostic = at(diagnostic, frame, opened, "it begins here");
    }
    match wording.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn traced_name() -> &'static str {
    super::traced::WRAP
}

fn unknown(frame: &Frame<'_>, role: Role) -> Diagnostic {
    let is_known = |name: &str| match role {
        Role::Test => TESTS.contains(&name),
        _ => name == "items" || FUNCTIONS.iter().any(|function| function.name == name),
    };
    let found = frame
        .chains()
        .into_iter()
        .rev()
        .find(|chain| chain.role == role && !is_known(&chain.root.name));
    let kind = if role == Role::Test { "test" } else { "filter" };
    let Some(chain) = found else {
        return placed(
            Diagnostic::error("unknown-function", format!("an unknown {kind}")),
            frame,
            "",
        );
    };
    let name = chain.root.name;
    let range = chain.root.offset..chain.root.offset + name.len();
    let diagnostic = Diagnostic::error("unknown-function", format!("there is no {kind} `{name}`"));
    let diagnostic = at(diagnostic, frame, range, "not known");
    let near = match role {
        Role::Test => nearest(&name, TESTS),
        _ => nearest(&name, FUNCTIONS.iter().map(|function| function.name)),
    };
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

fn unknown_method(frame: &Frame<'_>) -> Diagnostic {
    let chains = frame.chains();
    let Some((chain, name)) = chains
        .iter()
        .rev()
        .find_map(|chain| Some((chain, chain.keys.last()?)))
    else {
        return placed(
            Diagnostic::error("unknown-function", "this cannot be called"),
            frame,
            "",
        );
    };
    let left: Vec<&str> = std::iter::once(&chain.root)
        .chain(&chain.keys[..chain.keys.len() - 1])
        .map(|part| part.name.as_str())
        .collect();
    let left = left.join(".");
    let message = format!("`{left}` has no function `{}`", name.name);
    let range = name.offset..name.offset + name.name.len();
    let diagnostic = at(
        Diagnostic::error("unknown-function", message),
        frame,
        range,
        "not known",
    );
    let known = FUNCTIONS.iter().any(|function| function.name == name.name);
    let near = match left.as_str() {
        "Files" => nearest(
            &name.name,
            ["Get", "GetBytes", "Lines", "Glob", "AsConfig", "AsSecrets"],
        ),
        _ => nearest(&name.name, frame.macros()),
    };
    match near {
        _ if known => diagnostic.help(format!("functions are filters: `{left} | {}`", name.name)),
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// The tests that templates may use.
const TESTS: [&str; 19] = [
    "boolean", "defined", "eq", "equalto", "false", "float", "ge", "gt", "in", "integer", "le", "lt",
    "mapping", "ne", "none", "number", "sequence", "string", "true",
];

fn not_found(frame: &Frame<'_>) -> Diagnostic {
    let code = frame.code();
    let quoted = code.split(['"', '\'']).nth(1).unwrap_or(code);
    let diagnostic = placed(
        Diagnostic::error("unknown-template", format!("there is no template `{quoted}`")),
        frame,
        "",
    );
    let names = frame.engine.sources.keys();
    match nearest(
        quoted,
        names.map(|name| name.strip_prefix("templates/").unwrap_or(name)),
    ) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("names start below `templates/`; `./` starts beside this file"),
    }
}

fn missing_value(frame: &Frame<'_>, finding: Finding) -> Diagnostic {
    let diagnostic = Diagnostic::error(finding.code, finding.message);
    let mut diagnostic = at(diagnostic, frame, finding.range, &finding.label);
    if let Some((place, text)) = finding.sibling {
        diagnostic = diagnostic.label(place, finding.sibling_length, text);
    }
    finding.help.into_iter().fold(diagnostic, Diagnostic::help)
}

/// What minijinja says, where nothing better is known.
fn other(frame: &Frame<'_>, refusal: Option<&Refusal>) -> Diagnostic {
    let kind = frame.error.kind();
    let message = match (frame.error.detail(), kind) {
        _ if refusal.is_some() || kind == ErrorKind::UndefinedError => {
            format!("`{}` is not set", one_line(frame.code()))
        }
        (Some(detail), ErrorKind::InvalidOperation) => detail.to_owned(),
        (Some(detail), kind) => format!("{kind}: {detail}"),
        (None, kind) => kind.to_string(),
    };
    let code = if kind == ErrorKind::UndefinedError {
        "undefined"
    } else {
        "template-error"
    };
    placed(Diagnostic::error(code, message), frame, "")
}

fn one_line(code: &str) -> &str {
    code.lines().next().unwrap_or_default().trim()
}
