//! Owns calling functions: their arguments with the types that Go asks for, the short circuit of `and` and `or`,
//! and the functions that only an executor can evaluate.
//!
//! What the other functions do is in `template/functions`.

use super::absent;
use super::ast::{Arg, ArgKind, Number as Constant, Span};
use super::eval::Arguments;
use super::exec::{Executor, Frame, Operand, is_true};
use super::failure::{self, Failure, Outcome};
use super::literal;
use crate::template::functions::{Body, EngineCall, FnError, Function, Parameter};
use crate::yaml::{Entries, List, ListKind, Map, MapKind, Number, Value};

impl Executor<'_> {
    /// Go's `evalCall` of a function. `span` is the whole call, `name` its name.
    pub(super) fn call(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        function: &'static Function,
        span: Span,
        name: Span,
        arguments: Arguments<'_>,
    ) -> Outcome<Operand> {
        if matches!(function.body, Body::Engine(EngineCall::Include)) && arguments.count() == 1 {
            // The table lets Jinja leave the context out.
            let error = FnError::new("`include` takes 2 arguments, not 1");
            return Err(failure::refused(frame.at(name), function.name, &error));
        }
        function
            .check_count(arguments.count())
            .map_err(|error| failure::refused(frame.at(name), function.name, &error))?;
        match function.name {
            "and" => return self.shortcut(frame, dot, arguments, false),
            "or" => return self.shortcut(frame, dot, arguments, true),
            _ => {}
        }
        let base = self.stack.len();
        self.push_typed(frame, dot, function, span, arguments)?;
        let at = frame.at(span);
        let result = match function.body {
            Body::Plain(body) => {
                let result = body(self.context, &self.stack[base..]);
                self.stack.truncate(base);
                result.map_err(|error| failure::refused(at, function.name, &error))?
            }
            Body::Engine(call) => {
                let dot = self.stack.pop().filter(|value| !value.is_null());
                let text = self.stack.pop();
                self.stack.truncate(base);
                let Some(Value::String(text)) = text else {
                    return Err(failure::wrong_type(at, "string", text.as_ref()));
                };
                match call {
                    EngineCall::Tpl => self.evaluate(at, &text, &dot)?,
                    EngineCall::Include => self.include(at, &text, &dot)?,
                }
            }
        };
        self.spend_on(at, &result)?;
        Ok(Some(result))
    }

    /// `and` ends with the first argument that is empty, `or` with the first that is not.
    fn shortcut(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        arguments: Arguments<'_>,
        until: bool,
    ) -> Outcome<Operand> {
        let mut value = None;
        for arg in arguments.written {
            value = self.operand(frame, dot, arg)?;
            if is_true(&value) == until {
                return Ok(value);
            }
        }
        Ok(arguments.last.unwrap_or(value))
    }

    /// Puts arguments of any type on the stack.
    pub(super) fn push_arguments(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        arguments: Arguments<'_>,
    ) -> Outcome<()> {
        for arg in arguments.written {
            let value = self.operand(frame, dot, arg)?;
            self.stack.push(value.unwrap_or_default());
        }
        self.stack.extend(arguments.last.map(Option::unwrap_or_default));
        Ok(())
    }

    /// Puts arguments on the stack, each of the type that the function asks for.
    fn push_typed(
        &mut self,
        frame: Frame<'_>,
        dot: &Operand,
        function: &Function,
        span: Span,
        arguments: Arguments<'_>,
    ) -> Outcome<()> {
        let count = arguments.written.len();
        for (index, arg) in arguments.written.iter().enumerate() {
            let parameter = function.parameter(index);
            let value = match (&arg.kind, parameter) {
                (_, Parameter::Any) => self.operand(frame, dot, arg)?.unwrap_or_default(),
                (ArgKind::String(text), Parameter::Text) => {
                    Value::String(self.string(frame, arg.span, *text))
                }
                (
                    ArgKind::Int(_)
                    | ArgKind::Number(_)
                    | ArgKind::String(_)
                    | ArgKind::Bool(_)
                    | ArgKind::Nil,
                    _,
                ) => typed_constant(frame, arg, parameter)?,
                _ => {
                    let value = self.operand(frame, dot, arg)?;
                    if matches!(value, Some(Value::Null)) {
                        return Err(self.absent(frame, dot, arg, parameter));
                    }
                    self.validated(frame, arg.span, value, parameter)?
                }
            };
            self.stack.push(value);
        }
        if let Some(last) = arguments.last {
            let value = self.validated(frame, span, last, function.parameter(count))?;
            self.stack.push(value);
        }
        Ok(())
    }

    /// A chain of names that leads to nil where a parameter needs a value.
    fn absent(&self, frame: Frame<'_>, dot: &Operand, arg: &Arg, parameter: Parameter) -> Failure {
        let at = frame.at(arg.span);
        match &arg.kind {
            ArgKind::Field(names) => absent::not_set(at, parameter, dot.as_ref(), &frame.code()[*names]),
            ArgKind::Variable(Some(_)) => failure::no_value(at, parameter),
            ArgKind::Chain(inner, names) if let ArgKind::Variable(Some(slot)) = frame.code()[*inner].kind => {
                let start = self.variable(frame, slot);
                absent::not_set(at, parameter, start.as_ref(), &frame.code()[*names])
            }
            _ => failure::wrong_type(at, parameter.go_type(), None),
        }
    }

    /// Go's `validateType`.
    fn validated(
        &self,
        frame: Frame<'_>,
        span: Span,
        value: Operand,
        parameter: Parameter,
    ) -> Outcome<Value> {
        let Some(value) = value else {
            return match parameter {
                Parameter::Any => Ok(Value::Null),
                Parameter::Map => Ok(nil_map()),
                Parameter::List => Ok(nil_list()),
                _ => Err(failure::no_value(frame.at(span), parameter)),
            };
        };
        match (parameter, &value) {
            (Parameter::Any, _)
            | (Parameter::Text, Value::String(_))
            | (Parameter::Bool, Value::Bool(_))
            | (Parameter::Int, Value::Number(Number::Int(_)))
            | (Parameter::Float, Value::Number(Number::Float(_) | Number::Whole(_) | Number::BigWhole(_))) => {
                Ok(value)
            }
            // Go assigns a `chartutil.Values` to a plain map, which it is from then on, but no `map[string]string`.
            (Parameter::Map, Value::Map(map)) if map.kind() == MapKind::Values => {
                Ok(Value::Map(map.as_kind(MapKind::Any)))
            }
            (Parameter::Map, Value::Map(map)) if map.kind() != MapKind::Strings => Ok(value),
            (Parameter::List, Value::List(list)) if list.kind().go_type() == parameter.go_type() => Ok(value),
            (Parameter::Int, Value::Number(Number::Whole(number))) if self.is_exact() => {
                Ok(Value::Number(Number::Int(*number)))
            }
            _ => Err(failure::wrong_type(
                frame.at(span),
                parameter.go_type(),
                Some(&value),
            )),
        }
    }

    fn is_exact(&self) -> bool {
        self.context.integers == crate::template::functions::Integers::Exact
    }
}

