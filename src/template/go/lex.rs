//! Owns the tokens of Go's template language: what text, actions, comments and the words in actions are.
//!
//! It knows no grammar: which tokens may follow each other is the parser's business, as are the values of
//! numbers and quoted strings.

use super::ast::Span;
use super::letters::is_alphanumeric;

/// A piece of a template with its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
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
    /// White space in an action.
    Space,
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

fn space_ahead(text: &str) -> usize {
    text.bytes().take_while(|byte| is_space(*byte)).count()
}

fn space_behind(text: &str) -> usize {
    text.bytes().rev().take_while(|byte| is_space(*byte)).count()
}

fn starts_with_trim_marker(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', space, ..] if is_space(*space))
}

/// Where the first `{{` starts.
fn find_left_delim(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find('{') {
        let at = from + found;
        if text.as_bytes().get(at + 1) == Some(&b'{') {
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

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&self, start: usize, kind: Kind) -> Token {
        Token {
            kind,
            span: span(start, self.at),
        }
    }

    /// A fault with the bytes from `start` to here; it ends the text.
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
        let Some(length) = self.text[body..].find("*/") else {
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
        self.skip_right_delim(trims);
        None
    }

    /// Whether an action ends here, and whether it trims the text behind it.
    fn at_right_delim(&self) -> Option<bool> {
        match self.rest().as_bytes() {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    fn skip_right_delim(&mut self, trims: bool) {
        self.at += RIGHT.len();
        if trims {
            self.at += TRIM_MARKER;
            self.at += space_ahead(self.rest());
        }
    }

    fn action_token(&mut self) -> Token {
        let start = self.at;
        if let Some(trims) = self.at_right_delim() {
            let delim = start + if trims { TRIM_MARKER } else { 0 };
            let token = Token {
                kind: Kind::RightDelim,
                span: span(delim, delim + RIGHT.len()),
            };
            if self.parens > 0 {
                self.at = delim + RIGHT.len();
                return self.fault(delim, Fault::UnclosedParen);
            }
            self.skip_right_delim(trims);
            self.in_action = false;
            return token;
        }
        let Some(first) = self.peek() else {
            return self.fault(start, Fault::UnclosedAction);
        };
        self.at += first.len_utf8();
        match first {
            ' ' | '\t' | '\r' | '\n' => self.space(start),
            '=' => self.token(start, Kind::Assign),
            ':' if self.accept("=") => self.token(start, Kind::Declare),
            ':' => self.fault(start, Fault::LoneColon),
            '|' => self.token(start, Kind::Pipe),
            '"' => self.quoted(start, '"', Kind::String, Fault::UnclosedString),
            '\'' => self.quoted(start, '\'', Kind::CharConstant, Fault::UnclosedChar),
            '`' => self.raw_string(start),
            '$' => self.field_or_variable(start, Kind::Variable, Kind::Variable),
            '.' if !self.rest().is_empty() && !self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                self.field_or_variable(start, Kind::Field, Kind::Dot)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(start),
            '(' => {
                self.parens += 1;
                self.token(start, Kind::LeftParen)
            }
            ')' if self.parens == 0 => self.fault(start, Fault::UnopenedParen),
            ')' => {
                self.parens -= 1;
                self.token(start, Kind::RightParen)
            }
            _ if is_alphanumeric(first) => self.word(start),
            ' '..='~' => self.token(start, Kind::Char),
            _ => self.fault(start, Fault::UnknownCharacter(first)),
        }
    }

    /// A run of white space, without the last one if that belongs to ` -}}`.
    fn space(&mut self, start: usize) -> Token {
        self.at = start + space_ahead(&self.text[start..]);
        if self.rest().starts_with("-}}") {
            // More than this one stand here: a single one was seen as part of the delimiter.
            self.at -= 1;
        }
        self.token(start, Kind::Space)
    }

    /// Takes the next byte if it is among `any`.
    fn accept(&mut self, any: &str) -> bool {
        let taken = self
            .rest()
            .bytes()
            .next()
            .is_some_and(|byte| any.as_bytes().contains(&byte));
        self.at += usize::from(taken);
        taken
    }

    fn accept_run(&mut self, any: &str) {
        while self.accept(any) {}
    }

    fn skip_alphanumerics(&mut self) {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        loop {
            self.at += self.rest().bytes().take_while(is_plain).count();
            match self
                .peek()
                .filter(|next| !next.is_ascii() && is_alphanumeric(*next))
            {
                Some(next) => self.at += next.len_utf8(),
                None => return,
            }
        }
    }

    /// Whether a word may end here.
    fn at_word_end(&self) -> bool {
        match self.rest().as_bytes() {
            []
            | [
                b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(',
                ..,
            ] => true,
            other => other.starts_with(RIGHT.as_bytes()),
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

    fn quoted(&mut self, start: usize, quote: char, kind: Kind, unclosed: Fault) -> Token {
        while let Some(next) = self.peek() {
            if next == '\n' {
                break;
            }
            self.at += next.len_utf8();
            if next == quote {
                return self.token(start, kind);
            }
            if next == '\\' {
                match self.peek() {
                    None | Some('\n') => break,
                    Some(escaped) => self.at += escaped.len_utf8(),
                }
            }
        }
        self.fault(start, unclosed)
    }

    fn raw_string(&mut self, start: usize) -> Token {
        let Some(length) = self.rest().find('`') else {
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

fn span(start: usize, end: usize) -> Span {
    let narrow = |offset| u32::try_from(offset).expect("templates are shorter than 4 GiB");
    Span {
        start: narrow(start),
        end: narrow(end),
    }
}
