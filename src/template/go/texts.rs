//! Owns the texts that `tpl` has parsed in one rendering: each is parsed once.
//!
//! It does not execute them.

use super::parse::parse_alone;
use super::templates::TextTemplates;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What Helm calls every template that is a text.
const NAME: &str = "gotpl";

/// What messages call a text; its lines may hold what users keep secret.
const SHOWN: &str = "<tpl>";

/// How many bytes of texts are kept parsed.
const KEPT: usize = 16 << 20;

/// Parsed texts by their content.
#[derive(Debug, Default)]
pub(super) struct Texts {
    parsed: BTreeMap<Arc<str>, Arc<TextTemplates>>,
    bytes: usize,
}

impl Texts {
    /// The templates of a text.
    pub(super) fn parse(&mut self, text: &Arc<str>) -> Result<Arc<TextTemplates>, Vec<Diagnostic>> {
        if let Some(parsed) = self.parsed.get(text) {
            return Ok(Arc::clone(parsed));
        }
        let source = Source::sensitive(SHOWN, &**text);
        let trees = parse_alone(&source, NAME)?;
        let parsed = Arc::new(TextTemplates::new(trees, NAME));
        self.bytes += text.len();
        if self.bytes > KEPT {
            self.parsed.clear();
            self.bytes = text.len();
        }
        self.parsed.insert(Arc::clone(text), Arc::clone(&parsed));
        Ok(parsed)
    }
}
