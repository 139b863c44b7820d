//! Owns how blocks open, divide and close: `if`, `with`, `range`, `else`, `end`, and what only stands inside of them.
//!
//! Templates that are defined inside a text open and close here, too; what they are is told in `templates`.

use super::super::ast::{Branch, List, Node, Pipe, Span, TemplateCall};
use super::super::lex::{Keyword, Kind};
use super::report::{self, Context, with_opener};
use super::scope::Mark;
use super::{Parsed, Parser, list};
use std::sync::Arc;

/// How deep blocks may nest; `else if` counts, because it is a block in the other's `else`.
const MAX_DEPTH: usize = 1000;

/// A block that is open.
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// From its keyword to the end of its action.
    pub(super) span: Span,
    /// The nodes of the list that is being read.
    pub(super) nodes: Vec<Node>,
}

pub(super) enum BlockKind {
    Define(Arc<str>),
    /// The call that is left where the block stands; its name is that of the template.
    Block(TemplateCall),
    /// `if`, `with` or `range`.
    Control(Control),
}

pub(super) struct Control {
    keyword: Keyword,
    pipe: Pipe,
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
        let nodes = Vec::new();
        self.blocks.push(Block { kind, span, nodes });
        Ok(())
    }

    /// `if`, `with` and `range` up to the end of their action.
    pub(super) fn control(&mut self, keyword: Keyword, start: Span, is_chained: bool) -> Parsed<()> {
        let outside = self.scope.mark();
        let pipe = self.pipeline(Context::Keyword(keyword))?;
        let span = start.to(pipe.span);
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
        let next = self.peek_non_space();
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
        control.list = Some(list(std::mem::take(&mut block.nodes)));
        self.scope.start_else(control.inside);
        match chained {
            Some(keyword) => {
                self.peeked = None;
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
            let control = match block.kind {
                BlockKind::Define(name) => {
                    self.close_template(name, block.nodes, block.span)?;
                    return Ok(None);
                }
                BlockKind::Block(call) => {
                    self.close_template(Arc::clone(&call.name), block.nodes, block.span)?;
                    return Ok(Some(Node::Template(call)));
                }
                BlockKind::Control(control) => control,
            };
            self.scope.end(control.outside);
            let is_chained = control.is_chained;
            let node = control.node(block.span, block.nodes);
            match self.blocks.last_mut() {
                Some(around) if is_chained => around.nodes.push(node),
                _ => return Ok(Some(node)),
            }
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
            BlockKind::Define(_) | BlockKind::Block(_) => None,
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
            Self::Block(_) => Keyword::Block,
            Self::Control(control) => control.keyword,
        }
    }
}

impl Control {
    /// The finished block, of which `nodes` is the last list.
    fn node(self, span: Span, nodes: Vec<Node>) -> Node {
        let behind = list(nodes);
        let (list, otherwise) = match self.list {
            Some(before) => (before, Some(behind)),
            None => (behind, None),
        };
        let branch = Branch {
            span,
            pipe: self.pipe,
            list,
            otherwise,
        };
        match self.keyword {
            Keyword::With => Node::With(branch),
            Keyword::Range => Node::Range(branch),
            _ => Node::If(branch),
        }
    }
}
