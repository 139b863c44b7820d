//! Owns where a rendered file is cut into documents, which is Helm's rule and not YAML's.
//!
//! It does not read the documents.

/// One document of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Where it starts in the file.
    pub(super) offset: usize,
    /// Its text, without white space around it.
    pub(super) text: &'a str,
}

/// Cuts a text at Helm's separator, `(?:^|\s*\n)---\s*` (`releaseutil.SplitManifests`).
///
/// So `---` is found at the start of any line, also in a quoted text, and what follows it on its line belongs
/// to the next document; empty documents are dropped, those that hold only comments are not. White space after
/// a separator belongs to it, which is why the second of two separators in a row stays in its document.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let leading = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut keep = |from: usize, to: usize| {
        let piece = &trimmed[from..to];
        if !piece.is_empty() {
            let indent = piece.len() - piece.trim_start().len();
            pieces.push(Piece {
                offset: leading + from + indent,
                text: piece.trim(),
            });
        }
    };
    while let Some((from, to)) = separator(trimmed, start) {
        keep(start, from);
        start = to;
    }
    keep(start, trimmed.len());
    pieces
}

/// The next separator at or after `from`: its start and end.
fn separator(text: &str, from: usize) -> Option<(usize, usize)> {
    let (start, dashes) = if from == 0 && text.starts_with("---") {
        (0, 0)
    } else {
        let newline = from + text[from..].find("\n---")?;
        let blanks = text[from..newline]
            .bytes()
            .rev()
            .take_while(|byte| is_space(*byte))
            .count();
        (newline - blanks, newline + 1)
    };
    let after = dashes + "---".len();
    let blanks = text[after..].bytes().take_while(|byte| is_space(*byte)).count();
    Some((start, after + blanks))
}

/// Go's `\s`.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        for piece in split(text) {
            assert!(
                text[piece.offset..].starts_with(piece.text),
                "{text:?}: {piece:?}"
            );
        }
        split(text).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn documents_are_those_of_helm() {
        assert_eq!(texts(""), [""; 0]);
        assert_eq!(texts(" \n---\n \n"), [""; 0]);
        assert_eq!(texts("a: 1\n---\nb: 1\n"), ["a: 1", "b: 1"]);
        assert_eq!(texts("---\r\na: 1\r\n--- \r\nb: 1\r\n"), ["a: 1", "b: 1"]);
        assert_eq!(texts("--- # one\na: 1\n---b: 1"), ["# one\na: 1", "b: 1"]);
        assert_eq!(
            texts("# only a comment\n---\na: |\n  ---\n  x"),
            ["# only a comment", "a: |\n  ---\n  x"]
        );
        assert_eq!(texts("a: 1\n\n\n---\n---\nb: 1"), ["a: 1", "---\nb: 1"]);
        assert_eq!(texts("---\n---\nb: 1"), ["---\nb: 1"]);
        assert_eq!(texts("---\n \n---\n"), ["---"]);
        assert_eq!(texts("----\na: 1"), ["-\na: 1"]);
        assert_eq!(texts("a: é\u{a0}\n---\nü: 1\u{a0}"), ["a: é", "ü: 1"]);
        assert_eq!(texts("a: 1 --- b\n ---\n"), ["a: 1 --- b\n ---"]);
    }
}
