//! Owns the grammar of Go's template language: which actions a text consists of and how blocks nest.
//!
//! What Go 1.23 accepts is accepted, and what it refuses is refused. Blocks are kept on a stack of our own, so
//! that no nesting exhausts the thread's. Names are looked up, nothing is evaluated.

use super::ast::{Arg, Command, Ident, List, Node, Span, Tree};
use super::lex::{Keyword, Kind, Lexer, Token};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::template::functions::Function;
use crate::yaml::Texts;
use blocks::Block;
use report::{Context, with_opener};
use scope::Scope;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod blocks;
mod pipeline;
mod report;
mod scope;
mod templates;
#[cfg(test)]
mod tests;

/// How the parser finds a function by its name.
pub(crate) type Functions<'f> = &'f dyn Fn(&str) -> Option<&'static Function>;

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

/// A syntax error ends the text, because what follows would be guessed.
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
    /// Names that were met before.
    texts: Texts,
    /// What is being read is collected here and moved out when its number is known.
    fields: Vec<Ident>,
    args: Vec<Arg>,
    commands: Vec<Command>,
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
            texts: Texts::new(),
            fields: Vec::new(),
            args: Vec::new(),
            commands: Vec::new(),
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
                _ => return Err(self.unexpected(token, Context::Action).into()),
            };
            let list = self
                .blocks
                .last_mut()
                .map_or(&mut nodes, |block| &mut block.nodes);
            list.extend(node);
        }
        if let Some(block) = self.blocks.last() {
            let message = format!("`{}` is not closed", block.kind.keyword().name());
            let unclosed = self.fault(block.span, message);
            return Err(unclosed.help("a block ends with `{{ end }}`").into());
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
                return Err(with_opener(fault, self.source, around.unwrap_or(self.delim)).into());
            }
            Keyword::Block => self.block(token.span)?,
            Keyword::Template => return self.template().map(|call| Some(Node::Template(call))),
            Keyword::Break | Keyword::Continue => return self.jump(keyword, token.span).map(Some),
        }
        Ok(None)
    }

    fn expect_right_delim(&mut self, keyword: Keyword) -> Parsed<()> {
        let token = self.next_non_space();
        if token.kind == Kind::RightDelim {
            Ok(())
        } else {
            Err(self.unexpected(token, Context::Keyword(keyword)).into())
        }
    }
}

fn list(nodes: Vec<Node>) -> List {
    List {
        nodes: nodes.into_boxed_slice(),
    }
}
