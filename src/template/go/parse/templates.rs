//! Owns the templates that a text defines, and how templates are called by their names.
//!
//! Which block may stand where is not its business.

use super::super::ast::{Node, Span, TemplateCall, Tree};
use super::super::lex::{Keyword, Kind};
use super::blocks::BlockKind;
use super::report::{self, Context};
use super::scope::Scope;
use super::{Parsed, Parser, list};
use std::sync::Arc;

impl<'s> Parser<'s, '_> {
    /// The name of a template, which must be a quoted string.
    fn template_name(&mut self, keyword: Keyword) -> Parsed<(Arc<str>, Span)> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, Context::Keyword(keyword)).into());
        }
        Ok((self.unquoted(token)?, token.span))
    }

    pub(super) fn define(&mut self, start: Span) -> Parsed<()> {
        let (name, span) = self.template_name(Keyword::Define)?;
        self.expect_right_delim(Keyword::Define)?;
        self.open_template(BlockKind::Define(name), start.to(span))
    }

    pub(super) fn block(&mut self, start: Span) -> Parsed<()> {
        let (name, span) = self.template_name(Keyword::Block)?;
        let pipe = self.pipeline(Context::Keyword(Keyword::Block))?;
        let whole = start.to(pipe.span);
        let pipe = Some(pipe);
        self.open_template(BlockKind::Block(TemplateCall { span, name, pipe }), whole)
    }

    pub(super) fn template(&mut self) -> Parsed<TemplateCall> {
        let (name, span) = self.template_name(Keyword::Template)?;
        let pipe = if self.peek_non_space().kind == Kind::RightDelim {
            self.peeked = None;
            None
        } else {
            Some(self.pipeline(Context::Keyword(Keyword::Template))?)
        };
        Ok(TemplateCall { span, name, pipe })
    }

    /// A template of its own: no variable from around it is seen inside.
    fn open_template(&mut self, kind: BlockKind, span: Span) -> Parsed<()> {
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        self.outer_scopes.push(outer);
        self.open(kind, span)
    }

    pub(super) fn close_template(&mut self, name: Arc<str>, nodes: Vec<Node>, span: Span) -> Parsed<()> {
        let outer = self
            .outer_scopes
            .pop()
            .expect("the block put its outer scope there");
        let scope = std::mem::replace(&mut self.scope, outer);
        self.add(name, nodes, &scope, span)
    }

    /// Adds a template. One that is blank never takes the place of another, and is taken the place of by any.
    pub(super) fn add(
        &mut self,
        name: Arc<str>,
        nodes: Vec<Node>,
        scope: &Scope<'s>,
        span: Span,
    ) -> Parsed<()> {
        let tree = Tree {
            name,
            source: Arc::clone(self.source),
            root: list(nodes),
            slots: scope.most(),
        };
        let Some(&(index, first)) = self.names.get(&tree.name) else {
            self.names
                .insert(Arc::clone(&tree.name), (self.trees.len(), span));
            self.trees.push(tree);
            return Ok(());
        };
        if self.trees[index].is_blank() {
            self.names.insert(Arc::clone(&tree.name), (index, span));
            self.trees[index] = tree;
        } else if !tree.is_blank() {
            let message = format!(
                "the template `{}` is defined twice in this file",
                report::shortened(&tree.name)
            );
            // The file itself has no place of its own.
            let (span, first) = if span == Span::default() {
                (first, span)
            } else {
                (span, first)
            };
            let (place, length) = first.underline(self.source);
            let twice = self.fault(span, message);
            self.note(twice.label(place, length, "here, too"))?;
        }
        Ok(())
    }
}
