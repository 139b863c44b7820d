//! Owns the tree of charts while dependencies are processed, with Helm's pointers as indexes.
//!
//! Helm copies the struct of a chart for each alias but not what it points to, so aliases of one chart share their
//! subcharts and their requirements, and what it does to those for one alias shows in the others. Output depends
//! on that: it must be the same graph here.

use super::super::coalesce::Defaults;
use super::Allows;
use crate::chart::{Chart, Dependency};
use crate::diagnostic::Diagnostic;
use crate::yaml::Map;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The index of a chart.
pub(super) type NodeId = usize;

/// The index of a declared dependency.
pub(super) type RequirementId = usize;

/// How large all charts may become, counting each under each of its aliases: the bytes of their defaults and
/// [`CHART_COST`] for each. Aliases of charts that have aliases multiply.
const MAX_COST: usize = 64 << 20;

/// What a chart costs besides its defaults.
const CHART_COST: usize = 1 << 10;

pub(super) struct Tree<'c> {
    nodes: Vec<Node<'c>>,
    requirements: Vec<Dependency>,
    allows: Allows,
    cost: usize,
}

struct Node<'c> {
    chart: &'c Arc<Chart>,
    /// The alias, or the chart's own name.
    name: String,
    parent: Option<NodeId>,
    subcharts: Vec<NodeId>,
    requirements: Option<Vec<RequirementId>>,
    /// The defaults, with what was imported.
    values: Map,
}

impl<'c> Tree<'c> {
    /// The chart that is rendered.
    pub(super) const ROOT: NodeId = 0;

