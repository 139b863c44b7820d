//! Owns the tree of a parsed Go template: what the parser makes and the executor walks.
//!
//! It neither reads text nor evaluates. Trees are immutable and shared among renders and threads; every node
//! knows the bytes it was written with, so that a message can underline them.

use crate::source::{Place, Source};
use crate::template::functions::Function;
use std::ops::Range;
use std::sync::Arc;

/// One template: a file, or what a `define` or `block` in it names.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// What `template` and `include` call it by.
    pub(crate) name: Arc<str>,
    /// The text that every span in it counts in.
    pub(crate) source: Arc<Source>,
    /// Its nodes.
    pub(crate) root: List,
    /// How many variables are alive at once at most; `$` is one of them.
    pub(crate) slots: u32,
}

/// The bytes of a node in its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// The offset of its first byte.
    pub(crate) start: u32,
    /// The offset behind its last byte.
    pub(crate) end: u32,
}

/// Nodes that are rendered one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub(crate) nodes: Box<[Node]>,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// What stands between actions, without what trim markers took away: the bytes of its span.
    Text(Span),
    /// `{{ pipeline }}`: prints, unless it declares or assigns.
    Action(Pipe),
    /// `{{ if }}`.
    If(Branch),
    /// `{{ with }}`.
    With(Branch),
    /// `{{ range }}`.
    Range(Branch),
    /// `{{ template "name" pipeline }}`, and what `block` leaves where it stands.
    Template(TemplateCall),
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
}

/// `if`, `with` or `range`. `else if` and `else with` are a node of their own in `otherwise`.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// From the keyword to the end of the pipeline.
    pub(crate) span: Span,
    pub(crate) pipe: Pipe,
    pub(crate) list: List,
    /// What stands after `else`.
    pub(crate) otherwise: Option<List>,
}

/// `template` or `block`.
#[derive(Clone, Debug)]
pub(crate) struct TemplateCall {
    /// The span of the quoted name.
    pub(crate) span: Span,
    pub(crate) name: Arc<str>,
    /// What `.` becomes; nil without it.
    pub(crate) pipe: Option<Pipe>,
}

/// `$a, $b := command | command`.
#[derive(Clone, Debug)]
pub(crate) struct Pipe {
    pub(crate) span: Span,
    /// The variables that get its value, declared or assigned: the slot says which; two of them only in `range`.
    pub(crate) variables: Box<[Target]>,
    /// Never empty. The value of each is the last argument of the next.
    pub(crate) commands: Box<[Command]>,
}

/// A variable that a pipeline declares or assigns.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) span: Span,
    /// With its `$`.
    pub(crate) name: Arc<str>,
    pub(crate) slot: Slot,
}

/// Where the executor keeps a variable: an index below the tree's `slots`; `$` starts out as number 0.
///
/// `None` is a variable that Go's parser lets pass and that never has a value: one that is assigned but not
/// declared, or one that was declared in the other branch of an `if`.
pub(crate) type Slot = Option<u32>;

/// One step of a pipeline: an operand, or a function with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) span: Span,
    /// Never empty; the first is what is called.
    pub(crate) args: Box<[Arg]>,
}

/// An operand, with its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Arg {
    pub(crate) span: Span,
    pub(crate) kind: ArgKind,
}

/// The kinds of operands.
#[derive(Clone, Debug)]
pub(crate) enum ArgKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// `1`, `0x1p-2`, `'a'`
    Number(Box<Number>),
    /// A string in either kind of quotes, unquoted.
    String(Arc<str>),
    /// `.A.b`
    Field(Box<[Ident]>),
    /// `$x` and `$x.A.b`
    Variable(Variable),
    /// A function.
    Identifier(&'static Function),
    /// Fields of a parenthesised pipeline: `(f).A.b`; also of a function without arguments: `f.A`.
    Chain(Box<Arg>, Box<[Ident]>),
    /// A parenthesised pipeline.
    Pipe(Box<Pipe>),
}

/// One `.Name`.
#[derive(Clone, Debug)]
pub(crate) struct Ident {
    /// With its dot.
    pub(crate) span: Span,
    /// Without its dot.
    pub(crate) name: Arc<str>,
}

/// A variable and the fields behind it.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// With its `$`.
    pub(crate) name: Arc<str>,
    pub(crate) slot: Slot,
    pub(crate) fields: Box<[Ident]>,
}

/// A constant as all the kinds of number that it fits into.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    /// As written.
    pub(crate) text: Arc<str>,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    /// Real and imaginary part, of a constant written with an `i`.
    pub(crate) complex: Option<(f64, f64)>,
}

impl Span {
    /// As a range of bytes.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of this one to the end of `last`.
    pub(crate) fn to(self, last: Self) -> Self {
        Self {
            start: self.start,
            end: last.end,
        }
    }

    /// What was written there.
    pub(crate) fn text(self, source: &Source) -> &str {
        source.text.get(self.range()).unwrap_or_default()
    }

    /// Its place and the number of characters to underline, on its first line.
    pub(crate) fn underline(self, source: &Arc<Source>) -> (Place, u32) {
        let first_line = self.text(source).split(['\r', '\n']).next().unwrap_or_default();
        let length = u32::try_from(first_line.chars().count()).unwrap_or(u32::MAX);
        (source.place_at(self.start as usize), length)
    }
}

impl Tree {
    /// Whether it holds nothing but white space. Such a definition never takes the place of another one.
    pub(crate) fn is_blank(&self) -> bool {
        let is_blank = |node: &Node| match node {
            Node::Text(span) => span.text(&self.source).trim().is_empty(),
            _ => false,
        };
        self.root.nodes.iter().all(is_blank)
    }
}
