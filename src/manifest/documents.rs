//! Owns the documents of a release for those who check them: each with its text and the way back to its template.
//!
//! It checks nothing.

use super::{Arranged, ManifestFile, Role, broken, split};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::sync::Arc;

/// A document of a release, in the order of the manifests.
#[derive(Debug)]
pub struct RenderedDocument<'a> {
    /// What Helm's `# Source:` line says.
    pub path: &'a str,
    /// The document alone; places in it are what [`Self::placed`] takes.
    pub source: Arc<Source>,
    file: &'a ManifestFile,
    number: usize,
    offset: usize,
}

impl Arranged {
    /// The documents of all manifests whose files were kept.
    pub fn documents(&self) -> Vec<RenderedDocument<'_>> {
        let mut documents = Vec::new();
        for manifest in &self.manifests {
            let Some((path, file)) = self.files.get_key_value(&manifest.path) else {
                continue;
            };
            let pieces: Vec<(usize, usize, &str)> = if manifest.role == Role::Crd {
                // A file of `crds/` is one manifest, whatever it holds.
                let pieces = (1..).zip(split::split(&file.text.text));
                pieces
                    .map(|(number, piece)| (number, piece.offset, piece.text))
                    .collect()
            } else {
                vec![(manifest.document, manifest.offset, &*manifest.text)]
            };
            documents.extend(pieces.into_iter().map(|(number, offset, text)| RenderedDocument {
                path,
                source: Source::sensitive(path.as_str(), text),
                file,
                number,
                offset,
            }));
        }
        documents
    }
}

impl RenderedDocument<'_> {
    /// Findings placed within the document, placed within the rendered file and the template instead.
    pub fn placed(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let document = broken::Document {
            file: self.file,
            number: self.number,
            offset: self.offset,
        };
        document.placed(findings)
    }
}
