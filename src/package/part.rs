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
/// alone. What subcharts render stays out: they are components of their own.
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
    if renders(&rest) {
        parts.push(rest);
    }
    Ok(parts)
}

/// Whether anything comes out of a chart.
fn renders(chart: &Chart) -> bool {
    let is_library = chart.metadata.chart_type.eq_ignore_ascii_case("library");
    let has_template = chart.templates.iter().any(|template| !is_partial(&template.name));
    (has_template && !is_library)
        || chart.files.iter().any(|file| is_crd(&file.name))
        || chart.dependencies.iter().any(|child| renders(child))
}

/// What goes into a part.
struct Choice<'c> {
    name: &'c str,
    is_component: &'c dyn Fn(&str) -> bool,
    /// Whether it has what belongs to no component.
    shares: bool,
    /// Whether it has what the subcharts render.
    keeps_subcharts: bool,
}

fn part(chart: &Chart, choice: &Choice<'_>) -> Chart {
    let is_chosen = |template: &&Template| {
        !is_partial(&template.name) && component_of(&template.name).map_or(choice.shares, choice.is_component)
    };
    let mut chosen: Vec<&Template> = chart.templates.iter().filter(is_chosen).collect();
    let called = called(chart, &chosen);
    let is_own = |template: &&Template| called.contains(&(chart.full_path(), &*template.name));
    chosen.extend(chart.templates.iter().filter(is_own));
    chosen.sort_by(|one, other| one.name.cmp(&other.name));
    let mut made = chart.clone();
    made.metadata.name = format!("{}-{}", chart.metadata.name, choice.name);
    made.metadata.description = format!("Part `{}` of {}", choice.name, chart.metadata.name);
    let names = naming::Names {
        whole: &chart.metadata.name,
        part: &made.metadata.name.clone(),
    };
    made.templates = chosen.into_iter().map(|template| names.own(template)).collect();
    made.files.retain(|file| choice.shares || !is_crd(&file.name));
    for child in &mut made.dependencies {
        *child = Arc::new(subchart(child, &called, names, choice.keeps_subcharts));
    }
    made
}

/// Partials, each by the full path of its chart and its name.
type Called<'c> = BTreeSet<(String, &'c str)>;

/// A subchart in a part. Its defaults are values of the part, too, so it is there even if nothing comes out of it.
fn subchart(chart: &Chart, called: &Called<'_>, names: naming::Names<'_>, is_whole: bool) -> Chart {
    let mut made = chart.clone();
    made.templates.clear();
    for template in &chart.templates {
        if called.contains(&(chart.full_path(), &*template.name)) {
            made.templates.push(names.foreign(template));
        } else if is_whole {
            made.templates.push(template.clone());
        }
    }
    made.files.retain(|_| is_whole);
    for child in &mut made.dependencies {
        *child = Arc::new(subchart(child, called, names, is_whole));
    }
    made
}

/// The partials, of the chart and of those in it, whose definitions the templates call, or one of these partials does.
fn called<'c>(chart: &'c Chart, templates: &[&'c Template]) -> Called<'c> {
    let mut missing = Vec::new();
    gather_partials(chart, &mut missing);
    let mut called = Called::new();
    let mut texts: Vec<&str> = templates.iter().map(|template| &*template.source.text).collect();
    while let Some(text) = texts.pop() {
        let calls = |name: &str| {
            let mut quotes = ['"', '`'].iter();
            quotes.any(|quote| text.contains(&format!("{quote}{name}{quote}")))
        };
        missing.retain(|partial: &Partial<'c>| {
            let is_called = partial.definitions.iter().any(|name| calls(name));
            if is_called {
                texts.push(&partial.template.source.text);
                called.insert((partial.path.clone(), &partial.template.name));
            }
            !is_called
        });
    }
    called
}

/// A template that holds definitions.
struct Partial<'c> {
    /// The full path of its chart.
    path: String,
    template: &'c Template,
    definitions: Vec<&'c str>,
}

fn gather_partials<'c>(chart: &'c Chart, partials: &mut Vec<Partial<'c>>) {
    for template in chart
        .templates
        .iter()
        .filter(|template| is_partial(&template.name))
    {
        partials.push(Partial {
            path: chart.full_path(),
            template,
            definitions: naming::definitions(&template.source.text),
        });
    }
    for child in &chart.dependencies {
        gather_partials(child, partials);
    }
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

fn is_crd(name: &str) -> bool {
    name.starts_with("crds/")
}

#[cfg(test)]
mod tests;
