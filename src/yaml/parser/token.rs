//! Owns the vocabulary between the scanner and the parser: tokens.

use super::cursor::Mark;
use std::borrow::Cow;

#[derive(Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) at: Mark,
}

#[derive(Debug)]
pub(super) enum TokenKind<'a> {
    StreamEnd,
    /// `%YAML`, with whether the version is 1.1.
    Version(bool),
    /// `%TAG`, with handle and prefix; in a box, as it would make every token larger.
    TagDirective(Box<(String, String)>),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    /// `[`
    FlowSequenceStart,
    /// `]`
    FlowSequenceEnd,
    /// `{`
    FlowMappingStart,
    /// `}`
    FlowMappingEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `?`, or what stands before a simple key.
    Key,
    /// `:`
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    /// Handle and suffix.
    Tag(Box<(String, String)>),
    /// The text and whether it is plain.
    Scalar(Cow<'a, str>, bool),
}
