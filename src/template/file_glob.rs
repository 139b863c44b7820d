//! Owns the patterns of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not, `[…]` and `{…,…}` choose.
//!
//! `.helmignore` and `--show-only` have another grammar, in the crate's `glob`. Three stars in a row are one `**` here;
//! Helm's library loses count of them.

use regex_lite::{Regex, RegexBuilder};
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Braces nest no deeper.
const MAX_NESTING: usize = 50;

/// As a regular expression, each brace nests a few levels.
const NEST_LIMIT: u32 = 200;

/// A pattern, read.
pub(super) struct FileGlob(Regex);

impl FileGlob {
    /// Reads a pattern; None if it is malformed: a class that is open, empty or of more than one range, or too much
    /// of anything.
    pub(super) fn parse(pattern: &str) -> Option<Self> {
        let mut open = vec![Choice::default()];
        let mut rest = pattern.chars().peekable();
        while let Some(character) = rest.next() {
            let depth = open.len();
            let choice = open.last_mut()?;
            match character {
                '{' if depth > MAX_NESTING => return None,
                '{' => open.push(Choice::default()),
                ',' if depth > 1 => choice.next(),
                '}' if depth > 1 => close(&mut open),
                '[' => choice.push(Piece::Other(class(&mut rest)?)),
                '?' => choice.push(Piece::Other("[^/]".to_owned())),
                '*' if rest.next_if_eq(&'*').is_some() => choice.push(Piece::Anything),
                '*' => choice.push(Piece::Other("[^/]*".to_owned())),
                // One at the end escapes nothing and stands for nothing.
                '\\' => rest.next().into_iter().for_each(|next| choice.literal(next)),
                character => choice.literal(character),
            }
        }
        // Braces that are left open are closed by the end.
        while open.len() > 1 {
            close(&mut open);
        }
        let expression = open.pop()?.expression();
        let mut builder = RegexBuilder::new(&format!("^{expression}$"));
        builder.dot_matches_new_line(true).nest_limit(NEST_LIMIT);
        builder.build().ok().map(Self)
    }

    /// Whether the whole of `name` matches.
    pub(super) fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

/// One piece of a pattern.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    /// `**`.
    Anything,
    /// As a regular expression.
    Other(String),
}

/// What stands between braces: sequences of pieces, of which one must match.
#[derive(Default)]
struct Choice {
    done: Vec<Vec<Piece>>,
    current: Vec<Piece>,
}

impl Choice {
    fn push(&mut self, piece: Piece) {
        if piece != Piece::Anything || self.current.last() != Some(&Piece::Anything) {
            self.current.push(piece);
        }
    }

    fn literal(&mut self, character: char) {
        if let Some(Piece::Text(text)) = self.current.last_mut() {
            text.push(character);
        } else {
            self.current.push(Piece::Text(character.into()));
        }
    }

    fn next(&mut self) {
        self.done.push(std::mem::take(&mut self.current));
    }

    fn expression(mut self) -> String {
        self.next();
        // Helm's library takes out what all sequences begin or end with, so none of them is whole any more.
        let same = |end: fn(&[Piece]) -> Option<&Piece>| {
            let first = self.done.first().and_then(|pieces| end(pieces));
            first.is_some() && self.done.iter().all(|pieces| end(pieces) == first)
        };
        let is_whole = self.done.len() == 1 || !same(<[_]>::first) && !same(<[_]>::last);
        let sequences = self.done.iter().map(|pieces| sequence(pieces, is_whole));
        format!("(?:{})", sequences.collect::<Vec<_>>().join("|"))
    }
}

/// Takes the innermost braces as one piece of what they stand in.
fn close(open: &mut Vec<Choice>) {
    if let Some(choice) = open.pop()
        && let Some(outer) = open.last_mut()
    {
        outer.push(Piece::Other(choice.expression()));
    }
}

