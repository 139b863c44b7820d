//! Owns the grammar of Go's template language: which actions a text consists of and how blocks nest.
//!
//! What Go 1.23 accepts is accepted, and what it refuses is refused. Blocks are kept on a stack of our own, so
//! that no nesting exhausts the thread's. Names are looked up, nothing is evaluated.

use super::ast::{Branch, List, Node, Pipe, Span, TemplateCall, Tree};
use super::lex::{Keyword, Kind, Lexer, Token};
use super::literal;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::template::functions::Function;
use report::{Context, fault, unexpected, with_help, with_opener};
use scope::{Mark, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod pipeline;
mod report;
mod scope;
#[cfg(test)]
mod tests;

/// How the parser finds a function by its name.
pub(crate) type Functions<'f> = &'f dyn Fn(&str) -> Option<&'static Function>;

/// How deep blocks may nest; `else if` counts, because it is a block in the other's `else`.
const MAX_DEPTH: usize = 1000;

/// How many errors of one text are told.
const MAX_ERRORS: usize = 50;

/// Parses a text: what its `define`s and `block`s name, in their order, and last the text itself as `name`.
///
/// Names are unique. Where two have the same name and one of them is blank, the other one stays.
pub(crate) fn parse(
    source: &Arc<Source>,
    name: &str,
    functions: Functions<'_>,
) -> Result<Vec<Tree>, Vec<Diagnostic>> {
    if u32::try_from(source.text.len()).is_err() {
        let error = Diagnostic::error("too-large", "the template is larger than 4 GiB");
        return Err(vec![error.at(Place::whole(source))]);
    }
    let mut parser = Parser::new(source, functions);
    if let Err(fatal) = parser.text(name) {
        parser.errors.push(*fatal);
    }
    if parser.errors.is_empty() {
        Ok(parser.trees)
    } else {
        Err(parser.errors)
    }
}

/// A syntax error ends the text: what follows would be guessed.
type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Parser<'s, 'f> {
    source: &'s Arc<Source>,
    functions: Functions<'f>,
    lexer: Lexer<'s>,
    /// A token that was read too early.
    peeked: Option<Token>,
    /// The `{{` of the action that is being read.
    delim: Span,
    /// The parentheses that are open.
    parens: Vec<Span>,
    /// The blocks that are open, outermost first.
    blocks: Vec<Block>,
    /// The variables of the template that is being read.
    scope: Scope<'s>,
    /// Those of the templates around it: of the file in `define`, of any in `block`.
    outer_scopes: Vec<Scope<'s>>,
    trees: Vec<Tree>,
    /// Where in `trees` a name is, and where its definition stands.
    names: BTreeMap<Arc<str>, (usize, Span)>,
    /// What is wrong in ways that do not hide what follows.
    errors: Vec<Diagnostic>,
    /// Functions and variables that were complained about; once in a text is enough.
    complained: BTreeSet<&'s str>,
}

/// A block that is open.
struct Block {
    kind: BlockKind,
    /// From its keyword to the end of its action.
    span: Span,
    /// The nodes of the list that is being read.
    nodes: Vec<Node>,
}

enum BlockKind {
    Define(Arc<str>),
    /// The call that is left where the block stands; its name is that of the template.
    Block(TemplateCall),
    /// `if`, `with` or `range`.
    Control(Control),
}

struct Control {
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

impl<'s, 'f> Parser<'s, 'f> {
    fn new(source: &'s Arc<Source>, functions: Functions<'f>) -> Self {
        Self {
            source,
            functions,
            lexer: Lexer::new(&source.text),
            peeked: None,
            delim: Span::default(),
            parens: Vec::new(),
            blocks: Vec::new(),
            scope: Scope::new(),
            outer_scopes: Vec::new(),
            trees: Vec::new(),
            names: BTreeMap::new(),
            errors: Vec::new(),
            complained: BTreeSet::new(),
        }
    }

    fn next(&mut self) -> Token {
        self.peeked.take().unwrap_or_else(|| self.lexer.next())
    }

    fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.peeked = Some(token);
        token
    }

    fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.peeked = Some(token);
        token
    }

    fn written(&self, token: Token) -> &'s str {
        self.lexer.written(token.span)
    }

    fn unexpected(&self, token: Token, context: Context) -> Box<Diagnostic> {
        unexpected(
            self.source,
            token,
            context,
            self.delim,
            self.parens.last().copied(),
        )
    }

    /// Notes an error that does not hide what follows, unless there are too many.
    fn note(&mut self, error: Diagnostic) -> Parsed<()> {
        if self.errors.len() + 1 >= MAX_ERRORS {
            return Err(Box::new(error));
        }
        self.errors.push(error);
        Ok(())
    }

    /// The whole text.
    fn text(&mut self, name: &str) -> Parsed<()> {
        let mut nodes = Vec::new();
        loop {
            let token = self.next_non_space();
            let node = match token.kind {
                Kind::Text => Some(Node::Text(token.span)),
                Kind::LeftDelim => {
                    self.delim = token.span;
                    self.parens.clear();
                    self.action()?
                }
                Kind::End => break,
                _ => return Err(self.unexpected(token, Context::Action)),
            };
            let list = self
                .blocks
                .last_mut()
                .map_or(&mut nodes, |block| &mut block.nodes);
            list.extend(node);
        }
        if let Some(block) = self.blocks.last() {
            let message = format!("`{}` is not closed", block.kind.keyword().name());
            let unclosed = fault(self.source, block.span, message, "");
            return Err(with_help(unclosed, "a block ends with `{{ end }}`"));
        }
        let scope = std::mem::replace(&mut self.scope, Scope::new());
        self.add(name.into(), nodes, &scope, Span::default())
    }

    /// One action, of which `{{` has been read. It gives a node unless it begins, divides or defines something.
    fn action(&mut self) -> Parsed<Option<Node>> {
        let token = self.next_non_space();
        let Kind::Keyword(keyword) = token.kind else {
            self.peeked = Some(token);
            return Ok(Some(Node::Action(self.pipeline(Context::Action)?)));
        };
        match keyword {
            Keyword::If | Keyword::With | Keyword::Range => self.control(keyword, token.span, false)?,
            Keyword::Else => self.start_else(token.span)?,
            Keyword::End => return self.end(token.span),
            Keyword::Define if self.blocks.is_empty() => self.define(token.span)?,
            // Go, too, knows `define` at the top only.
            Keyword::Define => {
                let fault = self.unexpected(token, Context::Action);
                let around = self.blocks.iter().map(|block| block.span).next_back();
                return Err(with_opener(fault, self.source, around.unwrap_or(self.delim)));
            }
            Keyword::Block => self.block(token.span)?,
            Keyword::Template => return self.template().map(|call| Some(Node::Template(call))),
            Keyword::Break | Keyword::Continue => return self.jump(keyword, token.span).map(Some),
        }
        Ok(None)
    }

    fn expect_right_delim(&mut self, keyword: Keyword) -> Parsed<Span> {
        let token = self.next_non_space();
        if token.kind == Kind::RightDelim {
            Ok(token.span)
        } else {
            Err(self.unexpected(token, Context::Keyword(keyword)))
        }
    }

    fn open(&mut self, kind: BlockKind, span: Span) -> Parsed<()> {
        if self.blocks.len() >= MAX_DEPTH {
            let message = format!("blocks are nested more than {MAX_DEPTH} levels deep");
            return Err(fault(self.source, span, message, ""));
        }
        let nodes = Vec::new();
        self.blocks.push(Block { kind, span, nodes });
        Ok(())
    }

    /// `if`, `with` and `range` up to the end of their action.
    fn control(&mut self, keyword: Keyword, start: Span, is_chained: bool) -> Parsed<()> {
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

    fn start_else(&mut self, span: Span) -> Parsed<()> {
        let next = self.peek_non_space();
        let chained = match next.kind {
            Kind::Keyword(keyword @ (Keyword::If | Keyword::With)) => Some(keyword),
            _ => {
                self.expect_right_delim(Keyword::Else)?;
                None
            }
        };
        let Some(block) = self.blocks.last_mut() else {
            let message = "unexpected `else`: no block is open";
            return Err(fault(self.source, span, message, ""));
        };
        let control = match &mut block.kind {
            BlockKind::Control(control) if control.list.is_none() => control,
            BlockKind::Control(_) => {
                let message = format!("a second `else` in the same `{}`", block.kind.keyword().name());
                return Err(with_opener(
                    fault(self.source, span, message, ""),
                    self.source,
                    block.span,
                ));
            }
            other => {
                let message = format!("unexpected `else` in `{}`", other.keyword().name());
                return Err(with_opener(
                    fault(self.source, span, message, ""),
                    self.source,
                    block.span,
                ));
            }
        };
        control.list = Some(list(std::mem::take(&mut block.nodes)));
        self.scope.start_else(control.inside);
        match chained {
            Some(keyword) if keyword == control.keyword => {
                self.peeked = None;
                self.control(keyword, next.span, true)
            }
            Some(keyword) => {
                let (own, other) = (control.keyword.name(), keyword.name());
                let message = format!("`else {other}` does not belong to `{own}`");
                let misplaced = fault(self.source, span.to(next.span), message, "");
                let misplaced = with_opener(misplaced, self.source, block.span);
                Err(with_help(
                    misplaced,
                    "`else if` belongs to `if`, and `else with` to `with`",
                ))
            }
            None => Ok(()),
        }
    }

    /// `end`: closes a block with all the `else if`s in it.
    fn end(&mut self, span: Span) -> Parsed<Option<Node>> {
        self.expect_right_delim(Keyword::End)?;
        loop {
            let Some(block) = self.blocks.pop() else {
                return Err(fault(self.source, span, "unexpected `end`: no block is open", ""));
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

    /// The name of a template, which must be a quoted string.
    fn template_name(&mut self, keyword: Keyword) -> Parsed<(Arc<str>, Span)> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, Context::Keyword(keyword)));
        }
        Ok((self.unquoted(token)?, token.span))
    }

    /// The value of a string; a wrong escape is noted.
    fn unquoted(&mut self, token: Token) -> Parsed<Arc<str>> {
        if let Some(text) = literal::unquote(self.written(token)) {
            return Ok(text.into());
        }
        let wrong = fault(
            self.source,
            token.span,
            "the string holds an escape that Go does not know",
            "",
        );
        self.note(*with_help(
            wrong,
            "`\\\\` is a backslash; in backquotes it is one as it stands",
        ))?;
        Ok(Arc::default())
    }

    fn define(&mut self, start: Span) -> Parsed<()> {
        let (name, _) = self.template_name(Keyword::Define)?;
        let end = self.expect_right_delim(Keyword::Define)?;
        self.open_template(
            BlockKind::Define(name),
            Span {
                end: end.start,
                ..start
            },
        )
    }

    fn block(&mut self, start: Span) -> Parsed<()> {
        let (name, span) = self.template_name(Keyword::Block)?;
        let pipe = self.pipeline(Context::Keyword(Keyword::Block))?;
        let whole = start.to(pipe.span);
        let pipe = Some(pipe);
        self.open_template(BlockKind::Block(TemplateCall { span, name, pipe }), whole)
    }

    fn template(&mut self) -> Parsed<TemplateCall> {
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

    fn close_template(&mut self, name: Arc<str>, nodes: Vec<Node>, span: Span) -> Parsed<()> {
        let outer = self
            .outer_scopes
            .pop()
            .expect("the block put its outer scope there");
        let scope = std::mem::replace(&mut self.scope, outer);
        self.add(name, nodes, &scope, span)
    }

    /// Adds a template. One that is blank never takes the place of another, and is taken the place of by any.
    fn add(&mut self, name: Arc<str>, nodes: Vec<Node>, scope: &Scope<'s>, span: Span) -> Parsed<()> {
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
            let twice = fault(self.source, span, message, "");
            self.note(twice.label(place, length, "here, too"))?;
        }
        Ok(())
    }

    /// `break` and `continue`.
    fn jump(&mut self, keyword: Keyword, span: Span) -> Parsed<Node> {
        self.expect_right_delim(keyword)?;
        if !self.is_in_range() {
            let message = format!("`{}` stands outside of `range`", keyword.name());
            self.note(*fault(self.source, span, message, ""))?;
        }
        Ok(if keyword == Keyword::Break {
            Node::Break(span)
        } else {
            Node::Continue(span)
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
    fn keyword(&self) -> Keyword {
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
        let last = list(nodes);
        let (list, otherwise) = match self.list {
            Some(first) => (first, Some(last)),
            None => (last, None),
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

fn list(nodes: Vec<Node>) -> List {
    List {
        nodes: nodes.into_boxed_slice(),
    }
}
