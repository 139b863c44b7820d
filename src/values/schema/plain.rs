//! Owns patterns so plain that every engine reads them alike, for text in ASCII.
//!
//! Everything else is left to the validator: look-around, flags, Unicode, counts that multiply.

use regex_lite::Regex;

/// The longest pattern that is taken.
const LONGEST: usize = 200;

/// How many characters and classes a pattern may have once its counts are written out: far below the size at
/// which the validator refuses one.
const LARGEST: usize = 10_000;

/// How many times larger than an ASCII class one is that holds most of Unicode.
const WIDE: usize = 20;

/// A matcher for text in ASCII, if `pattern` is plain. Such a pattern is valid for the validator, and
/// matches the same texts there.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let mut scan = Scan {
        rest: pattern.as_bytes(),
        groups: vec![0],
        atom: 0,
    };
    if pattern.len() > LONGEST || scan.pattern()? > LARGEST {
        return None;
    }
    Regex::new(pattern).ok()
}

/// Reads a pattern from left to right; None is the answer to whatever is not plain.
struct Scan<'a> {
    rest: &'a [u8],
    /// The sizes of the open groups, without the last atom.
    groups: Vec<usize>,
    /// The size of what a count would repeat.
    atom: usize,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The size of the whole.
    fn pattern(&mut self) -> Option<usize> {
        let mut repeatable = false;
        while let Some(byte) = self.next() {
            repeatable = match byte {
                b'^' | b'$' | b'|' => false,
                // A group with a flag or a look-around has a `?` next, which then repeats nothing.
                b'(' => {
                    self.append(0)?;
                    self.groups.push(0);
                    false
                }
                b')' => {
                    self.atom = self.atom.saturating_add(self.groups.pop()?);
                    true
                }
                b'*' | b'+' | b'?' if repeatable => false,
                b'{' if repeatable => {
                    self.atom = self.atom.saturating_mul(self.count()?);
                    false
                }
                b'.' => self.append(WIDE)?,
                b'[' => {
                    let size = self.class()?;
                    self.append(size)?
                }
                b'\\' => {
                    let size = self.escape()?;
                    self.append(size)?
                }
                _ if is_literal(byte) => self.append(1)?,
                _ => return None,
            };
        }
        match self.groups.as_slice() {
            [size] => Some(size.saturating_add(self.atom)),
            _ => None,
        }
    }

    /// Adds an atom to the innermost group, if one is open; the atom may be repeated.
    fn append(&mut self, size: usize) -> Option<bool> {
        let group = self.groups.last_mut()?;
        *group = group.saturating_add(self.atom);
        self.atom = size;
        Some(true)
    }

    /// The rest of `{2}`, `{2,}` or `{2,3}`.
    fn count(&mut self) -> Option<usize> {
        let end = self.rest.iter().position(|byte| *byte == b'}')?;
        let text = std::str::from_utf8(&self.rest[..end]).ok()?;
        self.rest = &self.rest[end + 1..];
        let (least, most) = text.split_once(',').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(least) || !is_number(most) {
            return None;
        }
        let least: usize = least.parse().ok()?;
        let most = if most.is_empty() {
            least
        } else {
            most.parse().ok()?
        };
        Some(least.max(most).max(1))
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Option<usize> {
        match self.next()? {
            b'd' | b'w' => Some(1),
            b'D' | b'W' | b's' | b'S' => Some(WIDE),
            byte if br"^$\.*+?()[]{}|/".contains(&byte) => Some(1),
            _ => None,
        }
    }

    /// What follows the `[` of a class, which is not empty and holds no class.
    fn class(&mut self) -> Option<usize> {
        let mut size = 1;
        if self.rest.first() == Some(&b'^') {
            self.next();
            size = WIDE;
        }
        // What a `-` may make a range with: the character before it.
        let mut before: Option<u8> = None;
        let mut first = true;
        loop {
            let byte = self.next()?;
            before = match byte {
                b']' if first => return None,
                b']' => return Some(size),
                b'\\' => {
                    size = size.max(self.escape()?);
                    None
                }
                b'-' if first || self.rest.first() == Some(&b']') => {
                    if self.rest.first() == Some(&b'-') {
                        return None;
                    }
                    None
                }
                b'-' => {
                    before?;
                    if !self.next()?.is_ascii_alphanumeric() {
                        return None;
                    }
                    None
                }
                _ if byte.is_ascii_alphanumeric() => Some(byte),
                _ if byte != b'&' && byte != b'~' && is_literal(byte) => None,
                b'.' | b'+' | b'*' | b'$' | b'?' => None,
                _ => return None,
            };
            first = false;
        }
    }
}

/// Whether a character stands for itself outside classes.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_/:@%,;<>='\"!&~# ".contains(&byte)
}
