//! What the parser accepts, what it makes of it, and what it says to the rest.

use super::parse_alone;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::template::go::ast::Tree;
use dump::dump;

mod accepted;
mod dump;
mod mutations;
mod places;
mod refused;
mod variables;

/// Parses `text` as the template `t`.
fn parsed(text: &str) -> Result<Vec<Tree>, Vec<Diagnostic>> {
    parse_alone(&Source::new("t", text), "t")
}

/// The trees of `text`, in their order.
#[track_caller]
fn trees(text: &str) -> Vec<Tree> {
    parsed(text).unwrap_or_else(|errors| panic!("{text:?} is refused: {}", errors[0]))
}

/// The errors of `text`.
#[track_caller]
fn errors(text: &str) -> Vec<Diagnostic> {
    let all = parsed(text).map(|trees| trees.iter().map(dump).collect::<Vec<String>>());
    all.expect_err("the text is refused")
}
