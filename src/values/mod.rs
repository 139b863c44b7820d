//! Owns values: the `--set` grammar, merging with Helm's precedence, which subcharts they enable, coalescing with a
//! chart's defaults, unknown keys and the chart's schema.
//!
//! It reads no files: `cli` hands it sources.

use crate::source::Source;
use crate::yaml::Value;
use std::sync::Arc;

mod coalesce;
mod dependencies;
mod journal;
mod merge;
mod schema;
mod set;

pub use coalesce::{Coalesced, coalesce};
pub use dependencies::{Allows, Processed, process_dependencies};
pub use merge::{Merged, merge};
pub use schema::{SchemaOptions, check_schema};
pub use set::files_named;

/// One source of overrides, as the user gave it.
#[derive(Clone, Debug)]
pub enum Input {
    /// A `-f/--values` file, or standard input.
    File(Arc<Source>),
    /// `--set-json`: a whole JSON object or `key=json,…`.
    SetJson(String),
    /// `--set`.
    Set(String),
    /// `--set-string`.
    SetString(String),
    /// `--set-file`, its files already read.
    SetFile {
        /// The flag's text, `key=path,key=path`.
        text: String,
        /// Each path that [`files_named`] finds in it and the text of that file.
        files: Vec<(String, String)>,
    },
    /// `--set-literal`.
    SetLiteral(String),
}

/// What a message calls a value.
fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
