//! Owns the functions as Jinja sees them: filters with the subject first, calls in Helm's order, and
//! `include`, `tpl` and `lookup`.
//!
//! What the functions do is in `template/functions`.

use super::session::{FUEL, Session};
use super::values::{from_jinja, to_jinja};
use super::{Root, files};
use crate::template::functions::{Body, EngineCall, FnError, Function};
use crate::yaml::{Map, Value};
use minijinja::value::{Object, Value as Jinja, ValueOrKwargs};
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::Arc;

/// Why one of our functions refused, carried as the source of minijinja's error.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) function: &'static str,
    pub(super) error: FnError,
    /// Whether an argument was undefined.
    pub(super) undefined: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.error.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    fn into_error(self) -> Error {
        Error::from(ErrorKind::InvalidOperation).with_source(self)
    }
}

/// A function of the table as a global name.
#[derive(Debug)]
pub(super) struct Call(pub(super) &'static Function);

impl Object for Call {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Jinja]) -> Result<Jinja, Error> {
        call(self.0, state, args)
    }
}

/// A function of the table as a filter: moves the left side to its place.
pub(super) fn filter(
    function: &'static Function,
    state: &mut State<'_, '_>,
    args: Vec<ValueOrKwargs>,
) -> Result<Jinja, Error> {
    let mut args: Vec<Jinja> = args.into_iter().map(Jinja::from).collect();
    if !args.is_empty() {
        let subject = args.remove(0);
        let place = function.subject.unwrap_or(args.len()).min(args.len());
        args.insert(place, subject);
    }
    call(function, state, &args)
}

fn call(function: &'static Function, state: &mut State<'_, '_>, args: &[Jinja]) -> Result<Jinja, Error> {
    let refuse = |error: FnError| {
        Refusal {
            function: function.name,
            error,
            undefined: false,
        }
        .into_error()
    };
    function.check_count(args.len()).map_err(refuse)?;
    let session = Session::of(state)?;
    let values = arguments(function, args)?;
    let result = match function.body {
        Body::Plain(body) => body(&session.context, &values).map_err(refuse)?,
        Body::Engine(EngineCall::Include) => return include(function, state, &session, &values),
        Body::Engine(EngineCall::Tpl) => tpl(&session, &values).map_err(refuse)?,
    };
    session.spend(result.as_str().map_or(0, str::len))?;
    Ok(to_jinja(&result, &session))
}

/// Functions for which a value that is not set is as good as null.
const LENIENT: [&str; 2] = ["default", "required"];

fn arguments(function: &'static Function, args: &[Jinja]) -> Result<Vec<Value>, Error> {
    let name = function.name;
    let mut values = Vec::with_capacity(args.len());
    for (index, argument) in args.iter().enumerate() {
        let refuse = |error, undefined| {
            Refusal {
                function: name,
                error,
                undefined,
            }
            .into_error()
        };
        if argument.is_undefined() {
            let lenient = LENIENT.contains(&name) && index == 1;
            if !lenient {
                let error = FnError::new(format!("argument {} is not set", index + 1));
                return Err(refuse(error, true));
            }
            values.push(Value::Null);
        } else if argument.is_kwargs() {
            let error = FnError::new("takes no named arguments")
                .help(format!("its arguments are `{}`", function.signature()));
            return Err(refuse(error, false));
        } else if argument.downcast_object_ref::<files::Files>().is_some() {
            return Err(refuse(
                FnError::new("`Files` cannot be passed to a function"),
                false,
            ));
        } else {
            values.push(from_jinja(argument).map_err(|error| refuse(error, false))?);
        }
    }
    Ok(values)
}

/// Renders another template with the dict's entries as names beside the usual ones.
fn include(
    function: &'static Function,
    state: &mut State<'_, '_>,
    session: &Arc<Session>,
    values: &[Value],
) -> Result<Jinja, Error> {
    let refuse = |error| {
        Refusal {
            function: function.name,
            error,
            undefined: false,
        }
        .into_error()
    };
    let name = values.first().and_then(Value::as_str);
    let name = name.ok_or_else(|| refuse(FnError::new("argument 1 must be a string")))?;
    let context = match values.get(1) {
        None => Map::new(),
        Some(Value::Map(map)) => map.clone(),
        Some(_) => return Err(refuse(FnError::new("argument 2 must be a map"))),
    };
    let template = state.get_template(name)?;
    let root = Root::of(state)?.with_context(context);
    session.enter(state.fuel_levels().map_or(0, |(used, _)| used))?;
    let rendered = template.render_captured(Jinja::from_object(root));
    let used = match &rendered {
        Ok(captured) => captured.state().fuel_levels().map_or(0, |(used, _)| used),
        Err(_) => FUEL,
    };
    session.leave(used);
    let included = |error| Error::new(ErrorKind::BadInclude, "in an included template").with_source(error);
    let text = rendered.map_err(included)?.into_output();
    session.spend(text.len())?;
    Ok(Jinja::from(text))
}

/// What the text makes as a Go template, within the steps that are left.
fn tpl(session: &Session, values: &[Value]) -> Result<Value, FnError> {
    let Some(Value::String(text)) = values.first() else {
        return Err(FnError::new("argument 1 must be a string"));
    };
    if !text.contains("{{") {
        return Ok(Value::String(Arc::clone(text)));
    }
    let dot = values.get(1).cloned().unwrap_or_default();
    let steps = session.left();
    let (value, left) = (session.evaluate)(text, dot, steps).map_err(|error| FnError {
        by_author: error.code == "template-failed",
        message: error.message,
        help: error.help,
    })?;
    session.took(steps.saturating_sub(left));
    Ok(value)
}

/// What `{{ value }}` prints.
pub(super) fn print(value: &Jinja) -> Result<String, Error> {
    let refuse = |error| {
        Refusal {
            function: "",
            error,
            undefined: false,
        }
        .into_error()
    };
    super::values::print(value).map_err(refuse)
}

/// The pairs of a map, for `for key, value in map | items`.
pub(super) fn items(state: &mut State<'_, '_>, map: &Jinja) -> Result<Vec<Jinja>, Error> {
    let refuse = |error, undefined| {
        Refusal {
            function: "items",
            error,
            undefined,
        }
        .into_error()
    };
    if map.is_undefined() {
        return Err(refuse(FnError::new("argument 1 is not set"), true));
    }
    let session = Session::of(state)?;
    let value = from_jinja(map).map_err(|error| refuse(error, false))?;
    let pairs = items_of(&value).map_err(|error| refuse(error, false))?;
    let pair = |(key, value)| Jinja::from(vec![to_jinja(&key, &session), to_jinja(&value, &session)]);
    Ok(pairs.into_iter().map(pair).collect())
}

fn items_of(value: &Value) -> Result<Vec<(Value, Value)>, FnError> {
    match value {
        Value::Map(map) => {
            let pair = |(key, slot): (Arc<str>, crate::yaml::Slot)| (Value::String(key), slot.value);
            Ok(map.entries().into_iter().map(pair).collect())
        }
        Value::Null => Ok(Vec::new()),
        other => Err(FnError::new(format!(
            "argument 1 must be a map, not a {}",
            other.kind()
        ))),
    }
}
