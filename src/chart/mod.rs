//! Owns `Chart` and its loaders: a directory in Helm's layout, a directory in the three-folder layout of the
//! bundled charts, and the bundled charts themselves.
//!
//! It does not merge values and does not render.

use crate::source::Source;
use crate::yaml::Map;
use std::sync::Arc;

mod metadata;

pub use metadata::Metadata;

/// A chart in memory, whatever it was loaded from.
#[derive(Clone, Debug)]
pub struct Chart {
    /// `Chart.yaml`.
    pub metadata: Metadata,
    /// The defaults of `values.yaml`, each leaf with its origin.
    pub values: Map,
    /// The text of `values.yaml`, comments included.
    pub values_source: Option<Arc<Source>>,
    /// `values.schema.json`.
    pub schema: Option<Arc<Source>>,
    /// Files under `templates/`, sorted by name; the suffix `.j2` marks Jinja.
    pub templates: Vec<Template>,
    /// Every other file, sorted by name: what `.Files` serves, `crds/`, README.
    pub files: Vec<File>,
    /// Subcharts.
    pub dependencies: Vec<Chart>,
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
    pub data: Arc<[u8]>,
}
