//! Owns the translation of Go's regular expressions to those of the `regex` crate.
//!
//! Both have RE2's ancestry. Go refuses more (nested repetitions, `\u`, flag `x`), takes a lone `{` for
//! itself, has `\Q…\E` and octal escapes, and its `\d`, `\s`, `\w` and `\b` are ASCII.

use std::iter::Peekable;
use std::str::Chars;

/// Go's limit for `{n,m}`.
const REPEAT: u32 = 1000;

/// The same expression for the crate; None where Go refuses it.
pub(super) fn translate(expression: &str) -> Option<String> {
    let mut translator = Translator {
        rest: expression.chars().peekable(),
        out: String::new(),
    };
    translator.expression()?;
    Some(translator.out)
}

/// What a brace turned out to be.
enum Brace {
    Repetition(String),
    Literal,
}

/// A member of a class.
enum Member {
    One(char),
    Class,
}

struct Translator<'e> {
    rest: Peekable<Chars<'e>>,
    out: String,
}

impl Translator<'_> {
    fn expression(&mut self) -> Option<()> {
        let mut repeated = false;
        while let Some(character) = self.rest.next() {
            let repetition = match character {
                '*' | '+' | '?' => Some(character.to_string()),
                '{' => match self.counted()? {
                    Brace::Repetition(repetition) => Some(repetition),
                    Brace::Literal => None,
                },
                _ => None,
            };
            if let Some(repetition) = repetition {
                if repeated {
                    return None;
                }
                repeated = true;
                self.out.push_str(&repetition);
                if self.rest.next_if_eq(&'?').is_some() {
                    self.out.push('?');
                }
                continue;
            }
            repeated = false;
            match character {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '{' => self.out.push_str("\\{"),
                '}' => self.out.push_str("\\}"),
                other => self.out.push(other),
            }
        }
        Some(())
    }

    /// `n}`, `n,}` or `n,m}` behind a brace; None where Go refuses the numbers.
    fn counted(&mut self) -> Option<Brace> {
        let ahead: String = self
            .rest
            .clone()
            .take_while(|character| *character != '}')
            .collect();
        let closed = self.rest.clone().nth(ahead.chars().count()) == Some('}');
        let (least, most) = ahead.split_once(',').unwrap_or((&ahead, &ahead));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !closed || !is_number(least) || !(most.is_empty() || is_number(most)) {
            return Some(Brace::Literal);
        }
        let read = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= REPEAT);
        let low = read(least)?;
        if !most.is_empty() && read(most)? < low {
            return None;
        }
        for _ in 0..=ahead.len() {
            self.rest.next();
        }
        Some(Brace::Repetition(format!("{{{ahead}}}")))
    }

    /// `(?…` with a name or with flags that Go knows.
    fn group(&mut self) -> Option<()> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Some(());
        }
        self.out.push('?');
        match self.rest.peek()? {
            'P' | '<' => Some(()),
            _ => {
                for flag in self.rest.by_ref() {
                    self.out.push(flag);
                    match flag {
                        ':' | ')' => return Some(()),
                        'i' | 'm' | 's' | 'U' | '-' => {}
                        _ => return None,
                    }
                }
                None
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let escaped = self.rest.next()?;
        match escaped {
            'Q' => self.quoted(),
            'd' => self.out.push_str("[0-9]"),
            'D' => self.out.push_str("[^0-9]"),
            'w' => self.out.push_str("[0-9A-Za-z_]"),
            'W' => self.out.push_str("[^0-9A-Za-z_]"),
            's' => self.out.push_str("[\\t\\n\\x0C\\r ]"),
            'S' => self.out.push_str("[^\\t\\n\\x0C\\r ]"),
            'b' => self.out.push_str("(?-u:\\b)"),
            // Without Unicode a negated boundary could split a character, which the crate refuses.
            'B' => self.out.push_str("\\B"),
            'A' | 'z' => self.out.extend(['\\', escaped]),
            'p' | 'P' => self.unicode_class(escaped)?,
            other => {
                let character = self.escaped_character(other)?;
                self.out.push_str(&regex::escape(&character.to_string()));
            }
        }
        Some(())
    }

    /// `\Q…\E` stands for itself.
    fn quoted(&mut self) {
        let mut body = String::new();
        while let Some(character) = self.rest.next() {
            if character == '\\' && self.rest.next_if_eq(&'E').is_some() {
                break;
            }
            body.push(character);
        }
        self.out.push_str(&regex::escape(&body));
    }

    fn unicode_class(&mut self, letter: char) -> Option<()> {
        self.out.extend(['\\', letter]);
        let first = self.rest.next()?;
        self.out.push(first);
        while first == '{' && !self.out.ends_with('}') {
            self.out.push(self.rest.next()?);
        }
        Some(())
    }

    /// The character that an escape stands for.
    fn escaped_character(&mut self, escaped: char) -> Option<char> {
        match escaped {
            'a' => Some('\u{7}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            'x' => self.hexadecimal(),
            '0'..='7' => self.octal(escaped),
            other => (other.is_ascii() && !other.is_ascii_alphanumeric()).then_some(other),
        }
    }

    fn hexadecimal(&mut self) -> Option<char> {
        let digits: String = if self.rest.next_if_eq(&'{').is_some() {
            self.rest
                .by_ref()
                .take_while(|character| *character != '}')
                .collect()
        } else {
            self.rest.by_ref().take(2).collect()
        };
        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
    }

    /// `\0` and up to two digits; other digits need a second one, or they would be back references.
    fn octal(&mut self, first: char) -> Option<char> {
        let mut digits = String::from(first);
        while digits.len() < 3 {
            let Some(digit) = self.rest.next_if(|digit| matches!(digit, '0'..='7')) else {
                break;
            };
            digits.push(digit);
        }
        if first != '0' && digits.len() == 1 {
            return None;
        }
        char::from_u32(u32::from_str_radix(&digits, 8).ok()?)
    }

    fn class(&mut self) -> Option<()> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let character = self.rest.next()?;
            if character == ']' && !first {
                self.out.push(']');
                return Some(());
            }
            first = false;
            if character == '[' && self.rest.peek() == Some(&':') {
                self.posix()?;
                continue;
            }
            let Member::One(low) = self.class_character(character)? else {
                continue;
            };
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if is_range {
                self.rest.next();
                let end = self.rest.next()?;
                // A class at the end of a range is refused.
                let Member::One(high) = self.class_character(end)? else {
                    return None;
                };
                if high < low {
                    return None;
                }
                self.point(low);
                self.out.push('-');
                self.point(high);
            } else {
                self.point(low);
            }
        }
    }

    /// A member of a class; a class such as `\d` is written at once.
    fn class_character(&mut self, character: char) -> Option<Member> {
        if character != '\\' {
            return Some(Member::One(character));
        }
        let escaped = self.rest.next()?;
        match escaped {
            'd' => self.out.push_str("0-9"),
            'w' => self.out.push_str("0-9A-Za-z_"),
            's' => self.out.push_str("\\t\\n\\x0C\\r "),
            'D' => self.out.push_str("[^0-9]"),
            'W' => self.out.push_str("[^0-9A-Za-z_]"),
            'S' => self.out.push_str("[^\\t\\n\\x0C\\r ]"),
            'p' | 'P' => self.unicode_class(escaped)?,
            other => return self.escaped_character(other).map(Member::One),
        }
        Some(Member::Class)
    }

    /// A character as the crate reads it anywhere in a class.
    fn point(&mut self, character: char) {
        let escape = format!("\\x{{{:X}}}", u32::from(character));
        self.out.push_str(&escape);
    }

    /// `[:name:]`; the crate knows the same names and refuses others.
    fn posix(&mut self) -> Option<()> {
        self.out.push('[');
        while !self.out.ends_with(":]") || self.out.ends_with("[:]") {
            self.out.push(self.rest.next()?);
        }
        Some(())
    }
}
