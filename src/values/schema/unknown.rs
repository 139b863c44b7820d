//! Owns keys that a closed schema does not know: the nearest known key, and keys that were renamed.
//!
//! A renamed key is always an error: its value would have no effect, and the new name is known.

use super::lookup;
use super::report::Report;
use super::spot::{Spot, Step};
use crate::diagnostic::Diagnostic;
use crate::suggest;
use serde_json::Value as Json;

/// The key whose values Helm hands to every subchart.
const GLOBAL: &str = "global";

impl Report<'_> {
    /// Reports `key` of the map at `parent`, which the schema does not know.
    pub(super) fn unknown(&mut self, parent: &Spot, key: &str) {
        let spot = parent.step(key);
        let renamed = self.renamed(&spot);
        if !renamed.is_empty() {
            for finding in renamed {
                self.push(finding);
            }
            return;
        }
        if self.options.allow_unknown && self.has_many() {
            return;
        }
        let path = spot.path(self.parents);
        let known = lookup::known_keys(self.schema, &parent.steps);
        let near = suggest::nearest(key, known.iter().copied())
            .map(|near| format!("; did you mean `{}`?", parent.step(near).path(self.parents)))
            .unwrap_or_default();
        let chart = match self.parents.last() {
            Some(name) => format!("the chart `{name}`"),
            None => "this chart".to_owned(),
        };
        let message = format!("`{path}` is not a value of {chart}{near}");
        let finding = if self.options.allow_unknown {
            Diagnostic::warning("unknown-value", message)
        } else {
            Diagnostic::error("unknown-value", message)
        };
        let mut finding = self.secrets.mark(finding, &spot, "");
        if key == GLOBAL && parent.steps.is_empty() && !self.parents.is_empty() {
            finding = finding.help("Helm hands `global` to every subchart, so a closed schema must know it");
        }
        self.push(finding);
    }

    /// What the schema says about a new name of the unknown key at `spot`, or of keys inside it.
    fn renamed(&self, spot: &Spot) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for depth in 0..spot.steps.len() {
            let (base, rest) = spot.steps.split_at(depth);
            let Some(old) = dotted(rest) else { continue };
            let base = Spot::of(self.values, base);
            for (from, to) in self.renames(&base) {
                let inside = from
                    .strip_prefix(&old)
                    .map(|inside| inside.strip_prefix('.').unwrap_or(inside));
                let found = match inside {
                    Some("") => Some(spot.clone()),
                    // Only a whole key is a prefix: `jwt` is none of `jwtSecret`.
                    Some(inside) if from[old.len()..].starts_with('.') => spot.inside(inside),
                    _ => None,
                };
                findings.extend(found.map(|found| self.rename(&found, &base, to)));
            }
        }
        findings
    }

    /// The entries of `x-renamed` of the map at `base`.
    fn renames(&self, base: &Spot) -> Vec<(&str, &str)> {
        lookup::parts(self.schema, &base.steps)
            .into_iter()
            .filter_map(|part| part.get("x-renamed")?.as_object())
            .flatten()
            .filter_map(|(from, to)| Some((from.as_str(), Json::as_str(to)?)))
            .collect()
    }

    fn rename(&self, spot: &Spot, base: &Spot, to: &str) -> Diagnostic {
        let path = spot.path(self.parents);
        let finding = if to.contains(char::is_whitespace) {
            Diagnostic::error(
                "renamed-value",
                format!("`{path}` is no longer a value of this chart"),
            )
            .help(to)
        } else {
            let new = match base.path(self.parents) {
                base if base.is_empty() => to.to_owned(),
                base => format!("{base}.{to}"),
            };
            Diagnostic::error("renamed-value", format!("`{path}` is now `{new}`"))
                .help(format!("move the value to `{new}`"))
        };
        self.secrets.mark(finding, spot, "")
    }
}

/// Steps as a dotted path; None if an index is among them.
fn dotted(steps: &[Step]) -> Option<String> {
    let keys: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    keys.map(|keys| keys.join("."))
}
