//! Owns the grammar of Go's template language: which actions a text consists of and how blocks nest.
//!
//! What Go 1.23 accepts is accepted, and what it refuses is refused. Blocks are kept on a stack of our own, so
//! that no nesting exhausts the thread's. Names are looked up, nothing is evaluated.

use super::ast::{Arg, Command, List, Node, Span, Tree};
use super::code::Code;
use super::lex::{Keyword, Kind, Lexer, Token};
use super::literal;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use blocks::Block;
use known::Known;
use report::{Context, with_opener};
use scope::Scope;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod blocks;
mod known;
mod pipeline;
mod report;
mod scope;
mod templates;
#[cfg(test)]
mod tests;

/// How many errors of one text are told.
const MAX_ERRORS: usize = 50;

/// What parsing one text after the other needs again and again.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    known: Known,
    /// The nodes that are done, of all texts.
    code: Code,
    /// What is being read is collected here, and moved to the others when all that belongs to it is known.
    nodes: Vec<Node>,
    commands: Vec<Command>,
    args: Vec<Arg>,
}

impl Workspace {
    /// Has room for the nodes of texts of so many bytes, as far as that can be told.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self {
            code: Code::with_room(bytes),
            ..Self::default()
        }
    }

    /// The nodes of all texts that were parsed.
    pub(crate) fn into_code(self) -> Arc<Code> {
        Arc::new(self.code)
    }
}

/// A template that was parsed; a [`Tree`] once all nodes are where they stay.
#[derive(Debug)]
pub(crate) struct Template {
    name: Arc<str>,
    root: List,
    slots: u32,
    is_blank: bool,
}

impl Template {
    /// The tree of this template of `source`, whose nodes are in `code`.
    pub(crate) fn tree(self, source: &Arc<Source>, code: &Arc<Code>) -> Tree {
        Tree {
            name: self.name,
            source: Arc::clone(source),
            code: Arc::clone(code),
            root: self.root,
            slots: self.slots,
            is_blank: self.is_blank,
        }
    }
}

/// Parses a text: what its `define`s and `block`s name, in their order, and last the text itself as `name`.
///
/// Names are unique. Where two have the same name and one of them is blank, the other one stays.
pub(crate) fn parse(
    source: &Arc<Source>,
    name: &str,
    workspace: &mut Workspace,
) -> Result<Vec<Template>, Vec<Diagnostic>> {
    if u32::try_from(source.text.len()).is_err() {
        let error = Diagnostic::error("too-large", "the template is larger than 4 GiB");
        return Err(vec![error.at(Place::whole(source))]);
    }
    let mut parser = Parser::new(source, workspace);
    if let Err(fatal) = parser.text(name) {
        parser.errors.push(*fatal);
    }
    let (templates, errors) = (parser.templates, parser.errors);
    // A text that could not be read to its end leaves something behind.
    workspace.nodes.clear();
    workspace.commands.clear();
    workspace.args.clear();
    if errors.is_empty() {
        Ok(templates)
    } else {
        Err(errors)
    }
}

/// Parses a text that stands alone.
pub(crate) fn parse_alone(source: &Arc<Source>, name: &str) -> Result<Vec<Tree>, Vec<Diagnostic>> {
    let mut workspace = Workspace::default();
    let templates = parse(source, name, &mut workspace)?;
    let code = workspace.into_code();
    let trees = templates.into_iter().map(|template| template.tree(source, &code));
    Ok(trees.collect())
}

/// A syntax error ends the text, because what follows would be guessed.
type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Parser<'s, 'w> {
    source: &'s Arc<Source>,
    workspace: &'w mut Workspace,
    lexer: Lexer<'s>,
    /// The token that comes next.
    ahead: Token,
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
    templates: Vec<Template>,
    /// Where in `templates` a name is, and where its definition stands.
    names: BTreeMap<Arc<str>, (usize, Span)>,
    /// What is wrong in ways that do not hide what follows.
    errors: Vec<Diagnostic>,
    /// Functions and variables that were complained about; once in a text is enough.
    complained: BTreeSet<&'s str>,
}

