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

/// Helm puts `Chart.yaml` first, so that whoever wants only that need not read on; the rest is sorted.
fn in_reading_order(files: &BTreeMap<String, Vec<u8>>) -> Vec<(&String, &Vec<u8>)> {
    let mut entries: Vec<_> = files.iter().collect();
    entries.sort_by_key(|(path, _)| path.matches('/').count() > 1 || !path.ends_with("/Chart.yaml"));
    entries
}
