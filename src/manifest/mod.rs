//! Owns manifests: rendered files split into documents, hooks, install order, selection and writing.
//!
//! It knows no template engine and no chart: it takes paths and texts.

use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::yaml;
use crate::yaml::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

mod broken;
mod head;
mod order;
mod select;
mod split;
mod write;

pub use head::{Head, Hook};
pub use order::INSTALL_ORDER;
pub use select::select;
pub use write::{write, write_directory, write_selected};

/// A text that holds manifests: a rendered template, or a file of `crds/`.
#[derive(Clone, Debug)]
pub struct ManifestFile {
    /// What Helm's `# Source:` line says: `kubiya-runner/templates/components/x.yaml`.
    pub path: String,
    /// What the user wrote: the template, or the file itself.
    pub template: Arc<Source>,
    /// The text as rendered.
    pub text: String,
}

/// One document of a rendered file.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What Helm's `# Source:` line says.
    pub path: String,
    /// Which document of its file it is, counted from 1.
    pub document: usize,
    /// Its text, without white space around it; of CRDs, the whole file.
    pub text: String,
    /// What identifies it.
    pub head: Head,
    /// The whole document, read; null for CRDs.
    pub value: Value,
    /// What it is to the release.
    pub role: Role,
}

/// What a manifest is to its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The release's namespace, which the chart does not render itself.
    Namespace,
    /// A file of `crds/`, installed before everything else.
    Crd,
    /// A part of the release.
    Plain,
    /// Run at points of the release's life, not a part of it.
    Hook(Hook),
}

/// Which manifests are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection {
    /// The files of `crds/` too.
    pub include_crds: bool,
    /// No hooks.
    pub no_hooks: bool,
    /// No hooks that are tests.
    pub skip_tests: bool,
}

/// The manifests of a release.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    /// CRDs, then the release's own manifests in install order, then hooks in install order.
    pub manifests: Vec<Manifest>,
    /// What is worth knowing.
    pub warnings: Vec<Diagnostic>,
}

/// Splits rendered files into manifests, reads each, and brings those that are wanted into Helm's order.
///
/// Partials and `NOTES.txt` among the files are left out. Every document that cannot be read is reported.
pub fn arrange(
    rendered: Vec<ManifestFile>,
    crds: Vec<ManifestFile>,
    selection: Selection,
) -> Result<Arranged, Vec<Diagnostic>> {
    let mut files = rendered;
    files.retain(|file| is_manifest_file(&file.path));
    // Helm walks files by name, whatever folder depth and whatever chart they are of.
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let mut gathered = Gathered::default();
    for file in &files {
        gathered.take_file(file);
    }
    if selection.include_crds {
        for file in crds {
            gathered.take_crd(file);
        }
    }
    if !gathered.errors.is_empty() {
        return Err(gathered.errors);
    }
    gathered.warn_of_duplicates();
    gathered.warn_of_missing_heads();
    let Gathered {
        crds,
        mut plain,
        mut hooks,
        warnings,
        ..
    } = gathered;
    order::sort(&mut plain);
    order::sort(&mut hooks);
    hooks.retain(|manifest| match &manifest.role {
        Role::Hook(hook) => !(selection.no_hooks || selection.skip_tests && hook.is_test()),
        _ => true,
    });
    let manifests = crds.into_iter().chain(plain).chain(hooks).collect();
    Ok(Arranged { manifests, warnings })
}

/// The manifest of a release's namespace, for those who apply manifests without Helm.
pub fn namespace(name: &str) -> Result<Manifest, Diagnostic> {
    let metadata: Map = [("name", name)].into_iter().collect();
    let value: Map = [
        ("apiVersion", Value::from("v1")),
        ("kind", Value::from("Namespace")),
        ("metadata", Value::from(metadata)),
    ]
    .into_iter()
    .collect();
    let value = Value::from(value);
    let text = yaml::write(&value).map_err(|error| {
        Diagnostic::error(
            "namespace",
            format!("`{}` is not a namespace: {error}", name.escape_debug()),
        )
    })?;
    Ok(Manifest {
        path: "namespace.yaml".to_owned(),
        document: 1,
        text: text.trim().to_owned(),
        head: Head {
            api_version: "v1".to_owned(),
            kind: "Namespace".to_owned(),
            name: name.to_owned(),
            namespace: String::new(),
        },
        value,
        role: Role::Namespace,
    })
}

