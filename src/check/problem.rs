//! Owns `Problem`: what is wrong with one value, before it is known which key holds it.
//!
//! It never carries the value itself, so that no credential can reach a message through it.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Severity;

/// One finding about a value; its message continues the key's name: "`nats.jwt` has expired …".
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub(super) struct Problem {
    severity: Severity,
    code: &'static str,
    message: String,
    help: Vec<String>,
}

impl Problem {
    /// A finding that stops the runner from working.
    pub(super) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A finding that the runner survives.
    pub(super) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            severity,
            code,
            message,
            help: Vec::new(),
        }
    }

    /// Adds what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds where in the value it is.
    pub(super) fn within(mut self, part: &str) -> Self {
        self.message.push_str(part);
        self
    }

    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The diagnostic for the value at `key`, still without a place.
    pub(super) fn about(self, key: &str) -> Diagnostic {
        let message = format!("`{key}` {}", self.message);
        let diagnostic = match self.severity {
            Severity::Error => Diagnostic::error(self.code, message),
            Severity::Warning => Diagnostic::warning(self.code, message),
        };
        self.help.into_iter().fold(diagnostic, Diagnostic::help)
    }
}
