//! Owns the vocabulary between the parser and the reader: events and syntax errors.

use super::cursor::Mark;
use std::borrow::Cow;
use std::ops::Deref;

/// One step of a document.
#[derive(Debug)]
pub(in crate::yaml) struct Event<'a> {
    pub(in crate::yaml) kind: EventKind<'a>,
    pub(in crate::yaml) at: Mark,
}

#[derive(Debug)]
pub(in crate::yaml) enum EventKind<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar(ScalarEvent<'a>),
    SequenceStart(Option<&'a str>),
    SequenceEnd,
    MappingStart(Option<&'a str>),
    MappingEnd,
}

/// A scalar as written.
#[derive(Debug)]
pub(in crate::yaml) struct ScalarEvent<'a> {
    pub(in crate::yaml) anchor: Option<&'a str>,
    pub(in crate::yaml) tag: Option<String>,
    pub(in crate::yaml) text: Cow<'a, str>,
    /// Whether its type follows from its text: it is plain and has no tag, or its tag is `!`.
    pub(in crate::yaml) implicit: bool,
}

/// Why a text is not YAML, in the parser's own words; `syntax` turns it into a diagnostic.
///
/// A pointer, as nearly every step of the parser returns success and passes no error on.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct SyntaxError(Box<Fault>);

#[derive(Clone, Debug)]
pub(in crate::yaml) struct Fault {
    pub(in crate::yaml) problem: &'static str,
    pub(in crate::yaml) at: Mark,
    /// What was being read, and where that began.
    pub(in crate::yaml) context: Option<(&'static str, Mark)>,
}

impl SyntaxError {
    pub(super) fn new(problem: &'static str, at: Mark) -> Self {
        Self(Box::new(Fault {
            problem,
            at,
            context: None,
        }))
    }

    pub(super) fn within(mut self, context: &'static str, began: Mark) -> Self {
        self.0.context = Some((context, began));
        self
    }
}

impl Deref for SyntaxError {
    type Target = Fault;

    fn deref(&self) -> &Fault {
        &self.0
    }
}
