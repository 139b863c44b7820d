//! Owns what a `--set` flag is told when its text is at fault.
//!
//! It decides nothing: the parser knows what is wrong and where.

use super::parser::Parser;
use crate::diagnostic::Diagnostic;
use crate::values::described;
use crate::yaml::Slot;

/// Why reading a key stopped.
pub(super) enum Stop {
    /// The text ended. Helm treats this as success at the top and as "do not set" in between.
    End,
    /// The text is at fault.
    Fault(Box<Diagnostic>),
}

/// The outcome of reading a key.
pub(super) type Step = Result<(), Stop>;

impl Parser<'_, '_> {
    /// A fault at byte `start` of the flag's text.
    pub(super) fn fault(&self, start: usize, message: &str, help: Option<&str>) -> Stop {
        let diagnostic = self.diagnostic(start, message);
        Stop::Fault(Box::new(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }))
    }

    /// Text without `=`, from byte `start` to where the parser stands.
    pub(super) fn without_value(&mut self, start: usize, stop: Option<char>) -> Stop {
        if self.cursor.has_hidden() {
            // Most often it is the second half of a value, so it is hidden like one.
            self.cursor.hide(start, stop);
            let help = "a comma inside a value is written `\\,`; `--set-literal` takes it as it is";
            return self.fault(start, "the text behind a comma has no `=`", Some(help));
        }
        let help = "write `key=value`; an empty value is `key=`";
        self.fault(start, "a key has no value", Some(help))
    }

    /// A value that was set before and is not what the key that spans the bytes `key` needs.
    pub(super) fn conflict(&self, slot: &Slot, needed: &str, key: (usize, usize)) -> Stop {
        let path = self.cursor.written(self.assignment, key.1);
        let found = described(&slot.value);
        let diagnostic = self.diagnostic(key.0, &format!("`{path}` is {found}, not {needed}"));
        Stop::Fault(Box::new(match &slot.origin {
            Some(origin) => diagnostic.label(origin.clone(), 1, format!("{found} is set here")),
            None => diagnostic,
        }))
    }

    fn diagnostic(&self, start: usize, message: &str) -> Diagnostic {
        let name = self.flag.name;
        let place = self.cursor.place(name, start);
        Diagnostic::error("set-syntax", format!("`{name}`: {message}")).at(place)
    }
}
