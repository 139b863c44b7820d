//! Owns parts of a chart: a component with what it needs of the rest, as a chart of its own.
//!
//! A component is a folder below `templates/components/`. What stands in none of these folders is shared: partials go
//! where they are used, whatever renders something goes into one part alone. Objects keep their bytes: in a part the
//! templates go on seeing the name of the whole chart, which `naming` sees to.

use super::naming;
use crate::chart::{Chart, Template};
use crate::diagnostic::Diagnostic;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where components stand.
const COMPONENTS: &str = "templates/components/";

/// The part of whatever renders something and belongs to no component.
const SHARED: &str = "shared";

/// The names of a chart's components, sorted.
pub fn components(chart: &Chart) -> BTreeSet<&str> {
    chart
        .templates
        .iter()
        .filter_map(|template| component_of(&template.name))
        .collect()
}

fn component_of(template: &str) -> Option<&str> {
    Some(template.strip_prefix(COMPONENTS)?.split_once('/')?.0)
}

/// The component called `name` of a chart of Go templates, with everything that is shared, so that it can be installed
/// alone. Subcharts stay out, except libraries: they are components of their own.
pub fn component(chart: &Chart, name: &str) -> Result<Chart, Diagnostic> {
    let known = components(chart);
    if !known.contains(name) {
        let message = format!(
            "chart `{}` has no component `{}`",
            chart.metadata.name,
            name.escape_debug()
        );
        let names: Vec<&str> = known.into_iter().collect();
        let help = if names.is_empty() {
            format!("components are the folders below `{COMPONENTS}`, and it has none")
        } else {
            format!("its components are `{}`", names.join("`, `"))
        };
        return Err(Diagnostic::error("unknown-component", message).help(help));
    }
    let choice = Choice {
        name,
        is_component: &|component| component == name,
        shares: true,
        keeps_subcharts: false,
    };
    Ok(part(chart, &choice))
}

/// All components of a chart of Go templates, each as a chart of its own, and what they share as one more: together they
/// render what the chart renders, each object in one of them.
pub fn split(chart: &Chart) -> Result<Vec<Chart>, Diagnostic> {
    let names = components(chart);
    if names.is_empty() {
        let message = format!(
            "chart `{}` has no components to split it into",
            chart.metadata.name
        );
        let help = format!("components are the folders below `{COMPONENTS}`");
        return Err(Diagnostic::error("unknown-component", message).help(help));
    }
    let mut parts: Vec<Chart> = names
        .iter()
        .map(|name| {
            let choice = Choice {
                name,
                is_component: &|component| component == *name,
                shares: false,
                keeps_subcharts: false,
            };
            part(chart, &choice)
        })
        .collect();
    let mut shared = SHARED.to_owned();
    while names.contains(&*shared) {
        shared.push_str("-parts");
    }
    let rest = part(
        chart,
        &Choice {
            name: &shared,
            is_component: &|_| false,
            shares: true,
            keeps_subcharts: true,
        },
    );
    let has_crds = rest.files.iter().any(|file| is_crd(&file.name));
    let renders = rest.templates.iter().any(|template| !is_partial(&template.name));
    if has_crds || renders || rest.dependencies.iter().any(|child| !is_library(child)) {
        parts.push(rest);
    }
    Ok(parts)
}

/// What goes into a part.
struct Choice<'c> {
    name: &'c str,
    is_component: &'c dyn Fn(&str) -> bool,
    /// Whether it has what belongs to no component.
    shares: bool,
    /// Whether it has the subcharts that are no libraries.
    keeps_subcharts: bool,
}

fn part(chart: &Chart, choice: &Choice<'_>) -> Chart {
    let is_chosen = |template: &&Template| {
        !is_partial(&template.name) && component_of(&template.name).map_or(choice.shares, choice.is_component)
    };
    let mut templates: Vec<&Template> = chart.templates.iter().filter(is_chosen).collect();
    add_partials(chart, &mut templates);
    templates.sort_by(|one, other| one.name.cmp(&other.name));
    let mut made = Chart {
        dependencies: chart.dependencies.clone(),
        ..chart.clone()
    };
    made.metadata.name = format!("{}-{}", chart.metadata.name, choice.name);
    made.metadata.description = format!("Part `{}` of {}", choice.name, chart.metadata.name);
    let names = naming::Names {
        whole: &chart.metadata.name,
        part: &made.metadata.name.clone(),
    };
    made.templates = templates
        .into_iter()
        .map(|template| names.own(template))
        .collect();
    made.files.retain(|file| choice.shares || !is_crd(&file.name));
    made.dependencies
        .retain(|child| choice.keeps_subcharts || is_library(child));
    for child in made.dependencies.iter_mut().filter(|child| is_library(child)) {
        let library = Arc::make_mut(child);
        library.templates = library
            .templates
            .iter()
            .map(|template| names.library(template))
            .collect();
    }
    forget_dependencies(&mut made);
    made
}

/// Takes back the declarations of the subcharts that are not there.
fn forget_dependencies(chart: &mut Chart) {
    let Some(declared) = &mut chart.metadata.dependencies else {
        return;
    };
    let before = declared.len();
    let kept = &chart.dependencies;
    declared.retain(|dependency| kept.iter().any(|child| child.metadata.name == dependency.name));
    if declared.len() < before {
        // It was made for all of them.
        chart.lock = None;
    }
    if declared.is_empty() {
        chart.metadata.dependencies = None;
    }
}

/// Adds the partials whose definitions are called, by those that are there or by one another.
fn add_partials<'c>(chart: &'c Chart, templates: &mut Vec<&'c Template>) {
    let mut missing: Vec<(&Template, Vec<&str>)> = chart
        .templates
        .iter()
        .filter(|template| is_partial(&template.name))
        .map(|template| (template, naming::definitions(&template.source.text)))
        .collect();
    let mut looked_at = 0;
    while let Some(template) = templates.get(looked_at) {
        let text = &template.source.text;
        let calls = |name: &str| {
            ['"', '`']
                .iter()
                .any(|quote| text.contains(&format!("{quote}{name}{quote}")))
        };
        let (called, rest): (Vec<_>, Vec<_>) = missing
            .into_iter()
            .partition(|(_, definitions)| definitions.iter().any(|name| calls(name)));
        missing = rest;
        templates.extend(called.into_iter().map(|(template, _)| template));
        looked_at += 1;
    }
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

fn is_crd(name: &str) -> bool {
    name.starts_with("crds/")
}

fn is_library(chart: &Arc<Chart>) -> bool {
    chart.metadata.chart_type.eq_ignore_ascii_case("library")
}

#[cfg(test)]
mod tests;
