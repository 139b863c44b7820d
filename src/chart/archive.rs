//! Owns reading `.tgz` archives. An archive may come from anyone: names, kinds, counts and sizes of its entries are all
//! checked, and nothing is ever written to disk.
//!
//! It does not know which file of a chart means what; how far an archive may expand is `expand`'s part.

use super::Chart;
use super::assemble::{RawFile, Spot, assemble};
use super::contents::Raw;
use super::expand::Expanded;
use super::limits::{Budget, MAX_FILE_BYTES, MAX_NAME_BYTES, too_large};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use tar::{Entry, EntryType, PaxExtensions};

/// What gzip data starts with.
pub(super) const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// The most that an entry may say about another, as in Go.
const MAX_DESCRIPTION: u64 = 1 << 20;

/// The chart in the archive `data`.
pub(super) fn read(data: &[u8], spot: Spot, budget: &mut Budget) -> Result<Chart, Vec<Diagnostic>> {
    let files = files(data, &spot.location, budget).map_err(|error| vec![error])?;
    assemble(spot, files, budget)
}

/// The files of an archive that is sound from its first byte to its last.
fn files(data: &[u8], shown: &str, budget: &mut Budget) -> Result<Vec<RawFile>, Diagnostic> {
    if !data.starts_with(GZIP_MAGIC) {
        return Err(broken(shown, "it is not compressed with gzip"));
    }
    let unreadable = |error: io::Error| broken(shown, &io_reason(&error));
    let mut expanded = Expanded::new(data);
    let mut archive = tar::Archive::new(&mut expanded);
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    let mut named = None;
    for entry in archive.entries().map_err(unreadable)?.raw(true) {
        let mut entry = entry.map_err(unreadable)?;
        budget.count_file(shown)?;
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                let mut name = description(&mut entry, shown)?;
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                name.truncate(end);
                named = Some(name);
                continue;
            }
            EntryType::XHeader => {
                named = path_of_next(&description(&mut entry, shown)?, shown)?.or(named);
                continue;
            }
            // They say nothing that a chart needs.
            EntryType::XGlobalHeader | EntryType::GNULongLink => {
                description(&mut entry, shown)?;
                continue;
            }
            _ => {}
        }
        let path = named.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let Some(file) = file(&mut entry, &path, shown, budget)? else {
            continue;
        };
        if !seen.insert(file.name.clone()) {
            let message = format!("archive `{shown}` holds `{}` twice", file.name);
            return Err(Diagnostic::error("chart-archive", message).help("package the chart again"));
        }
        files.push(file);
    }
    expanded.finish().map_err(unreadable)?;
    if files.is_empty() {
        return Err(broken(shown, "it holds no files"));
    }
    Ok(files)
}

/// What an entry says about the one behind it.
fn description(entry: &mut Entry<'_, impl Read>, shown: &str) -> Result<Vec<u8>, Diagnostic> {
    if entry.size() > MAX_DESCRIPTION {
        let reason = format!("an entry is described in {} bytes", entry.size());
        return Err(broken(shown, &reason));
    }
    let mut data = Vec::new();
    entry
        .read_to_end(&mut data)
        .map_err(|error| broken(shown, &io_reason(&error)))?;
    Ok(data)
}

/// The path in a pax header, if it has one; what else changes how entries are read is refused.
fn path_of_next(header: &[u8], shown: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
    let mut path = None;
    for record in PaxExtensions::new(header) {
        let record = record.map_err(|_| broken(shown, "a pax header is damaged"))?;
        match record.key_bytes() {
            b"path" => path = Some(record.value_bytes().to_vec()),
            b"size" => return Err(broken(shown, "a file has two sizes, one of them in a pax header")),
            key if key.starts_with(b"GNU.sparse.") => return Err(broken(shown, "it holds a sparse file")),
            _ => {}
        }
    }
    Ok(path)
}

/// The file that an entry holds; none if it is a folder.
fn file(
    entry: &mut Entry<'_, impl Read>,
    path: &[u8],
    shown: &str,
    budget: &mut Budget,
) -> Result<Option<RawFile>, Diagnostic> {
    let kind = entry.header().entry_type();
    if kind == EntryType::Directory {
        check_folder(path, shown)?;
        return Ok(None);
    }
    let name = name_in_chart(path, shown)?;
    let within = format!("{shown}:{name}");
    if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
        let message = format!("`{within}` is not a regular file; links and devices have no place in a chart");
        return Err(Diagnostic::error("chart-archive", message));
    }
    let length = entry.size();
    if length > MAX_FILE_BYTES {
        return Err(too_large(&within));
    }
    let mut whole = entry.take(length);
    let data = budget.read(&mut whole, length, &within)?;
    if whole.limit() > 0 {
        return Err(broken(shown, &format!("it ends within `{name}`")));
    }
    Ok(Some(RawFile {
        name,
        shown: within,
        data: Raw::Read(data),
    }))
}

/// Folders are not needed; but one that leads elsewhere is no accident.
fn check_folder(path: &[u8], shown: &str) -> Result<(), Diagnostic> {
    let is_end = |byte: &u8| matches!(byte, b'/' | b'\\');
    let leads_out = path.split(is_end).any(|part| part == b"..");
    if leads_out || path.first().is_some_and(is_end) {
        let path = printable(path);
        let message = format!("archive `{shown}` holds the folder `{path}`, which leads out of the chart");
        return Err(Diagnostic::error("chart-archive", message));
    }
    Ok(())
}

fn printable(path: &[u8]) -> String {
    let text = String::from_utf8_lossy(path);
    text.escape_debug().take(200).collect()
}

fn broken(shown: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "chart-archive",
        format!("`{shown}` is not a chart archive: {reason}"),
    )
    .help("a chart archive is the `.tgz` that `helm package` or `runnerctl package` writes")
}

/// The path of an entry below the chart's own folder, if it is one that cannot point anywhere else.
fn name_in_chart(path: &[u8], shown: &str) -> Result<String, Diagnostic> {
    let refuse = |reason: &str| {
        let path = printable(path);
        Err(Diagnostic::error(
            "chart-archive",
            format!("archive `{shown}` holds `{path}`, {reason}"),
        ))
    };
    let Ok(text) = std::str::from_utf8(path) else {
        return refuse("a name that is not UTF-8");
    };
    if text.len() > MAX_NAME_BYTES {
        return refuse("a name that is too long");
    }
    if text.chars().any(char::is_control) {
        return refuse("a name with control characters");
    }
    // Archives made on Windows separate with `\`; Helm takes it for the separator wherever it occurs.
    let text = text.replace('\\', "/");
    let Some((base, rest)) = text.split_once('/') else {
        return refuse("which is outside the chart's folder");
    };
    if base.is_empty() || rest.starts_with('/') {
        return refuse("an absolute path");
    }
    let parts: Vec<&str> = rest
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    if base == ".." || parts.contains(&"..") {
        return refuse("a path that leads out of the chart");
    }
    if parts.first().is_some_and(|first| is_drive(first)) {
        return refuse("a path with a drive letter");
    }
    if parts.is_empty() {
        return refuse("which is outside the chart's folder");
    }
    Ok(parts.join("/"))
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}
