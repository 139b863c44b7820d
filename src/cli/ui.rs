//! Owns the terminal: the only place that prints.
//!
//! It does not decide what is an error; it is given texts and diagnostics.

use crate::diagnostic::Diagnostic;
use std::fmt::Write as _;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is well; also when the reader of our output has closed the pipe.
    Success,
    /// The chart, the values or the manifests are at fault.
    Fault,
    /// The command line is at fault.
    Usage,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::SUCCESS,
            Outcome::Fault => Self::from(1),
            Outcome::Usage => Self::from(2),
        }
    }
}

/// Why a command stopped early.
#[derive(Debug)]
pub(super) enum Stop {
    /// Findings, at least one of them an error.
    Findings(Vec<Diagnostic>),
    /// A misuse of the command line.
    Usage(Diagnostic),
    /// The reader of standard output is gone, which is no fault.
    ClosedPipe,
}

impl From<Vec<Diagnostic>> for Stop {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self::Findings(findings)
    }
}

impl From<Diagnostic> for Stop {
    fn from(finding: Diagnostic) -> Self {
        Self::Findings(vec![finding])
    }
}

/// Shows why a command stopped and says how the process ends.
pub(super) fn finish(result: Result<(), Stop>) -> Outcome {
    match result {
        Ok(()) | Err(Stop::ClosedPipe) => Outcome::Success,
        Err(Stop::Findings(findings)) => {
            report(&findings);
            Outcome::Fault
        }
        Err(Stop::Usage(finding)) => {
            report(&[finding]);
            Outcome::Usage
        }
    }
}

/// The most findings of one run that are shown in full; more of them help nobody.
const MAX_SHOWN: usize = 100;

/// Shows findings on standard error, errors last so that they stand nearest to the prompt.
pub(super) fn report(findings: &[Diagnostic]) {
    let mut text = String::new();
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.is_error());
    for finding in warnings.iter().chain(&errors).take(MAX_SHOWN) {
        text.push_str(&finding.to_string());
        text.push('\n');
    }
    if findings.len() > MAX_SHOWN {
        let _ = writeln!(text, "… and {} more", findings.len() - MAX_SHOWN);
    }
    if errors.len() > 1 {
        let _ = writeln!(text, "{} errors", errors.len());
    }
    // Standard error may be closed too; there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to standard output.
pub(super) fn print(text: &str) -> Result<(), Stop> {
    print_parts(&[text])
}

/// Writes texts to standard output, one behind the other.
pub(super) fn print_parts(parts: &[&str]) -> Result<(), Stop> {
    /// As much as a pipe takes at once.
    const BUFFER: usize = 64 << 10;
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut parts = parts.iter();
    let written = parts.try_for_each(|part| out.write_all(part.as_bytes()));
    match written.and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Stop::ClosedPipe),
        Err(error) => {
            Err(Diagnostic::error("write", format!("failed to write to standard output: {error}")).into())
        }
    }
}

/// Shows what clap has to say: help and version are output, the rest is a misuse.
pub(super) fn usage(error: &clap::Error) -> Outcome {
    let failed = error.print().is_err();
    if error.use_stderr() && !failed {
        Outcome::Usage
    } else {
        Outcome::Success
    }
}
