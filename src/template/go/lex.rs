//! Owns the tokens of Go's template language: what text, actions, comments and the words in actions are.
//!
//! It knows no grammar: which tokens may follow each other is the parser's business, as are the values of
//! numbers and quoted strings.

use super::ast::Span;
use super::letters::is_alphanumeric;
use memchr::{memchr, memchr3, memmem};

/// A piece of a template with its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// Whether white space stands before it, in an action.
    pub(super) is_apart: bool,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What cannot be read; nothing follows it.
    Fault(Fault),
    End,
    Text,
    LeftDelim,
    RightDelim,
    LeftParen,
    RightParen,
    Pipe,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// Any other printable ASCII character; `,` is the only one with a use.
    Char,
    Bool,
    CharConstant,
    Number,
    /// `1+2i`
    Complex,
    String,
    RawString,
    /// `.x`
    Field,
    /// `$` or `$x`
    Variable,
    /// `.`
    Dot,
    Nil,
    Identifier,
    Keyword(Keyword),
}

/// The words that are no functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// What keeps text from being read as tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    UnclosedAction,
    UnclosedComment,
    /// Something other than `}}` behind `*/`.
    CommentNotLast,
    UnclosedParen,
    UnopenedParen,
    /// A `:` without `=`.
    LoneColon,
    UnclosedString,
    UnclosedRawString,
    UnclosedChar,
    BadNumber,
    /// A character that has no place in actions.
    UnknownCharacter(char),
    /// A character that may not follow a word.
    BadEnd(char),
}

/// Reads tokens one after the other. A copy of it is a place to come back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    in_action: bool,
    /// How many parentheses are open.
    parens: u32,
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
/// The length of `- ` and ` -`.
const TRIM_MARKER: usize = 2;

/// White space to Go, in actions and for trimming alike.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether ASCII has it in names.
fn is_plain(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = 0;
        while byte < 128_u8 {
            plain[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
            byte += 1;
        }
        plain
    };
    PLAIN[usize::from(byte)]
}

fn count_while(bytes: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    let end = bytes.iter().position(|byte| !holds(*byte));
    end.unwrap_or(bytes.len())
}

fn space_behind(text: &str) -> usize {
    text.bytes().rev().take_while(|byte| is_space(*byte)).count()
}

fn starts_with_trim_marker(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', space, ..] if is_space(*space))
}

