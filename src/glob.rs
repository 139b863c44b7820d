//! Owns Go's file name patterns (`filepath.Match`), which `.helmignore` and `--show-only` are written in.
//!
//! It walks no directories. `.Files.Glob` has another grammar and is not served here.

/// A pattern: `*` and `?` match within one path segment, `[a-z]` and `[^a]` one character, `\` escapes.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Token>);

/// The pattern is malformed: an unclosed or empty class, or a trailing `\`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

#[derive(Clone, Debug)]
enum Token {
    Star,
    Any,
    Literal(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        let mut tokens = Vec::new();
        let mut rest = text.chars();
        while let Some(character) = rest.next() {
            tokens.push(match character {
                '*' => Token::Star,
                '?' => Token::Any,
                '\\' => Token::Literal(rest.next().ok_or(BadPattern)?),
                '[' => class(&mut rest)?,
                literal => Token::Literal(literal),
            });
        }
        Ok(Self(tokens))
    }

    /// Whether the whole of `name` matches.
    ///
    /// As in Go, what stands between two stars is found at its first place, for good; only the last star is tried
    /// with more characters. So the time is bounded by the product of both lengths.
    pub fn matches(&self, name: &str) -> bool {
        let (mut index, mut rest) = (0, name);
        // What follows the last star, and what that star has not taken.
        let mut last_star: Option<(usize, &str)> = None;
        loop {
            let mut characters = rest.chars();
            match (self.0.get(index), characters.next()) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    index += 1;
                    last_star = Some((index, rest));
                    continue;
                }
                (Some(token), Some(character)) if token.accepts(character) => {
                    index += 1;
                    rest = characters.as_str();
                    continue;
                }
                _ => {}
            }
            let Some((after, not_taken)) = last_star else {
                return false;
            };
            let mut characters = not_taken.chars();
            match characters.next() {
                None | Some('/') => return false,
                Some(_) => rest = characters.as_str(),
            }
            index = after;
            last_star = Some((after, rest));
        }
    }
}

impl Token {
    fn accepts(&self, character: char) -> bool {
        match self {
            Self::Star => false,
            Self::Any => character != '/',
            Self::Literal(literal) => *literal == character,
            Self::Class { negated, ranges } => {
                let inside = ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&character));
                inside != *negated
            }
        }
    }
}

/// What follows `[`, up to and with `]`.
fn class(rest: &mut std::str::Chars<'_>) -> Result<Token, BadPattern> {
    let negated = rest.as_str().starts_with('^');
    if negated {
        rest.next();
    }
    let mut ranges = Vec::new();
    loop {
        if rest.as_str().starts_with(']') && !ranges.is_empty() {
            rest.next();
            return Ok(Token::Class { negated, ranges });
        }
        let low = class_character(rest)?;
        let high = if rest.as_str().starts_with('-') {
            rest.next();
            class_character(rest)?
        } else {
            low
        };
        ranges.push((low, high));
    }
}

fn class_character(rest: &mut std::str::Chars<'_>) -> Result<char, BadPattern> {
    match rest.next() {
        None | Some('-' | ']') => Err(BadPattern),
        Some('\\') => rest.next().ok_or(BadPattern),
        Some(character) => Ok(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_go_does() {
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a???b", "aäöüb", true),
            ("a?b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-x]", "-", true),
            ("*x", "xxx", true),
            ("templates/*/d.yaml", "templates/a/d.yaml", true),
            ("templates/*", "templates/a/d.yaml", false),
            ("*[^x]*b", "a/b", false),
            ("*ab*c", "aab/abc", false),
            ("*a*", "bab", true),
            ("", "", true),
            ("", "a", false),
        ];
        for (pattern, name, expected) in cases {
            let parsed = Pattern::parse(pattern).expect("the pattern is well-formed");
            assert_eq!(parsed.matches(name), expected, "{pattern} against {name}");
        }
    }

    #[test]
    fn malformed_patterns_are_refused_as_in_go() {
        for pattern in [
            "[]a]", "[-]", "[x-]", "[-x]", "[", "[^", "[^bc", "a[", "\\", "[a-b-c]",
        ] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_bounded_time() {
        let pattern = Pattern::parse(&"*a".repeat(200)).expect("the pattern is well-formed");
        assert!(!pattern.matches(&"b".repeat(10_000)));
    }
}
