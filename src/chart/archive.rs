//! Owns reading `.tgz` archives. An archive may come from anyone: names, kinds, counts and sizes of its
//! entries are all checked, and nothing is ever written to disk.
//!
//! It does not know which file of a chart means what.

use super::Chart;
use super::assemble::{RawFile, Spot, assemble};
use super::contents::Raw;
use super::limits::{Budget, MAX_CHART_BYTES, MAX_FILE_BYTES, MAX_NAME_BYTES, too_large};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use flate2::read::MultiGzDecoder;
use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use tar::{Entry, EntryType};

/// What gzip data starts with.
pub(super) const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// The chart in the archive `data`.
pub(super) fn read(data: &[u8], spot: Spot, budget: &mut Budget) -> Result<Chart, Vec<Diagnostic>> {
    let shown = spot.location.clone();
    let (files, rest) = files(data, &shown, budget).map_err(|error| vec![error])?;
    let mut chart = assemble(spot, files, budget)?;
    chart.warnings.extend(rest.err().map(|error| {
        let message = format!(
            "archive `{shown}` is damaged after its last file: {}",
            io_reason(&error)
        );
        Diagnostic::warning("chart-archive", message).help("package the chart again")
    }));
    Ok(chart)
}

/// The files, and whether what follows them is sound; Helm does not look at that.
fn files(
    data: &[u8],
    shown: &str,
    budget: &mut Budget,
) -> Result<(Vec<RawFile>, io::Result<u64>), Diagnostic> {
    if !data.starts_with(GZIP_MAGIC) {
        return Err(broken(shown, "it is not compressed with gzip"));
    }
    let unreadable = |error: io::Error| broken(shown, &io_reason(&error));
    // Twice the limit leaves room for headers; long-name entries are held in memory before their size is known.
    let mut archive = tar::Archive::new(MultiGzDecoder::new(data).take(2 * MAX_CHART_BYTES));
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        budget.count_file(shown)?;
        let Some(file) = file(&mut entry, shown, budget)? else {
            continue;
        };
        if !seen.insert(file.name.clone()) {
            let message = format!("archive `{shown}` holds `{}` twice", file.name);
            return Err(Diagnostic::error("chart-archive", message).help("package the chart again"));
        }
        files.push(file);
    }
    if files.is_empty() {
        return Err(broken(shown, "it holds no files"));
    }
    // The checksum comes last.
    let rest = io::copy(&mut archive.into_inner(), &mut io::sink());
    Ok((files, rest))
}

/// The file that an entry holds; none if it is a folder or describes other entries.
fn file(
    entry: &mut Entry<'_, impl Read>,
    shown: &str,
    budget: &mut Budget,
) -> Result<Option<RawFile>, Diagnostic> {
    let kind = entry.header().entry_type();
    if matches!(
        kind,
        EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader
    ) {
        return Ok(None);
    }
    let name = name_in_chart(&entry.path_bytes(), shown)?;
    let within = format!("{shown}:{name}");
    if !matches!(
        kind,
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse
    ) {
        let message = format!("`{within}` is not a regular file; links and devices have no place in a chart");
        return Err(Diagnostic::error("chart-archive", message));
    }
    if entry.size() > MAX_FILE_BYTES {
        return Err(too_large(&within));
    }
    let length = entry.size();
    let data = budget.read(entry, length, &within)?;
    Ok(Some(RawFile {
        name,
        shown: within,
        data: Raw::Read(data),
    }))
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
        let path = String::from_utf8_lossy(path)
            .escape_debug()
            .take(200)
            .collect::<String>();
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