fn nil_map() -> Value {
    Value::Map(Map::of_kind(MapKind::Nil, Entries::new()))
}

fn nil_list() -> Value {
    Value::List(List::of_kind(ListKind::Nil, []))
}

/// A constant as an argument of a certain type: `3.0` is an int where one is wanted.
fn typed_constant(frame: Frame<'_>, arg: &Arg, parameter: Parameter) -> Outcome<Value> {
    match (&arg.kind, parameter) {
        (ArgKind::Bool(value), Parameter::Bool) => return Ok(Value::Bool(*value)),
        (ArgKind::Nil, Parameter::Map) => return Ok(nil_map()),
        (ArgKind::Nil, Parameter::List) => return Ok(nil_list()),
        (ArgKind::Int(value), _) => return typed_number(frame, arg, literal::of_int(*value), parameter),
        (ArgKind::Number(number), _) => {
            return typed_number(frame, arg, frame.code()[*number], parameter);
        }
        _ => {}
    }
    Err(failure::wrong_constant(frame.at(arg.span), parameter))
}

fn typed_number(frame: Frame<'_>, arg: &Arg, number: Constant, parameter: Parameter) -> Outcome<Value> {
    let found = match parameter {
        Parameter::Int => number.int.map(Number::Int),
        // Go keeps the low 32 bits.
        Parameter::Uint32 => number
            .uint
            .map(|number| Number::Int((number & u64::from(u32::MAX)).cast_signed())),
        Parameter::Float => number.float.map(Number::Float),
        _ => None,
    };
    found
        .map(Value::Number)
        .ok_or_else(|| failure::wrong_constant(frame.at(arg.span), parameter))
}
