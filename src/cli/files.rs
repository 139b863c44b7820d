//! Owns reading of files that the command line names: bounded, decoded, with the path in every error.
//!
//! It does not read charts; `chart` does.

use crate::diagnostic::{Diagnostic, io_reason};
use crate::source::Source;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The largest values file that is read. A release must fit a Kubernetes Secret of 1 MiB, so a file beyond
/// this is a mistake (a log, a dump), and reading it whole would cost a multiple of its size.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Files and standard input, the latter at most once.
#[derive(Debug, Default)]
pub(super) struct Files {
    stdin_taken: bool,
}

impl Files {
    /// The text of a values file; `-` is standard input.
    pub(super) fn values(&mut self, path: &Path) -> Result<Arc<Source>, Diagnostic> {
        let (name, text) = self.text(path, "values file")?;
        Ok(Source::sensitive(name, text))
    }

    /// The text of any file named on the command line, with the name that messages use.
    pub(super) fn text(&mut self, path: &Path, role: &str) -> Result<(String, String), Diagnostic> {
        let (name, bytes) = if path.as_os_str() == "-" {
            if std::mem::replace(&mut self.stdin_taken, true) {
                let message = "standard input can be read only once, but `-` is given more than once";
                return Err(Diagnostic::error("values-file", message).help("pass one of them as a file"));
            }
            ("<stdin>".to_owned(), read(io::stdin().lock(), "<stdin>", role)?)
        } else {
            let name = path.display().to_string();
            (name.clone(), open(path, &name, role)?)
        };
        let text = decode(&bytes).map_err(|line| {
            Diagnostic::error(
                "not-utf8",
                format!("{role} `{name}` is not UTF-8 text: invalid bytes in line {line}"),
            )
            .help("save the file as UTF-8")
        })?;
        Ok((name, text))
    }
}

fn open(path: &Path, name: &str, role: &str) -> Result<Vec<u8>, Diagnostic> {
    let fail = |error: &io::Error| {
        let finding = Diagnostic::error(
            "values-file",
            format!("failed to read {role} `{name}`: {}", io_reason(error)),
        );
        match error.kind() {
            io::ErrorKind::NotFound => {
                finding.help("check the path; it is relative to the current directory")
            }
            _ => finding,
        }
    };
    if name.starts_with("http://") || name.starts_with("https://") {
        let message =
            format!("{role} `{name}` is a URL; nothing is fetched from the network while rendering");
        return Err(Diagnostic::error("values-file", message)
            .help("download it first, or pipe it: `curl … | runnerctl render -f -`"));
    }
    let file = File::open(path).map_err(|error| fail(&error))?;
    let metadata = file.metadata().map_err(|error| fail(&error))?;
    if metadata.is_dir() {
        return Err(
            Diagnostic::error("values-file", format!("{role} `{name}` is a directory")).help(format!(
                "name a file in it, for example `{}`",
                path.join("overrides.yaml").display()
            )),
        );
    }
    read(file, name, role)
}

fn read(reader: impl Read, name: &str, role: &str) -> Result<Vec<u8>, Diagnostic> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Diagnostic::error(
                "values-file",
                format!("failed to read {role} `{name}`: {}", io_reason(&error)),
            )
        })?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("{role} `{name}` is larger than {} MiB", MAX_BYTES / 1024 / 1024);
        return Err(Diagnostic::error("values-file", message)
            .help("a release must fit a Kubernetes Secret of 1 MiB; is this the right file?"));
    }
    Ok(bytes)
}

/// UTF-8, or UTF-16 with a byte order mark as YAML allows. The error is the line of the first bad bytes.
fn decode(bytes: &[u8]) -> Result<String, usize> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..]
            .chunks(2)
            .map(|pair| from([pair[0], *pair.get(1).unwrap_or(&0)]))
            .collect();
        String::from_utf16(&units).map_err(|_| 1)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count()),
        },
    }
}
