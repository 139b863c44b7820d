//! Owns the view of Jinja's syntax trees: minijinja's unstable trees are used here and through what is named here.
//!
//! It does not translate anything.

use crate::source::{Place, Source};
use std::sync::Arc;

use crate::template::jinja;

pub(super) use minijinja::machinery::Span;
pub(super) use minijinja::machinery::ast::{
    BinOp, BinOpKind, Call, CallArg, Compare, CompareOpKind, Expr, Filter, ForLoop, IfCond, IfExpr, Macro,
    Set, Slice, Spanned, Stmt, Test, UnaryOp as UnaryOperation, UnaryOpKind,
};

/// The statements of a template that is known to parse.
pub(super) fn parse(source: &Source) -> Vec<Stmt<'_>> {
    let tree = minijinja::machinery::parse(&source.text, &source.name, jinja::syntax_config());
    match tree {
        Ok(tree) => vec![tree],
        // The engine has parsed it before.
        Err(_) => Vec::new(),
    }
}

/// Where a span starts.
pub(super) fn place(source: &Arc<Source>, span: Span) -> Place {
    source.place_at(offset(span))
}

fn offset(span: Span) -> usize {
    usize::try_from(span.start_offset).unwrap_or(usize::MAX)
}

/// The indentation of the line on which a span starts, if its tag is the first thing on the line.
pub(super) fn indentation(source: &Source, span: Span) -> Option<&str> {
    let before = source.text.get(..offset(span))?;
    let line = &before[before.rfind('\n').map_or(0, |newline| newline + 1)..];
    let blank = &line[..line.len() - line.trim_start().len()];
    let tag = line.trim_start().trim_end();
    matches!(tag, "{%" | "{%-" | "{%+" | "{{" | "{{-" | "").then_some(blank)
}

/// Whether the tag of a print takes the white space before it away.
pub(super) fn trims_left(source: &Source, span: Span) -> bool {
    let tag = source.text.get(offset(span)..).unwrap_or_default();
    tag.starts_with("{{-")
}

/// The comment right before the tag at a span.
pub(super) fn comment_before(source: &Source, span: Span) -> Option<&str> {
    let before = source.text.get(..offset(span))?;
    let before = before[..before.rfind("{%")?].trim_end();
    let comment = before.strip_suffix("#}")?;
    let comment = &comment[comment.rfind("{#")? + 2..];
    Some(comment.trim_matches('-').trim())
}
