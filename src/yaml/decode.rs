//! Owns the encodings that YAML files come in: UTF-8, with or without a byte order mark, and UTF-16 with one.
//!
//! It reads no file and words no message about one.

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What the bytes should have been.
    pub encoding: &'static str,
    /// The first byte at fault.
    pub offset: usize,
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "invalid {} at byte {}", self.encoding, self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// The text of a YAML file as Helm decodes it, without its byte order mark.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest.to_vec(), 3),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: Vec<u8>, mark: usize) -> Result<String, DecodeError> {
    String::from_utf8(bytes).map_err(|error| DecodeError {
        encoding: "UTF-8",
        offset: mark + error.utf8_error().valid_up_to(),
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let error = |offset| DecodeError {
        encoding: "UTF-16",
        offset,
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 2;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = decoded.map_err(|_| error(offset))?;
        offset += 2 * character.len_utf16();
        text.push(character);
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(error(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "a: é😀\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let with_mark = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with_mark(&[0xef, 0xbb, 0xbf], text.as_bytes()),
            with_mark(&[0xff, 0xfe], &little),
            with_mark(&[0xfe, 0xff], &big),
        ] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn invalid_bytes_are_told_with_their_offset() {
        let offset = |bytes: &[u8]| decode(bytes.to_vec()).expect_err("invalid").offset;
        assert_eq!(offset(b"ab\xffc"), 2);
        assert_eq!(offset(b"\xef\xbb\xbfab\xff"), 5);
        assert_eq!(offset(b"\xff\xfea\0b"), 4);
        assert_eq!(offset(b"\xff\xfea\0\0\xd8a\0"), 4);
    }
}
