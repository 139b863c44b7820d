//! Owns the grammar inside actions: declarations, pipelines, commands and operands.
//!
//! Keywords and blocks are not its business.

use super::super::ast::{Arg, ArgKind, Command, Ident, Pipe, Slot, Span, Target, Unquoted};
use super::super::code::{Id, Ids};
use super::super::lex::{Keyword, Kind, Token};
use super::super::literal::{self, Refusal};
use super::report::{self, Context};
use super::{Parsed, Parser, Workspace};
use crate::diagnostic::Diagnostic;
use std::borrow::Cow;

/// How deep parentheses may nest.
const MAX_PARENS: usize = 200;

/// The start of a pipeline: `$a, $b :=`.
#[derive(Default)]
struct Declaration {
    variables: Vec<Span>,
    is_assign: bool,
}

impl Parser<'_, '_> {
    /// A pipeline up to the end of its action.
    pub(super) fn pipeline(&mut self, context: Context) -> Parsed<Id<Pipe>> {
        self.pipeline_to(Kind::RightDelim, context).map(|(pipe, _)| pipe)
    }

    /// A pipeline and the place of the `end` behind it.
    fn pipeline_to(&mut self, end: Kind, context: Context) -> Parsed<(Id<Pipe>, Span)> {
        let start = self.ahead.span;
        let declaration = self.declaration(context)?;
        let first = self.workspace.commands.len();
        let mut last = None;
        let behind = loop {
            if self.ahead.kind == end {
                break self.next();
            }
            if !starts_operand(self.ahead.kind) {
                return Err(self.unexpected(self.ahead, context).into());
            }
            let (command, span) = self.command()?;
            self.workspace.commands.push(command);
            last = Some(span);
        };
        let Some(last) = last else {
            return Err(self.lacks_value(behind.span, context).into());
        };
        let Workspace { code, commands, .. } = &mut *self.workspace;
        let commands = code.take_from(commands, first);
        self.check_stages(commands)?;
        let pipe = Pipe {
            span: start.to(last),
            variables: self.targets(declaration),
            commands,
        };
        Ok((self.workspace.code.add(pipe), behind.span))
    }

    /// A pipeline without commands, which ends at `end`.
    fn lacks_value(&self, end: Span, context: Context) -> Diagnostic {
        match (context, self.parens.last()) {
            (Context::Parentheses, Some(open)) => self.fault(open.to(end), "the parentheses are empty"),
            _ => self.fault(self.delim.to(end), format!("{context} lacks a value")),
        }
    }

    /// The variables that the pipeline sets, if it does.
    fn declaration(&mut self, context: Context) -> Parsed<Declaration> {
        let mut declaration = Declaration::default();
        loop {
            let variable = self.ahead;
            if variable.kind != Kind::Variable {
                return Ok(declaration);
            }
            let behind = self.lexer;
            self.next();
            let next = self.ahead;
            let is_comma = next.kind == Kind::Char && self.written(next) == ",";
            if !(is_comma || matches!(next.kind, Kind::Assign | Kind::Declare)) {
                // It is an operand: read it again.
                (self.lexer, self.ahead) = (behind, variable);
                return Ok(declaration);
            }
            self.next();
            declaration.variables.push(variable.span);
            self.scope.know(self.written(variable));
            if !is_comma {
                declaration.is_assign = next.kind == Kind::Assign;
                return Ok(declaration);
            }
            if context != Context::Keyword(Keyword::Range) || declaration.variables.len() > 1 {
                let message = format!("too many variables are declared in {context}");
                let many = self.fault(variable.span.to(next.span), message);
                return Err(many.help("`range` declares up to two, all else one").into());
            }
            let second = self.ahead;
            if !matches!(second.kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                return Err(self
                    .fault(second.span, "`range` can declare variables only")
                    .into());
            }
        }
    }

