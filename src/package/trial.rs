//! Owns the values with which a package is tried before it is written: the chart's defaults, and what it brings along in
//! `ci/`.
//!
//! It renders nothing.

use crate::chart;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::values;
use crate::values::Input;
use crate::yaml::Map;

/// One set of values.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What messages call it, after "with".
    pub name: String,
    /// What it changes of the defaults.
    pub overrides: Map,
    /// Whether the values must satisfy the chart's schema. Defaults need not: a chart may require what only its users
    /// know.
    pub is_complete: bool,
}

/// The defaults and every `ci/*-values.yaml` of a chart, as chart-testing installs it.
pub fn trials(chart: &Chart) -> Result<Vec<Trial>, Vec<Diagnostic>> {
    let mut trials = vec![Trial {
        name: "the defaults".to_owned(),
        overrides: Map::new(),
        is_complete: false,
    }];
    let mut errors = Vec::new();
    for source in chart::ci_values(chart)? {
        let name = format!("`{}`", source.name);
        match values::merge(&[Input::File(source)]) {
            Ok(merged) => trials.push(Trial {
                name,
                overrides: merged.values,
                is_complete: true,
            }),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(trials)
    } else {
        Err(errors)
    }
}
