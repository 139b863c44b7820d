//! Owns the scanning of tags and of the directives `%YAML` and `%TAG`.

use super::cursor::Mark;
use super::event::SyntaxError;
use super::scanner::Scanner;
use super::token::{Token, TokenKind};

const TAG: &str = "while parsing a tag";
const TAG_DIRECTIVE: &str = "while parsing a %TAG directive";
const DIRECTIVE: &str = "while scanning a directive";
const VERSION: &str = "while scanning a %YAML directive";

impl<'a> Scanner<'a> {
    /// A line that starts with `%`.
    pub(super) fn directive(&mut self) -> Result<Token<'a>, SyntaxError> {
        let at = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let start = self.cursor.position();
        self.skip_word();
        let name = self.cursor.since(start);
        if name.is_empty() {
            return self.fail("could not find expected directive name", DIRECTIVE, at);
        }
        if !self.cursor.is_blank_or_end(0) {
            return self.fail("found unexpected non-alphabetical character", DIRECTIVE, at);
        }
        let kind = match name {
            "YAML" => self.version(at)?,
            "TAG" => self.tag_directive(at)?,
            _ => return self.fail("found unknown directive name", DIRECTIVE, at),
        };
        self.cursor.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.cursor.skip_line();
        }
        if !self.cursor.is_break_or_end() {
            return self.fail("did not find expected comment or line break", DIRECTIVE, at);
        }
        self.cursor.take_break();
        Ok(Token { kind, at })
    }

    fn version(&mut self, at: Mark) -> Result<TokenKind<'a>, SyntaxError> {
        self.cursor.skip_blanks();
        let major = self.version_number(at)?;
        if self.cursor.peek() != b'.' {
            return self.fail("did not find expected digit or '.' character", VERSION, at);
        }
        self.cursor.skip_ascii(1);
        let minor = self.version_number(at)?;
        Ok(TokenKind::Version((major, minor) == (1, 1)))
    }

    fn version_number(&mut self, at: Mark) -> Result<u8, SyntaxError> {
        let start = self.cursor.position();
        self.cursor.take_while(|byte| byte.is_ascii_digit());
        match self.cursor.since(start) {
            "" => self.fail("did not find expected version number", VERSION, at),
            digits if digits.len() > 2 => self.fail("found extremely long version number", VERSION, at),
            digits => Ok(digits
                .bytes()
                .fold(0, |number, digit| number * 10 + (digit - b'0'))),
        }
    }

    fn tag_directive(&mut self, at: Mark) -> Result<TokenKind<'a>, SyntaxError> {
        self.cursor.skip_blanks();
        let handle = self.tag_handle(true, at)?.to_owned();
        if !self.cursor.is_blank() {
            return self.fail("did not find expected whitespace", TAG_DIRECTIVE, at);
        }
        self.cursor.skip_blanks();
        let prefix = self.tag_uri(TAG_DIRECTIVE, None, at)?;
        if !self.cursor.is_blank_or_end(0) {
            return self.fail(
                "did not find expected whitespace or line break",
                TAG_DIRECTIVE,
                at,
            );
        }
        Ok(TokenKind::TagDirective(Box::new((handle, prefix))))
    }

    /// `!suffix`, `!!suffix`, `!handle!suffix`, `!<uri>` or `!`.
    pub(super) fn tag(&mut self) -> Result<Token<'a>, SyntaxError> {
        const CONTEXT: &str = "while scanning a tag";
        let at = self.cursor.mark();
        let (handle, suffix) = if self.cursor.peek_at(1) == b'<' {
            self.cursor.skip_ascii(2);
            let uri = self.tag_uri(TAG, None, at)?;
            if self.cursor.peek() != b'>' {
                return self.fail("did not find the expected '>'", CONTEXT, at);
            }
            self.cursor.skip_ascii(1);
            (String::new(), uri)
        } else {
            let handle = self.tag_handle(false, at)?;
            if handle.len() > 1 && handle.ends_with('!') {
                (handle.to_owned(), self.tag_uri(TAG, None, at)?)
            } else {
                // It was no handle after all, but the start of the suffix.
                match self.tag_uri(TAG, Some(handle), at)? {
                    suffix if suffix.is_empty() => (suffix, "!".to_owned()),
                    suffix => ("!".to_owned(), suffix),
                }
            }
        };
        if !self.cursor.is_blank_or_end(0) {
            return self.fail("did not find expected whitespace or line break", CONTEXT, at);
        }
        Ok(Token {
            kind: TokenKind::Tag(Box::new((handle, suffix))),
            at,
        })
    }

    fn tag_handle(&mut self, directive: bool, at: Mark) -> Result<&'a str, SyntaxError> {
        let context = if directive { TAG_DIRECTIVE } else { TAG };
        if self.cursor.peek() != b'!' {
            return self.fail("did not find expected '!'", context, at);
        }
        let start = self.cursor.position();
        self.cursor.skip_ascii(1);
        self.skip_word();
        if self.cursor.peek() == b'!' {
            self.cursor.skip_ascii(1);
        } else if directive && self.cursor.since(start) != "!" {
            return self.fail("did not find expected '!'", context, at);
        }
        Ok(self.cursor.since(start))
    }

    /// The rest of a tag; `head` is what was read of it, with its `!`.
    fn tag_uri(
        &mut self,
        context: &'static str,
        head: Option<&str>,
        at: Mark,
    ) -> Result<String, SyntaxError> {
        let mut uri = head.map_or("", |head| &head[1..]).to_owned();
        let mut found = head.is_some();
        loop {
            let start = self.cursor.position();
            self.cursor
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-;/?:@&=+$,.!~*'()[]".contains(&byte));
            uri.push_str(self.cursor.since(start));
            found |= self.cursor.position() > start;
            if self.cursor.peek() != b'%' {
                break;
            }
            self.uri_escape(context, &mut uri, at)?;
            found = true;
        }
        if found {
            Ok(uri)
        } else {
            self.fail("did not find expected tag URI", context, at)
        }
    }

    /// One character, written as `%` and two hexadecimal digits for each byte.
    fn uri_escape(&mut self, context: &'static str, uri: &mut String, at: Mark) -> Result<(), SyntaxError> {
        let mut bytes = Vec::new();
        let mut width = 1;
        while bytes.len() < width {
            let digits =
                [self.cursor.peek_at(1), self.cursor.peek_at(2)].map(|byte| char::from(byte).to_digit(16));
            let (b'%', [Some(high), Some(low)]) = (self.cursor.peek(), digits) else {
                return self.fail("did not find URI escaped octet", context, at);
            };
            let octet = u8::try_from(high * 16 + low).expect("two hexadecimal digits make a byte");
            if bytes.is_empty() {
                width = match octet {
                    0x00..=0x7f => 1,
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => return self.fail("found an incorrect leading UTF-8 octet", context, at),
                };
            } else if octet & 0xc0 != 0x80 {
                return self.fail("found an incorrect trailing UTF-8 octet", context, at);
            }
            bytes.push(octet);
            self.cursor.skip_ascii(3);
        }
        uri.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }
}
