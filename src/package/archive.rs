//! Owns the bytes of an archive: sorted entries, fixed times, modes and owners, the same on any machine.
//!
//! It does not know what the files hold.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::collections::BTreeMap;
use std::io;

/// The header of gzip: deflated, no flags, no time, on an unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// How hard to compress: as `helm package` does. Harder saves no more than a hundredth.
const LEVEL: u8 = 6;

/// An archive of the files, each by its path.
pub(super) fn write(files: &BTreeMap<String, Vec<u8>>, epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let tar = tar(files, epoch).map_err(|error| {
        Diagnostic::error(
            "package",
            format!("failed to build the archive: {}", io_reason(&error)),
        )
    })?;
    Ok(gzip(&tar))
}

/// RFC 1952, around what one implementation of RFC 1951 makes of it: `flate2` would take whichever one some other crate
/// asks for, and faster ones compress differently on different processors.
fn gzip(data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    let mut bytes = GZIP_HEADER.to_vec();
    bytes.extend(miniz_oxide::deflate::compress_to_vec(data, LEVEL));
    bytes.extend(crc.sum().to_le_bytes());
    bytes.extend(crc.amount().to_le_bytes());
    bytes
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
