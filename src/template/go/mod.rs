//! Owns Go's template language: reading it, and rendering as Helm does.
//!
//! It reads no disk and knows no Jinja; functions come from the table that both languages share.

pub(crate) mod ast;
mod letters;
mod lex;
mod literal;
pub(crate) mod parse;
