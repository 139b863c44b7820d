//! Owns Sprig's functions about emptiness: `default`, `coalesce`, `ternary` and their kin.
//!
//! What counts as empty is in `numbers.rs`.

use super::arguments::{at, boolean};
use super::{Context, FnResult, Function, example, numbers};
use crate::yaml::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "default",
        "DEFAULT [VALUE] IGNORED...",
        "VALUE, or DEFAULT if VALUE is empty or not set.",
        |_, args| {
            let value = at(args, 1);
            Ok(if numbers::is_empty(value) {
                at(args, 0)
            } else {
                value
            }
            .clone())
        },
    )
    .examples(&[
        example(r#"default "foo" """#, r#""" | default("foo")"#, "foo"),
        example(r#"default "foo" "bar""#, r#""bar" | default("foo")"#, "bar"),
        example("default 7 0", "0 | default(7)", "7"),
    ]),
    Function::plain(
        "empty",
        "VALUE",
        "Whether it is null, false, 0, or has no elements.",
        |_, args| Ok(numbers::is_empty(at(args, 0)).into()),
    )
    .examples(&[example(r#"empty """#, r#""" | empty"#, "true")]),
    Function::plain(
        "coalesce",
        "VALUE...",
        "The first value that is not empty.",
        |_, args| {
            Ok(args
                .iter()
                .find(|value| value.is_true())
                .cloned()
                .unwrap_or_default())
        },
    )
    .examples(&[example(r#"coalesce 0 "" 3"#, r#"coalesce(0, "", 3)"#, "3")]),
    Function::plain("all", "VALUE...", "Whether no value is empty.", |_, args| {
        Ok(args.iter().all(Value::is_true).into())
    })
    .examples(&[example(r#"all 1 """#, r#"all(1, "")"#, "false")]),
    Function::plain(
        "any",
        "VALUE...",
        "Whether some value is not empty.",
        |_, args| Ok(args.iter().any(Value::is_true).into()),
    )
    .examples(&[example(r#"any 1 """#, r#"any(1, "")"#, "true")]),
    Function::plain(
        "ternary",
        "IF_TRUE IF_FALSE CONDITION",
        "One of two values.",
        ternary,
    )
    .examples(&[example(
        r#"ternary "yes" "no" true"#,
        r#"true | ternary("yes", "no")"#,
        "yes",
    )]),
];

fn ternary(_: &Context, args: &[Value]) -> FnResult {
    Ok(at(args, usize::from(!boolean(args, 2)?)).clone())
}
