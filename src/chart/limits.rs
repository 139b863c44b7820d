//! Owns how large a chart may be, so that no directory or archive can eat time or memory.
//!
//! It reads nothing itself.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::io::Read;

/// The largest file of a chart, as in Helm.
pub(super) const MAX_FILE_BYTES: u64 = 5 * 1024 * 1024;

/// All files of a chart and its subcharts together, as Helm limits archives.
pub(super) const MAX_CHART_BYTES: u64 = 100 * 1024 * 1024;

/// The most files and folders; public charts stay below a thousand, and an umbrella may hold hundreds of them.
pub(super) const MAX_FILES: usize = 25_000;

/// How deep folders may nest.
pub(super) const MAX_FOLDERS: usize = 64;

/// How deep subcharts may nest.
pub(super) const MAX_SUBCHARTS: usize = 16;

/// The longest name of a file in a chart.
pub(super) const MAX_NAME_BYTES: usize = 1024;

/// What is left of a chart's size while it is read.
#[derive(Debug)]
pub(super) struct Budget {
    files: usize,
    bytes: u64,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            files: MAX_FILES,
            bytes: MAX_CHART_BYTES,
        }
    }

    /// Accounts for one more file or folder of a chart.
    pub(super) fn count_file(&mut self, shown: &str) -> Result<(), Diagnostic> {
        self.files = self.files.checked_sub(1).ok_or_else(|| {
            let message = format!("the chart has more than {MAX_FILES} files and folders, at `{shown}`");
            Diagnostic::error("chart-size", message)
                .help("is this the chart's own directory? List what does not belong to it in `.helmignore`")
        })?;
        Ok(())
    }

    /// Whether nothing more can be read, so that going on would only repeat the error.
    pub(super) fn is_spent(&self) -> bool {
        self.files == 0 || self.bytes == 0
    }

    /// Reads a file that a message calls `shown`, within both limits; it should have `length` bytes.
    pub(super) fn read(
        &mut self,
        reader: impl Read,
        length: u64,
        shown: &str,
    ) -> Result<Vec<u8>, Diagnostic> {
        let data = read_within(reader, length).map_err(|error| {
            Diagnostic::error(
                "chart-read",
                format!("failed to read `{shown}`: {}", io_reason(&error)),
            )
        })?;
        let data = data.ok_or_else(|| too_large(shown))?;
        self.count_bytes(data.len() as u64, shown)?;
        Ok(data)
    }

    /// Accounts for the size of a file.
    pub(super) fn count_bytes(&mut self, size: u64, shown: &str) -> Result<(), Diagnostic> {
        if size > self.bytes {
            self.bytes = 0;
            let mebibytes = MAX_CHART_BYTES / 1024 / 1024;
            let message = format!("the chart's files exceed {mebibytes} MiB at `{shown}`");
            return Err(Diagnostic::error("chart-size", message)
                .help("list what does not belong to the chart in `.helmignore`"));
        }
        self.bytes -= size;
        Ok(())
    }
}

/// The `length` bytes of a file, without a byte order mark; None if a file may not have so many.
pub(super) fn read_within(reader: impl Read, length: u64) -> std::io::Result<Option<Vec<u8>>> {
    // Files of some systems say that they are empty, and are not.
    let limit = if length == 0 { MAX_FILE_BYTES + 1 } else { length };
    let mut data = Vec::with_capacity(usize::try_from(length.min(MAX_FILE_BYTES)).unwrap_or_default());
    if length <= MAX_FILE_BYTES {
        // With room for all of it, and its end known, it takes one question to the system.
        reader.take(limit).read_to_end(&mut data)?;
    }
    let size = length.max(data.len() as u64);
    strip_byte_order_mark(&mut data);
    Ok((size <= MAX_FILE_BYTES).then_some(data))
}

pub(super) fn too_large(shown: &str) -> Diagnostic {
    let mebibytes = MAX_FILE_BYTES / 1024 / 1024;
    Diagnostic::error(
        "chart-size",
        format!("`{shown}` is larger than {mebibytes} MiB, the most a chart's file may have"),
    )
    .help("list it in `.helmignore` if it does not belong to the chart")
}

/// Helm drops a UTF-8 byte order mark wherever it loads a file.
fn strip_byte_order_mark(data: &mut Vec<u8>) {
    if data.starts_with(b"\xef\xbb\xbf") {
        data.drain(..3);
    }
}
