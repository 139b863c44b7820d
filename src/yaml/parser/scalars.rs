//! Owns the scanning of scalars: plain, quoted and block.
//!
//! A scalar that stands in the source as it is read borrows from it.

use super::cursor::{Mark, Stop};
use super::event::SyntaxError;
use super::scanner::Scanner;
use super::token::{Token, TokenKind};
use std::borrow::Cow;

const QUOTED: &str = "while scanning a quoted scalar";
const ESCAPE: &str = "while parsing a quoted scalar";
const BLOCK: &str = "while scanning a block scalar";

/// The line breaks between two parts of a scalar, to be folded.
#[derive(Default)]
struct Breaks {
    first: Option<&'static str>,
    rest: String,
}

impl Breaks {
    fn push(&mut self, line_break: &'static str) {
        if self.first.is_none() {
            self.first = Some(line_break);
        } else {
            self.rest.push_str(line_break);
        }
    }

    /// One line feed becomes a space; of several the first goes; other breaks stay.
    fn fold_into(&mut self, text: &mut String) {
        match self.first.take() {
            Some("\n") if self.rest.is_empty() => text.push(' '),
            Some("\n") | None => {}
            Some(other) => text.push_str(other),
        }
        text.push_str(&self.rest);
        self.rest.clear();
    }
}

/// A text that borrows from the source as long as it equals it.
struct Builder {
    /// What was built so far, once the text differs from the source.
    built: Option<String>,
    /// Where the part of the source begins that comes next.
    start: usize,
    end: usize,
}

impl Builder {
    fn new(start: usize) -> Self {
        Self {
            built: None,
            start,
            end: start,
        }
    }
}

