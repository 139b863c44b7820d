//! Owns the form in which manifests are printed and written to files, Helm's to the byte.
//!
//! It does not choose or order manifests.

use super::arrange::is_manifest_file;
use super::{Manifest, Role};
use crate::diagnostic::Diagnostic;
use crate::output;
use crate::output::OutputFile;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// All manifests of a release as `helm template` prints them.
///
/// Helm trims everything before the first hook as one text, so a release without manifests prints an empty line.
pub fn write(manifests: &[Manifest]) -> String {
    parts(manifests).concat()
}

/// The parts of what [`write()`] gives, in order: the manifests of a large release need not be copied to be printed.
pub fn parts(manifests: &[Manifest]) -> Vec<&str> {
    let (release, hooks) = split_hooks(manifests);
    let mut parts: Vec<&str> = release.iter().flat_map(entry).collect();
    while let Some(last) = parts.pop() {
        let trimmed = last.trim_end();
        if !trimmed.is_empty() {
            parts.push(trimmed);
            break;
        }
    }
    parts.push("\n");
    parts.extend(hooks.iter().flat_map(entry));
    parts
}

/// The manifests before the first hook, and the hooks.
pub fn split_hooks(manifests: &[Manifest]) -> (&[Manifest], &[Manifest]) {
    let is_hook = |manifest: &Manifest| matches!(manifest.role, Role::Hook(_));
    let first_hook = manifests.iter().position(is_hook);
    manifests.split_at(first_hook.unwrap_or(manifests.len()))
}

/// Rendered texts by their paths as `helm template --debug` prints what it could not read; Helm's order is random.
pub fn write_unread<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut files: Vec<_> = files
        .into_iter()
        .filter(|(path, text)| is_manifest_file(path) && !text.trim().is_empty())
        .collect();
    files.sort_unstable();
    let mut entries = String::new();
    for (path, text) in files {
        // Writing to a String cannot fail.
        let _ = writeln!(entries, "---\n# Source: {path}\n{text}");
    }
    format!("{}\n", entries.trim())
}

/// Manifests that were picked from a release, as `helm template --show-only` prints them.
pub fn write_selected(manifests: &[Manifest]) -> String {
    manifests.iter().flat_map(entry).collect()
}

fn entry(manifest: &Manifest) -> [&str; 5] {
    ["---\n# Source: ", &manifest.path, "\n", &manifest.text, "\n"]
}

/// Writes each manifest to a file below `directory` that has its path, as `helm template --output-dir` does, and
/// gives the file of each manifest; all but CRDs go to the folder `release` there, if one is given. All files are
/// written or none; a file that exists with other content is kept, which is an error, unless `overwrite` is true.
pub fn write_directory(
    manifests: &[Manifest],
    directory: &Path,
    release: Option<&str>,
    overwrite: bool,
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut written = Vec::new();
    for manifest in manifests {
        let folder = release.filter(|_| manifest.role != Role::Crd);
        let directory = folder.map_or_else(|| directory.to_owned(), |folder| directory.join(folder));
        let path = file_path(&directory, &manifest.path).map_err(|error| vec![error])?;
        texts.entry(path.clone()).or_default().extend(entry(manifest));
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
