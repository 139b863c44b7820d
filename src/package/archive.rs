//! Owns the bytes of an archive: sorted entries, fixed times, modes and owners, the same on any machine.
//!
//! It does not know what the files hold.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use flate2::Compression;
use flate2::GzBuilder;
use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;

/// What gzip calls an unknown system; its own default is the system that it runs on.
const UNKNOWN_SYSTEM: u8 = 255;

/// An archive of the files, each by its path.
pub(super) fn write(files: &BTreeMap<String, Vec<u8>>, epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let compress = || -> io::Result<Vec<u8>> {
        let tar = tar(files, epoch)?;
        let mut gzip = GzBuilder::new()
            .operating_system(UNKNOWN_SYSTEM)
            .write(Vec::new(), Compression::best());
        gzip.write_all(&tar)?;
        gzip.finish()
    };
    compress().map_err(|error| {
        Diagnostic::error(
            "package",
            format!("failed to build the archive: {}", io_reason(&error)),
        )
    })
}

fn tar(files: &BTreeMap<String, Vec<u8>>, epoch: u64) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, data) in in_reading_order(files) {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(epoch);
        header.set_uid(0);
        header.set_gid(0);
        builder.append_data(&mut header, path, data.as_slice())?;
    }
    builder.into_inner()
}

/// Helm's order: what the chart is, its values, its templates, its other files, the charts in it; each sorted folder by
/// folder, so that neither the machine nor the way in which the chart was loaded shows.
fn in_reading_order(files: &BTreeMap<String, Vec<u8>>) -> Vec<(&String, &Vec<u8>)> {
    let mut entries: Vec<_> = files.iter().collect();
    entries.sort_by_cached_key(|(path, _)| rank(path));
    entries
}

/// What Helm writes first of each chart, in this order.
const FIRST: [&str; 4] = ["Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"];

/// Where a path stands: its parts, each after the rank that it has in the folder of a chart.
fn rank(path: &str) -> Vec<(usize, &str)> {
    let mut ranked = Vec::new();
    let mut parts = path.split('/');
    // The folder of the chart itself, then of each chart in it.
    ranked.extend(parts.next().map(|name| (0, name)));
    while let Some(part) = parts.next() {
        let rest = parts.clone().next();
        let rank = match (FIRST.iter().position(|first| *first == part), rest) {
            (Some(position), None) => position,
            (_, Some(_)) if part == "templates" => FIRST.len(),
            (_, Some(_)) if part == "charts" => FIRST.len() + 2,
            _ => FIRST.len() + 1,
        };
        ranked.push((rank, part));
        if rank == FIRST.len() + 2 {
            ranked.extend(parts.next().map(|name| (0, name)));
        } else {
            ranked.extend(parts.by_ref().map(|part| (0, part)));
        }
    }
    ranked
}
