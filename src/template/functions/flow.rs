//! Owns functions that stop rendering or need the engine: `fail`, `required`, `include`, `tpl`, `lookup`.
//!
//! How templates are found and rendered is the engines' part.

use super::arguments::{at, describe, text};
use super::{Context, EngineCall, FnError, FnResult, Function, example};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "fail",
        "MESSAGE",
        "Stops rendering with the message.",
        |_, args| Err(FnError::by_author(text(args, 0)?)),
    ),
    Function::plain(
        "call",
        "FUNCTION VALUE...",
        "Calls a function value; no value of a chart is one, so it always fails.",
        |_, args| {
            let given = describe(at(args, 0));
            Err(FnError::new(format!("{given} is no function")))
        },
    ),
    Function::plain(
        "required",
        "MESSAGE VALUE",
        "VALUE, or stops with the message if it is null or an empty text.",
        required,
    )
    .examples(&[example(
        r#"required "name is needed" "x""#,
        r#""x" | required("name is needed")"#,
        "x",
    )]),
    Function::engine(
        "include",
        "NAME [CONTEXT]",
        "The text of a named template.",
        EngineCall::Include,
    )
    .subject(0),
    Function::engine(
        "tpl",
        "TEXT CONTEXT",
        "Renders a text as a Go template.",
        EngineCall::Tpl,
    )
    .subject(0),
    Function::plain(
        "lookup",
        "API_VERSION KIND NAMESPACE NAME",
        "The object or, without NAME, the list of objects that `--lookup-fixtures` has; an empty dict if there is none.",
        lookup,
    ),
];

fn lookup(context: &Context, args: &[Value]) -> FnResult {
    let (api_version, kind) = (text(args, 0)?, text(args, 1)?);
    let found = context
        .cluster
        .lookup(api_version, kind, text(args, 2)?, text(args, 3)?);
    found.map_err(FnError::new)
}

fn required(_: &Context, args: &[Value]) -> FnResult {
    let value = at(args, 1);
    if value.is_null() || value.as_str() == Some("") {
        return Err(FnError::by_author(text(args, 0)?));
    }
    Ok(value.clone())
}
