//! Owns the questions that loaders ask the file system, and how messages name what they ask about.
//!
//! It does not know what a chart is made of.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::fs;
use std::fs::FileType;
use std::path::Path;

/// A path as messages show it.
pub(super) fn show(path: &Path) -> String {
    let text = path.display().to_string();
    let trimmed = text.trim_end_matches('/');
    match trimmed {
        "" if text.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        shown => shown.to_owned(),
    }
}

pub(super) fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Diagnostic::error("chart-not-found", format!("chart `{shown}` does not exist"))
            .help("check the path; it is relative to the current directory");
    }
    Diagnostic::error(
        "chart-read",
        format!("failed to read `{shown}`: {}", io_reason(error)),
    )
}

/// Opens what must be a regular file, and gives its length; opening a pipe would wait for its other end.
pub(super) fn open_regular(path: &Path, shown: &str) -> Result<(fs::File, u64), Diagnostic> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(shown, &error))?;
    if !metadata.is_file() {
        let message = format!("`{shown}` is neither a regular file nor a directory");
        return Err(Diagnostic::error("chart-layout", message)
            .help("list it in `.helmignore` if it does not belong to the chart"));
    }
    let file = fs::File::open(path).map_err(|error| unreadable(shown, &error))?;
    Ok((file, metadata.len()))
}

/// Opens what a folder's listing calls a regular file, and gives its length.
pub(super) fn open_listed(path: &Path, shown: &str) -> Result<(fs::File, u64), Diagnostic> {
    let opened = fs::File::open(path).and_then(|file| {
        let length = file.metadata()?.len();
        Ok((file, length))
    });
    opened.map_err(|error| unreadable(shown, &error))
}

/// What a folder holds, and of which kind it is; sorted by name.
pub(super) fn entries(folder: &Path) -> std::io::Result<Vec<(String, FileType)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            let reason = format!(
                "the name `{}` is not UTF-8",
                name.to_string_lossy().escape_debug()
            );
            std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
        })?;
        entries.push((name, entry.file_type()?));
    }
    entries.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    Ok(entries)
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = entries(folder)?;
    Ok(entries.into_iter().map(|(name, _)| name).collect())
}
