//! Owns the order and the scopes of a tree of charts: which templates are rendered, in which order, with which
//! values, as Helm's engine has it.
//!
//! It renders nothing, and takes the tree as it is: conditions, aliases and imports have been applied before.

use super::context;
use super::go;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, JINJA_SUFFIX, Template};
use crate::release::Release;
use crate::yaml::{Map, MapKind, Value};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The charts of a tree, and the templates of all of them in the order in which Helm renders them.
#[derive(Debug)]
pub(super) struct ChartTree<'c> {
    /// A chart before its subcharts.
    pub(super) charts: Vec<Node<'c>>,
    pub(super) templates: Vec<Entry<'c>>,
}

/// A chart in its tree.
#[derive(Debug)]
pub(super) struct Node<'c> {
    pub(super) chart: &'c Chart,
    /// Helm's `ChartFullPath`.
    pub(super) path: String,
    /// Which of the charts holds it.
    parent: Option<usize>,
}

/// A template in its tree.
#[derive(Debug)]
pub(super) struct Entry<'c> {
    /// What templates call it, and what `# Source:` says: the path of its chart, then its own, without `.j2`.
    pub(super) path: String,
    pub(super) template: &'c Template,
    /// Which of the charts it belongs to.
    pub(super) chart: usize,
}

impl Entry<'_> {
    /// Its path within its chart, without `.j2`.
    pub(super) fn name(&self) -> &str {
        let name = &self.template.name;
        name.strip_suffix(JINJA_SUFFIX).unwrap_or(name)
    }

    /// Whether Helm keeps the file for definitions alone.
    pub(super) fn is_partial(&self) -> bool {
        is_partial(&self.template.name)
    }
}

impl<'c> ChartTree<'c> {
    pub(super) fn new(root: &'c Chart) -> Self {
        let mut tree = Self {
            charts: Vec::new(),
            templates: Vec::new(),
        };
        tree.add(root, None);
        // Helm keeps templates by path: of two charts of one name, the last has its way.
        let last: BTreeMap<String, Entry<'c>> = std::mem::take(&mut tree.templates)
            .into_iter()
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        tree.templates = last.into_values().collect();
        // Helm's `sortTemplates` reversed: the deepest first, the last name first.
        tree.templates
            .sort_by_cached_key(|entry| Reverse((entry.path.matches('/').count(), entry.path.clone())));
        tree
    }

    fn add(&mut self, chart: &'c Chart, parent: Option<usize>) {
        let index = self.charts.len();
        let path = chart.full_path();
        // Charts that are libraries give definitions alone.
        let is_library = chart.metadata.chart_type.eq_ignore_ascii_case("library");
        for template in &chart.templates {
            if is_library && !is_partial(&template.name) {
                continue;
            }
            let mut entry = Entry {
                path: String::new(),
                template,
                chart: index,
            };
            entry.path = format!("{path}/{}", entry.name());
            self.templates.push(entry);
        }
        self.charts.push(Node { chart, path, parent });
        for child in &chart.dependencies {
            self.add(child, Some(index));
        }
    }

    /// The `Values` of each chart: those of a subchart are the map under its name in those of its parent.
    pub(super) fn values(&self, root: &Map) -> Vec<Map> {
        let mut all: Vec<Map> = Vec::with_capacity(self.charts.len());
        for node in &self.charts {
            let values = match node.parent {
                None => root.clone(),
                Some(parent) => go::table(&all[parent], &node.chart.metadata.name).unwrap_or_default(),
            };
            all.push(values.as_kind(MapKind::Values));
        }
        all
    }

    /// What the Go templates of each chart see as `.`: all templates of a chart see the same map.
    pub(super) fn dots(&self, values: &[Map], release: &Release, capabilities: &Capabilities) -> Vec<Map> {
        let shared = context::GoNames::new(release, capabilities);
        let mut dots: Vec<Map> = Vec::with_capacity(self.charts.len());
        let mut subcharts: Vec<Map> = Vec::with_capacity(self.charts.len());
        for (node, values) in self.charts.iter().zip(values) {
            let dot = shared.dot(node.chart, values, node.parent.is_none());
            let below = Map::new();
            dot.insert("Subcharts", below.clone());
            if let Some(parent) = node.parent {
                let plain = dot.as_kind(MapKind::Any);
                subcharts[parent].insert(node.chart.metadata.name.as_str(), plain);
            }
            subcharts.push(below);
            dots.push(dot);
        }
        dots
    }

    /// Says which template is being rendered.
    pub(super) fn enter(&self, dot: &Map, entry: &Entry<'_>) {
        let own = context::template(&self.charts[entry.chart].path, entry.name());
        dot.insert("Template", Value::Map(own.as_kind(MapKind::Values)));
    }
}

/// Whether a file's name marks it as definitions alone.
fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}
