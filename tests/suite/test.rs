//! Owns `Test`, the builder of process tests: a command in a fresh folder, compared in full.
//!
//! Most behaviour is better proved by a golden case; this is for what a folder of files cannot say.

use crate::process;
use crate::process::Invocation;
use crate::process::Outcome;
use crate::snapshot;
use std::fs;
use tempfile::TempDir;

/// A command line and what it must print; both streams must be empty unless stated.
#[must_use]
pub(crate) struct Test {
    folder: TempDir,
    invocation: Invocation,
    stdout: String,
    stderr: String,
}

impl Test {
    /// An empty folder and no arguments.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let invocation = Invocation {
            directory: folder.path().to_owned(),
            ..Invocation::default()
        };
        Self {
            folder,
            invocation,
            stdout: String::new(),
            stderr: String::new(),
        }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: &str) -> Self {
        self.invocation.args.push(arg.to_owned());
        self
    }

    /// Adds arguments, split at blanks.
    pub(crate) fn args(self, args: &str) -> Self {
        args.split_whitespace().fold(self, Self::arg)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        let parent = path.parent().expect("it lies below the folder");
        fs::create_dir_all(parent).expect("a folder can be created");
        fs::write(&path, text).expect("a file can be written");
        self
    }

    /// Sets standard input.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.invocation.stdin = text.as_bytes().to_vec();
        self
    }

    /// States the whole of standard output.
    pub(crate) fn stdout(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdout);
        self
    }

    /// States the whole of standard error.
    pub(crate) fn stderr(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stderr);
        self
    }

    /// Runs it: the exit code must be 0 and the output as stated.
    #[track_caller]
    pub(crate) fn success(self) {
        self.check(0);
    }

    /// Runs it: the exit code must be `code` and the output as stated.
    #[track_caller]
    pub(crate) fn failure(self, code: i32) {
        assert_ne!(code, 0, "0 is success");
        self.check(code);
    }

    /// Runs it and gives the outcome to look at.
    #[track_caller]
    pub(crate) fn run(self) -> Outcome {
        match process::run(&self.invocation) {
            Ok(outcome) => outcome,
            Err(broken) => panic!("{}: {broken}", self.invocation.args.join(" ")),
        }
    }

    #[track_caller]
    fn check(self, code: i32) {
        let expected = format!(
            "exit code {code}\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        );
        let outcome = self.run();
        let actual = format!(
            "exit code {}\n--- stdout\n{}--- stderr\n{}",
            outcome.code,
            String::from_utf8_lossy(&outcome.stdout),
            String::from_utf8_lossy(&outcome.stderr)
        );
        assert!(
            expected == actual,
            "- expected, + now\n{}",
            snapshot::difference(&expected, &actual)
        );
    }
}