    /// The variables with their slots. They exist behind the pipeline, so this comes last.
    fn targets(&mut self, declaration: Declaration) -> Ids<Target> {
        let is_assign = declaration.is_assign;
        let target = |span: Span| {
            let name = self.lexer.written(span);
            let slot = if is_assign {
                self.scope.find(name)
            } else {
                Some(self.scope.declare(name))
            };
            Target { span, slot }
        };
        let targets = declaration.variables.into_iter().map(target);
        self.workspace.code.add_all(targets)
    }

    /// Only the first command of a pipeline may be a plain value.
    fn check_stages(&mut self, commands: Ids<Command>) -> Parsed<()> {
        for index in 1..commands.len() {
            let code = &self.workspace.code;
            let first = code[code[commands][index].args][0];
            if matches!(
                first.kind,
                ArgKind::Bool(_)
                    | ArgKind::Dot
                    | ArgKind::Nil
                    | ArgKind::Int(_)
                    | ArgKind::Number(_)
                    | ArgKind::String(_)
            ) {
                let message = format!("stage {} of the pipeline is no function", index + 1);
                let plain = self.fault(first.span, message);
                self.note(plain.help("behind `|` stands a function, to which the value is passed last"))?;
            }
        }
        Ok(())
    }

    /// Operands up to a `|`, which is taken, or to the end of the pipeline, which is not; and their span.
    fn command(&mut self) -> Parsed<(Command, Span)> {
        let start = self.workspace.args.len();
        loop {
            let operand = self.operand()?;
            self.workspace.args.push(operand);
            if !(self.ahead.is_apart && starts_operand(self.ahead.kind)) {
                break;
            }
        }
        match self.ahead.kind {
            Kind::RightDelim | Kind::RightParen => {}
            Kind::Pipe => _ = self.next(),
            _ => return Err(self.unexpected(self.ahead, Context::Operand).into()),
        }
        let Workspace { code, args, .. } = &mut *self.workspace;
        let ends = args.get(start).zip(args.last());
        let (first, last) = ends.expect("a command is read only where an operand starts");
        let span = first.span.to(last.span);
        let args = code.take_from(args, start);
        Ok((Command { args }, span))
    }

    /// A term and the fields behind it.
    fn operand(&mut self) -> Parsed<Arg> {
        let term = self.term()?;
        if !self.is_at_field() {
            return Ok(term);
        }
        let (fields, span) = self.fields();
        if matches!(
            term.kind,
            ArgKind::Identifier(_) | ArgKind::Pipe(_) | ArgKind::Variable(_)
        ) {
            let kind = ArgKind::Chain(self.workspace.code.add(term), fields);
            let span = term.span.to(span);
            return Ok(Arg { span, kind });
        }
        let text = report::shortened(term.span.text(self.source));
        let wrong = self.fault(span, format!("unexpected `.` behind `{text}`"));
        Err(wrong.help("a plain value has no fields").into())
    }

    /// Whether a field follows without a space.
    fn is_at_field(&self) -> bool {
        self.ahead.kind == Kind::Field && !self.ahead.is_apart
    }

    /// The field that stands here and those behind it, and the span of all.
    fn fields(&mut self) -> (Ids<Ident>, Span) {
        let before = self.workspace.code.count::<Ident>();
        let mut span = self.ahead.span;
        loop {
            let field = self.next();
            span = span.to(field.span);
            self.workspace.code.add(Ident { span: field.span });
            if !self.is_at_field() {
                return (self.workspace.code.since(before), span);
            }
        }
    }

    /// What a string means; a wrong escape is noted.
    pub(super) fn unquoted(&mut self, token: Token) -> Parsed<Unquoted> {
        match literal::unquote(self.written(token)) {
            Some(Cow::Borrowed(_)) => return Ok(Unquoted::AsWritten),
            Some(Cow::Owned(text)) => return Ok(Unquoted::Text(self.workspace.code.add(text.into()))),
            None => {}
        }
        let wrong = self.fault(token.span, "the string holds an escape that Go does not know");
        self.note(wrong.help("`\\\\` is a backslash; in backquotes it is one as it stands"))?;
        Ok(Unquoted::AsWritten)
    }

