//! Owns manifests: rendered files split into documents, hooks, install order, selection and writing.
//!
//! It knows no template engine and no chart: it takes paths and texts.

use crate::diagnostic::Diagnostic;
use crate::source::{Source, TextMap};
use crate::yaml;
use crate::yaml::{Map, Value};
use std::sync::Arc;

mod arrange;
mod broken;
mod documents;
mod excerpt;
mod head;
mod order;
mod select;
mod split;
mod write;

pub use arrange::{Arranged, ReadFile, arrange, arrange_read};
pub use documents::RenderedDocument;
pub use excerpt::Excerpt;
pub use head::{Head, Hook};
pub use order::INSTALL_ORDER;
pub use select::{select, select_printed};
pub use write::{parts, split_hooks, write, write_directory, write_selected, write_unread};

/// A text that holds manifests: a rendered template, or a file of `crds/`.
#[derive(Clone, Debug)]
pub struct ManifestFile {
    /// What Helm's `# Source:` line says: `kubiya-runner/templates/components/x.yaml`.
    pub path: String,
    /// What the user wrote: the template, or the file itself.
    pub template: Arc<Source>,
    /// The text as rendered; of a file of `crds/`, what the user wrote.
    pub text: Arc<Source>,
    /// Which parts of the template made which parts of the text, as far as that is known.
    pub map: TextMap,
}

/// One document of a rendered file.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What Helm's `# Source:` line says.
    pub path: String,
    /// Which document of its file it is, counted from 1.
    pub document: usize,
    /// Where it starts in its file.
    pub offset: usize,
    /// Its text, without white space around it; of CRDs, the whole file.
    pub text: Excerpt,
    /// What identifies it.
    pub head: Head,
    /// Whether it holds nothing, or comments alone.
    pub is_empty: bool,
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
    /// What becomes of the rendered files.
    pub files: Files,
}

/// Whether rendered files outlive the manifests that were found in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Files {
    /// Nobody needs them.
    #[default]
    Dropped,
    /// They lead from manifests back to their templates, for those who check them.
    Kept,
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
    let text = yaml::write(&Value::from(value)).map_err(|error| {
        Diagnostic::error(
            "namespace",
            format!("`{}` is not a namespace: {error}", name.escape_debug()),
        )
    })?;
    Ok(Manifest {
        path: "namespace.yaml".to_owned(),
        document: 1,
        offset: 0,
        text: Excerpt::whole(Source::new("namespace.yaml", text)).trimmed(),
        head: Head {
            api_version: "v1".to_owned(),
            kind: "Namespace".to_owned(),
            name: name.to_owned(),
            namespace: String::new(),
        },
        is_empty: false,
        role: Role::Namespace,
    })
}

impl ManifestFile {
    /// What a template rendered.
    pub fn rendered(path: String, template: Arc<Source>, text: String, map: TextMap) -> Self {
        Self {
            text: Source::sensitive(format!("{path} (rendered)"), text),
            path,
            template,
            map,
        }
    }

    /// A file that holds manifests as the user wrote them.
    pub fn written(path: String, source: Arc<Source>) -> Self {
        Self {
            path,
            template: Arc::clone(&source),
            text: source,
            map: TextMap::default(),
        }
    }
}

impl Manifest {
    /// What messages call it.
    fn described(&self) -> String {
        format!("document {} of `{}`", self.document, self.path)
    }
}

#[cfg(test)]
mod tests;
