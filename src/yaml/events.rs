//! Owns the parser: text in, events out.

use super::event::{Event, EventKind, Mark, ScalarEvent, SyntaxError};
use libyaml_safer::EventData;
use std::borrow::Cow;
use std::io::BufReader;

pub(super) struct Events<'a> {
    parser: libyaml_safer::Parser<BufReader<&'a [u8]>>,
}

fn mark(mark: libyaml_safer::Mark) -> Mark {
    Mark {
        line: u32::try_from(mark.line + 1).unwrap_or(u32::MAX),
        column: u32::try_from(mark.column + 1).unwrap_or(u32::MAX),
    }
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut parser = libyaml_safer::Parser::new();
        parser.set_input(BufReader::with_capacity(4096, text.as_bytes()));
        Self { parser }
    }

    pub(super) fn next(&mut self) -> Result<Event<'a>, SyntaxError> {
        loop {
            let event = self.parser.parse().map_err(|error| SyntaxError {
                problem: error.problem(),
                at: error.problem_mark().map(mark).unwrap_or_default(),
                context: error.context().zip(error.context_mark().map(mark)),
            })?;
            let kind = match event.data {
                EventData::StreamStart { .. } => continue,
                EventData::StreamEnd => EventKind::StreamEnd,
                EventData::DocumentStart { .. } => EventKind::DocumentStart,
                EventData::DocumentEnd { .. } => EventKind::DocumentEnd,
                EventData::Alias { anchor } => EventKind::Alias(Cow::Owned(anchor)),
                EventData::Scalar {
                    anchor,
                    tag,
                    value,
                    plain_implicit,
                    ..
                } => EventKind::Scalar(ScalarEvent {
                    anchor: anchor.map(Cow::Owned),
                    tag: tag.map(Cow::Owned),
                    text: Cow::Owned(value),
                    implicit: plain_implicit,
                }),
                EventData::SequenceStart { anchor, .. } => EventKind::SequenceStart(anchor.map(Cow::Owned)),
                EventData::SequenceEnd => EventKind::SequenceEnd,
                EventData::MappingStart { anchor, .. } => EventKind::MappingStart(anchor.map(Cow::Owned)),
                EventData::MappingEnd => EventKind::MappingEnd,
            };
            return Ok(Event {
                kind,
                at: mark(event.start_mark),
            });
        }
    }
}
