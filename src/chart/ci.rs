//! Owns finding the values files that a chart brings along to be tried with: `ci/*-values.yaml`, as chart-testing has it.
//!
//! It does not merge or check what they say.

use super::disk::{entries, open_regular};
use super::limits::Budget;
use super::{Chart, assemble};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The folder that holds them.
const FOLDER: &str = "ci";

/// What their names end with.
const SUFFIX: &str = "-values.yaml";

/// The files `ci/*-values.yaml` of a chart, sorted by name; also those that `.helmignore` keeps out of packages.
pub fn ci_values(chart: &Chart) -> Result<Vec<Arc<Source>>, Vec<Diagnostic>> {
    let mut found = BTreeMap::new();
    for file in &chart.files {
        if let Some(name) = file
            .name
            .strip_prefix(FOLDER)
            .and_then(|rest| rest.strip_prefix('/'))
            && is_values(name)
        {
            let shown = format!("{}/{}", chart.location, file.name);
            found.insert(
                name.to_owned(),
                (shown, file.data.copy().map_err(|error| vec![error])?),
            );
        }
    }
    if let Some(directory) = &chart.directory {
        ignored(&directory.join(FOLDER), &chart.location, &mut found).map_err(|error| vec![error])?;
    }
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    for (shown, data) in found.into_values() {
        match assemble::text(&shown, data) {
            // They may hold credentials, as overrides do.
            Ok(text) => sources.push(Source::sensitive(shown, text.text.clone())),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(sources)
    } else {
        Err(errors)
    }
}

fn is_values(name: &str) -> bool {
    name.ends_with(SUFFIX) && !name.contains('/')
}

/// Adds those on disk that are not known from the chart itself.
fn ignored(
    folder: &Path,
    location: &str,
    found: &mut BTreeMap<String, (String, Vec<u8>)>,
) -> Result<(), Diagnostic> {
    let mut budget = Budget::new();
    for (name, _) in entries(folder).unwrap_or_default() {
        if !is_values(&name) || found.contains_key(&name) {
            continue;
        }
        let shown = format!("{location}/{FOLDER}/{name}");
        budget.count_file(&shown)?;
        let data = open_regular(&folder.join(&name), &shown)
            .and_then(|(file, length)| budget.read(file, length, &shown))?;
        found.insert(name, (shown, data));
    }
    Ok(())
}
