//! Owns reading the few DER structures that private keys are made of.
//!
//! It reads lengths and tags, never beyond its input, and does not recurse.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[1]`, constructed: the public key inside an EC private key.
pub(super) const CONTEXT_1: u8 = 0xa1;

/// A cursor over the elements of one structure.
#[derive(Clone, Copy)]
pub(super) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    /// The elements inside the sequence that `bytes` are, with nothing behind it.
    pub(super) fn of_sequence(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Self(bytes);
        let inner = outer.expect(SEQUENCE)?;
        outer.0.is_empty().then_some(inner)
    }

    /// The contents of the next element, whatever it is.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first & 0x7f);
        if first & 0x80 != 0 {
            let (size, after) = rest.split_at_checked(length)?;
            // Four bytes of length are gigabytes: more is no key.
            if size.is_empty() || size.len() > 4 {
                return None;
            }
            length = size.iter().try_fold(0usize, |sum, byte| {
                sum.checked_mul(256)?.checked_add(usize::from(*byte))
            })?;
            rest = after;
        }
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, contents))
    }

    /// The contents of the next element if it has this tag; the cursor moves only then.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let (found, contents) = ahead.next()?;
        (found == tag).then(|| {
            *self = ahead;
            contents
        })
    }

    /// The elements of the next structure if it has this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }

    /// What is left, undecoded.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }
}
