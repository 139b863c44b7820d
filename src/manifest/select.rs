//! Owns `--show-only`: the manifests of the templates that patterns name.
//!
//! It does not print them.

use super::{Manifest, Role, split};
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
    let namespace = manifests.iter().filter(is_namespace).cloned();
    let paths: Vec<&str> = manifests
        .iter()
        .map(|manifest| path_in_chart(&manifest.path))
        .collect();
    let picked = pick(&paths, silent, patterns)?;
    let picked = picked.into_iter().map(|index| manifests[index].clone());
    let mut selected: Vec<Manifest> = namespace.chain(picked).collect();
    // Helm trims here what it prints as it stands elsewhere: the files of `crds/`.
    for manifest in &mut selected {
        manifest.text = manifest.text.trimmed();
    }
    Ok(selected)
}

/// As [`select`], from manifests that are printed, as Helm does: each document goes by the first `# Source:` line in it,
/// so what has none, such as the second document of a file of `crds/`, is never shown.
pub fn select_printed(printed: &str, silent: &[String], patterns: &[String]) -> Result<String, Diagnostic> {
    let documents = split::split(printed);
    let paths: Vec<&str> = documents
        .iter()
        .map(|document| source_path(document.text))
        .collect();
    let picked = pick(&paths, silent, patterns)?;
    let entry = |index: usize| format!("---\n{}\n", documents[index].text);
    Ok(picked.into_iter().map(entry).collect())
}

/// The path below its chart that a document's `# Source:` line names; empty if there is none.
fn source_path(text: &str) -> &str {
    let after = |line: &'_ str| line.find(SOURCE).map(|start| start + SOURCE.len());
    text.lines()
        .filter_map(|line| Some(path_in_chart(&line[after(line)?..])))
        .find(|path| !path.is_empty())
        .unwrap_or_default()
}

const SOURCE: &str = "# Source: ";

/// The indices of the paths that match, pattern by pattern.
fn pick(paths: &[&str], silent: &[String], patterns: &[String]) -> Result<Vec<usize>, Diagnostic> {
    let mut picked = Vec::new();
    let mut missing = Vec::new();
    for text in patterns {
        let wanted = text.strip_suffix(".j2").unwrap_or(text);
        let pattern = Pattern::parse(wanted).map_err(|_| {
            Diagnostic::error(
                "show-only",
                format!("`{text}` is not a pattern: a `[` or `\\` is left open"),
            )
        })?;
        let before = picked.len();
        let matches = |path: &&str| !path.is_empty() && pattern.matches(path);
        picked.extend(
            (0..)
                .zip(paths)
                .filter(|(_, path)| matches(path))
                .map(|(index, _)| index),
        );
        if picked.len() == before {
            missing.push((wanted, pattern));
        }
    }
    if missing.is_empty() {
        return Ok(picked);
    }
    Err(not_found(paths, silent, &missing))
}

/// A path without the chart's name.
fn path_in_chart(path: &str) -> &str {
    path.split_once('/').map_or("", |(_, rest)| rest)
}

fn not_found(paths: &[&str], silent: &[String], missing: &[(&str, Pattern)]) -> Diagnostic {
    let paths: BTreeSet<&str> = paths.iter().copied().filter(|path| !path.is_empty()).collect();
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
