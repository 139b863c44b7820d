//! Owns the text of a manifest: a part of the text that its file rendered, which nothing copies.

use crate::source::Source;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of a text. Copies share it.
#[derive(Clone)]
pub struct Excerpt {
    source: Arc<Source>,
    bytes: Range<usize>,
}

impl Excerpt {
    /// The whole of a text.
    pub fn whole(source: Arc<Source>) -> Self {
        let bytes = 0..source.text.len();
        Self { source, bytes }
    }

    /// The bytes of a text, which must begin and end with characters.
    pub(super) fn part(source: &Arc<Source>, bytes: Range<usize>) -> Self {
        let source = Arc::clone(source);
        Self { source, bytes }
    }

    /// Without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let blank = self.len() - self.trim_start().len();
        let start = self.bytes.start + blank;
        Self::part(&self.source, start..start + self.trim().len())
    }
}

impl Deref for Excerpt {
    type Target = str;

    fn deref(&self) -> &str {
        &self.source.text[self.bytes.clone()]
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_part_goes_wherever_it_stands() {
        let source = Source::new("a", "x \n é \u{a0}\n y");
        let part = Excerpt::part(&source, 1..source.text.len() - 1);
        assert_eq!(&*part, " \n é \u{a0}\n ");
        assert_eq!(&*part.trimmed(), "é");
        assert_eq!(&*Excerpt::whole(Source::new("a", " \n")).trimmed(), "");
    }
}
