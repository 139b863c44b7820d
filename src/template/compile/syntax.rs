//! Owns the view of Jinja's syntax trees: minijinja's unstable trees are used here and through what is named here.
//!
//! It does not translate anything.

use crate::source::{Place, Source};
use std::sync::Arc;

use crate::template::jinja;

pub(super) use minijinja::machinery::Span;
pub(super) use minijinja::machinery::ast::{
    BinOp, BinOpKind, Call, CallArg, CallBlock, Compare, CompareOpKind, Expr, Filter, ForLoop, GetAttr,
    IfCond, IfExpr, Include, Macro, Set, SetBlock, Slice, Spanned, Stmt, Test, UnaryOp as UnaryOperation,
    UnaryOpKind, WithBlock,
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

/// The comments right before a statement, in their order.
pub(super) fn comments_before<'s>(source: &'s Source, statement: &Stmt<'_>) -> Vec<&'s str> {
    let start = start(statement);
    let before = source.text.get(..start).unwrap_or_default();
    // The span of a tag begins behind its delimiter.
    let open = before.trim_end_matches(['-', '+', ' ', '\t', '\n', '\r']);
    let mut rest = match open.strip_suffix("{%") {
        Some(outside) if !matches!(statement, Stmt::EmitRaw(_) | Stmt::EmitExpr(_)) => outside,
        None if matches!(statement, Stmt::EmitRaw(_) | Stmt::EmitExpr(_)) => before,
        _ => return Vec::new(),
    };
    let mut comments = Vec::new();
    while let Some(inside) = rest.trim_end().strip_suffix("#}") {
        let Some(begin) = inside.rfind("{#") else { break };
        comments.push(inside[begin + 2..].trim_matches('-').trim());
        rest = &inside[..begin];
    }
    comments.reverse();
    comments
}

/// Whether the statement is the `elif` of another one.
pub(super) fn is_elif(source: &Source, statement: &Stmt<'_>) -> bool {
    let text = source.text.get(start(statement)..).unwrap_or_default();
    matches!(statement, Stmt::IfCond(_)) && text.starts_with("elif")
}

fn start(statement: &Stmt<'_>) -> usize {
    let span = match statement {
        Stmt::Template(found) => found.span(),
        Stmt::EmitExpr(found) => found.span(),
        Stmt::EmitRaw(found) => found.span(),
        Stmt::ForLoop(found) => found.span(),
        Stmt::IfCond(found) => found.span(),
        Stmt::WithBlock(found) => found.span(),
        Stmt::Set(found) => found.span(),
        Stmt::SetBlock(found) => found.span(),
        Stmt::AutoEscape(found) => found.span(),
        Stmt::FilterBlock(found) => found.span(),
        Stmt::Block(found) => found.span(),
        Stmt::Import(found) => found.span(),
        Stmt::FromImport(found) => found.span(),
        Stmt::Extends(found) => found.span(),
        Stmt::Include(found) => found.span(),
        Stmt::Macro(found) => found.span(),
        Stmt::CallBlock(found) => found.span(),
        Stmt::Do(found) => found.span(),
    };
    offset(span)
}
