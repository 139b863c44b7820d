//! Owns the sharing of short texts while a document or template is read: keys and values such as `name` and
//! `TCP` repeat all over it, and one copy of each is enough.
//!
//! It forgets as it likes: a text that it no longer knows is copied again.

use std::sync::Arc;

const SLOTS: usize = 128;
/// Longer texts seldom repeat.
const LONGEST: usize = 32;

/// The text that was met last for each of a few hashes.
pub(crate) struct Texts([Option<Arc<str>>; SLOTS]);

impl Texts {
    pub(crate) fn new() -> Self {
        Self([const { None }; SLOTS])
    }

    /// A copy of `text`, or the one that was made before.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        let (Some(hash), true) = (hash(text.as_bytes()), text.len() <= LONGEST) else {
            return Arc::from(text);
        };
        let slot = &mut self.0[hash % SLOTS];
        if let Some(known) = slot
            && **known == *text
        {
            return Arc::clone(known);
        }
        let copy: Arc<str> = Arc::from(text);
        *slot = Some(Arc::clone(&copy));
        copy
    }
}

/// A few bytes tell most keys apart, and looking at more would cost as much as the copy.
fn hash(bytes: &[u8]) -> Option<usize> {
    let (first, last) = (*bytes.first()?, *bytes.last()?);
    let middle = bytes[bytes.len() / 2];
    Some(bytes.len() * 17 + usize::from(first) * 7 + usize::from(middle) * 31 + usize::from(last) * 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_one_copy_and_others_do_not() {
        let mut texts = Texts::new();
        let first = texts.share("name");
        assert!(Arc::ptr_eq(&first, &texts.share("name")));
        // The same length, first, middle and last byte: the same slot.
        assert_eq!(&*texts.share("nbme"), "nbme");
        assert_eq!(&*texts.share("name"), "name");
        for text in ["", "é", &"x".repeat(LONGEST + 1)] {
            assert_eq!(&*texts.share(text), text);
        }
    }
}
