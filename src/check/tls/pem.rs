//! Owns reading PEM text into blocks, as Go's `encoding/pem` finds them.
//!
//! It does not know what the blocks hold.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One block between `-----BEGIN label-----` and `-----END label-----`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// `CERTIFICATE`, `PRIVATE KEY`, …
    pub(super) label: &'a str,
    /// Whether its headers say that the contents are encrypted.
    pub(super) encrypted: bool,
    /// The decoded contents; None if they are no base64 or the end is missing.
    pub(super) contents: Option<Vec<u8>>,
}

/// All blocks of `text`; what stands between blocks is a comment.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim_end);
    while let Some(line) = lines.next() {
        if let Some(label) = marker(line, "-----BEGIN ") {
            blocks.push(block(label, &mut lines));
        }
    }
    blocks
}

fn marker<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}

fn block<'a>(label: &'a str, lines: &mut impl Iterator<Item = &'a str>) -> Block<'a> {
    let mut packed = String::new();
    let mut encrypted = false;
    let mut closed = false;
    for line in lines {
        if let Some(end) = marker(line, "-----END ") {
            closed = end == label;
            break;
        }
        // `Proc-Type: 4,ENCRYPTED` is how older encrypted keys say so.
        if let Some((_, header)) = line.split_once(':') {
            encrypted |= header.contains("ENCRYPTED");
        } else {
            packed.extend(line.chars().filter(|character| !character.is_ascii_whitespace()));
        }
    }
    let contents = if closed {
        STANDARD.decode(packed).ok()
    } else {
        None
    };
    Block {
        label,
        encrypted,
        contents,
    }
}
