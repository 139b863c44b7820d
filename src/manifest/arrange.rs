//! Owns the way from rendered files to a release's manifests: split, read, tell hooks apart, sort.
//!
//! It does not write them.

use super::head::{self, Hooked, Reading};
use super::{Excerpt, Files, Manifest, ManifestFile, Role, Selection, broken, order, split};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The manifests of a release.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    /// CRDs, then the release's own manifests in install order, then hooks in install order.
    pub manifests: Vec<Manifest>,
    /// Paths of the templates that rendered no manifest.
    pub silent: Vec<String>,
    /// The files that manifests stand in, by path, if they are to be kept.
    pub files: BTreeMap<String, ManifestFile>,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
}

/// A rendered file, split into documents that have been read.
#[derive(Debug)]
pub struct ReadFile {
    file: ManifestFile,
    documents: Vec<ReadDocument>,
}

#[derive(Debug)]
struct ReadDocument {
    number: usize,
    /// Where it stands in the file's text.
    bytes: Range<usize>,
    outcome: Result<Reading, Vec<Diagnostic>>,
}

impl ReadFile {
    /// Splits a rendered file and reads its documents: the costly part of [`arrange`], which needs no other file.
    pub fn new(file: ManifestFile) -> Self {
        let documents = if is_manifest_file(&file.path) {
            read_documents(&file)
        } else {
            Vec::new()
        };
        Self { file, documents }
    }

    /// As [`ReadFile::new`], of a file of `crds/`, whatever its name.
    pub fn of_crds(file: ManifestFile) -> Self {
        let documents = read_documents(&file);
        Self { file, documents }
    }
}

/// Splits rendered files into manifests, reads each, and brings those that are wanted into Helm's order.
///
/// Partials and `NOTES.txt` among the files are left out. Every document that cannot be read is reported.
pub fn arrange(
    rendered: Vec<ManifestFile>,
    crds: Vec<ManifestFile>,
    selection: Selection,
) -> Result<Arranged, Vec<Diagnostic>> {
    let rendered = rendered.into_iter().map(ReadFile::new).collect();
    let crds = if selection.include_crds {
        crds.into_iter().map(ReadFile::of_crds).collect()
    } else {
        Vec::new()
    };
    arrange_read(rendered, crds, selection)
}

/// As [`arrange`], with files that have been read, and the files of `crds/` that are wanted.
pub fn arrange_read(
    rendered: Vec<ReadFile>,
    crds: Vec<ReadFile>,
    selection: Selection,
) -> Result<Arranged, Vec<Diagnostic>> {
    let mut files = rendered;
    files.retain(|read| is_manifest_file(&read.file.path));
    // Helm walks files by name, whatever folder depth and whatever chart they are of.
    files.sort_by(|left, right| left.file.path.cmp(&right.file.path));
    let mut gathered = Gathered {
        keep: selection.files,
        ..Gathered::default()
    };
    gathered.refuse_shared_paths(&files);
    for file in files {
        gathered.take_file(file);
    }
    for file in crds {
        gathered.take_crd(file);
    }
    if !gathered.errors.is_empty() {
        return Err(gathered.errors);
    }
    gathered.warn_of_duplicates();
    gathered.warn_of_missing_heads();
    Ok(gathered.in_order(selection))
}

/// Whether Helm looks for manifests in the rendered file at `path`.
pub(super) fn is_manifest_file(path: &str) -> bool {
    let base = path.rsplit('/').next().unwrap_or(path);
    !base.starts_with('_') && !path.ends_with("NOTES.txt")
}

/// Manifests by role, and what was found wrong on the way.
#[derive(Debug, Default)]
struct Gathered {
    crds: Vec<Manifest>,
    plain: Vec<Manifest>,
    hooks: Vec<Manifest>,
    /// The template of each path, for messages.
    templates: BTreeMap<String, Arc<Source>>,
    silent: Vec<String>,
    keep: Files,
    files: BTreeMap<String, ManifestFile>,
    warnings: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

impl Gathered {
    /// Two charts of one name render to the same paths; Helm picks one of them at random.
    fn refuse_shared_paths(&mut self, files: &[ReadFile]) {
        for pair in files.windows(2) {
            let (first, second) = (&pair[0].file, &pair[1].file);
            if first.path != second.path {
                continue;
            }
            let message = format!("two templates render to `{}`", first.path);
            self.errors.push(
                Diagnostic::error("duplicate-template", message)
                    .at(Place::whole(&first.template))
                    .at(Place::whole(&second.template))
                    .help("give one of the charts another name, or an `alias` where it is a dependency"),
            );
        }
    }

    fn take_file(&mut self, read: ReadFile) {
        let ReadFile { file, documents } = read;
        self.templates
            .insert(file.path.clone(), Arc::clone(&file.template));
        if documents.is_empty() {
            self.silent.push(file.path.clone());
        }
        for read in documents {
            let document = broken::Document {
                file: &file,
                number: read.number,
                offset: read.bytes.start,
            };
            match read.outcome {
                Ok(reading) => self.take_document(&document, read.bytes, reading),
                Err(errors) => self.errors.extend(errors),
            }
        }
        self.keep(file);
    }

    fn keep(&mut self, file: ManifestFile) {
        if self.keep == Files::Kept {
            self.files.insert(file.path.clone(), file);
        }
    }

