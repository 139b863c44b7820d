//! Owns the wording of syntax errors: the cause in plain words and help for the common causes.

use super::parser::SyntaxError;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::sync::Arc;

/// The diagnostic for a syntax error in `source`.
pub(super) fn explain(source: &Arc<Source>, error: &SyntaxError) -> Diagnostic {
    let place = error.at.place(source);
    Diagnostic::error("yaml-syntax", error.problem).at(place)
}
