//! Owns the few forms of DER that keys and certificates are written in, and reading them back.
//!
//! It knows no key and no certificate. Certificates that users bring are read by x509-parser.

use num_bigint::BigUint;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BITS: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const NULL: [u8; 2] = [0x05, 0];

/// One element: its tag, its length, its content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            let digits = &length[zeros..];
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            out.extend(digits);
        }
    }
    out.extend(content);
    out
}

/// Elements in a row, in one.
pub(super) fn sequence<T: AsRef<[u8]>>(parts: &[T]) -> Vec<u8> {
    let content: Vec<u8> = parts.iter().flat_map(AsRef::as_ref).copied().collect();
    element(SEQUENCE, &content)
}

/// A number that is not negative.
pub(super) fn integer(value: &BigUint) -> Vec<u8> {
    let mut bytes = value.to_bytes_be();
    // The highest bit is the sign.
    if bytes.first().is_some_and(|byte| byte & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    element(INTEGER, &bytes)
}

/// Whole bytes as a string of bits.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(BITS, &[&[0], bytes].concat())
}

/// Number `number` of the elements whose meaning the context gives.
pub(super) fn tagged(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'d>(pub(super) &'d [u8]);

impl<'d> Reader<'d> {
    /// The content of the next element, if it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        let (head, rest) = self.0.split_at_checked(2)?;
        if head[0] != tag {
            return None;
        }
        let digits = usize::from(head[1] & 0x7f);
        let (length, rest) = if head[1] < 0x80 {
            (digits, rest)
        } else {
            let (length, rest) = rest.split_at_checked(digits)?;
            // Longer ones would be greater than any text here.
            let value =
                (digits <= 4).then(|| length.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)));
            (value?, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }

    /// The elements inside the next one, a sequence.
    pub(super) fn sequence(&mut self) -> Option<Self> {
        self.take(SEQUENCE).map(Self)
    }

    /// The next number, if it is not negative.
    pub(super) fn integer(&mut self) -> Option<BigUint> {
        let bytes = self.take(INTEGER)?;
        bytes
            .first()
            .is_some_and(|byte| *byte < 0x80)
            .then(|| BigUint::from_bytes_be(bytes))
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_signs_are_written_and_read() {
        for length in [0, 1, 127, 128, 255, 256, 65_536] {
            let written = element(OCTETS, &vec![7; length]);
            let mut reader = Reader(&written);
            assert_eq!(reader.take(OCTETS).map(<[u8]>::len), Some(length));
            assert!(reader.is_empty());
        }
        assert_eq!(integer(&BigUint::from(0_u8)), [2, 1, 0]);
        assert_eq!(integer(&BigUint::from(127_u8)), [2, 1, 127]);
        assert_eq!(integer(&BigUint::from(128_u8)), [2, 2, 0, 128]);
        assert_eq!(Reader(&[2, 1, 128]).integer(), None);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        for bytes in [
            &[][..],
            &[4],
            &[4, 1],
            &[4, 0x82, 1],
            &[4, 0x84, 255, 255, 255, 255],
            &[4, 0xff],
        ] {
            assert_eq!(Reader(bytes).take(OCTETS), None, "{bytes:?}");
        }
    }
}
