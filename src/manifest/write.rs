//! Owns the form in which manifests are printed and written to files, Helm's to the byte.
//!
//! It does not choose or order manifests.

use super::{Manifest, Role};
use crate::diagnostic::Diagnostic;
use crate::output;
use crate::output::OutputFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// All manifests of a release as `helm template` prints them.
///
/// Helm trims everything before the first hook as one text, so a release without manifests prints an empty line.
pub fn write(manifests: &[Manifest]) -> String {
    let first_hook = manifests
        .iter()
        .position(|manifest| matches!(manifest.role, Role::Hook(_)));
    let (release, hooks) = manifests.split_at(first_hook.unwrap_or(manifests.len()));
    let release = write_selected(release);
    format!("{}\n{}", release.trim(), write_selected(hooks))
}

/// Manifests that were picked from a release, as `helm template --show-only` prints them.
pub fn write_selected(manifests: &[Manifest]) -> String {
    manifests.iter().map(entry).collect()
}

fn entry(manifest: &Manifest) -> String {
    format!("---\n# Source: {}\n{}\n", manifest.path, manifest.text)
}

/// Writes each manifest to a file below `directory` that has its path, as `helm template --output-dir` does, and
/// gives the file of each manifest. All files are written or none; a file that exists with other content is
/// kept, which is an error, unless `overwrite` is true.
pub fn write_directory(
    manifests: &[Manifest],
    directory: &Path,
    overwrite: bool,
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut written = Vec::new();
    for manifest in manifests {
        let path = file_path(directory, &manifest.path).map_err(|error| vec![error])?;
        texts.entry(path.clone()).or_default().push_str(&entry(manifest));
        written.push(path);
    }
    let file = |(path, text): (PathBuf, String)| OutputFile {
        path,
        data: text.into_bytes(),
        private: false,
    };
    let files: Vec<OutputFile> = texts.into_iter().map(file).collect();
    output::write(&files, overwrite)?;
    Ok(written)
}

/// Where a manifest goes; a path that leads out of the directory is refused, whatever chart it came from.
fn file_path(directory: &Path, path: &str) -> Result<PathBuf, Diagnostic> {
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        let message = format!("the template path `{path}` leads out of the output directory");
        return Err(Diagnostic::error("output", message));
    }
    Ok(directory.join(path))
}
