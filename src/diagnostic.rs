//! Owns `Diagnostic`, the one shape of every error and warning, and its text form.
//!
//! It does not decide where messages go: `cli` prints them. Lines of sensitive sources are masked here,
//! so that no caller can leak a credential by pointing at its line.

use crate::source::Place;
use std::fmt;
use std::fmt::Write as _;

mod mask;

pub(crate) use mask::is_secret_name;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The chart, the values or the manifests are at fault; the command fails.
    Error,
    /// Worth knowing; the command goes on.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place with the number of characters that are underlined and what stands beside the underline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where the underline starts.
    pub place: Place,
    /// How many characters it spans; 0 shows as 1.
    pub length: u32,
    /// What stands beside the underline; may be empty.
    pub text: String,
}

/// One finding, in rustc's shape: severity and stable code, one line, places, trace, help.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable, kebab-case, for scripts: `unknown-value`, `yaml-syntax`.
    pub code: &'static str,
    /// One phrase, lowercase, no final period, names in backticks.
    pub message: String,
    /// The first is the main place.
    pub labels: Vec<Label>,
    /// How evaluation got there, innermost first: `included from …`.
    pub trace: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            severity,
            code,
            message,
            labels: Vec::new(),
            trace: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a place; the first one added is the main one.
    pub fn at(self, place: Place) -> Self {
        self.label(place, 1, "")
    }

    /// Adds the place if there is one.
    pub fn at_maybe(self, place: Option<Place>) -> Self {
        match place {
            Some(place) => self.at(place),
            None => self,
        }
    }

    /// Adds a place with an underline of `length` characters and a text beside it.
    pub fn label(mut self, place: Place, length: u32, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            length,
            text: text.into(),
        });
        self
    }

    /// Adds a line to the trace, innermost first.
    pub fn trace(mut self, step: impl Into<String>) -> Self {
        self.trace.push(step.into());
        self
    }

    /// Adds a line of help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Whether it makes the command fail.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}[{}]: {}", self.severity.name(), self.code, self.message)?;
        let width = self
            .labels
            .iter()
            .map(|label| digits(label.place.line))
            .max()
            .unwrap_or(0);
        let gutter = " ".repeat(width);
        for (index, label) in self.labels.iter().enumerate() {
            let arrow = if index == 0 { "-->" } else { ":::" };
            writeln!(out, "{gutter}{arrow} {}", label.place)?;
            write_snippet(out, label, width)?;
        }
        for step in &self.trace {
            writeln!(out, "{gutter} = trace: {step}")?;
        }
        for help in &self.help {
            let indented = help.replace('\n', &format!("\n{gutter}         "));
            writeln!(out, "{gutter} = help: {indented}")?;
        }
        Ok(())
    }
}

/// The operating system's reason as messages show it: lowercase, without its number.
pub fn io_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn digits(line: u32) -> usize {
    if line == 0 { 1 } else { line.to_string().len() }
}

/// The longest part of a source line that is shown; values files may hold lines of megabytes.
const SNIPPET_WIDTH: usize = 160;

fn write_snippet(out: &mut fmt::Formatter<'_>, label: &Label, width: usize) -> fmt::Result {
    let place = &label.place;
    let Some(line) = place.source.line(place.line) else {
        if !label.text.is_empty() {
            writeln!(out, "{} = note: {}", " ".repeat(width), label.text)?;
        }
        return Ok(());
    };
    let column = place.column.max(1) as usize;
    let (text, column) = match mask::line(&place.source, place.line).filter(|_| place.source.sensitive) {
        Some(masked) => {
            let column = masked.column(column);
            (masked.text, column)
        }
        None => (line.to_owned(), column),
    };
    let cut = if column > SNIPPET_WIDTH {
        column - SNIPPET_WIDTH / 2
    } else {
        1
    };
    let mut shown = String::new();
    let mut lead = String::new();
    let mut visible = 0;
    for (number, character) in (1..).zip(text.chars()).skip(cut - 1).take(SNIPPET_WIDTH) {
        let printable = if character.is_control() && character != '\t' {
            '\u{fffd}'
        } else {
            character
        };
        if number < column {
            lead.push(if character == '\t' { '\t' } else { ' ' });
        } else {
            visible += 1;
        }
        shown.push(printable);
    }
    let carets = (label.length.max(1) as usize).min(visible.max(1));
    let gutter = " ".repeat(width);
    writeln!(out, "{gutter} |")?;
    writeln!(out, "{:>width$} | {}", place.line, shown.trim_end())?;
    let mut underline = format!("{gutter} | {lead}{}", "^".repeat(carets));
    if !label.text.is_empty() {
        write!(underline, " {}", label.text)?;
    }
    writeln!(out, "{underline}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn prints_in_rustc_shape() {
        let source = Source::new("a.yaml", "image:\n  tga: x\n");
        let diagnostic = Diagnostic::error("unknown-value", "`image.tga` is not a value of this chart")
            .label(Place::new(&source, 2, 3), 3, "not known")
            .help("did you mean `tag`?");
        let expected = "error[unknown-value]: `image.tga` is not a value of this chart\n --> a.yaml:2:3\n  |\n2 |   \
                        tga: x\n  |   ^^^ not known\n  = help: did you mean `tag`?\n";
        assert_eq!(diagnostic.to_string(), expected);
    }

    #[test]
    fn sensitive_lines_are_masked() {
        let source = Source::sensitive("o.yaml", "  jwt: eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5\n");
        let text = Diagnostic::error("x", "y")
            .at(Place::new(&source, 1, 3))
            .to_string();
        assert!(!text.contains("eyJ0"), "{text}");
        assert!(text.contains("jwt: "), "{text}");
    }
}
