//! Owns `--post-renderer`: a program that gets the manifests on its standard input and gives others back.
//!
//! What becomes of its output is `render`'s.

use super::ui::Stop;
use crate::diagnostic::Diagnostic;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A program and its arguments.
#[derive(Debug)]
pub(super) struct PostRenderer {
    /// What the user called it.
    name: String,
    path: PathBuf,
    arguments: Vec<String>,
}

impl PostRenderer {
    /// Finds the program: a name without `/` in the folders of `PATH`, which `search` gives, anything else as a path.
    pub(super) fn find(name: &str, arguments: &[String], search: Option<&OsStr>) -> Result<Self, Stop> {
        let refusal = |reason: &str| {
            let message = format!("cannot run the post-renderer `{name}`: {reason}");
            Stop::Usage(Diagnostic::error("post-renderer", message).help(
                "give the path of a program, or the name of one in `PATH`; its arguments go to `--post-renderer-args`",
            ))
        };
        let path = if name.contains('/') {
            Some(PathBuf::from(name))
        } else {
            let folders = search.iter().flat_map(|search| std::env::split_paths(search));
            // As in Go, a folder that is named from the current directory is passed over: it may be anyone's.
            folders
                .filter(|folder| folder.is_absolute())
                .map(|folder| folder.join(name))
                .find(|path| is_program(path))
        };
        let path = path.ok_or_else(|| refusal("it is not in `PATH`"))?;
        if !path.exists() {
            return Err(refusal("there is no such file"));
        }
        if !is_program(&path) {
            return Err(refusal("it is no executable file"));
        }
        Ok(Self {
            name: name.to_owned(),
            path,
            arguments: arguments.to_vec(),
        })
    }

    /// What the program makes of the manifests.
    pub(super) fn run(&self, manifests: &str) -> Result<String, Diagnostic> {
        let error = |reason: String| {
            let message = format!("the post-renderer `{}` {reason}", self.name);
            Diagnostic::error("post-renderer", message)
        };
        let output = self
            .output(manifests.as_bytes())
            .map_err(|reason| error(format!("cannot be run: {reason}")))?;
        if !output.status.success() {
            let end = match output.status.code() {
                Some(code) => format!("failed with exit code {code}"),
                None => "was ended by a signal".to_owned(),
            };
            let told = String::from_utf8_lossy(&output.stderr);
            let told = told.trim();
            let help = if told.is_empty() {
                "it says nothing on standard error".to_owned()
            } else {
                format!("it says:\n{told}")
            };
            return Err(error(end).help(help));
        }
        Ok(crate::bytes::to_text(&output.stdout))
    }

    fn output(&self, manifests: &[u8]) -> std::io::Result<Output> {
        let mut child = Command::new(&self.path)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            // A program that answers before it has read everything must not wait for us, nor we for it. One that
            // reads no further is no error: Helm takes what it prints.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(manifests)));
            child.wait_with_output()
        })
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
