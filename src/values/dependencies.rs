//! Owns what Helm calls processing dependencies: aliases, tags and conditions decide which subcharts a chart has,
//! and `import-values` adds to its defaults.
//!
//! It follows Helm's `ProcessDependenciesWithMerge` in every corner. Coalescing is `coalesce`'s; which version meets
//! which constraint it asks its caller.

use super::coalesce::{Nulls, Pass};
use super::described;
use super::journal::Journal;
use crate::chart::{Chart, Dependency};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Map, Slot, Value};
use std::sync::Arc;
use tree::{NodeId, RequirementId, Tree};

mod import;
mod tree;

/// Whether a constraint, the first text, allows a version, the second; false if either cannot be read.
pub type Allows = fn(&str, &str) -> bool;

/// A chart whose dependencies were processed.
#[derive(Clone, Debug)]
pub struct Processed {
    /// The chart with the subcharts that are enabled, under their aliases; the chart itself if nothing changes.
    pub chart: Arc<Chart>,
    /// Warnings of conditions, tags and imports that say nothing; errors where values do not fit subcharts.
    pub findings: Vec<Diagnostic>,
}

/// Decides which subcharts of `chart`, at any depth, these overrides enable.
pub fn process_dependencies(chart: &Arc<Chart>, overrides: &Map, allows: Allows) -> Processed {
    // Nothing below is visible in charts that declare no dependencies.
    if !declares(chart) {
        return Processed {
            chart: Arc::clone(chart),
            findings: Vec::new(),
        };
    }
    let mut selection = Selection {
        tree: Tree::new(chart, allows),
        pass: Pass {
            journal: Some(Journal::default()),
            ..Pass::default()
        },
        findings: Vec::new(),
    };
    selection.chart(Tree::ROOT, &overrides.deep_copy(), "");
    let Selection {
        mut tree,
        mut findings,
        ..
    } = selection;
    findings.extend(tree.too_large());
    if !findings.iter().any(Diagnostic::is_error) {
        findings.extend(import::import_values(&mut tree));
    }
    Processed {
        chart: tree.into_chart(),
        findings,
    }
}

/// Whether a chart or one of its subcharts declares dependencies, be it an empty list.
fn declares(chart: &Chart) -> bool {
    chart.metadata.dependencies.is_some() || chart.dependencies.iter().any(|chart| declares(chart))
}

/// Which subcharts are enabled: Helm's `processDependencyEnabled`.
struct Selection<'c> {
    tree: Tree<'c>,
    pass: Pass,
    findings: Vec<Diagnostic>,
}

impl Selection<'_> {
    /// Selects the subcharts of `node` and, below them, theirs. `values` are the coalesced values of the chart
    /// above; they are the same when this returns. `path` leads in them to the values of `node`.
    fn chart(&mut self, node: NodeId, values: &Map, path: &str) {
        // The subcharts of a chart that declares none are left alone, whatever they declare themselves.
        let Some(requirements) = self.tree.requirements(node) else {
            return;
        };
        self.tree.apply_aliases(node);
        if self.tree.is_full() {
            return;
        }
        let before = self.journal().mark();
        // Helm takes the values of the whole release for those of the subchart here: its own defaults fill gaps
        // at the top, and a value that is named like one of its subcharts must be a map.
        if self.coalesce(node, values) {
            let disabled: Vec<RequirementId> = requirements
                .into_iter()
                .filter(|requirement| !self.is_enabled(*requirement, values, path))
                .collect();
            self.tree.disable(node, &disabled);
            for subchart in self.tree.subcharts(node) {
                let path = format!("{path}{}.", self.tree.name(subchart));
                self.chart(subchart, values, &path);
            }
        }
        self.journal().undo(before);
    }

    fn journal(&mut self) -> &mut Journal {
        self.pass.journal.get_or_insert_default()
    }

    /// Adds the defaults of a chart to the values; false if they do not fit.
    fn coalesce(&mut self, node: NodeId, values: &Map) -> bool {
        self.pass
            .chart(&self.tree.defaults(node), values, "", Nulls::Delete);
        self.journal().part_globals();
        // Conflicts are told when the values are coalesced for good; those of charts below the root would mislead.
        let errors: Vec<Diagnostic> = std::mem::take(&mut self.pass.findings)
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect();
        let fits = errors.is_empty();
        let name = self.tree.name(node);
        self.findings.extend(errors.into_iter().map(|error| {
            if node == Tree::ROOT {
                return error;
            }
            error.help(format!(
                "to decide which subcharts of `{name}` are enabled, Helm takes the values of the release for its values"
            ))
        }));
        fits
    }

    /// The first condition that is a boolean decides, else the tags.
    fn is_enabled(&mut self, requirement: RequirementId, values: &Map, path: &str) -> bool {
        let requirement = self.tree.requirement(requirement);
        let by_tags = by_tags(requirement, values, &mut self.findings);
        by_condition(requirement, values, path, &mut self.findings).unwrap_or(by_tags)
    }
}

