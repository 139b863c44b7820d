//! Owns the check that no component is given the image of another one.
//!
//! Which image belongs to which key, the chart's own defaults say.

use super::setting::Settings;
use super::setting::placed;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::yaml::Value;

/// Warnings for repositories among `keys` whose image is, by the chart's defaults, that of another key.
///
/// Only the last part of a repository counts, so that mirrors pass.
pub(super) fn misplaced(keys: &[String], chart: &Chart, settings: &Settings<'_>) -> Vec<Diagnostic> {
    let defaults = Value::Map(chart.values.clone());
    let own = |key: &str| {
        defaults
            .lookup(key)
            .and_then(|value| Some(image(value.as_str()?).to_owned()))
    };
    let mut warnings = Vec::new();
    for key in keys {
        let Some(setting) = settings.given(key) else {
            continue;
        };
        let Some(given) = setting.value.as_str().map(image) else {
            continue;
        };
        if own(key).is_none_or(|own| own == given) {
            continue;
        }
        let Some(other) = keys.iter().find(|other| own(other).as_deref() == Some(given)) else {
            continue;
        };
        let warning = Diagnostic::warning(
            "misplaced-image",
            format!("`{key}` is the image of another component"),
        )
        .help(format!("`{given}` belongs to `{other}`"));
        warnings.push(placed(warning, setting.place));
    }
    warnings
}

/// The last part of a repository, without tag and digest.
fn image(repository: &str) -> &str {
    let name = repository.trim().rsplit('/').next().unwrap_or_default();
    name.split(['@', ':']).next().unwrap_or_default()
}
