//! Owns evaluating pipelines: commands, operands, constants, and fields of maps and objects.
//!
//! Calls of functions and methods are in `call.rs`. Function by function it follows Go's text/template.

use super::absent;
use super::ast::{Arg, ArgKind, Command, Ident, Number as Constant, Pipe, Slot, Span, Target, Unquoted};
use super::code::Id;
use super::exec::{Executor, Frame, Operand};
use super::failure::{self, Outcome};
use super::methods;
use crate::yaml::{MapKind, Number, Value};
use std::sync::Arc;

/// What the command before gave, which is the last argument of this one; None for the first command.
pub(super) type Last = Option<Operand>;

/// Arguments written behind what is called, and the one from the command before.
pub(super) struct Arguments<'a> {
    pub(super) written: &'a [Arg],
    pub(super) last: Last,
}

impl Arguments<'_> {
    /// What an operand has that stands as an argument itself.
    pub(super) const NONE: Arguments<'static> = Arguments {
        written: &[],
        last: None,
    };

    pub(super) fn count(&self) -> usize {
        self.written.len() + usize::from(self.last.is_some())
    }
}

impl Executor<'_> {
    /// Go's `evalPipeline`.
    pub(super) fn pipeline(&mut self, frame: Frame<'_>, dot: &Operand, pipe: Id<Pipe>) -> Outcome<Operand> {
        let code = frame.code();
        let pipe = &code[pipe];
        let mut last: Last = None;
        for command in &code[pipe.commands] {
            let value = self.command(frame, dot, *command, last)?;
            // A nil that came out of an interface is no value any more.
            last = Some(value.filter(|value| !value.is_null()));
        }
        let value = last.unwrap_or_default();
        for target in &code[pipe.variables] {
            self.assign(frame, target, value.clone())?;
        }
        Ok(value)
    }

    /// Declares or assigns a variable.
    pub(super) fn assign(&mut self, frame: Frame<'_>, target: &Target, value: Operand) -> Outcome<()> {
        let Some(slot) = target.slot else {
            return Err(failure::no_variable(
                frame.at(target.span),
                frame.written(target.span),
            ));
        };
        self.set(frame, slot, value);
        Ok(())
    }

    /// Go's `evalCommand`.
    fn command(&mut self, frame: Frame<'_>, dot: &Operand, command: Command, last: Last) -> Outcome<Operand> {
        let Some((first, written)) = frame.code()[command.args].split_first() else {
            return Ok(None);
        };
        let arguments = Arguments { written, last };
        match &first.kind {
            ArgKind::Field(_) | ArgKind::Chain(..) | ArgKind::Variable(_) => {
                self.chain(frame, dot, first, arguments)
            }
            ArgKind::Identifier(function) => {
                let span = command.span(frame.code());
                self.call(frame, dot, function, span, first.span, arguments)
            }
            ArgKind::Nil => Err(failure::nil_command(frame.at(first.span))),
            _ => {
                refuse_arguments(frame, first.span, &arguments)?;
                self.operand(frame, dot, first)
            }
        }
    }

    /// An operand without arguments, of any type.
    pub(super) fn operand(&mut self, frame: Frame<'_>, dot: &Operand, arg: &Arg) -> Outcome<Operand> {
        Ok(match &arg.kind {
            ArgKind::Dot => dot.clone(),
            ArgKind::Nil => Some(Value::Null),
            ArgKind::Bool(value) => Some(Value::Bool(*value)),
            ArgKind::Int(value) => Some(Value::Number(Number::Int(*value))),
            ArgKind::Number(number) => Some(constant(frame, arg.span, &frame.code()[*number])?),
            ArgKind::String(text) => Some(Value::String(self.string(frame, arg.span, *text))),
            ArgKind::Pipe(pipe) => self.pipeline(frame, dot, *pipe)?,
            ArgKind::Identifier(function) => {
                self.call(frame, dot, function, arg.span, arg.span, Arguments::NONE)?
            }
            ArgKind::Field(_) | ArgKind::Chain(..) | ArgKind::Variable(_) => {
                self.chain(frame, dot, arg, Arguments::NONE)?
            }
        })
    }

    /// `.A.b`, `$x.A.b` or `(pipeline).A.b`; if the last name is a method, it gets the arguments.
    fn chain(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        arg: &Arg,
        arguments: Arguments<'_>,
    ) -> Outcome<Operand> {
        let owned;
        let (start, names) = match &arg.kind {
            ArgKind::Field(names) => (dot, *names),
            ArgKind::Variable(slot) => {
                let value = self.variable_of(frame, arg.span, arg.span, *slot)?;
                refuse_arguments(frame, arg.span, &arguments)?;
                return Ok(value.clone());
            }
            ArgKind::Chain(inner, names) => {
                let inner = &frame.code()[*inner];
                owned = match inner.kind {
                    ArgKind::Nil => return Err(failure::nil_command(frame.at(inner.span))),
                    ArgKind::Variable(slot) => self.variable_of(frame, arg.span, inner.span, slot)?.clone(),
                    _ => self.operand(frame, dot, inner)?,
                };
                (&owned, *names)
            }
            _ => return self.operand(frame, dot, arg),
        };
        self.fields(frame, dot, start, arg.span, &frame.code()[names], arguments)
    }

    /// The value of a variable that is read as the whole or a part of an operand.
    fn variable_of(&self, frame: Frame<'_>, operand: Span, name: Span, slot: Slot) -> Outcome<&Operand> {
        match slot {
            Some(slot) => Ok(self.variable(frame, slot)),
            None => Err(failure::no_variable(frame.at(operand), frame.written(name))),
        }
    }

    /// The value of a string.
    pub(super) fn string(&mut self, frame: Frame<'_>, span: Span, text: Unquoted) -> Arc<str> {
        match text {
            Unquoted::AsWritten => self.shared.share(frame.written(span.within(1, 1))),
            Unquoted::Text(id) => Arc::clone(&frame.code()[id]),
        }
    }

    /// Go's `evalFieldChain`.
    fn fields(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        start: &Operand,
        span: Span,
        names: &[Ident],
        arguments: Arguments<'_>,
    ) -> Outcome<Operand> {
        let last = names.len().saturating_sub(1);
        let mut arguments = Some(arguments);
        let mut current: Option<Operand> = None;
        for (index, ident) in names.iter().enumerate() {
            let name = ident.name(&frame.tree.source);
            let receiver = current.as_ref().unwrap_or(start);
            let arguments = if index == last { arguments.take() } else { None };
            let arguments = arguments.unwrap_or(Arguments::NONE);
            // Go gives no value for any name of no value, whatever its arguments.
            let Some(receiver) = receiver else { return Ok(None) };
            let next = match receiver {
                Value::Map(map) if map.kind() != MapKind::Values || !methods::is_of_values(name) => {
                    if arguments.count() > 0 {
                        return Err(failure::no_method(frame.at(ident.span), name));
                    }
                    match map.get(name) {
                        Some(value) => value,
                        None if map.kind() == MapKind::Strings => Value::from(""),
                        None => Value::Null,
                    }
                }
                Value::Null => {
                    return Err(absent::nil_pointer(frame.at(span), start.as_ref(), names, index));
                }
                receiver => {
                    let receiver = receiver.clone();
                    let whole = Chain { span, names, index };
                    self.member(frame, dot, &receiver, &whole, arguments)?
                }
            };
            current = Some(Some(next));
        }
        Ok(current.unwrap_or_else(|| start.clone()))
    }

    /// A field or method of what is no plain map.
    fn member(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        receiver: &Value,
        chain: &Chain<'_>,
        arguments: Arguments<'_>,
    ) -> Outcome<Value> {
        let ident = chain.names[chain.index];
        let name = ident.name(&frame.tree.source);
        if let Value::Object(object) = receiver
            && let Some(value) = object.field(name)
        {
            if arguments.count() > 0 {
                return Err(failure::no_method(frame.at(ident.span), name));
            }
            return Ok(value);
        }
        let base = self.stack.len();
        self.push_arguments(frame, dot, arguments)?;
        let result = methods::call(receiver, name, &self.stack[base..], self.context);
        self.stack.truncate(base);
        match result {
            Some(Ok(value)) => {
                self.spend_on(frame.at(ident.span), &value)?;
                Ok(value)
            }
            Some(Err(message)) => Err(failure::method(frame.at(chain.span), name, &message)),
            None => Err(absent::no_field(
                frame.at(chain.span),
                receiver,
                chain.names,
                chain.index,
            )),
        }
    }
}

/// A chain of names, and which of them is being read.
struct Chain<'a> {
    span: Span,
    names: &'a [Ident],
    index: usize,
}

/// Go's `notAFunction`.
fn refuse_arguments(frame: Frame<'_>, span: Span, arguments: &Arguments<'_>) -> Outcome<()> {
    if arguments.count() > 0 {
        return Err(failure::no_function(frame.at(span)));
    }
    Ok(())
}

/// Go's `idealConstant`: the value of a constant where its spelling alone says the type.
pub(super) fn constant(frame: Frame<'_>, span: Span, constant: &Constant) -> Outcome<Value> {
    let text = frame.written(span);
    let is_hex =
        text.len() > 2 && (text.starts_with("0x") || text.starts_with("0X")) && !text.contains(['p', 'P']);
    if constant.complex.is_some() {
        return Err(failure::complex(frame.at(span)));
    }
    if let Some(value) = constant.float
        && !is_hex
        && !text.starts_with('\'')
        && text.contains(['.', 'e', 'E', 'p', 'P'])
    {
        return Ok(Value::Number(Number::Float(value)));
    }
    match constant.int {
        Some(value) => Ok(Value::Number(Number::Int(value))),
        None => Err(failure::overflow(frame.at(span))),
    }
}
