//! Owns the grammar inside actions: declarations, pipelines, commands and operands.
//!
//! Keywords and blocks are not its business.

use super::super::ast::{Arg, ArgKind, Command, Ident, Pipe, Span, Target, Variable};
use super::super::lex::{Keyword, Kind, Token};
use super::super::literal::{self, Refusal};
use super::report::{self, Context};
use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use std::sync::Arc;

/// How deep parentheses may nest.
const MAX_PARENS: usize = 200;

/// The start of a pipeline: `$a, $b :=`.
struct Declaration<'s> {
    variables: Vec<(&'s str, Span)>,
    is_assign: bool,
}

impl<'s> Parser<'s, '_> {
    /// A pipeline up to the end of its action.
    pub(super) fn pipeline(&mut self, context: Context) -> Parsed<Pipe> {
        self.pipeline_to(Kind::RightDelim, context).map(|(pipe, _)| pipe)
    }

    /// A pipeline and the place of the `end` behind it.
    fn pipeline_to(&mut self, end: Kind, context: Context) -> Parsed<(Pipe, Span)> {
        let start = self.peek_non_space().span;
        let declaration = self.declaration(context)?;
        let first = self.commands.len();
        let behind = loop {
            let token = self.next_non_space();
            if token.kind == end {
                break token;
            }
            if !starts_operand(token.kind) {
                return Err(self.unexpected(token, context).into());
            }
            self.peeked = Some(token);
            let command = self.command()?;
            self.commands.push(command);
        };
        let commands: Box<[Command]> = self.commands.drain(first..).collect();
        let Some(last) = commands.last() else {
            return Err(self.lacks_value(behind.span, context).into());
        };
        let span = start.to(last.span);
        self.check_stages(&commands)?;
        let pipe = Pipe {
            span,
            variables: self.targets(declaration),
            commands,
        };
        Ok((pipe, behind.span))
    }

    /// A pipeline without commands, which ends at `end`.
    fn lacks_value(&self, end: Span, context: Context) -> Diagnostic {
        match (context, self.parens.last()) {
            (Context::Parentheses, Some(open)) => self.fault(open.to(end), "the parentheses are empty"),
            _ => self.fault(self.delim.to(end), format!("{context} lacks a value")),
        }
    }

    /// The variables that the pipeline sets, if it does.
    fn declaration(&mut self, context: Context) -> Parsed<Declaration<'s>> {
        let mut declaration = Declaration {
            variables: Vec::new(),
            is_assign: false,
        };
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok(declaration);
            }
            self.peeked = None;
            let behind = self.lexer;
            let next = self.next_non_space();
            let is_comma = next.kind == Kind::Char && self.written(next) == ",";
            if !(is_comma || matches!(next.kind, Kind::Assign | Kind::Declare)) {
                // It is an operand: read it again.
                self.lexer = behind;
                self.peeked = Some(variable);
                return Ok(declaration);
            }
            let name = self.written(variable);
            declaration.variables.push((name, variable.span));
            self.scope.know(name);
            if !is_comma {
                declaration.is_assign = next.kind == Kind::Assign;
                return Ok(declaration);
            }
            if context != Context::Keyword(Keyword::Range) || declaration.variables.len() > 1 {
                let message = format!("too many variables are declared in {context}");
                let many = self.fault(variable.span.to(next.span), message);
                return Err(many.help("`range` declares up to two, all else one").into());
            }
            let second = self.peek_non_space();
            if !matches!(second.kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                return Err(self
                    .fault(second.span, "`range` can declare variables only")
                    .into());
            }
        }
    }

    /// The variables with their slots. They exist behind the pipeline, so this comes last.
    fn targets(&mut self, declaration: Declaration<'s>) -> Box<[Target]> {
        let is_assign = declaration.is_assign;
        let target = |(name, span): (&'s str, Span)| Target {
            span,
            name: self.texts.share(name),
            slot: if is_assign {
                self.scope.find(name)
            } else {
                Some(self.scope.declare(name))
            },
        };
        declaration.variables.into_iter().map(target).collect()
    }

    /// Only the first command of a pipeline may be a plain value.
    fn check_stages(&mut self, commands: &[Command]) -> Parsed<()> {
        for (index, command) in commands.iter().enumerate().skip(1) {
            let first = &command.args[0];
            if matches!(
                first.kind,
                ArgKind::Bool(_) | ArgKind::Dot | ArgKind::Nil | ArgKind::Number(_) | ArgKind::String(_)
            ) {
                let message = format!("stage {} of the pipeline is no function", index + 1);
                let plain = self.fault(first.span, message);
                self.note(plain.help("behind `|` stands a function, to which the value is passed last"))?;
            }
        }
        Ok(())
    }

    /// Operands up to a `|`, which is taken, or to the end of the pipeline, which is not.
    fn command(&mut self) -> Parsed<Command> {
        let first = self.args.len();
        loop {
            self.peek_non_space();
            let operand = self.operand()?;
            self.args.extend(operand);
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::Pipe => break,
                Kind::RightDelim | Kind::RightParen => {
                    self.peeked = Some(token);
                    break;
                }
                _ => return Err(self.unexpected(token, Context::Operand).into()),
            }
        }
        let args: Box<[Arg]> = self.args.drain(first..).collect();
        let ends = args.first().zip(args.last());
        let (first, last) = ends.expect("a command is read only where an operand starts");
        let span = first.span.to(last.span);
        Ok(Command { span, args })
    }

    /// A term and the fields behind it; `None` if no term stands here.
    fn operand(&mut self) -> Parsed<Option<Arg>> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        if self.peek().kind != Kind::Field {
            return Ok(Some(term));
        }
        let (fields, span) = self.fields(term.span);
        if matches!(term.kind, ArgKind::Identifier(_) | ArgKind::Pipe(_)) {
            let kind = ArgKind::Chain(Box::new(term), fields);
            return Ok(Some(Arg { span, kind }));
        }
        let text = report::shortened(term.span.text(self.source));
        let dot = Span {
            start: term.span.end,
            ..span
        };
        let wrong = self.fault(dot, format!("unexpected `.` behind `{text}`"));
        Err(wrong.help("a plain value has no fields").into())
    }

    /// All fields that stand here, and the span from `start` to the last of them.
    fn fields(&mut self, start: Span) -> (Box<[Ident]>, Span) {
        let mut span = start;
        while self.peek().kind == Kind::Field {
            let token = self.next();
            let name = self.texts.share(&self.lexer.written(token.span)[1..]);
            self.fields.push(Ident {
                span: token.span,
                name,
            });
            span = start.to(token.span);
        }
        (self.fields.drain(..).collect(), span)
    }

    /// The value of a string; a wrong escape is noted.
    pub(super) fn unquoted(&mut self, token: Token) -> Parsed<Arc<str>> {
        if let Some(text) = literal::unquote(self.written(token)) {
            return Ok(text.into());
        }
        let wrong = self.fault(token.span, "the string holds an escape that Go does not know");
        self.note(wrong.help("`\\\\` is a backslash; in backquotes it is one as it stands"))?;
        Ok(Arc::default())
    }

    /// A literal, a name or a pipeline in parentheses; `None` if none of them stands here.
    fn term(&mut self) -> Parsed<Option<Arg>> {
        let token = self.next_non_space();
        let kind = match token.kind {
            Kind::Identifier => self.function(token)?,
            Kind::Dot => ArgKind::Dot,
            Kind::Nil => ArgKind::Nil,
            Kind::Variable => return self.variable(token).map(Some),
            Kind::Field => {
                self.peeked = Some(token);
                let (fields, span) = self.fields(token.span);
                let kind = ArgKind::Field(fields);
                return Ok(Some(Arg { span, kind }));
            }
            Kind::Bool => ArgKind::Bool(self.written(token) == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::LeftParen => return self.parenthesised(token.span).map(Some),
            Kind::String | Kind::RawString => ArgKind::String(self.unquoted(token)?),
            _ => {
                self.peeked = Some(token);
                return Ok(None);
            }
        };
        Ok(Some(Arg {
            span: token.span,
            kind,
        }))
    }

    fn parenthesised(&mut self, open: Span) -> Parsed<Arg> {
        if self.parens.len() >= MAX_PARENS {
            let message = format!("parentheses are nested more than {MAX_PARENS} levels deep");
            return Err(self.fault(open, message).into());
        }
        self.parens.push(open);
        let (pipe, close) = self.pipeline_to(Kind::RightParen, Context::Parentheses)?;
        self.parens.pop();
        Ok(Arg {
            span: open.to(close),
            kind: ArgKind::Pipe(Box::new(pipe)),
        })
    }

    fn function(&mut self, token: Token) -> Parsed<ArgKind> {
        let name = self.written(token);
        if let Some(function) = (self.functions)(name) {
            return Ok(ArgKind::Identifier(function));
        }
        if self.complained.insert(name) {
            self.note(report::unknown_function(self.source, token.span, name))?;
        }
        Ok(nothing())
    }

    fn variable(&mut self, token: Token) -> Parsed<Arg> {
        let name = self.written(token);
        if !self.scope.is_known(name) && self.complained.insert(name) {
            let known = self.scope.known();
            self.note(report::unknown_variable(self.source, token.span, name, known))?;
        }
        let (fields, span) = self.fields(token.span);
        let variable = Variable {
            name: self.texts.share(name),
            slot: self.scope.find(name),
            fields,
        };
        let kind = ArgKind::Variable(variable);
        Ok(Arg { span, kind })
    }

    fn number(&mut self, token: Token) -> Parsed<ArgKind> {
        let text = self.written(token);
        let message = match literal::number(text, token.kind) {
            Ok(number) => return Ok(ArgKind::Number(Box::new(number))),
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
    ArgKind::Field(Box::default())
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