    /// A literal, a name or a pipeline in parentheses.
    fn term(&mut self) -> Parsed<Arg> {
        let token = self.ahead;
        let kind = match token.kind {
            Kind::Identifier => self.function(token)?,
            Kind::Dot => ArgKind::Dot,
            Kind::Nil => ArgKind::Nil,
            Kind::Variable => ArgKind::Variable(self.variable(token)?),
            Kind::Field => {
                let (fields, span) = self.fields();
                let kind = ArgKind::Field(fields);
                return Ok(Arg { span, kind });
            }
            Kind::Bool => ArgKind::Bool(self.written(token) == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::LeftParen => return self.parenthesised(),
            Kind::String | Kind::RawString => ArgKind::String(self.unquoted(token)?),
            _ => return Err(self.unexpected(token, Context::Operand).into()),
        };
        self.next();
        Ok(Arg {
            span: token.span,
            kind,
        })
    }

    fn parenthesised(&mut self) -> Parsed<Arg> {
        let open = self.next().span;
        if self.parens.len() >= MAX_PARENS {
            let message = format!("parentheses are nested more than {MAX_PARENS} levels deep");
            return Err(self.fault(open, message).into());
        }
        self.parens.push(open);
        let (pipe, close) = self.pipeline_to(Kind::RightParen, Context::Parentheses)?;
        self.parens.pop();
        Ok(Arg {
            span: open.to(close),
            kind: ArgKind::Pipe(pipe),
        })
    }

    fn function(&mut self, token: Token) -> Parsed<ArgKind> {
        let name = self.written(token);
        if let Some(function) = self.workspace.known.find(name) {
            return Ok(ArgKind::Identifier(function));
        }
        if self.complained.insert(name) {
            self.note(report::unknown_function(self.source, token.span, name))?;
        }
        Ok(nothing())
    }

    fn variable(&mut self, token: Token) -> Parsed<Slot> {
        let name = self.written(token);
        let slot = self.scope.find(name);
        // What has a slot is known.
        if slot.is_none() && !self.scope.is_known(name) && self.complained.insert(name) {
            let known = self.scope.known();
            self.note(report::unknown_variable(self.source, token.span, name, known))?;
        }
        Ok(slot)
    }

    fn number(&mut self, token: Token) -> Parsed<ArgKind> {
        let text = self.written(token);
        if let Some(value) = literal::decimal(text) {
            return Ok(ArgKind::Int(value));
        }
        let message = match literal::number(text, token.kind) {
            Ok(number) => return Ok(ArgKind::Number(self.workspace.code.add(number))),
            Err(Refusal::Syntax) => format!("`{}` is not a number", report::shortened(text)),
            Err(Refusal::Overflow) => format!(
                "the integer `{}` does not fit into 64 bits",
                report::shortened(text)
            ),
            Err(Refusal::Char) => "single quotes hold exactly one character".to_owned(),
        };
        let wrong = self.fault(token.span, message);
        let is_octal = text.trim_start_matches(['+', '-']).starts_with('0') && text.contains(['8', '9']);
        self.note(match token.kind {
            Kind::CharConstant => wrong.help("strings stand in double quotes"),
            _ if is_octal => wrong.help("a number that starts with 0 is octal"),
            _ => wrong,
        })?;
        Ok(nothing())
    }
}

/// Stands for an operand that is wrong, and raises no further complaint.
fn nothing() -> ArgKind {
    ArgKind::Field(Ids::default())
}

/// Whether a command may begin with such a token.
fn starts_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::CharConstant
            | Kind::Complex
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::String
            | Kind::Variable
            | Kind::LeftParen
    )
}