fn sequence(pieces: &[Piece], is_whole: bool) -> String {
    let mut expression = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => literals(&mut expression, text),
            Piece::Anything => expression.push_str(".*"),
            Piece::Other(other) => expression.push_str(other),
        }
    }
    // Of `a/**/b` Helm's library asks for the beginning `a/` and the end `/b`, which in `a/b` overlap.
    if let [Piece::Text(before), Piece::Anything, Piece::Text(after)] = pieces
        && is_whole
    {
        for (index, character) in after.char_indices() {
            let (shared, rest) = after.split_at(index + character.len_utf8());
            if before.ends_with(shared) {
                expression.push('|');
                literals(&mut expression, before);
                literals(&mut expression, rest);
            }
        }
    }
    expression
}

fn literals(expression: &mut String, text: &str) {
    for character in text.chars() {
        literal(expression, character);
    }
}

/// Adds a character that means itself.
fn literal(expression: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(expression, "\\x{{{:x}}}", u32::from(character));
}

/// What follows `[`, up to and with `]`: one range, or characters of which none is a range.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut expression = "[".to_owned();
    if rest.next_if_eq(&'!').is_some() {
        expression.push('^');
    }
    let first = rest.next()?;
    if rest.next_if_eq(&'-').is_some() {
        let last = rest.next()?;
        rest.next_if_eq(&']')?;
        literal(&mut expression, first);
        expression.push('-');
        literal(&mut expression, last);
        expression.push(']');
        return (first <= last).then_some(expression);
    }
    let mut next = Some(first);
    let mut empty = true;
    loop {
        match next? {
            ']' if empty => return None,
            ']' => break,
            '\\' => literal(&mut expression, rest.next()?),
            character => literal(&mut expression, character),
        }
        empty = false;
        next = rest.next();
    }
    expression.push(']');
    Some(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each was tried with Helm 3.17.3.
    #[test]
    fn patterns_match_as_in_helm() {
        let names = [
            "f/a.txt",
            "f/b.conf",
            "f/c-d",
            "f/s/a.txt",
            "f/]",
            "f/a,b",
            "f/{x}",
            "f/.h",
            "fa.txt",
        ];
        for (pattern, expected) in [
            ("f/*", "f/a.txt f/b.conf f/c-d f/] f/a,b f/{x} f/.h"),
            ("f/**", "f/a.txt f/b.conf f/c-d f/s/a.txt f/] f/a,b f/{x} f/.h"),
            ("**.txt", "f/a.txt f/s/a.txt fa.txt"),
            ("f/**/a.txt", "f/a.txt f/s/a.txt"),
            ("**/a.txt", "f/a.txt f/s/a.txt"),
            ("f/{a,b}.*", "f/a.txt f/b.conf"),
            ("f/{a,s/{a,z}}.txt", "f/a.txt f/s/a.txt"),
            ("f{,/}a.txt", "f/a.txt fa.txt"),
            ("f/{a.txt,b.conf", "f/a.txt f/b.conf"),
            ("f/[a-b].*", "f/a.txt f/b.conf"),
            ("f/[!a].*", "f/b.conf"),
            ("f/[^a].*", "f/a.txt"),
            ("f/[a,b].*", "f/a.txt f/b.conf"),
            ("f[/]a.txt", "f/a.txt"),
            ("f?a.txt", ""),
            ("f/a,b", "f/a,b"),
            ("f/\\{x\\}", "f/{x}"),
            ("f/{x}", ""),
            ("f/[\\]]", "f/]"),
            ("f/[\\-a].txt", "f/a.txt"),
            ("f/a.txt\\", "f/a.txt"),
            ("", ""),
        ] {
            let glob = FileGlob::parse(pattern).expect(pattern);
            let found: Vec<&str> = names.into_iter().filter(|name| glob.matches(name)).collect();
            assert_eq!(found.join(" "), expected, "{pattern}");
        }
    }

    #[test]
    fn malformed_patterns_are_none() {
        for pattern in ["[", "[]", "[!]", "[b-a]", "[a-bc]", "[a-", "[a", "[a\\"] {
            assert!(FileGlob::parse(pattern).is_none(), "{pattern}");
        }
        assert!(FileGlob::parse(&"{".repeat(100_000)).is_none());
    }
}
