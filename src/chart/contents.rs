//! Owns the bytes of a chart's files: in memory, in the binary, or in an open file that is read when somebody asks.
//!
//! It does not know which file of a chart means what.

use super::limits::{read_within, too_large};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::fs;
use std::io::{Seek as _, SeekFrom};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The bytes of a file as a loader found them, without a byte order mark.
#[derive(Debug)]
pub(super) enum Raw {
    Read(Vec<u8>),
    Bundled(&'static [u8]),
    Waiting(Waiting),
}

/// A file that is open, so that nothing but a broken disk can keep it from being read, but was not read: charts carry
/// documents, dashboards and CRDs of megabytes, which most renderings have no use for.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) file: Mutex<fs::File>,
    /// How long it was when it was opened.
    pub(super) length: u64,
    /// What a message calls it.
    pub(super) shown: String,
}

impl Waiting {
    fn read(&self) -> Result<Vec<u8>, Diagnostic> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| read_within(&mut *file, self.length));
        read.map_err(|error| unreadable(&self.shown, &error))?
            .ok_or_else(|| too_large(&self.shown))
    }
}

fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("failed to read `{shown}`: {}", io_reason(error));
    Diagnostic::error("chart-read", message)
}

impl Raw {
    /// A copy of the bytes.
    pub(super) fn copy(&self) -> Result<Vec<u8>, Diagnostic> {
        match self {
            Self::Read(data) => Ok(data.clone()),
            Self::Bundled(data) => Ok(data.to_vec()),
            Self::Waiting(waiting) => waiting.read(),
        }
    }

    /// The bytes.
    pub(super) fn read(self) -> Result<Vec<u8>, Diagnostic> {
        match self {
            Self::Read(data) => Ok(data),
            other => other.copy(),
        }
    }
}

/// The bytes of a file that is no template. Copies share them.
#[derive(Clone, Debug)]
pub struct Contents(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    from: Raw,
    read: OnceLock<Result<Arc<[u8]>, Diagnostic>>,
}

impl Contents {
    /// The bytes; none if the file can no longer be read, which [`Contents::failure`] tells.
    pub fn bytes(&self) -> Arc<[u8]> {
        self.read().clone().unwrap_or_default()
    }

    /// Why the bytes that somebody asked for could not be read.
    pub fn failure(&self) -> Option<Diagnostic> {
        self.0.read.get()?.clone().err()
    }

    fn read(&self) -> &Result<Arc<[u8]>, Diagnostic> {
        self.0.read.get_or_init(|| self.copy().map(Arc::from))
    }

    /// A copy of the bytes for one who needs them once, so that they do not stay here.
    pub fn copy(&self) -> Result<Vec<u8>, Diagnostic> {
        self.0.from.copy()
    }
}

impl From<Raw> for Contents {
    fn from(from: Raw) -> Self {
        let read = OnceLock::new();
        Self(Arc::new(Shared { from, read }))
    }
}

impl From<Vec<u8>> for Contents {
    fn from(data: Vec<u8>) -> Self {
        Raw::Read(data).into()
    }
}
