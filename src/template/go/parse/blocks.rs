//! Owns how blocks open, divide and close: `if`, `with`, `range`, `else`, `end`, and what only stands inside of them.
//!
//! Templates that are defined inside a text open and close here, too; what they are is told in `templates`.

use super::super::ast::{Branch, List, Node, Pipe, Span, TemplateCall};
use super::super::code::Id;
use super::super::lex::{Keyword, Kind};
use super::report::{self, Context, with_opener};
use super::scope::Mark;
use super::{Parsed, Parser, Workspace};
use std::sync::Arc;

/// How deep blocks may nest; `else if` counts, because it is a block in the other's `else`.
const MAX_DEPTH: usize = 1000;

/// A block that is open.
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// From its keyword to the end of its action.
    pub(super) span: Span,
    /// Where the nodes of the list that is being read begin among those that are in no list yet.
    pub(super) first: usize,
}

pub(super) enum BlockKind {
    Define(Arc<str>),
    /// Its name, and the call that is left where it stands.
    Block(Arc<str>, TemplateCall),
    /// `if`, `with` or `range`.
    Control(Control),
}

pub(super) struct Control {
    keyword: Keyword,
    pipe: Id<Pipe>,
    /// Before its pipeline.
    outside: Mark,
    /// Behind its pipeline.
    inside: Mark,
    /// The list before `else`, once that has been read.
    list: Option<List>,
    /// Whether it is an `else if` or `else with`, which ends together with the block around it.
    is_chained: bool,
}

impl Parser<'_, '_> {
    pub(super) fn open(&mut self, kind: BlockKind, span: Span) -> Parsed<()> {
        if self.blocks.len() >= MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} levels deep");
            return Err(self.fault(span, message).into());
        }
        let first = self.workspace.nodes.len();
        self.blocks.push(Block { kind, span, first });
        Ok(())
    }

    /// `if`, `with` and `range` up to the end of their action.
    pub(super) fn control(&mut self, keyword: Keyword, start: Span, is_chained: bool) -> Parsed<()> {
        let outside = self.scope.mark();
        let pipe = self.pipeline(Context::Keyword(keyword))?;
        let span = start.to(self.workspace.code[pipe].span);
        let control = Control {
            keyword,
            pipe,
            outside,
            inside: self.scope.mark(),
            list: None,
            is_chained,
        };
        self.open(BlockKind::Control(control), span)
    }

    pub(super) fn start_else(&mut self, span: Span) -> Parsed<()> {
        let next = self.ahead;
        let chained = match next.kind {
            Kind::Keyword(keyword @ (Keyword::If | Keyword::With)) => Some(keyword),
            _ => None,
        };
        if chained.is_none() {
            self.expect_right_delim(Keyword::Else)?;
        }
        let source = self.source;
        let Some(block) = self.blocks.last_mut() else {
            return Err(self.fault(span, "unexpected `else`: no block is open").into());
        };
        let opener = block.span;
        let wrong = |span, message| with_opener(report::fault(source, span, message), source, opener);
        let control = match &mut block.kind {
            BlockKind::Control(control) if control.list.is_none() => control,
            BlockKind::Control(control) => {
                let message = format!("a second `else` in the same `{}`", control.keyword.name());
                return Err(wrong(span, message).into());
            }
            other => {
                let message = format!("unexpected `else` in `{}`", other.keyword().name());
                return Err(wrong(span, message).into());
            }
        };
        if let Some(keyword) = chained.filter(|keyword| *keyword != control.keyword) {
            let (own, other) = (control.keyword.name(), keyword.name());
            let message = format!("`else {other}` does not belong to `{own}`");
            let help = "`else if` belongs to `if`, and `else with` to `with`";
            return Err(wrong(span.to(next.span), message).help(help).into());
        }
        let Workspace { code, nodes, .. } = &mut *self.workspace;
        control.list = Some(code.take_from(nodes, block.first));
        self.scope.start_else(control.inside);
        match chained {
            Some(keyword) => {
                self.next();
                self.control(keyword, next.span, true)
            }
            None => Ok(()),
        }
    }

    /// `end`: closes a block with all the `else if`s in it.
    pub(super) fn end(&mut self, span: Span) -> Parsed<Option<Node>> {
        self.expect_right_delim(Keyword::End)?;
        loop {
            let Some(block) = self.blocks.pop() else {
                return Err(self.fault(span, "unexpected `end`: no block is open").into());
            };
            let list = self.list(block.first);
            let control = match block.kind {
                BlockKind::Define(name) => {
                    self.close_template(name, list, block.span)?;
                    return Ok(None);
                }
                BlockKind::Block(name, call) => {
                    self.close_template(name, list, block.span)?;
                    return Ok(Some(Node::Template(self.workspace.code.add(call))));
                }
                BlockKind::Control(control) => control,
            };
            self.scope.end(control.outside);
            let branch = self.workspace.code.add(control.branch(block.span, list));
            let node = match control.keyword {
                Keyword::With => Node::With(branch),
                Keyword::Range => Node::Range(branch),
                _ => Node::If(branch),
            };
            if !control.is_chained {
                return Ok(Some(node));
            }
            self.workspace.nodes.push(node);
        }
    }

    /// `break` and `continue`.
    pub(super) fn jump(&mut self, keyword: Keyword, span: Span) -> Parsed<Node> {
        self.expect_right_delim(keyword)?;
        if !self.is_in_range() {
            let message = format!("`{}` stands outside of `range`", keyword.name());
            self.note(self.fault(span, message))?;
        }
        Ok(if keyword == Keyword::Break {
            Node::Break
        } else {
            Node::Continue
        })
    }

    /// Whether a loop of this template is open; the `else` of `range` is no part of the loop.
    fn is_in_range(&self) -> bool {
        let controls = self.blocks.iter().rev().map_while(|block| match &block.kind {
            BlockKind::Control(control) => Some(control),
            BlockKind::Define(_) | BlockKind::Block(..) => None,
        });
        controls
            .into_iter()
            .any(|control| control.keyword == Keyword::Range && control.list.is_none())
    }
}

impl BlockKind {
    pub(super) fn keyword(&self) -> Keyword {
        match self {
            Self::Define(_) => Keyword::Define,
            Self::Block(..) => Keyword::Block,
            Self::Control(control) => control.keyword,
        }
    }
}

impl Control {
    /// The finished block, of which `last` is the last list.
    fn branch(&self, span: Span, last: List) -> Branch {
        Branch {
            span,
            pipe: self.pipe,
            list: self.list.unwrap_or(last),
            otherwise: self.list.map(|_| last),
        }
    }
}