impl<'a> Scanner<'a> {
    /// The text up to the builder's end, ready for something that is not in the source.
    fn build<'b>(&self, builder: &'b mut Builder) -> &'b mut String {
        let part = self.cursor.slice(builder.start, builder.end);
        let built = builder.built.get_or_insert_default();
        built.push_str(part);
        builder.start = builder.end;
        built
    }

    fn finish(&self, mut builder: Builder) -> Cow<'a, str> {
        if builder.built.is_some() {
            self.build(&mut builder);
        }
        match builder.built {
            Some(built) => Cow::Owned(built),
            None => Cow::Borrowed(self.cursor.slice(builder.start, builder.end)),
        }
    }

    /// A scalar without quotes.
    pub(super) fn plain(&mut self) -> Result<Token<'a>, SyntaxError> {
        let at = self.cursor.mark();
        let start = self.cursor.position();
        self.plain_run();
        if !self.cursor.is_blank() && !self.cursor.is_break() {
            // One word, as most keys are.
            let word = Cow::Borrowed(self.cursor.since(start));
            return Ok(Token {
                kind: TokenKind::Scalar(word, true),
                at,
            });
        }
        let indent = self.indent + 1;
        let mut builder = Builder::new(start);
        builder.end = self.cursor.position();
        let mut breaks = Breaks::default();
        loop {
            while self.cursor.is_blank() || self.cursor.is_break() {
                if self.cursor.is_break() {
                    breaks.push(self.cursor.take_break());
                } else {
                    let lost =
                        breaks.first.is_some() && self.column() < indent && self.cursor.peek() == b'\t';
                    if lost {
                        let problem = "found a tab character that violates indentation";
                        return self.fail(problem, "while scanning a plain scalar", at);
                    }
                    self.cursor.skip_ascii(1);
                }
            }
            if !self.in_flow() && self.column() < indent {
                break;
            }
            if self.cursor.is_document_mark() || self.cursor.peek() == b'#' {
                break;
            }
            let start = self.cursor.position();
            self.plain_run();
            if self.cursor.position() > start {
                if breaks.first.is_some() {
                    breaks.fold_into(self.build(&mut builder));
                    builder.start = start;
                }
                builder.end = self.cursor.position();
            }
            if !self.cursor.is_blank() && !self.cursor.is_break() {
                break;
            }
        }
        if breaks.first.is_some() {
            self.key_allowed = true;
        }
        Ok(Token {
            kind: TokenKind::Scalar(self.finish(builder), true),
            at,
        })
    }

    /// Moves over what belongs to a plain scalar up to white space.
    fn plain_run(&mut self) {
        let stop = if self.in_flow() { Stop::FLOW } else { Stop::PLAIN };
        loop {
            self.cursor.run(stop);
            if self.cursor.peek() != b':' || self.cursor.is_blank_or_end(1) {
                return;
            }
            self.cursor.skip_ascii(1);
        }
    }

    /// A scalar in single or double quotes.
    pub(super) fn quoted(&mut self) -> Result<Token<'a>, SyntaxError> {
        let at = self.cursor.mark();
        let quote = self.cursor.peek();
        self.cursor.skip_ascii(1);
        let mut builder = Builder::new(self.cursor.position());
        loop {
            if self.cursor.is_document_mark() {
                return self.fail("found unexpected document indicator", QUOTED, at);
            }
            if self.cursor.at_end() {
                return self.fail("found unexpected end of stream", QUOTED, at);
            }
            // An escaped line break leaves no space.
            let joined = self.quoted_run(quote, &mut builder, at)?;
            builder.end = self.cursor.position();
            if joined {
                self.build(&mut builder);
                self.cursor.skip_ascii(1);
                self.cursor.take_break();
            } else if self.cursor.peek() == quote {
                break;
            }
            self.quoted_blanks(joined, &mut builder);
        }
        self.cursor.skip_ascii(1);
        Ok(Token {
            kind: TokenKind::Scalar(self.finish(builder), false),
            at,
        })
    }

    /// Moves over quoted text up to white space or the closing quote; gives whether it stopped before a
    /// backslash that escapes a line break.
    fn quoted_run(&mut self, quote: u8, builder: &mut Builder, at: Mark) -> Result<bool, SyntaxError> {
        let double = quote == b'"';
        let stop = if double { Stop::DOUBLE } else { Stop::SINGLE };
        loop {
            self.cursor.run(stop);
            builder.end = self.cursor.position();
            match self.cursor.peek() {
                b'\'' if !double && self.cursor.peek_at(1) == b'\'' => {
                    self.cursor.skip_ascii(1);
                    builder.end = self.cursor.position();
                    self.build(builder);
                    self.cursor.skip_ascii(1);
                }
                b'\\' if double && self.cursor.break_length(1) > 0 => return Ok(true),
                b'\\' if double => {
                    let text = self.build(builder);
                    let character = self.escape(at)?;
                    text.push(character);
                }
                _ => return Ok(false),
            }
            builder.start = self.cursor.position();
            builder.end = builder.start;
        }
    }

    /// Moves over white space inside quotes: blanks on a line stay, line breaks fold.
    fn quoted_blanks(&mut self, joined: bool, builder: &mut Builder) {
        let mut breaks = Breaks::default();
        while self.cursor.is_blank() || self.cursor.is_break() {
            if self.cursor.is_blank() {
                self.cursor.skip_ascii(1);
            } else if joined {
                // Behind an escaped line break every further one counts in full.
                breaks.rest.push_str(self.cursor.take_break());
            } else {
                breaks.push(self.cursor.take_break());
            }
        }
        if joined || breaks.first.is_some() {
            breaks.fold_into(self.build(builder));
            builder.start = self.cursor.position();
        }
        builder.end = self.cursor.position();
    }

    /// The character that a backslash and what follows stand for.
    fn escape(&mut self, at: Mark) -> Result<char, SyntaxError> {
        let length = match self.cursor.peek_at(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                let character = match byte {
                    b'0' => '\0',
                    b'a' => '\u{7}',
                    b'b' => '\u{8}',
                    b't' | b'\t' => '\t',
                    b'n' => '\n',
                    b'v' => '\u{b}',
                    b'f' => '\u{c}',
                    b'r' => '\r',
                    b'e' => '\u{1b}',
                    b' ' | b'"' | b'\'' | b'\\' => char::from(byte),
                    b'N' => '\u{85}',
                    b'_' => '\u{a0}',
                    b'L' => '\u{2028}',
                    b'P' => '\u{2029}',
                    _ => return self.fail("found unknown escape character", ESCAPE, at),
                };
                self.cursor.skip_ascii(2);
                return Ok(character);
            }
        };
        self.cursor.skip_ascii(2);
        let mut code: u32 = 0;
        for ahead in 0..length {
            let Some(digit) = char::from(self.cursor.peek_at(ahead)).to_digit(16) else {
                return self.fail("did not find expected hexdecimal number", ESCAPE, at);
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return self.fail("found invalid Unicode character escape code", ESCAPE, at);
        };
        self.cursor.skip_ascii(length);
        Ok(character)
    }

    /// A scalar behind `|` or `>`.
    pub(super) fn block_scalar(&mut self) -> Result<Token<'a>, SyntaxError> {
        let at = self.cursor.mark();
        let literal = self.cursor.peek() == b'|';
        self.cursor.skip_ascii(1);
        let (chomping, increment) = self.block_header(at)?;
        let mut indent = increment.map(|increment| self.indent.max(0) + increment);
        let mut text = String::new();
        let mut breaks = Breaks::default();
        let mut leading_break = "";
        let mut indented = false;
        self.block_breaks(&mut indent, &mut breaks.rest, at)?;
        while Some(self.column()) == indent && !self.cursor.at_end() {
            let blank = self.cursor.is_blank();
            if !literal && leading_break == "\n" && !indented && !blank {
                if breaks.rest.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(leading_break);
            }
            text.push_str(&breaks.rest);
            breaks.rest.clear();
            indented = blank;
            let start = self.cursor.position();
            self.cursor.skip_line();
            text.push_str(self.cursor.since(start));
            leading_break = self.cursor.take_break();
            self.block_breaks(&mut indent, &mut breaks.rest, at)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(leading_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&breaks.rest);
        }
        Ok(Token {
            kind: TokenKind::Scalar(Cow::Owned(text), false),
            at,
        })
    }

    /// The indicators behind `|` or `>` and the rest of the line.
    fn block_header(&mut self, at: Mark) -> Result<(Chomping, Option<i64>), SyntaxError> {
        let mut chomping = Chomping::Clip;
        let mut increment = None;
        for _ in 0..2 {
            match self.cursor.peek() {
                b'+' if chomping == Chomping::Clip => chomping = Chomping::Keep,
                b'-' if chomping == Chomping::Clip => chomping = Chomping::Strip,
                b'0' if increment.is_none() => {
                    return self.fail("found an indentation indicator equal to 0", BLOCK, at);
                }
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(i64::from(digit - b'0')),
                _ => break,
            }
            self.cursor.skip_ascii(1);
        }
        self.cursor.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.cursor.skip_line();
        }
        if !self.cursor.is_break_or_end() {
            return self.fail("did not find expected comment or line break", BLOCK, at);
        }
        self.cursor.take_break();
        Ok((chomping, increment))
    }

    /// Moves over indentation and empty lines; finds the indentation if it is not known yet.
    fn block_breaks(
        &mut self,
        indent: &mut Option<i64>,
        breaks: &mut String,
        at: Mark,
    ) -> Result<(), SyntaxError> {
        let mut deepest = 0;
        loop {
            self.cursor.skip_indentation(
                indent.map_or(u32::MAX, |indent| u32::try_from(indent).unwrap_or(u32::MAX)),
            );
            deepest = deepest.max(self.column());
            if indent.is_none_or(|indent| self.column() < indent) && self.cursor.peek() == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return self.fail(problem, BLOCK, at);
            }
            if !self.cursor.is_break() {
                break;
            }
            breaks.push_str(self.cursor.take_break());
        }
        indent.get_or_insert(deepest.max(self.indent + 1).max(1));
        Ok(())
    }
}

/// What becomes of the line breaks at the end of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}