/// Whether Helm looks for manifests in the rendered file at `path`.
fn is_manifest_file(path: &str) -> bool {
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
    warnings: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

impl Gathered {
    fn take_file(&mut self, file: &ManifestFile) {
        let rendered = Source::sensitive(format!("{} (rendered)", file.path), file.text.as_str());
        self.templates
            .insert(file.path.clone(), Arc::clone(&file.template));
        for (document, piece) in (1..).zip(split::split(&file.text)) {
            let place = broken::Document {
                file,
                rendered: &rendered,
                number: document,
                offset: piece.offset,
            };
            match read(piece.text, &place) {
                Ok((value, reading)) => self.take_document(file, document, piece.text, value, reading),
                Err(errors) => self.errors.extend(errors),
            }
        }
    }

    /// CRDs are printed as they stand, so reading them only finds out whether they can be read.
    fn take_crd(&mut self, file: ManifestFile) {
        let mut head = None;
        for (document, piece) in (1..).zip(split::split(&file.text)) {
            let place = broken::Document {
                file: &file,
                rendered: &file.template,
                number: document,
                offset: piece.offset,
            };
            match read(piece.text, &place) {
                Ok((_, reading)) => head = head.or(Some(reading.head)),
                Err(errors) => self.errors.extend(errors),
            }
        }
        self.crds.push(Manifest {
            path: file.path,
            document: 1,
            text: file.text,
            head: head.unwrap_or_default(),
            value: Value::Null,
            role: Role::Crd,
        });
    }

    fn take_document(
        &mut self,
        file: &ManifestFile,
        document: usize,
        text: &str,
        value: Value,
        reading: head::Reading,
    ) {
        let role = match reading.hook {
            head::Hooked::No => Role::Plain,
            head::Hooked::Yes(hook) => Role::Hook(hook),
            head::Hooked::Unknown(events) => {
                let message = format!(
                    "document {document} of `{}` is left out: `{events}` is not a hook",
                    file.path
                );
                self.warnings.push(
                    Diagnostic::warning("unknown-hook", message)
                        .at(crate::source::Place::whole(&file.template))
                        .help(format!("hooks are {}", head::EVENTS.join(", "))),
                );
                return;
            }
        };
        let list = if role == Role::Plain {
            &mut self.plain
        } else {
            &mut self.hooks
        };
        list.push(Manifest {
            path: file.path.clone(),
            document,
            text: text.to_owned(),
            head: reading.head,
            value,
            role,
        });
    }

    /// Two manifests of one object overwrite each other when they are applied.
    fn warn_of_duplicates(&mut self) {
        let mut seen: BTreeMap<(String, &str, &str, &str), &Manifest> = BTreeMap::new();
        for manifest in self
            .plain
            .iter()
            .filter(|manifest| !manifest.head.name.is_empty())
        {
            let head = &manifest.head;
            let group = head
                .api_version
                .rsplit_once('/')
                .map_or("", |(group, _)| group)
                .to_owned();
            let Some(first) = seen.insert((group, &head.kind, &head.namespace, &head.name), manifest) else {
                continue;
            };
            let message = format!(
                "{} `{}` is rendered twice: by {} and by {}",
                head.kind,
                head.name,
                first.described(),
                manifest.described()
            );
            self.warnings.push(
                Diagnostic::warning("duplicate-manifest", message)
                    .help("the second overwrites the first when both are applied"),
            );
        }
    }

    /// Helm prints what has no kind; no cluster accepts it.
    fn warn_of_missing_heads(&mut self) {
        for manifest in self.plain.iter().filter(|manifest| !manifest.value.is_null()) {
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
            let template = self
                .templates
                .get(&manifest.path)
                .map(crate::source::Place::whole);
            self.warnings
                .push(Diagnostic::warning("no-kind", message).at_maybe(template));
        }
    }
}

/// Reads one document.
fn read(text: &str, place: &broken::Document<'_>) -> Result<(Value, head::Reading), Vec<Diagnostic>> {
    let source = Source::sensitive(place.name(), text);
    let value = yaml::read(&source).map_err(|errors| place.unreadable(errors))?;
    let reading = head::read(&value, &source).map_err(|errors| place.unreadable(errors))?;
    Ok((value, reading))
}

impl Manifest {
    /// What messages call it.
    fn described(&self) -> String {
        format!("document {} of `{}`", self.document, self.path)
    }
}
