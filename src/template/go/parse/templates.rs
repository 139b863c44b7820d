//! Owns the templates that a text defines, and how templates are called by their names.
//!
//! Which block may stand where is not its business.

use super::super::ast::{List, Node, Quoted, Span, TemplateCall};
use super::super::lex::{Keyword, Kind};
use super::blocks::BlockKind;
use super::report::{self, Context};
use super::scope::Scope;
use super::{Parsed, Parser, Template};
use std::sync::Arc;

impl<'s> Parser<'s, '_> {
    /// The name of a template, which must be a quoted string.
    fn template_name(&mut self, keyword: Keyword) -> Parsed<Quoted> {
        let token = self.next();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, Context::Keyword(keyword)).into());
        }
        let (text, span) = (self.unquoted(token)?, token.span);
        Ok(Quoted { span, text })
    }

    pub(super) fn define(&mut self, start: Span) -> Parsed<()> {
        let name = self.template_name(Keyword::Define)?;
        self.expect_right_delim(Keyword::Define)?;
        self.open_template(BlockKind::Define(self.text_of(name)), start.to(name.span))
    }

    pub(super) fn block(&mut self, start: Span) -> Parsed<()> {
        let name = self.template_name(Keyword::Block)?;
        let pipe = self.pipeline(Context::Keyword(Keyword::Block))?;
        let whole = start.to(self.workspace.code[pipe].span);
        let pipe = Some(pipe);
        let call = TemplateCall { name, pipe };
        self.open_template(BlockKind::Block(self.text_of(name), call), whole)
    }

    pub(super) fn template(&mut self) -> Parsed<TemplateCall> {
        let name = self.template_name(Keyword::Template)?;
        let pipe = if self.ahead.kind == Kind::RightDelim {
            self.next();
            None
        } else {
            Some(self.pipeline(Context::Keyword(Keyword::Template))?)
        };
        Ok(TemplateCall { name, pipe })
    }

    fn text_of(&self, name: Quoted) -> Arc<str> {
        name.text(self.source, &self.workspace.code).into()
    }

    /// A template of its own: no variable from around it is seen inside.
    fn open_template(&mut self, kind: BlockKind, span: Span) -> Parsed<()> {
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        self.outer_scopes.push(outer);
        self.open(kind, span)
    }

    pub(super) fn close_template(&mut self, name: Arc<str>, root: List, span: Span) -> Parsed<()> {
        let outer = self
            .outer_scopes
            .pop()
            .expect("the block put its outer scope there");
        let scope = std::mem::replace(&mut self.scope, outer);
        self.add(name, root, &scope, span)
    }

    /// Adds a template. One that is blank never takes the place of another, and is taken the place of by any.
    pub(super) fn add(&mut self, name: Arc<str>, root: List, scope: &Scope<'s>, span: Span) -> Parsed<()> {
        let tree = Template {
            name,
            root,
            slots: scope.most(),
            is_blank: self.is_blank(root),
        };
        let Some(&(index, first)) = self.names.get(&tree.name) else {
            self.names
                .insert(Arc::clone(&tree.name), (self.templates.len(), span));
            self.templates.push(tree);
            return Ok(());
        };
        if self.templates[index].is_blank {
            self.names.insert(Arc::clone(&tree.name), (index, span));
            self.templates[index] = tree;
        } else if !tree.is_blank {
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

    fn is_blank(&self, list: List) -> bool {
        let is_blank = |node: &Node| match node {
            Node::Text(span) => span.text(self.source).trim().is_empty(),
            _ => false,
        };
        self.workspace.code[list].iter().all(is_blank)
    }
}
