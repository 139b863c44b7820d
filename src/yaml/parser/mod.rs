//! Owns the grammar: text in, events out, by YAML 1.1 as Helm's parser reads it.
//!
//! It accepts and refuses what Helm's parser does, which is libyaml's grammar with differences that charts
//! meet: `\'` and not `\/` in double quotes, `%YAML 1.2` refused, keys of up to 1024 characters. It
//! recurses nowhere, copies text only where it differs from the source, and knows no values.

mod characters;
mod cursor;
mod event;
mod events;
mod scalars;
mod scanner;
mod tags;
mod token;

pub(super) use cursor::Mark;
pub(super) use event::{Event, EventKind, ScalarEvent, SyntaxError};
pub(super) use events::Events;

/// Whether the text holds only characters that YAML may hold.
pub(super) fn is_printable(text: &str) -> bool {
    characters::check(text).is_ok()
}
