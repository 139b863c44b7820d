//! Owns the scanner: characters become tokens, indentation becomes starts and ends of blocks.
//!
//! The text of scalars is read in `scalars`, tags and directives in `tags`.

use super::cursor::{Cursor, Mark};
use super::event::SyntaxError;
use super::token::{Token, TokenKind};
use std::collections::VecDeque;

type Scanned<T = ()> = Result<T, SyntaxError>;

/// A key without `?` must end in a colon within so many characters.
const KEY_LENGTH: u32 = 1024;
/// Deeper nesting is refused here, long before the reader's own limit could be passed by look-ahead.
const MAX_LEVELS: usize = 10_000;

/// A place where a key may have begun: known only when its colon comes.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    /// Whether nothing but a key can stand there.
    required: bool,
    /// The number of the token that the key begins with.
    token: usize,
    /// Whether that token waits for the colon. Helm's parser forgets to wait behind `[]` and `{}`.
    awaited: bool,
    mark: Mark,
}

#[derive(Debug)]
pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    tokens: VecDeque<Token<'a>>,
    /// How many tokens were taken.
    taken: usize,
    /// Whether the front token is final: no key can be put before it any more.
    ready: bool,
    /// The possible key of each flow level, the block's first.
    keys: Vec<SimpleKey>,
    pub(super) key_allowed: bool,
    /// The columns of the open blocks; the innermost is `indent`, outside all it is -1.
    indents: Vec<i64>,
    pub(super) indent: i64,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            ready: false,
            keys: vec![SimpleKey::default()],
            key_allowed: true,
            indents: Vec::new(),
            indent: -1,
        }
    }

    /// The next token.
    #[inline]
    pub(super) fn peek(&mut self) -> Scanned<&Token<'a>> {
        if !self.ready {
            self.prepare()?;
        }
        Ok(self.tokens.front().expect("the queue was just filled"))
    }

    /// Scans until the front token is final.
    fn prepare(&mut self) -> Scanned {
        while !self.ready {
            if let Some(key) = self.front_key() {
                self.ready = !self.is_valid(key)?;
            } else {
                self.ready = !self.tokens.is_empty();
            }
            if !self.ready {
                self.fetch()?;
            }
        }
        Ok(())
    }

    /// Takes the token that [`Self::peek`] showed.
    #[inline]
    pub(super) fn take(&mut self) -> Scanned<Token<'a>> {
        if !self.ready {
            self.prepare()?;
        }
        self.ready = false;
        self.taken += 1;
        Ok(self.tokens.pop_front().expect("the queue was just filled"))
    }

    #[inline]
    pub(super) fn in_flow(&self) -> bool {
        self.keys.len() > 1
    }

    #[inline]
    pub(super) fn column(&self) -> i64 {
        i64::from(self.cursor.column())
    }

    fn error<T>(&self, problem: &'static str) -> Scanned<T> {
        Err(SyntaxError::new(problem, self.cursor.mark()))
    }

    /// An error here, in something that began at `began`.
    pub(super) fn fail<T>(&self, problem: &'static str, context: &'static str, began: Mark) -> Scanned<T> {
        Err(SyntaxError::new(problem, self.cursor.mark()).within(context, began))
    }

    /// The possible key that begins with the front token.
    fn front_key(&self) -> Option<usize> {
        if self.tokens.is_empty() {
            return None;
        }
        self.keys
            .iter()
            .position(|key| key.possible && key.awaited && key.token == self.taken)
    }

    /// Whether the key may still get its colon: on its line, and not too far.
    fn is_valid(&mut self, index: usize) -> Scanned<bool> {
        let key = &mut self.keys[index];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.cursor.line() || key.mark.index + KEY_LENGTH < self.cursor.index() {
            if key.required {
                let error = SyntaxError::new("could not find expected ':'", self.cursor.mark());
                return Err(error.within("while scanning a simple key", key.mark));
            }
            key.possible = false;
        }
        Ok(key.possible)
    }

    fn last_key(&mut self) -> &mut SimpleKey {
        self.keys
            .last_mut()
            .expect("the block's own key is never removed")
    }

    /// Notes that a key may begin here.
    fn save_key(&mut self) -> Scanned {
        if self.key_allowed {
            let key = SimpleKey {
                possible: true,
                required: !self.in_flow() && self.indent == self.column(),
                token: self.taken + self.tokens.len(),
                awaited: true,
                mark: self.cursor.mark(),
            };
            self.remove_key()?;
            *self.last_key() = key;
        }
        Ok(())
    }

    fn remove_key(&mut self) -> Scanned {
        let key = self.last_key();
        if key.possible && key.required {
            let began = key.mark;
            return self.fail(
                "could not find expected ':'",
                "while scanning a simple key",
                began,
            );
        }
        key.possible = false;
        Ok(())
    }

    /// Opens a block at `column` if it is further in; its token goes before token number `before`.
    fn open_block(&mut self, column: i64, before: Option<usize>, kind: TokenKind<'a>, at: Mark) -> Scanned {
        if self.in_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_LEVELS {
            return self.error("exceeded max depth of 10000");
        }
        self.insert(before, Token { kind, at });
        Ok(())
    }

    /// Closes the blocks further in than `column`.
    #[inline]
    fn close_blocks(&mut self, column: i64) {
        while self.indent > column && !self.in_flow() {
            self.push(TokenKind::BlockEnd, self.cursor.mark());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Puts a token before token number `before`, or last if that was taken already.
    fn insert(&mut self, before: Option<usize>, token: Token<'a>) {
        match before.and_then(|number| number.checked_sub(self.taken)) {
            // A key is one scalar nearly always.
            Some(index) if index + 1 == self.tokens.len() => {
                let last = self
                    .tokens
                    .pop_back()
                    .expect("the queue has a token at the index");
                self.tokens.push_back(token);
                self.tokens.push_back(last);
            }
            Some(index) => self.tokens.insert(index, token),
            None => self.tokens.push_back(token),
        }
    }

    fn push(&mut self, kind: TokenKind<'a>, at: Mark) {
        self.tokens.push_back(Token { kind, at });
    }

    /// Scans the next token, and those that it implies.
    fn fetch(&mut self) -> Scanned {
        self.skip_to_token();
        self.close_blocks(self.column());
        if self.cursor.at_end() {
            return self.fetch_end();
        }
        let column = self.column();
        if column == 0 && self.cursor.peek() == b'%' {
            self.reset_block()?;
            let token = self.directive()?;
            self.tokens.push_back(token);
            return Ok(());
        }
        if self.cursor.is_document_mark() {
            let kind = if self.cursor.peek() == b'-' {
                TokenKind::DocumentStart
            } else {
                TokenKind::DocumentEnd
            };
            self.reset_block()?;
            self.indicator(kind, 3);
            return Ok(());
        }
        let in_flow = self.in_flow();
        match self.cursor.peek() {
            b'[' => self.open_flow(TokenKind::FlowSequenceStart),
            b'{' => self.open_flow(TokenKind::FlowMappingStart),
            b']' => self.close_flow(TokenKind::FlowSequenceEnd),
            b'}' => self.close_flow(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_key()?;
                self.key_allowed = true;
                self.indicator(TokenKind::FlowEntry, 1);
                Ok(())
            }
            b'-' if self.cursor.is_blank_or_end(1) => self.block_entry(),
            b'?' if in_flow || self.cursor.is_blank_or_end(1) => self.explicit_key(),
            b':' if in_flow || self.cursor.is_blank_or_end(1) => self.value(),
            b'*' | b'&' => self.anchor(),
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                let token = self.tag()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'|' | b'>' if !in_flow => {
                self.remove_key()?;
                self.key_allowed = true;
                let token = self.block_scalar()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'\'' | b'"' => self.flow_scalar(Self::quoted),
            b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' | b'#' => {
                self.error("found character that cannot start any token")
            }
            _ => self.flow_scalar(Self::plain),
        }
    }

    fn flow_scalar(&mut self, scan: fn(&mut Self) -> Scanned<Token<'a>>) -> Scanned {
        self.save_key()?;
        self.key_allowed = false;
        let token = scan(self)?;
        self.tokens.push_back(token);
        // Nothing but the colon comes next; to take it at once saves a look at all that it is not.
        if self.cursor.peek() == b':' && self.cursor.is_blank_or_end(1) {
            let line = self.cursor.line();
            let end = self.cursor.index();
            let key = self.last_key();
            if key.possible && key.mark.line == line && end <= key.mark.index + KEY_LENGTH {
                return self.value();
            }
        }
        Ok(())
    }

    /// Skips white space and comments. A tab counts as white space only where no key may begin.
    fn skip_to_token(&mut self) {
        loop {
            let cursor = &mut self.cursor;
            let tabs = self.keys.len() > 1 || !self.key_allowed;
            while cursor.peek() == b' ' || tabs && cursor.peek() == b'\t' {
                cursor.skip_ascii(1);
            }
            if cursor.peek() == b'#' {
                cursor.skip_line();
            }
            if !cursor.is_break() {
                return;
            }
            cursor.take_break();
            if self.keys.len() == 1 {
                self.key_allowed = true;
            }
        }
    }

    fn reset_block(&mut self) -> Scanned {
        self.close_blocks(-1);
        self.remove_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_end(&mut self) -> Scanned {
        self.cursor.end_last_line();
        self.reset_block()?;
        self.push(TokenKind::StreamEnd, self.cursor.mark());
        Ok(())
    }

    /// Takes an indicator of `length` bytes.
    fn indicator(&mut self, kind: TokenKind<'a>, length: usize) {
        self.push(kind, self.cursor.mark());
        self.cursor.skip_ascii(length);
    }

    fn open_flow(&mut self, kind: TokenKind<'a>) -> Scanned {
        self.save_key()?;
        self.keys.push(SimpleKey {
            token: self.taken + self.tokens.len(),
            ..SimpleKey::default()
        });
        if self.keys.len() > MAX_LEVELS {
            return self.error("exceeded max depth of 10000");
        }
        self.key_allowed = true;
        self.indicator(kind, 1);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind<'a>) -> Scanned {
        self.remove_key()?;
        if self.in_flow() {
            let inner = self.keys.pop().unwrap_or_default();
            let outer = self.last_key();
            // No key began in these brackets, so theirs still has the number of the opening one.
            outer.awaited &= outer.token != inner.token;
        }
        self.key_allowed = false;
        self.indicator(kind, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Scanned {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.error("block sequence entries are not allowed in this context");
            }
            self.open_block(
                self.column(),
                None,
                TokenKind::BlockSequenceStart,
                self.cursor.mark(),
            )?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn explicit_key(&mut self) -> Scanned {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.error("mapping keys are not allowed in this context");
            }
            self.open_block(
                self.column(),
                None,
                TokenKind::BlockMappingStart,
                self.cursor.mark(),
            )?;
        }
        self.remove_key()?;
        self.key_allowed = !self.in_flow();
        self.indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Scanned {
        let index = self.keys.len() - 1;
        if self.is_valid(index)? {
            let key = self.keys[index];
            self.keys[index].possible = false;
            let column = i64::from(key.mark.column());
            let token = Token {
                kind: TokenKind::Key,
                at: key.mark,
            };
            if key.token < self.taken {
                self.tokens.push_back(token);
                self.open_block(column, None, TokenKind::BlockMappingStart, key.mark)?;
            } else {
                let blocks = self.indents.len();
                self.open_block(column, Some(key.token), TokenKind::BlockMappingStart, key.mark)?;
                let opened = self.indents.len() - blocks;
                self.insert(Some(key.token + opened), token);
            }
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.key_allowed {
                    return self.error("mapping values are not allowed in this context");
                }
                self.open_block(
                    self.column(),
                    None,
                    TokenKind::BlockMappingStart,
                    self.cursor.mark(),
                )?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn anchor(&mut self) -> Scanned {
        self.save_key()?;
        self.key_allowed = false;
        let at = self.cursor.mark();
        let is_alias = self.cursor.peek() == b'*';
        self.cursor.skip_ascii(1);
        let start = self.cursor.position();
        self.skip_word();
        let name = self.cursor.since(start);
        let ends = self.cursor.is_blank_or_end(0)
            || matches!(
                self.cursor.peek(),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ends {
            let context = if is_alias {
                "while scanning an alias"
            } else {
                "while scanning an anchor"
            };
            let problem = "did not find expected alphabetic or numeric character";
            return self.fail(problem, context, at);
        }
        let kind = if is_alias {
            TokenKind::Alias(name)
        } else {
            TokenKind::Anchor(name)
        };
        self.push(kind, at);
        Ok(())
    }

    /// Moves over letters, digits, `_` and `-`.
    pub(super) fn skip_word(&mut self) {
        self.cursor
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    }
}
