//! Owns packages: reproducible `.tgz` archives in Helm's shape.
//!
//! Each file of this folder has one part: `directory` which files a chart has, `archive` the bytes, `proof` that a chart
//! made from sources renders what they render, `trial` with which values, `part` a chart's components as charts, `naming`
//! their names, `rendered` packages of manifests, `escape` their texts, `provenance` who packaged a chart. Making a chart
//! from its sources is `template::compile`'s part.

use crate::chart;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::output;
use crate::output::OutputFile;
use crate::render;
use sha2::Digest as _;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod archive;
mod directory;
mod escape;
mod naming;
mod part;
mod proof;
pub mod provenance;
mod rendered;
mod trial;

pub use directory::files;
pub use part::{component, components, split};
pub use proof::{Extent, Sources};
pub use rendered::rendered;
pub use trial::{Trial, trials};

/// A chart archive in memory.
#[derive(Clone, Debug)]
pub struct Package {
    /// `NAME-VERSION.tgz`.
    pub file_name: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl Package {
    /// Packs files, each by its path below the archive's root.
    fn new(chart: &Chart, files: &BTreeMap<String, Vec<u8>>, epoch: u64) -> Result<Self, Diagnostic> {
        Ok(Self {
            file_name: format!("{}-{}.tgz", chart.metadata.name, chart.metadata.version),
            data: archive::write(files, epoch)?,
        })
    }

    /// The archive's SHA-256 in hexadecimal, as repository indexes hold it.
    pub fn sha256(&self) -> String {
        let mut text = String::new();
        for byte in Sha256::digest(&self.data) {
            write!(text, "{byte:02x}").expect("a string can be written to");
        }
        text
    }

    /// The archive as a file of a directory.
    pub fn output_file(&self, directory: &Path) -> OutputFile {
        OutputFile {
            path: directory.join(&self.file_name),
            data: self.data.clone(),
            private: false,
        }
    }

    /// Writes the archive to a directory. One that stands there with other content is kept, which is an error,
    /// unless `overwrite` is true.
    pub fn save(&self, directory: &Path, overwrite: bool) -> Result<PathBuf, Vec<Diagnostic>> {
        let file = self.output_file(directory);
        output::write(std::slice::from_ref(&file), overwrite)?;
        Ok(file.path)
    }
}

/// Packages a chart as it is, in Helm's shape: `Chart.yaml` and `Chart.lock` are written anew, all else keeps its bytes.
/// Every chart that it declares must be there.
///
/// `epoch` is the time of the files in the archive, in seconds since 1970; the same chart and time give the same bytes
/// on any machine, wherever the chart was loaded from.
pub fn pack(chart: &Chart, epoch: u64) -> Result<Package, Vec<Diagnostic>> {
    let missing = render::missing_dependencies(chart);
    if !missing.is_empty() {
        return Err(missing);
    }
    let files = directory::packed(chart)?;
    Package::new(chart, &files, epoch).map_err(|error| vec![error])
}

/// Packages a chart that was made from sources, if it renders what they render; gives warnings, too.
///
/// What is rendered is what the archive's bytes hold.
pub fn pack_proved(
    sources: &Sources<'_>,
    made: &Chart,
    extent: Extent,
    epoch: u64,
) -> Result<(Package, Vec<Diagnostic>), Vec<Diagnostic>> {
    let package = pack(made, epoch)?;
    let read = chart::load_archive(&package.data, &package.file_name)?;
    let warnings = sources.prove(&Arc::new(read), extent)?;
    Ok((package, warnings))
}

#[cfg(test)]
mod tests;
