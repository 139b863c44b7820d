//! Owns the parser: tokens become events. A stack of states stands in for recursion.

use super::characters;
use super::cursor::Mark;
use super::event::{Event, EventKind, ScalarEvent, SyntaxError};
use super::scanner::Scanner;
use super::token::TokenKind;
use std::borrow::Cow;

type Parsed<'a> = Result<Event<'a>, SyntaxError>;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StreamStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    /// A list at the column of its key.
    IndentlessEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    /// A map of one entry within `[…]`, without braces.
    PairKey,
    PairValue,
    PairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    /// A key in `{…}` without a value.
    FlowMappingEmptyValue,
    StreamEnd,
}

/// The events of a text.
#[derive(Debug)]
pub(in crate::yaml) struct Events<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    state: State,
    /// What comes after the current node, innermost last.
    states: Vec<State>,
    /// Where the open lists and maps began.
    marks: Vec<Mark>,
    /// Handles and prefixes of tags.
    tags: Vec<(String, String)>,
}

impl<'a> Events<'a> {
    pub(in crate::yaml) fn new(text: &'a str) -> Self {
        Self {
            text,
            scanner: Scanner::new(text),
            state: State::StreamStart,
            states: Vec::new(),
            marks: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// The next event; after the end of the stream it stays the end.
    pub(in crate::yaml) fn next(&mut self) -> Parsed<'a> {
        match self.state {
            State::StreamStart => {
                characters::check(self.text)?;
                self.document_start(true)
            }
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirst => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                let at = self.scanner.peek()?.at;
                self.state = State::FlowSequenceEntry;
                Ok(event(EventKind::MappingEnd, at))
            }
            State::FlowMappingFirst => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let at = self.scanner.peek()?.at;
                Ok(self.empty(at, State::FlowMappingKey))
            }
            State::StreamEnd => Ok(event(EventKind::StreamEnd, Mark::default())),
        }
    }

    fn document_start(&mut self, first: bool) -> Parsed<'a> {
        if !first {
            while matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
                self.scanner.take()?;
            }
        }
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            TokenKind::StreamEnd => {
                self.state = State::StreamEnd;
                return Ok(event(EventKind::StreamEnd, at));
            }
            TokenKind::Version(_) | TokenKind::TagDirective(..) | TokenKind::DocumentStart => {
                self.directives()?;
                let token = self.scanner.peek()?;
                if !matches!(token.kind, TokenKind::DocumentStart) {
                    return Err(SyntaxError::new(
                        "did not find expected <document start>",
                        token.at,
                    ));
                }
                self.scanner.take()?;
                self.state = State::DocumentContent;
            }
            _ if first => {
                self.directives()?;
                self.state = State::BlockNode;
            }
            _ => return Err(SyntaxError::new("did not find expected <document start>", at)),
        }
        self.states.push(State::DocumentEnd);
        Ok(event(EventKind::DocumentStart, at))
    }

    /// The directives before a document, and the two tag handles that need none.
    fn directives(&mut self) -> Result<(), SyntaxError> {
        let mut versioned = false;
        loop {
            let at = self.scanner.peek()?.at;
            match &self.scanner.peek()?.kind {
                TokenKind::Version(_) if versioned => {
                    return Err(SyntaxError::new("found duplicate %YAML directive", at));
                }
                TokenKind::Version(false) => {
                    return Err(SyntaxError::new("found incompatible YAML document", at));
                }
                TokenKind::Version(true) => versioned = true,
                TokenKind::TagDirective(tag) if self.tags.iter().any(|(known, _)| *known == tag.0) => {
                    return Err(SyntaxError::new("found duplicate %TAG directive", at));
                }
                TokenKind::TagDirective(..) => {}
                _ => break,
            }
            if let TokenKind::TagDirective(tag) = self.scanner.take()?.kind {
                self.tags.push(*tag);
            }
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if self.tags.iter().all(|(known, _)| known != handle) {
                self.tags.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn document_content(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            TokenKind::Version(_)
            | TokenKind::TagDirective(..)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let next = self.pop();
                Ok(self.empty(at, next))
            }
            _ => self.node(true, false),
        }
    }

    fn document_end(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        if matches!(token.kind, TokenKind::DocumentEnd) {
            self.scanner.take()?;
        }
        self.tags.clear();
        self.state = State::DocumentStart;
        Ok(event(EventKind::DocumentEnd, at))
    }

    fn pop(&mut self) -> State {
        self.states.pop().unwrap_or(State::StreamEnd)
    }

    /// A value, list or map with its anchor and tag.
    fn node(&mut self, block: bool, indentless: bool) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        let (anchor, tag) = match token.kind {
            TokenKind::Alias(name) => {
                self.scanner.take()?;
                self.state = self.pop();
                return Ok(event(EventKind::Alias(name), at));
            }
            TokenKind::Anchor(_) | TokenKind::Tag(_) => self.properties(at)?,
            _ => (None, None),
        };
        let token = self.scanner.peek()?;
        let token_at = token.at;
        match &token.kind {
            TokenKind::BlockEntry if indentless => {
                self.state = State::IndentlessEntry;
                Ok(event(EventKind::SequenceStart(anchor), at))
            }
            TokenKind::Scalar(..) => {
                let TokenKind::Scalar(text, plain) = self.scanner.take()?.kind else {
                    unreachable!("the token was just looked at");
                };
                self.state = self.pop();
                let implicit = plain && tag.is_none() || tag.as_deref() == Some("!");
                Ok(scalar(anchor, tag, text, implicit, at))
            }
            TokenKind::FlowSequenceStart => {
                self.state = State::FlowSequenceFirst;
                self.open(EventKind::SequenceStart(anchor), at)
            }
            TokenKind::FlowMappingStart => {
                self.state = State::FlowMappingFirst;
                self.open(EventKind::MappingStart(anchor), at)
            }
            TokenKind::BlockSequenceStart if block => {
                self.state = State::BlockSequenceEntry;
                self.open(EventKind::SequenceStart(anchor), at)
            }
            TokenKind::BlockMappingStart if block => {
                self.state = State::BlockMappingKey;
                self.open(EventKind::MappingStart(anchor), at)
            }
            _ if anchor.is_some() || tag.is_some() => {
                self.state = self.pop();
                let implicit = tag.is_none();
                Ok(scalar(anchor, tag, Cow::Borrowed(""), implicit, at))
            }
            _ => {
                let context = if block {
                    "while parsing a block node"
                } else {
                    "while parsing a flow node"
                };
                Err(SyntaxError::new("did not find expected node content", token_at).within(context, at))
            }
        }
    }

    /// Takes the token that opens a list or map.
    fn open(&mut self, kind: EventKind<'a>, at: Mark) -> Parsed<'a> {
        let began = self.scanner.take()?.at;
        self.marks.push(began);
        Ok(event(kind, at))
    }

    /// Anchor and tag of a node, in either order.
    fn properties(&mut self, at: Mark) -> Result<(Option<&'a str>, Option<String>), SyntaxError> {
        let mut anchor = None;
        let mut tag = None;
        for _ in 0..2 {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(*name),
                TokenKind::Tag(..) if tag.is_none() => {}
                _ => break,
            }
            let token = self.scanner.take()?;
            if let TokenKind::Tag(written) = token.kind {
                let (handle, suffix) = *written;
                tag = Some(self.resolve_tag(&handle, suffix).ok_or_else(|| {
                    SyntaxError::new("found undefined tag handle", token.at)
                        .within("while parsing a node", at)
                })?);
            }
        }
        Ok((anchor, tag.filter(|tag| !tag.is_empty())))
    }

    fn resolve_tag(&self, handle: &str, suffix: String) -> Option<String> {
        if handle.is_empty() {
            return Some(suffix);
        }
        let (_, prefix) = self.tags.iter().find(|(known, _)| known == handle)?;
        Some(format!("{prefix}{suffix}")).filter(|tag| !tag.is_empty())
    }

    fn block_sequence_entry(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            TokenKind::BlockEntry => {
                self.scanner.take()?;
                if matches!(
                    self.scanner.peek()?.kind,
                    TokenKind::BlockEntry | TokenKind::BlockEnd
                ) {
                    Ok(self.empty(at.next(), State::BlockSequenceEntry))
                } else {
                    self.states.push(State::BlockSequenceEntry);
                    self.node(true, false)
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => Err(self.unexpected(
                "did not find expected '-' indicator",
                "while parsing a block collection",
                at,
            )),
        }
    }

    fn indentless_entry(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        if !matches!(token.kind, TokenKind::BlockEntry) {
            self.state = self.pop();
            return Ok(event(EventKind::SequenceEnd, at));
        }
        self.scanner.take()?;
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(self.empty(at.next(), State::IndentlessEntry))
            }
            _ => {
                self.states.push(State::IndentlessEntry);
                self.node(true, false)
            }
        }
    }

    fn block_mapping_key(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            TokenKind::Key => {
                self.scanner.take()?;
                self.block_mapping_part(at, State::BlockMappingValue)
            }
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => Err(self.unexpected("did not find expected key", "while parsing a block mapping", at)),
        }
    }

    fn block_mapping_value(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        if matches!(token.kind, TokenKind::Value) {
            self.scanner.take()?;
            self.block_mapping_part(at, State::BlockMappingKey)
        } else {
            Ok(self.empty(at, State::BlockMappingKey))
        }
    }

    /// What stands behind the `?` or `:` at `at`, which may be nothing.
    fn block_mapping_part(&mut self, at: Mark, next: State) -> Parsed<'a> {
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.empty(at.next(), next)),
            _ => {
                self.states.push(next);
                self.node(true, true)
            }
        }
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Parsed<'a> {
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowSequenceEnd) {
            let token = self.scanner.peek()?;
            let at = token.at;
            if !matches!(token.kind, TokenKind::FlowEntry) {
                let problem = "did not find expected ',' or ']'";
                return Err(self.unexpected(problem, "while parsing a flow sequence", at));
            }
            self.scanner.take()?;
        }
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            TokenKind::FlowSequenceEnd => self.close(EventKind::SequenceEnd),
            TokenKind::Key => {
                self.scanner.take()?;
                self.state = State::PairKey;
                Ok(event(EventKind::MappingStart(None), at))
            }
            _ => {
                self.states.push(State::FlowSequenceEntry);
                self.node(false, false)
            }
        }
    }

    fn pair_key(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        match token.kind {
            // Helm's parser takes the token here, and so refuses `[? : b]`.
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.scanner.take()?;
                Ok(self.empty(at.next(), State::PairValue))
            }
            _ => {
                self.states.push(State::PairValue);
                self.node(false, false)
            }
        }
    }

    fn pair_value(&mut self) -> Parsed<'a> {
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take()?;
            if !matches!(
                self.scanner.peek()?.kind,
                TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
            ) {
                self.states.push(State::PairEnd);
                return self.node(false, false);
            }
        }
        let at = self.scanner.peek()?.at;
        Ok(self.empty(at, State::PairEnd))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Parsed<'a> {
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowMappingEnd) {
            let token = self.scanner.peek()?;
            let at = token.at;
            if !matches!(token.kind, TokenKind::FlowEntry) {
                let problem = "did not find expected ',' or '}'";
                return Err(self.unexpected(problem, "while parsing a flow mapping", at));
            }
            self.scanner.take()?;
        }
        match self.scanner.peek()?.kind {
            TokenKind::FlowMappingEnd => self.close(EventKind::MappingEnd),
            TokenKind::Key => {
                self.scanner.take()?;
                self.flow_mapping_part(State::FlowMappingValue)
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(false, false)
            }
        }
    }

    fn flow_mapping_value(&mut self) -> Parsed<'a> {
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take()?;
            return self.flow_mapping_part(State::FlowMappingKey);
        }
        let at = self.scanner.peek()?.at;
        Ok(self.empty(at, State::FlowMappingKey))
    }

    /// What stands behind `?` or `:` in braces, which may be nothing.
    fn flow_mapping_part(&mut self, next: State) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let at = token.at;
        let is_empty = match token.kind {
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd => true,
            TokenKind::Value => next == State::FlowMappingValue,
            _ => false,
        };
        if is_empty {
            return Ok(self.empty(at, next));
        }
        self.states.push(next);
        self.node(false, false)
    }

    /// Takes the token that closes a list or map.
    fn close(&mut self, kind: EventKind<'a>) -> Parsed<'a> {
        let at = self.scanner.take()?.at;
        self.marks.pop();
        self.state = self.pop();
        Ok(event(kind, at))
    }

    fn empty(&mut self, at: Mark, next: State) -> Event<'a> {
        self.state = next;
        scalar(None, None, Cow::Borrowed(""), true, at)
    }

    fn unexpected(&self, problem: &'static str, context: &'static str, at: Mark) -> SyntaxError {
        let began = self.marks.last().copied().unwrap_or_default();
        SyntaxError::new(problem, at).within(context, began)
    }
}

fn event(kind: EventKind<'_>, at: Mark) -> Event<'_> {
    Event { kind, at }
}

fn scalar<'a>(
    anchor: Option<&'a str>,
    tag: Option<String>,
    text: Cow<'a, str>,
    implicit: bool,
    at: Mark,
) -> Event<'a> {
    let scalar = ScalarEvent {
        anchor,
        tag,
        text,
        implicit,
    };
    event(EventKind::Scalar(scalar), at)
}