/// Where the first `{{` starts.
fn find_left_delim(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr(b'{', &bytes[from..]) {
        let at = from + found;
        if bytes.get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

impl<'s> Lexer<'s> {
    /// Starts at the beginning of `text`, which is shorter than 4 GiB.
    pub(super) fn new(text: &'s str) -> Self {
        Self {
            text,
            at: 0,
            in_action: false,
            parens: 0,
        }
    }

    /// The next token; at the end of the text, `End` again and again.
    pub(super) fn next(&mut self) -> Token {
        if self.in_action {
            self.action_token()
        } else {
            self.text_token()
        }
    }

    /// What was written at `span`.
    pub(super) fn written(&self, span: Span) -> &'s str {
        &self.text[span.range()]
    }

    fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    /// The next byte, which is the character if it is ASCII; 0 at the end.
    fn byte(&self) -> u8 {
        self.byte_at(self.at)
    }

    fn byte_at(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(offset).copied().unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&self, start: usize, kind: Kind) -> Token {
        Token {
            kind,
            span: span(start, self.at),
            is_apart: false,
        }
    }

    /// A fault with the bytes from `start` to here; it ends the text.
    #[cold]
    fn fault(&mut self, start: usize, fault: Fault) -> Token {
        let token = self.token(start, Kind::Fault(fault));
        self.at = self.text.len();
        self.in_action = false;
        token
    }

    /// Text up to an action, skipping comments, or the action's start.
    fn text_token(&mut self) -> Token {
        loop {
            let start = self.at;
            let Some(length) = find_left_delim(self.rest()) else {
                self.at = self.text.len();
                let kind = if start < self.at { Kind::Text } else { Kind::End };
                return self.token(start, kind);
            };
            let delim = start + length;
            let trims = starts_with_trim_marker(&self.text[delim + LEFT.len()..]);
            let text = &self.text[start..delim];
            let trimmed = if trims { space_behind(text) } else { 0 };
            if trimmed < length {
                self.at = delim;
                return Token {
                    kind: Kind::Text,
                    span: span(start, delim - trimmed),
                    is_apart: false,
                };
            }
            self.at = delim + LEFT.len();
            let inside = self.at + if trims { TRIM_MARKER } else { 0 };
            if !self.text[inside..].starts_with("/*") {
                let token = self.token(delim, Kind::LeftDelim);
                self.at = inside;
                self.in_action = true;
                self.parens = 0;
                return token;
            }
            self.at = inside;
            if let Some(fault) = self.skip_comment(delim) {
                return fault;
            }
        }
    }

    /// Skips `/* … */}}` and the white space that it trims; `delim` is where its `{{` stands.
    fn skip_comment(&mut self, delim: usize) -> Option<Token> {
        // The star of `/*` may not be that of `*/`.
        let body = self.at + 2;
        let Some(length) = memmem::find(&self.text.as_bytes()[body..], b"*/") else {
            return Some(self.fault(delim, Fault::UnclosedComment));
        };
        self.at = body + length + 2;
        let Some(trims) = self.at_right_delim() else {
            let end = self.at;
            let Some(next) = self.peek() else {
                return Some(self.fault(delim, Fault::UnclosedComment));
            };
            self.at += next.len_utf8();
            return Some(self.fault(end, Fault::CommentNotLast));
        };
        self.at += RIGHT.len();
        if trims {
            self.at += TRIM_MARKER;
            self.skip_space();
        }
        None
    }

    /// Whether a comment may end here, and whether it trims the text behind it.
    fn at_right_delim(&self) -> Option<bool> {
        match &self.text.as_bytes()[self.at..] {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    fn skip_space(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += count_while(rest, is_space);
    }

    fn action_token(&mut self) -> Token {
        let before = self.at;
        self.skip_space();
        let start = self.at;
        let is_apart = start > before;
        let first = self.byte();
        if is_apart && first == b'-' && self.rest().starts_with("-}}") {
            return self.right_delim(start + 1, true);
        }
        let token = if is_plain(first) && !first.is_ascii_digit() {
            self.word(start)
        } else {
            self.sign(start, first)
        };
        Token { is_apart, ..token }
    }

    /// What begins with a character that is no letter.
    fn sign(&mut self, start: usize, first: u8) -> Token {
        self.at += 1;
        match first {
            b'}' if self.byte() == b'}' => self.right_delim(start, false),
            b'.' if self.at < self.text.len() && !self.byte().is_ascii_digit() => {
                self.field_or_variable(start, Kind::Field, Kind::Dot)
            }
            b'$' => self.field_or_variable(start, Kind::Variable, Kind::Variable),
            b'"' => self.quoted(start, b'"', Kind::String, Fault::UnclosedString),
            b'|' => self.token(start, Kind::Pipe),
            b'(' => {
                self.parens += 1;
                self.token(start, Kind::LeftParen)
            }
            b')' if self.parens == 0 => self.fault(start, Fault::UnopenedParen),
            b')' => {
                self.parens -= 1;
                self.token(start, Kind::RightParen)
            }
            b'=' => self.token(start, Kind::Assign),
            b':' if self.accept("=") => self.token(start, Kind::Declare),
            b':' => self.fault(start, Fault::LoneColon),
            b'\'' => self.quoted(start, b'\'', Kind::CharConstant, Fault::UnclosedChar),
            b'`' => self.raw_string(start),
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(start),
            b'!'..=b'~' => self.token(start, Kind::Char),
            _ => self.beyond_ascii(start),
        }
    }

    /// The end of an action, whose `}}` stands at `delim`.
    fn right_delim(&mut self, delim: usize, trims: bool) -> Token {
        self.at = delim + RIGHT.len();
        if self.parens > 0 {
            return self.fault(delim, Fault::UnclosedParen);
        }
        let token = self.token(delim, Kind::RightDelim);
        if trims {
            self.skip_space();
        }
        self.in_action = false;
        token
    }

    /// What begins with a character that is no printable ASCII, or the end of the text.
    fn beyond_ascii(&mut self, start: usize) -> Token {
        self.at = start;
        let Some(first) = self.peek() else {
            return self.fault(start, Fault::UnclosedAction);
        };
        if is_alphanumeric(first) {
            return self.word(start);
        }
        self.at += first.len_utf8();
        self.fault(start, Fault::UnknownCharacter(first))
    }

    /// Takes the next byte if it is among `any`.
    fn accept(&mut self, any: &str) -> bool {
        let taken = any.as_bytes().contains(&self.byte());
        self.at += usize::from(taken);
        taken
    }

    fn accept_run(&mut self, any: &str) {
        while self.accept(any) {}
    }

    fn skip_alphanumerics(&mut self) {
        loop {
            self.at += count_while(&self.text.as_bytes()[self.at..], is_plain);
            if self.byte().is_ascii() {
                return;
            }
            match self.peek().filter(|next| is_alphanumeric(*next)) {
                Some(next) => self.at += next.len_utf8(),
                None => return,
            }
        }
    }

    /// Whether a word may end here.
    fn at_word_end(&self) -> bool {
        match self.byte() {
            b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(' => true,
            b'}' => self.byte_at(self.at + 1) == b'}',
            0 => self.at == self.text.len(),
            _ => false,
        }
    }

    /// The token of a word, or the fault of what follows it.
    fn end_word(&mut self, start: usize, kind: Kind) -> Token {
        if self.at_word_end() {
            return self.token(start, kind);
        }
        let bad = self.peek().expect("the end of the text ends a word");
        let start = self.at;
        self.at += bad.len_utf8();
        self.fault(start, Fault::BadEnd(bad))
    }

    fn word(&mut self, start: usize) -> Token {
        self.skip_alphanumerics();
        let kind = match &self.text[start..self.at] {
            "block" => Kind::Keyword(Keyword::Block),
            "break" => Kind::Keyword(Keyword::Break),
            "continue" => Kind::Keyword(Keyword::Continue),
            "define" => Kind::Keyword(Keyword::Define),
            "else" => Kind::Keyword(Keyword::Else),
            "end" => Kind::Keyword(Keyword::End),
            "if" => Kind::Keyword(Keyword::If),
            "range" => Kind::Keyword(Keyword::Range),
            "template" => Kind::Keyword(Keyword::Template),
            "with" => Kind::Keyword(Keyword::With),
            "nil" => Kind::Nil,
            "true" | "false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.end_word(start, kind)
    }

    /// `kind` if a name follows the `.` or `$` that has been read, else `alone`.
    fn field_or_variable(&mut self, start: usize, kind: Kind, alone: Kind) -> Token {
        if self.at_word_end() {
            return self.token(start, alone);
        }
        self.skip_alphanumerics();
        self.end_word(start, kind)
    }

    fn quoted(&mut self, start: usize, quote: u8, kind: Kind, unclosed: Fault) -> Token {
        while let Some(length) = memchr3(quote, b'\\', b'\n', &self.text.as_bytes()[self.at..]) {
            self.at += length;
            let next = self.byte();
            if next == b'\n' {
                return self.fault(start, unclosed);
            }
            self.at += 1;
            if next == quote {
                return self.token(start, kind);
            }
            match self.peek() {
                None | Some('\n') => return self.fault(start, unclosed),
                Some(escaped) => self.at += escaped.len_utf8(),
            }
        }
        self.at = self.text.len();
        self.fault(start, unclosed)
    }

    fn raw_string(&mut self, start: usize) -> Token {
        let Some(length) = memchr(b'`', &self.text.as_bytes()[self.at..]) else {
            self.at = self.text.len();
            return self.fault(start, Fault::UnclosedRawString);
        };
        self.at += length + 1;
        self.token(start, Kind::RawString)
    }

    /// A number, roughly: what its parts mean is checked where its value is read.
    fn number(&mut self, start: usize) -> Token {
        self.at = start;
        if !self.scan_number() {
            return self.fault(start, Fault::BadNumber);
        }
        if !matches!(self.peek(), Some('+' | '-')) {
            return self.token(start, Kind::Number);
        }
        if !self.scan_number() || !self.text[..self.at].ends_with('i') {
            return self.fault(start, Fault::BadNumber);
        }
        self.token(start, Kind::Complex)
    }

    /// Whether what stands here looks like a number up to the next word.
    fn scan_number(&mut self) -> bool {
        self.accept("+-");
        let (mut digits, mut exponent) = ("0123456789_", "eE");
        if self.accept("0") {
            if self.accept("xX") {
                (digits, exponent) = ("0123456789abcdefABCDEF_", "pP");
            } else if self.accept("oO") {
                (digits, exponent) = ("01234567_", "");
            } else if self.accept("bB") {
                (digits, exponent) = ("01_", "");
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run("0123456789_");
        }
        self.accept("i");
        match self.peek().filter(|next| is_alphanumeric(*next)) {
            Some(next) => {
                self.at += next.len_utf8();
                false
            }
            None => true,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the parser takes no templates of 4 GiB or more"
)]
fn span(start: usize, end: usize) -> Span {
    Span {
        start: start as u32,
        end: end as u32,
    }
}
