//! Owns values: the `--set` grammar, merging with Helm's precedence, coalescing with a chart's defaults,
//! unknown keys and the chart's schema.
//!
//! It reads no files: `cli` hands it sources.

use crate::source::Source;
use std::sync::Arc;

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
    /// `--set-file`, with the files' texts already read: see [`Input::SetFile`]'s fields.
    SetFile {
        /// The flag's text, `key=path,key=path`.
        text: String,
        /// Each path named in it and the text of that file.
        files: Vec<(String, String)>,
    },
    /// `--set-literal`.
    SetLiteral(String),
}