    /// CRDs are printed as they stand, so reading them only finds out whether they can be read.
    fn take_crd(&mut self, read: ReadFile) {
        let ReadFile { file, documents } = read;
        let mut head = None;
        for document in documents {
            match document.outcome {
                Ok(reading) => head = head.or(Some(reading.head)),
                Err(errors) => self.errors.extend(errors),
            }
        }
        self.crds.push(Manifest {
            path: file.path.clone(),
            document: 1,
            offset: 0,
            text: Excerpt::whole(Arc::clone(&file.text)),
            head: head.unwrap_or_default(),
            is_empty: false,
            role: Role::Crd,
        });
        self.keep(file);
    }

    fn take_document(&mut self, document: &broken::Document<'_>, bytes: Range<usize>, reading: Reading) {
        let (list, role) = match reading.hook {
            Hooked::No => (&mut self.plain, Role::Plain),
            Hooked::Yes(hook) => (&mut self.hooks, Role::Hook(hook)),
            Hooked::Unknown(events) => return self.warn_of_unknown_hook(document, &events),
        };
        list.push(Manifest {
            path: document.file.path.clone(),
            document: document.number,
            offset: document.offset,
            text: Excerpt::part(&document.file.text, bytes),
            head: reading.head,
            is_empty: reading.is_empty,
            role,
        });
    }

    fn warn_of_unknown_hook(&mut self, document: &broken::Document<'_>, events: &str) {
        let (number, path) = (document.number, &document.file.path);
        let message = format!("document {number} of `{path}` is left out: `{events}` is not a hook");
        self.warnings.push(
            Diagnostic::warning("unknown-hook", message)
                .at(Place::whole(&document.file.template))
                .help(format!("hooks are {}", head::EVENTS.join(", "))),
        );
    }

    /// Two manifests of one object overwrite each other when they are applied.
    fn warn_of_duplicates(&mut self) {
        let mut seen: BTreeMap<(&str, &str, &str, &str), &Manifest> = BTreeMap::new();
        for manifest in self
            .plain
            .iter()
            .filter(|manifest| !manifest.head.name.is_empty())
        {
            let head = &manifest.head;
            // Versions of one group show the same object.
            let group = head.api_version.rsplit_once('/').map_or("", |(group, _)| group);
            let Some(first) = seen.insert((group, &head.kind, &head.namespace, &head.name), manifest) else {
                continue;
            };
            let (first, second) = (first.described(), manifest.described());
            let message = format!(
                "{} `{}` is rendered twice: by {first} and by {second}",
                head.kind, head.name
            );
            self.warnings.push(
                Diagnostic::warning("duplicate-manifest", message)
                    .help("the second overwrites the first when both are applied"),
            );
        }
    }

    /// Helm prints what has no kind; no cluster accepts it.
    fn warn_of_missing_heads(&mut self) {
        for manifest in self.plain.iter().filter(|manifest| !manifest.is_empty) {
            let missing = match (
                manifest.head.kind.is_empty(),
                manifest.head.api_version.is_empty(),
            ) {
                (true, true) => "neither `apiVersion` nor `kind`",
                (true, false) => "no `kind`",
                (false, true) => "no `apiVersion`",
                (false, false) => continue,
            };
            let message = format!("{} has {missing}; no cluster accepts it", manifest.described());
            let template = self.templates.get(&manifest.path).map(Place::whole);
            self.warnings
                .push(Diagnostic::warning("no-kind", message).at_maybe(template));
        }
    }

    fn in_order(mut self, selection: Selection) -> Arranged {
        order::sort(&mut self.plain);
        order::sort(&mut self.hooks);
        self.hooks.retain(|manifest| match &manifest.role {
            Role::Hook(hook) => !(selection.no_hooks || selection.skip_tests && hook.is_test()),
            _ => true,
        });
        let manifests = self
            .crds
            .into_iter()
            .chain(self.plain)
            .chain(self.hooks)
            .collect();
        Arranged {
            manifests,
            silent: self.silent,
            files: self.files,
            warnings: self.warnings,
        }
    }
}

/// Splits a file and reads its documents.
fn read_documents(file: &ManifestFile) -> Vec<ReadDocument> {
    let read_piece = |(number, piece): (usize, split::Piece<'_>)| {
        let document = broken::Document {
            file,
            number,
            offset: piece.offset,
        };
        ReadDocument {
            number,
            bytes: piece.offset..piece.offset + piece.text.len(),
            outcome: read(piece.text, &document),
        }
    };
    (1..).zip(split::split(&file.text.text)).map(read_piece).collect()
}

/// Reads one document. All but its head must only be YAML, which most documents plainly are.
fn read(text: &str, document: &broken::Document<'_>) -> Result<Reading, Vec<Diagnostic>> {
    if let Some(reading) = skimmed(text) {
        return Ok(reading);
    }
    let source = Source::sensitive(document.name(), text);
    let value = yaml::read(&source).map_err(|errors| document.unreadable(errors))?;
    head::read(&value, &source).map_err(|errors| document.unreadable(errors))
}

/// What is read of a document that is plainly YAML and has a head without faults.
fn skimmed(text: &str) -> Option<Reading> {
    let source = Source::new("", yaml::excerpt(text, head::is_read)?);
    let value = yaml::read(&source).ok()?;
    let reading = head::read(&value, &source).ok()?;
    // It has entries, if none that count here.
    Some(Reading {
        is_empty: false,
        ..reading
    })
}
