//! Owns the vocabulary between the parser and the reader: events, marks and syntax errors.

use std::borrow::Cow;

/// A position in the text, both numbers counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) line: u32,
    pub(super) column: u32,
}

/// One step of a document.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind<'a>,
    pub(super) at: Mark,
}

#[derive(Debug)]
pub(super) enum EventKind<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(Cow<'a, str>),
    Scalar(ScalarEvent<'a>),
    SequenceStart(Option<Cow<'a, str>>),
    SequenceEnd,
    MappingStart(Option<Cow<'a, str>>),
    MappingEnd,
}

/// A scalar as written.
#[derive(Debug)]
pub(super) struct ScalarEvent<'a> {
    pub(super) anchor: Option<Cow<'a, str>>,
    pub(super) tag: Option<Cow<'a, str>>,
    pub(super) text: Cow<'a, str>,
    /// Whether its type follows from its text: it is plain and has no tag, or its tag is `!`.
    pub(super) implicit: bool,
}

/// Why a text is not YAML, in the parser's own words; `syntax` turns it into a diagnostic.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) problem: &'static str,
    pub(super) at: Mark,
    /// What was being read, and where that began.
    pub(super) context: Option<(&'static str, Mark)>,
}
