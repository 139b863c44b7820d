//! Owns `Chart` and its loaders: a directory in Helm's layout, a directory in the three-folder layout of the
//! bundled charts, a `.tgz` archive, and the bundled charts themselves.
//!
//! It does not merge values, does not decide which subcharts are enabled, and does not render.

use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::yaml::Map;
use std::path::PathBuf;
use std::sync::Arc;

mod archive;
mod assemble;
mod beside;
mod bundled;
mod ci;
mod contents;
mod directory;
mod disk;
mod expand;
mod ignore;
mod layout;
mod limits;
mod metadata;
mod version;
mod walk;

pub use bundled::{bundled, bundled_names};
pub use ci::ci_values;
pub use contents::Contents;
pub use directory::{load, load_archive, load_named};
pub use metadata::{Dependency, Lock, Maintainer, Metadata};
pub use version::is_valid as is_version;

/// A chart in memory, whatever it was loaded from.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What messages call the chart: the path it was loaded from.
    pub location: String,
    /// The directory with its `Chart.yaml`, if it was loaded from one.
    pub directory: Option<PathBuf>,
    /// The full path of the chart that holds it, as in `parent/charts/child`; empty for the root.
    pub parent: String,
    /// `Chart.yaml`.
    pub metadata: Metadata,
    /// The text of `Chart.yaml`.
    pub metadata_source: Option<Arc<Source>>,
    /// `Chart.lock`, or `requirements.lock` of charts of `apiVersion: v1`.
    pub lock: Option<Lock>,
    /// The defaults of `values.yaml`, each leaf with its origin.
    pub values: Map,
    /// The text of `values.yaml`, comments included.
    pub values_source: Option<Arc<Source>>,
    /// `values.schema.json`.
    pub schema: Option<Arc<Source>>,
    /// Files under `templates/`, sorted by name; the suffix `.j2` marks Jinja.
    pub templates: Vec<Template>,
    /// Every other file in the order Helm loads them: what `.Files` serves, `crds/`, README.
    pub files: Vec<File>,
    /// Subcharts, sorted by the folder or archive in `charts/` that holds them; after dependencies are processed
    /// in the order of their declarations, behind those that are not declared.
    pub dependencies: Vec<Arc<Chart>>,
    /// What loading found worth telling.
    pub warnings: Vec<Diagnostic>,
}

/// A template source.
#[derive(Clone, Debug)]
pub struct Template {
    /// Path inside the chart with `/`: `templates/components/agent-manager/deployment.yaml.j2`.
    pub name: String,
    /// Its text, named as the user knows it (a path on disk, or the path in the source tree if embedded).
    pub source: Arc<Source>,
}

/// A file that is not a template.
#[derive(Clone, Debug)]
pub struct File {
    /// Path inside the chart with `/`.
    pub name: String,
    /// Its bytes.
    pub data: Contents,
}

/// A file of `crds/` that holds manifests.
#[derive(Clone, Debug)]
pub struct Crd {
    /// What Helm's `# Source:` line says: `parent/charts/child/crds/x.yaml`.
    pub path: String,
    /// Its text.
    pub source: Arc<Source>,
}

impl Chart {
    /// Whether any template is Jinja: such charts print numbers and report typing errors in Jinja's stricter way.
    pub fn is_jinja(&self) -> bool {
        self.templates.iter().any(Template::is_jinja)
    }

    /// Helm's `ChartFullPath`: `parent/charts/child`, what the paths of its templates and CRDs start with.
    pub fn full_path(&self) -> String {
        let name = &self.metadata.name;
        if self.is_root() {
            name.clone()
        } else {
            format!("{}/charts/{name}", self.parent)
        }
    }

    /// Whether no other chart holds it.
    pub fn is_root(&self) -> bool {
        self.parent.is_empty()
    }

    /// The manifests of `crds/`, the chart's own before its subcharts', in the order Helm installs them.
    ///
    /// A file that is not UTF-8 is an error: it cannot be a manifest.
    pub fn crds(&self) -> Result<Vec<Crd>, Vec<Diagnostic>> {
        let mut crds = Vec::new();
        let mut errors = Vec::new();
        self.gather_crds(&mut crds, &mut errors);
        if errors.is_empty() { Ok(crds) } else { Err(errors) }
    }

    /// Why files of the chart or its subcharts that somebody asked for could not be read.
    pub fn failures(&self) -> Vec<Diagnostic> {
        let own = self.files.iter().filter_map(|file| file.data.failure());
        let below = self.dependencies.iter().flat_map(|child| child.failures());
        own.chain(below).collect()
    }

    fn gather_crds(&self, crds: &mut Vec<Crd>, errors: &mut Vec<Diagnostic>) {
        let path = self.full_path();
        let is_manifest = |name: &str| {
            let known = ["yaml", "yml", "json"];
            known
                .iter()
                .any(|known| extension(name).eq_ignore_ascii_case(known))
        };
        for file in self
            .files
            .iter()
            .filter(|file| file.name.starts_with("crds/") && is_manifest(&file.name))
        {
            let shown = format!("{}/{}", self.location, file.name);
            match file.data.copy().and_then(|data| assemble::text(&shown, data)) {
                Ok(source) => crds.push(Crd {
                    path: format!("{path}/{}", file.name),
                    source,
                }),
                Err(error) => errors.push(error),
            }
        }
        for child in &self.dependencies {
            child.gather_crds(crds, errors);
        }
    }
}

impl Template {
    /// Whether it is Jinja; anything else is Go.
    pub fn is_jinja(&self) -> bool {
        self.name.ends_with(JINJA_SUFFIX)
    }
}

/// What the names of Jinja templates end with.
pub const JINJA_SUFFIX: &str = ".j2";

/// What follows the last dot of a file's name.
fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests;
