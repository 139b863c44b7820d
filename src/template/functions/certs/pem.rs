//! Owns PEM as Go writes and reads it: the first block of a text that is whole.
//!
//! What a block holds is its reader's business.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block: the words of its first line, and its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'t> {
    pub(super) label: &'t str,
    pub(super) bytes: Vec<u8>,
}

/// The text of one block.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let body = STANDARD.encode(bytes);
    let mut out = format!("{BEGIN}{label}{DASHES}\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out + END + label + DASHES + "\n"
}

/// The first block; what cannot be read as one is passed over.
pub(super) fn decode(text: &str) -> Option<Block<'_>> {
    let starts = text.match_indices(BEGIN).map(|(start, _)| start);
    starts
        .filter(|start| *start == 0 || text.as_bytes()[start - 1] == b'\n')
        .find_map(|start| block(&text[start + BEGIN.len()..]))
}

/// The block whose label `text` starts with.
fn block(text: &str) -> Option<Block<'_>> {
    let (first, rest) = text.split_once('\n')?;
    let label = first.trim_end().strip_suffix(DASHES)?;
    let end = format!("{END}{label}{DASHES}");
    let (mut body, after) = match rest.strip_prefix(&end) {
        Some(after) => ("", after),
        None => rest.split_once(&format!("\n{end}"))?,
    };
    if !after.split('\n').next().unwrap_or_default().trim().is_empty() {
        return None;
    }
    // Headers, such as those of encrypted keys, stand before the body.
    while let Some((header, rest)) = body.split_once('\n')
        && header.contains(':')
    {
        body = rest;
    }
    let digits: String = body.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(digits).ok()?;
    Some(Block { label, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for length in [0, 1, 47, 48, 49, 500] {
            let bytes = vec![9; length];
            let text = encode("A THING", &bytes);
            assert!(text.lines().all(|line| line.len() <= 64), "{text}");
            assert_eq!(
                decode(&text),
                Some(Block {
                    label: "A THING",
                    bytes
                })
            );
        }
    }

    #[test]
    fn the_first_whole_block_counts() {
        let broken = "-----BEGIN A-----\n!\n-----END A-----\n";
        let good = "-----BEGIN B-----\r\nProc-Type: x\n\nAA ==\n-----END B-----";
        let text = format!("words -----BEGIN C-----\n{broken}{good}\n");
        assert_eq!(decode(&text).map(|block| block.label), Some("B"));
        for text in [
            "",
            "-----BEGIN A-----",
            "-----BEGIN A-----\nAA==\n-----END B-----\n",
            broken,
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
