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
/// its own name too. The release's namespace stays. A pattern that matches nothing is an error; `silent` are
/// the paths of templates that rendered nothing, which the error tells from those that do not exist.
pub fn select(
    manifests: &[Manifest],
    silent: &[String],
    patterns: &[String],
) -> Result<Vec<Manifest>, Diagnostic> {
    let is_namespace = |manifest: &&Manifest| manifest.role == Role::Namespace;
    let mut selected: Vec<Manifest> = manifests.iter().filter(is_namespace).cloned().collect();
    let mut missing = Vec::new();
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
            missing.push((wanted, pattern));
        }
    }
    if !missing.is_empty() {
        return Err(not_found(manifests, silent, &missing));
    }
    // Helm trims here what it prints as it stands elsewhere: the files of `crds/`.
    for manifest in &mut selected {
        manifest.text = manifest.text.trim().to_owned();
    }
    Ok(selected)
}

/// A path without the chart's name.
fn path_in_chart(path: &str) -> &str {
    path.split_once('/').map_or("", |(_, rest)| rest)
}

fn not_found(manifests: &[Manifest], silent: &[String], missing: &[(&str, Pattern)]) -> Diagnostic {
    let paths: BTreeSet<&str> = manifests
        .iter()
        .map(|manifest| path_in_chart(&manifest.path))
        .filter(|path| !path.is_empty())
        .collect();
    let silent: BTreeSet<&str> = silent.iter().map(|path| path_in_chart(path)).collect();
    let quoted: Vec<String> = missing.iter().map(|(text, _)| format!("`{text}`")).collect();
    let templates = if quoted.len() == 1 {
        "template"
    } else {
        "templates"
    };
    let message = format!("could not find {templates} {} in chart", quoted.join(", "));
    let mut finding = Diagnostic::error("show-only", message);
    for (text, pattern) in missing {
        if let Some(path) = silent.iter().find(|path| pattern.matches(path)) {
            finding = finding.help(format!("`{path}` exists, but renders nothing with these values"));
        } else if let Some(near) = nearest(text, &paths).or_else(|| nearest(text, &silent)) {
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
    let found = paths.iter().find(ends_alike).copied();
    found.or_else(|| suggest::nearest(pattern, paths.iter().copied()))
}
