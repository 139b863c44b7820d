//! Owns how an archive is decompressed: one stream of gzip, sound to its last byte, that expands to no more than a chart
//! may hold.
//!
//! It does not know what the archive holds.

use super::limits::MAX_CHART_BYTES;
use flate2::bufread::GzDecoder;
use std::io;
use std::io::Read;

/// What an archive may always expand to.
const FREE: u64 = 10 * 1024 * 1024;

/// How many times its size an archive may expand to beyond that. Real charts stay below 30; gzip can do 1,000.
const MAX_RATIO: u64 = 200;

/// The decompressed bytes of an archive.
#[derive(Debug)]
pub(super) struct Expanded<'d> {
    decoder: GzDecoder<&'d [u8]>,
    /// How many bytes may still come.
    left: u64,
}

impl<'d> Expanded<'d> {
    pub(super) fn new(data: &'d [u8]) -> Self {
        let by_ratio = FREE.max((data.len() as u64).saturating_mul(MAX_RATIO));
        Self {
            decoder: GzDecoder::new(data),
            // Twice the size of a chart leaves room for the headers of its entries.
            left: by_ratio.min(2 * MAX_CHART_BYTES),
        }
    }

    /// Reads what follows the last entry: nothing may stand there, and the checksum, which comes last, must be right.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            let length = self.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            if buffer[..length].iter().any(|byte| *byte != 0) {
                return Err(damaged("something stands behind its last file"));
            }
        }
        if self.decoder.into_inner().is_empty() {
            return Ok(());
        }
        Err(damaged("something stands behind the end of its compressed data"))
    }
}

impl Read for Expanded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.decoder.read(buffer)?;
        let Some(left) = self.left.checked_sub(length as u64) else {
            return Err(damaged("it expands to far more than a chart holds"));
        };
        self.left = left;
        Ok(length)
    }
}

fn damaged(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