    pub(super) fn new(root: &'c Arc<Chart>, allows: Allows) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            requirements: Vec::new(),
            allows,
            cost: 0,
        };
        tree.add(root, None);
        tree
    }

    fn add(&mut self, chart: &'c Arc<Chart>, parent: Option<NodeId>) -> NodeId {
        let id = self.nodes.len();
        let requirements = chart.metadata.dependencies.as_ref().map(|declared| {
            let first = self.requirements.len();
            self.requirements.extend(declared.iter().cloned());
            (first..self.requirements.len()).collect()
        });
        self.nodes.push(Node {
            chart,
            name: chart.metadata.name.clone(),
            parent,
            subcharts: Vec::new(),
            requirements,
            values: chart.values.clone(),
        });
        let subcharts = chart.dependencies.iter();
        self.nodes[id].subcharts = subcharts.map(|chart| self.add(chart, Some(id))).collect();
        id
    }

    pub(super) fn name(&self, node: NodeId) -> &str {
        &self.nodes[node].name
    }

    pub(super) fn subcharts(&self, node: NodeId) -> Vec<NodeId> {
        self.nodes[node].subcharts.clone()
    }

    pub(super) fn requirements(&self, node: NodeId) -> Option<Vec<RequirementId>> {
        self.nodes[node].requirements.clone()
    }

    pub(super) fn requirement(&self, requirement: RequirementId) -> &Dependency {
        &self.requirements[requirement]
    }

    pub(super) fn requirement_mut(&mut self, requirement: RequirementId) -> &mut Dependency {
        &mut self.requirements[requirement]
    }

    /// The defaults of a chart and of its subcharts as they are now.
    pub(super) fn defaults(&self, node: NodeId) -> Defaults<'_> {
        let Node {
            name,
            values,
            subcharts,
            ..
        } = &self.nodes[node];
        Defaults {
            name,
            values: values.clone(),
            subcharts: subcharts.iter().map(|node| self.defaults(*node)).collect(),
        }
    }

    pub(super) fn set_values(&mut self, node: NodeId, values: Map) {
        self.nodes[node].values = values;
    }

    /// Gives a chart the subcharts that it declares, each under its alias, behind those that it does not declare.
    pub(super) fn apply_aliases(&mut self, node: NodeId) {
        let declared = self.requirements(node).unwrap_or_default();
        let present = self.subcharts(node);
        let is_declared = |subchart: &NodeId| {
            let mut declared = declared.iter();
            declared.any(|requirement| self.meets(*subchart, *requirement))
        };
        let mut subcharts: Vec<NodeId> = present
            .iter()
            .copied()
            .filter(|subchart| !is_declared(subchart))
            .collect();
        for requirement in declared {
            subcharts.extend(self.dependency(&present, requirement));
            let requirement = &mut self.requirements[requirement];
            requirement.enabled = true;
            if !requirement.alias.is_empty() {
                requirement.name.clone_from(&requirement.alias);
            }
        }
        self.set_subcharts(node, subcharts);
    }

    fn meets(&self, subchart: NodeId, requirement: RequirementId) -> bool {
        let (subchart, requirement) = (&self.nodes[subchart], &self.requirements[requirement]);
        subchart.name == requirement.name
            && (self.allows)(&requirement.version, &subchart.chart.metadata.version)
    }

    /// Helm's `getAliasDependency`: a copy of the first subchart that meets the requirement.
    fn dependency(&mut self, present: &[NodeId], requirement: RequirementId) -> Option<NodeId> {
        let found = present
            .iter()
            .copied()
            .find(|subchart| self.meets(*subchart, requirement))?;
        self.cost += self.cost_of(found);
        if self.is_full() {
            return None;
        }
        let Node {
            chart,
            ref name,
            parent,
            ref subcharts,
            ref requirements,
            ref values,
        } = self.nodes[found];
        let alias = &self.requirements[requirement].alias;
        let copy = Node {
            chart,
            name: if alias.is_empty() { name } else { alias }.clone(),
            parent,
            subcharts: subcharts.clone(),
            requirements: requirements.clone(),
            values: values.clone(),
        };
        self.nodes.push(copy);
        Some(self.nodes.len() - 1)
    }

    fn cost_of(&self, node: NodeId) -> usize {
        let Node { chart, subcharts, .. } = &self.nodes[node];
        let defaults = chart.values_source.as_ref().map_or(0, |source| source.text.len());
        let below: usize = subcharts.iter().map(|subchart| self.cost_of(*subchart)).sum();
        CHART_COST + defaults + below
    }

    /// Whether no more charts may be added.
    pub(super) fn is_full(&self) -> bool {
        self.cost > MAX_COST
    }

    /// What is to say if it is full.
    pub(super) fn too_large(&self) -> Option<Diagnostic> {
        let message = format!(
            "the aliases of subcharts make the chart `{}` too large to render",
            self.name(Self::ROOT)
        );
        self.is_full()
            .then(|| Diagnostic::error("chart-size", message).help("declare fewer aliases"))
    }

    /// Removes dependencies, and every subchart that has the name of one of them.
    pub(super) fn disable(&mut self, node: NodeId, disabled: &[RequirementId]) {
        let names: Vec<&str> = disabled
            .iter()
            .map(|id| self.requirement(*id).name.as_str())
            .collect();
        let kept = |name: &str| !names.contains(&name);
        let Node {
            subcharts,
            requirements,
            ..
        } = &self.nodes[node];
        let subcharts = subcharts
            .iter()
            .copied()
            .filter(|subchart| kept(self.name(*subchart)))
            .collect();
        let requirements: Vec<RequirementId> = requirements
            .iter()
            .flatten()
            .copied()
            .filter(|id| kept(&self.requirement(*id).name))
            .collect();
        self.set_subcharts(node, subcharts);
        self.nodes[node].requirements = (!requirements.is_empty()).then_some(requirements);
        for id in disabled {
            // Another alias of the chart may keep the requirement, and its templates see this.
            self.requirements[*id].enabled = false;
        }
    }

    fn set_subcharts(&mut self, node: NodeId, subcharts: Vec<NodeId>) {
        for subchart in &subcharts {
            self.nodes[*subchart].parent = Some(node);
        }
        self.nodes[node].subcharts = subcharts;
    }

    /// The charts as they are now; what did not change is shared with the chart that was given.
    pub(super) fn into_chart(self) -> Arc<Chart> {
        self.chart(Self::ROOT, &mut BTreeMap::new())
    }

    fn chart(&self, id: NodeId, made: &mut BTreeMap<NodeId, Arc<Chart>>) -> Arc<Chart> {
        if let Some(chart) = made.get(&id) {
            return Arc::clone(chart);
        }
        let node = &self.nodes[id];
        let dependencies: Vec<Arc<Chart>> = node.subcharts.iter().map(|id| self.chart(*id, made)).collect();
        let parent = node.parent.map_or(String::new(), |parent| self.full_path(parent));
        let same_subcharts = dependencies.len() == node.chart.dependencies.len()
            && dependencies
                .iter()
                .zip(&node.chart.dependencies)
                .all(|(new, old)| Arc::ptr_eq(new, old));
        let is_same = node.chart.metadata.dependencies.is_none()
            && node.chart.metadata.name == node.name
            && node.chart.parent == parent
            && same_subcharts;
        let chart = if is_same {
            Arc::clone(node.chart)
        } else {
            let mut chart = Chart::clone(node.chart);
            chart.metadata.name.clone_from(&node.name);
            let requirements = node.requirements.as_ref();
            chart.metadata.dependencies = requirements
                .map(|declared| declared.iter().map(|id| self.requirement(*id).clone()).collect());
            chart.parent = parent;
            chart.values = node.values.clone();
            chart.dependencies = dependencies;
            Arc::new(chart)
        };
        made.insert(id, Arc::clone(&chart));
        chart
    }

    fn full_path(&self, node: NodeId) -> String {
        let Node { name, parent, .. } = &self.nodes[node];
        match parent {
            None => name.clone(),
            Some(parent) => format!("{}/charts/{name}", self.full_path(*parent)),
        }
    }
}
