//! Owns the warning about integers that Helm prints as floats with an exponent: 1000000 as `1e+06`.
//!
//! Which numbers are printed so is `format`'s. The message shows no number: values may be secret.

use super::failure::At;
use crate::diagnostic::Diagnostic;
use crate::template::format::{self, Integers};
use crate::yaml::Number;
use std::collections::BTreeSet;

/// What was found since it was last asked for.
#[derive(Debug, Default)]
pub(super) struct Rounded {
    /// Where it was found before: the template, and the start of the action.
    known: BTreeSet<(String, u32)>,
    found: Vec<Diagnostic>,
}

impl Rounded {
    /// Warns of an action, once, if the integer stands in what it printed.
    pub(super) fn note(&mut self, at: At<'_>, number: Number, printed: &str) {
        let number = format::number(number, Integers::AsFloats);
        // Printing it again is not what the next action does.
        format::take_rounded();
        let key = (at.source.name.clone(), at.span.start);
        if !printed.contains(&number) || !self.known.insert(key) {
            return;
        }
        let (place, length) = at.span.underline(at.source);
        let message = "an integer from the values is printed as a float with an exponent";
        self.found.push(
            Diagnostic::warning("rounded-integer", message)
                .label(place, length, "as Helm prints it")
                .help("`--exact-integers` prints every digit; a template does with `int64`"),
        );
    }

    /// The warnings since the last call.
    pub(super) fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.found)
    }
}
