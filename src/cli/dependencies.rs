//! Owns `--dependency-update`: takes declared charts that are missing in `charts/` from where they lie on disk.
//!
//! Unlike Helm it writes nothing into the chart, keeps what is in `charts/`, and fetches nothing.

use super::ui::Stop;
use crate::chart;
use crate::chart::{Chart, Dependency};
use crate::diagnostic::Diagnostic;
use crate::template::functions::satisfies;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// What repositories on disk begin with.
const ON_DISK: &str = "file://";

/// Adds the missing subcharts; all that cannot be had are reported at once.
pub(super) fn complete(chart: &mut Chart) -> Result<(), Stop> {
    let is_there = |name: &str| chart.dependencies.iter().any(|child| child.metadata.name == name);
    let missing = chart
        .metadata
        .declared()
        .iter()
        .filter(|dependency| !is_there(&dependency.name));
    // One chart may be declared several times, by other aliases.
    let mut known = BTreeSet::new();
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for dependency in missing {
        if !known.insert((&dependency.name, &dependency.repository, &dependency.version)) {
            continue;
        }
        match load(chart, dependency) {
            Ok(child) => found.push(child),
            Err(problems) => errors.extend(problems),
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let path = chart.full_path();
    let found = found.into_iter().map(|child| Arc::new(below(child, &path)));
    chart.dependencies.extend(found);
    Ok(())
}

fn load(parent: &Chart, dependency: &Dependency) -> Result<Chart, Vec<Diagnostic>> {
    let (name, repository) = (&dependency.name, &dependency.repository);
    let error = |message: String, help: String| {
        let error = Diagnostic::error("missing-dependency", message).at_maybe(dependency.place.clone());
        vec![error.help(help)]
    };
    let folder = format!("{}/charts/", parent.location);
    let Some(path) = repository.strip_prefix(ON_DISK) else {
        let message = if repository.is_empty() {
            format!("`{name}` is missing in `charts/`, and no repository is named")
        } else {
            format!("`{name}` would have to be fetched from its repository; nothing is fetched")
        };
        return Err(error(
            message,
            format!("put the chart, or its archive, into `{folder}`: `helm dependency update` does"),
        ));
    };
    let home = Path::new(&parent.location);
    if !home.is_dir() {
        let message = format!("`{name}` lies beside the directory of its chart, but the chart is an archive");
        return Err(error(
            message,
            "render the directory that it was made from".to_owned(),
        ));
    }
    let place = home.join(path);
    if !place.is_dir() {
        let message = format!("`{name}` does not lie at `{path}`");
        return Err(error(
            message,
            "the path begins at the chart's directory".to_owned(),
        ));
    }
    let child = chart::load(&place)?;
    let version = &child.metadata.version;
    let is_wanted = dependency.version.is_empty() || satisfies(&dependency.version, version).unwrap_or(false);
    if child.metadata.name != *name || !is_wanted {
        let message = format!(
            "`{}` {version} lies at `{path}`, but `{name}` {} is wanted",
            child.metadata.name, dependency.version
        );
        return Err(error(
            message,
            "correct the name or the version of the dependency".to_owned(),
        ));
    }
    Ok(child)
}

/// The chart as a subchart of the one with the full path `parent`.
fn below(mut chart: Chart, parent: &str) -> Chart {
    parent.clone_into(&mut chart.parent);
    let path = chart.full_path();
    for child in &mut chart.dependencies {
        *child = Arc::new(below(Chart::clone(child), &path));
    }
    chart
}
