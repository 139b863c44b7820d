//! Owns the `--set` family of flags: which flags there are and how each reads its values.
//!
//! It reads no files and knows no chart. The grammar is in `parser`.

use super::Input;
use super::merge::overlay;
use crate::diagnostic::Diagnostic;
use crate::yaml::Map;
use parser::Parser;

mod cursor;
mod fault;
mod json;
mod parser;
mod typed;

/// How many list items all flags of one command may add. `a[65536]=x` alone makes 65,537, so without a
/// bound a short command line takes any amount of memory.
pub(super) const MAX_ITEMS: usize = 1_000_000;

/// One flag, ready to be applied.
pub(super) struct Flag<'a> {
    /// `--set`, `--set-string`, …
    name: &'static str,
    /// What the user wrote behind it.
    text: &'a str,
    /// How its values are read.
    reading: Reading<'a>,
}

/// How the text behind `=` becomes a value.
#[derive(Clone, Copy)]
enum Reading<'a> {
    /// `--set`: booleans, null and integers are recognised.
    Typed,
    /// `--set-string`: always text.
    Text,
    /// `--set-file`: the text of the named file.
    Files(&'a [(String, String)]),
    /// `--set-file` before its files are read: only collects their paths.
    Paths,
    /// `--set-json`: JSON.
    Json,
    /// `--set-literal`: all that follows, without escapes.
    Literal,
}

impl<'a> Flag<'a> {
    /// The flag of an input; None for a file.
    pub(super) fn of(input: &'a Input) -> Option<Self> {
        let (name, text, reading) = match input {
            Input::File(_) => return None,
            Input::SetJson(text) => ("--set-json", text, Reading::Json),
            Input::Set(text) => ("--set", text, Reading::Typed),
            Input::SetString(text) => ("--set-string", text, Reading::Text),
            Input::SetFile { text, files } => ("--set-file", text, Reading::Files(files)),
            Input::SetLiteral(text) => ("--set-literal", text, Reading::Literal),
        };
        Some(Self { name, text, reading })
    }

    /// Applies the flag's assignments to `values`, in place.
    ///
    /// `budget` is what is left of [`MAX_ITEMS`].
    pub(super) fn apply(&self, values: &Map, budget: &mut usize) -> Result<(), Diagnostic> {
        if !matches!(self.reading, Reading::Json) || !self.text.trim_start().starts_with('{') {
            return Parser::new(self, budget).parse(values);
        }
        // A whole object, as Helm 3.18 has it. Helm 3.17 knows only keys, and a key may start with a brace.
        match json::object(self.name, self.text) {
            Ok(object) => {
                overlay(values, &object);
                Ok(())
            }
            Err(fault) => Parser::new(self, budget).parse(values).map_err(|_| *fault),
        }
    }
}

/// The paths that the text of a `--set-file` flag names, in order, so that the caller can read the files.
///
/// A text that breaks the grammar gives the paths before the fault; merging it reports the fault.
pub fn files_named(text: &str) -> Vec<String> {
    let flag = Flag {
        name: "--set-file",
        text,
        reading: Reading::Paths,
    };
    let mut budget = MAX_ITEMS;
    Parser::new(&flag, &mut budget).paths()
}