/// Helm's `processDependencyTags`: one tag that is true enables, else one that is false disables.
fn by_tags(requirement: &Dependency, values: &Map, findings: &mut Vec<Diagnostic>) -> bool {
    let Some(Value::Map(tags)) = values.get("tags") else {
        return true;
    };
    let mut disabled = false;
    let mut enabled = false;
    for tag in &requirement.tags {
        match tags.read().get(tag.as_str()) {
            None => {}
            Some(slot) => match slot.value {
                Value::Bool(true) => enabled = true,
                Value::Bool(false) => disabled = true,
                _ => {
                    let message = format!(
                        "tag `{tag}` for chart `{}` returned non-bool value",
                        requirement.name
                    );
                    findings.push(ignored("dependency-tags", message, slot));
                }
            },
        }
    }
    enabled || !disabled
}

/// Helm's `processDependencyConditions`.
fn by_condition(
    requirement: &Dependency,
    values: &Map,
    path: &str,
    findings: &mut Vec<Diagnostic>,
) -> Option<bool> {
    // Blanks around commas are part of the paths: Helm trims the ends of the whole alone.
    let conditions = requirement.condition.trim().split(',');
    for condition in conditions.filter(|condition| !condition.is_empty()) {
        let Some(slot) = value_at(values, &format!("{path}{condition}")) else {
            continue;
        };
        if let Value::Bool(enabled) = slot.value {
            return Some(enabled);
        }
        let message = format!(
            "condition path `{condition}` for chart `{}` returned non-bool value",
            requirement.name
        );
        findings.push(ignored("dependency-condition", message, &slot));
    }
    None
}

/// A value that should switch a subchart and is no boolean.
fn ignored(code: &'static str, message: String, slot: &Slot) -> Diagnostic {
    let warning = Diagnostic::warning(code, message);
    let warning = match &slot.origin {
        Some(place) => warning.label(place.clone(), 1, format!("it is {}", described(&slot.value))),
        None => warning,
    };
    warning.help("set it to `true` or `false`")
}

/// Helm's `PathValue`: what stands at a dotted path, unless it is a map.
fn value_at(values: &Map, path: &str) -> Option<Slot> {
    let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
    let table = if path.contains('.') {
        table_at(values, above).ok()?
    } else {
        values.clone()
    };
    let slot = table.read().get(key).cloned()?;
    (!matches!(slot.value, Value::Map(_))).then_some(slot)
}

/// Helm's `Table`: the map at a dotted path, or the step that leads to none.
fn table_at<'p>(values: &Map, path: &'p str) -> Result<Map, &'p str> {
    let mut table = values.clone();
    for step in path.split('.') {
        let Some(Value::Map(inner)) = table.get(step) else {
            return Err(step);
        };
        table = inner;
    }
    Ok(table)
}

#[cfg(test)]
mod tests;
