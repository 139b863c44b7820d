//! Owns rendering: picks the engine for each template, builds what templates see, and gives back texts.
//!
//! It reads no disk and knows no Kubernetes.

use crate::source::Source;
use std::sync::Arc;

/// The text of one rendered template.
#[derive(Clone, Debug)]
pub struct RenderedFile {
    /// What Helm's `# Source:` line says: `kubiya-runner/templates/components/x.yaml`, without `.j2`.
    pub path: String,
    /// The template it came from.
    pub template: Arc<Source>,
    /// The text, untouched.
    pub text: String,
}
