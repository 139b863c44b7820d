//! Owns the tree of a parsed Go template: what the parser makes and the executor walks.
//!
//! It neither reads text nor evaluates. Trees are immutable and shared among renders and threads. Nodes are small and
//! hold no text: they know the bytes they were written with, and others by their place in [`Code`].

use super::code::{Code, Id, Ids};
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
    /// The nodes of all templates of that text.
    pub(crate) code: Arc<Code>,
    /// Its own nodes.
    pub(crate) root: List,
    /// How many variables are alive at once at most; `$` is one of them.
    pub(crate) slots: u32,
    /// Whether it holds nothing but white space. Such a definition never takes the place of another one.
    pub(crate) is_blank: bool,
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
pub(crate) type List = Ids<Node>;

/// A piece of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    /// What stands between actions, without what trim markers took away: the bytes of its span.
    Text(Span),
    /// A string in quotes, which are part of the span, that prints just what stands between them.
    Quoted(Span),
    /// `{{ pipeline }}`: prints, unless it declares or assigns.
    Action(Id<Pipe>),
    /// `{{ if }}`.
    If(Id<Branch>),
    /// `{{ with }}`.
    With(Id<Branch>),
    /// `{{ range }}`.
    Range(Id<Branch>),
    /// `{{ template "name" pipeline }}`, and what `block` leaves where it stands.
    Template(Id<TemplateCall>),
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
}

/// `if`, `with` or `range`. `else if` and `else with` are a node of their own in `otherwise`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    /// From the keyword to the end of the pipeline.
    pub(crate) span: Span,
    pub(crate) pipe: Id<Pipe>,
    pub(crate) list: List,
    /// What stands after `else`.
    pub(crate) otherwise: Option<List>,
}

/// `template` or `block`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TemplateCall {
    pub(crate) name: Quoted,
    /// What `.` becomes; nil without it.
    pub(crate) pipe: Option<Id<Pipe>>,
}

/// `$a, $b := command | command`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pipe {
    pub(crate) span: Span,
    /// The variables that get its value, declared or assigned: the slot says which; two of them only in `range`.
    pub(crate) variables: Ids<Target>,
    /// Never empty. The value of each is the last argument of the next.
    pub(crate) commands: Ids<Command>,
}

/// A variable that a pipeline declares or assigns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// Its name with its `$`.
    pub(crate) span: Span,
    pub(crate) slot: Slot,
}

/// Where the executor keeps a variable: an index below the tree's `slots`; `$` starts out as number 0.
///
/// `None` is a variable that Go's parser lets pass and that never has a value: one that is assigned but not
/// declared, or one that was declared in the other branch of an `if`.
pub(crate) type Slot = Option<u32>;

/// One step of a pipeline: an operand, or a function with its arguments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// Never empty; the first is what is called.
    pub(crate) args: Ids<Arg>,
}

/// An operand, with its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arg {
    pub(crate) span: Span,
    pub(crate) kind: ArgKind,
}

/// The kinds of operands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ArgKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// `8`: an integer in plain digits.
    Int(i64),
    /// `0x1p-2`, `1.5`, `'a'`
    Number(Id<Number>),
    /// A string in either kind of quotes.
    String(Unquoted),
    /// `.A.b`
    Field(Ids<Ident>),
    /// `$x`
    Variable(Slot),
    /// A function.
    Identifier(&'static Function),
    /// Fields of a variable, of a parenthesised pipeline, or of a function without arguments: `$x.A`, `(f).A.b`, `f.A`.
    Chain(Id<Arg>, Ids<Ident>),
    /// A parenthesised pipeline.
    Pipe(Id<Pipe>),
}

/// A string as it was written, and what it means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted {
    /// With its quotes.
    pub(crate) span: Span,
    pub(crate) text: Unquoted,
}

/// What a quoted string means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unquoted {
    /// What stands between the quotes.
    AsWritten,
    /// Something else, because it holds escapes.
    Text(Id<Unescaped>),
}

/// The text of a string with escapes.
pub(crate) type Unescaped = Arc<str>;

/// One `.Name`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ident {
    /// With its dot.
    pub(crate) span: Span,
}

/// A constant as all the kinds of number that it fits into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
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

    /// Without so many bytes in front and at the end.
    pub(crate) fn within(self, before: u32, behind: u32) -> Self {
        Self {
            start: self.start + before,
            end: self.end - behind,
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

impl Quoted {
    /// What it means.
    pub(crate) fn text<'t>(&self, source: &'t Source, code: &'t Code) -> &'t str {
        match self.text {
            Unquoted::AsWritten => self.span.within(1, 1).text(source),
            Unquoted::Text(id) => &code[id],
        }
    }
}

impl Command {
    /// From its first operand to its last.
    pub(crate) fn span(self, code: &Code) -> Span {
        match &code[self.args] {
            [first, .., last] => first.span.to(last.span),
            [only] => only.span,
            [] => Span::default(),
        }
    }
}

impl Ident {
    /// Without its dot.
    pub(crate) fn name(self, source: &Source) -> &str {
        self.span.within(1, 0).text(source)
    }
}