impl<'s, 'w> Parser<'s, 'w> {
    fn new(source: &'s Arc<Source>, workspace: &'w mut Workspace) -> Self {
        let mut lexer = Lexer::new(&source.text);
        Self {
            source,
            workspace,
            ahead: lexer.next(),
            lexer,
            delim: Span::default(),
            parens: Vec::new(),
            blocks: Vec::new(),
            scope: Scope::new(),
            outer_scopes: Vec::new(),
            templates: Vec::new(),
            names: BTreeMap::new(),
            errors: Vec::new(),
            complained: BTreeSet::new(),
        }
    }

    fn next(&mut self) -> Token {
        std::mem::replace(&mut self.ahead, self.lexer.next())
    }

    fn written(&self, token: Token) -> &'s str {
        self.lexer.written(token.span)
    }

    fn fault(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        report::fault(self.source, span, message)
    }

    fn unexpected(&self, token: Token, context: Context) -> Diagnostic {
        let paren = self.parens.last().copied();
        report::unexpected(self.source, token, context, self.delim, paren)
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
        loop {
            let token = self.next();
            let node = match token.kind {
                Kind::Text => Some(Node::Text(token.span)),
                Kind::LeftDelim => {
                    self.delim = token.span;
                    self.parens.clear();
                    self.action()?
                }
                Kind::End => break,
                _ => return Err(self.unexpected(token, Context::Action).into()),
            };
            self.workspace.nodes.extend(node);
        }
        if let Some(block) = self.blocks.last() {
            let message = format!("`{}` is not closed", block.kind.keyword().name());
            let unclosed = self.fault(block.span, message);
            return Err(unclosed.help("a block ends with `{{ end }}`").into());
        }
        let scope = std::mem::replace(&mut self.scope, Scope::new());
        let root = self.list(0);
        self.add(name.into(), root, &scope, Span::default())
    }

    /// The nodes from `first` on, which are a list as a whole.
    fn list(&mut self, first: usize) -> List {
        let Workspace { code, nodes, .. } = &mut *self.workspace;
        code.take_from(nodes, first)
    }

    /// One action, of which `{{` has been read. It gives a node unless it begins, divides or defines something.
    fn action(&mut self) -> Parsed<Option<Node>> {
        let token = self.ahead;
        let Kind::Keyword(keyword) = token.kind else {
            if self.is_quoted_alone() {
                return Ok(Some(Node::Quoted(token.span)));
            }
            return Ok(Some(Node::Action(self.pipeline(Context::Action)?)));
        };
        self.next();
        match keyword {
            Keyword::If | Keyword::With | Keyword::Range => self.control(keyword, token.span, false)?,
            Keyword::Else => self.start_else(token.span)?,
            Keyword::End => return self.end(token.span),
            Keyword::Define if self.blocks.is_empty() => self.define(token.span)?,
            // Go, too, knows `define` at the top only.
            Keyword::Define => {
                let fault = self.unexpected(token, Context::Action);
                let around = self.blocks.iter().map(|block| block.span).next_back();
                return Err(with_opener(fault, self.source, around.unwrap_or(self.delim)).into());
            }
            Keyword::Block => self.block(token.span)?,
            Keyword::Template => {
                let call = self.template()?;
                return Ok(Some(Node::Template(self.workspace.code.add(call))));
            }
            Keyword::Break | Keyword::Continue => return self.jump(keyword, token.span).map(Some),
        }
        Ok(None)
    }

    /// Whether an action is a string that prints as it stands between its quotes, and nothing else. Then the action
    /// has been read.
    fn is_quoted_alone(&mut self) -> bool {
        let token = self.ahead;
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return false;
        }
        let behind = self.lexer;
        self.next();
        let is_alone = self.ahead.kind == Kind::RightDelim
            && matches!(literal::unquote(self.written(token)), Some(Cow::Borrowed(_)));
        if is_alone {
            self.next();
        } else {
            (self.lexer, self.ahead) = (behind, token);
        }
        is_alone
    }

    fn expect_right_delim(&mut self, keyword: Keyword) -> Parsed<()> {
        let token = self.next();
        if token.kind == Kind::RightDelim {
            Ok(())
        } else {
            Err(self.unexpected(token, Context::Keyword(keyword)).into())
        }
    }
}
