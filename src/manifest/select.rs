//! Owns `--show-only`: the manifests of the templates that patterns name.
//!
//! It does not print them.

use super::{Manifest, Role};
use crate::diagnostic::Diagnostic;
use crate::glob::Pattern;
use crate::suggest;
use std::collections::BTreeSet;

/// The manifests whose templates match a pattern, pattern by pattern as Helm prints them.
///
/// Patterns are Go's file name patterns over paths below the chart: `templates/*.yaml`. A Jinja template goes by
/// its own name too. The release's namespace stays. A pattern that matches nothing is an error.
pub fn select(manifests: &[Manifest], patterns: &[String]) -> Result<Vec<Manifest>, Diagnostic> {
    let mut missing = Vec::new();
    let mut selected: Vec<Manifest> = manifests
        .iter()
        .filter(|manifest| manifest.role == Role::Namespace)
        .cloned()
        .collect();
    for text in patterns {
        let wanted = text.strip_suffix(".j2").unwrap_or(text);
        let pattern = Pattern::parse(wanted).map_err(|_| {
            Diagnostic::error(
                "show-only",
                format!("`{text}` is not a pattern: a `[` or `\\` is left open"),
            )
        })?;
        let before = selected.len();
        let matching = manifests
            .iter()
            .filter(|manifest| pattern.matches(path_in_chart(&manifest.path)));
        selected.extend(matching.cloned());
        if selected.len() == before {
            missing.push(wanted);
        }
    }
    if missing.is_empty() {
        // Helm trims here what it prints as it stands elsewhere: the files of `crds/`.
        for manifest in &mut selected {
            manifest.text = manifest.text.trim().to_owned();
        }
        return Ok(selected);
    }
    Err(not_found(manifests, &missing))
}

/// A path without the chart's name.
fn path_in_chart(path: &str) -> &str {
    path.split_once('/').map_or("", |(_, rest)| rest)
}

fn not_found(manifests: &[Manifest], missing: &[&str]) -> Diagnostic {
    let paths: BTreeSet<&str> = manifests
        .iter()
        .map(|manifest| path_in_chart(&manifest.path))
        .filter(|path| !path.is_empty())
        .collect();
    let quoted: Vec<String> = missing.iter().map(|pattern| format!("`{pattern}`")).collect();
    let templates = if quoted.len() == 1 {
        "template"
    } else {
        "templates"
    };
    let message = format!("could not find {templates} {} in chart", quoted.join(", "));
    let mut finding = Diagnostic::error("show-only", message);
    for pattern in missing {
        if let Some(near) = nearest(pattern, &paths) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
    }
    if paths.is_empty() {
        return finding.help("no template of the chart renders a manifest");
    }
    let listed: Vec<&str> = paths.into_iter().collect();
    finding.help(format!("templates that render manifests:\n{}", listed.join("\n")))
}

/// The nearest path: spelt alike, with the chart's name left out, or ending alike.
fn nearest<'a>(pattern: &str, paths: &BTreeSet<&'a str>) -> Option<&'a str> {
    let ends_alike =
        |path: &&&str| path.ends_with(&format!("/{pattern}")) || pattern.ends_with(&format!("/{path}"));
    paths
        .iter()
        .find(ends_alike)
        .copied()
        .or_else(|| suggest::nearest(pattern, paths.iter().copied()))
}
