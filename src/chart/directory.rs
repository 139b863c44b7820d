//! Owns loading a chart from a path: a directory in Helm's layout, one in the three-folder layout, or an archive.
//!
//! It does not know which file of a chart means what.

use super::assemble::{Spot, assemble, text};
use super::beside::Beside;
use super::disk::{names, open_regular, show, unreadable};
use super::ignore::Rules;
use super::layout::{TREES, Tree};
use super::limits::{Budget, MAX_CHART_BYTES};
use super::walk::Walk;
use super::{Chart, archive, extension};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Loads the chart at `path`: a directory in either layout, or a `.tgz` archive.
pub fn load(path: &Path) -> Result<Chart, Vec<Diagnostic>> {
    let shown = show(path);
    let metadata = fs::metadata(path).map_err(|error| vec![unreadable(&shown, &error)])?;
    if !metadata.is_dir() {
        return load_file(path, &shown).map_err(|error| vec![error])?;
    }
    if !path.join("Chart.yaml").exists() {
        return load_root(path, &shown);
    }
    if let Some((root, name)) = three_folder_root(path) {
        return load_named(&root, &name);
    }
    let folder = Folder {
        path: path.to_owned(),
        shown: shown.clone(),
        tree: &TREES[0],
    };
    load_folders(Spot::root(&shown), vec![folder], &mut Budget::new())
}

/// Loads the chart in the archive `data`, which messages call `shown`.
pub fn load_archive(data: &[u8], shown: &str) -> Result<Chart, Vec<Diagnostic>> {
    archive::read(data, Spot::root(shown), &mut Budget::new())
}

/// Loads the chart `name` of a root that has `chart/<name>`, `templates/<name>` and `values/<name>`.
pub fn load_named(root: &Path, name: &str) -> Result<Chart, Vec<Diagnostic>> {
    load_trees(root, name, Spot::default(), &mut Budget::new())
}

/// The same for a dependency of the chart that `spot` names, if there is such a chart.
pub(super) fn load_beside(
    root: &Path,
    name: &str,
    spot: Spot,
    budget: &mut Budget,
) -> Option<Result<Chart, Vec<Diagnostic>>> {
    // A name is no path: what a chart declares must not lead out of the trees.
    let is_name = !name.contains(['/', '\\']) && !name.starts_with('.');
    let found = is_name && root.join("chart").join(name).join("Chart.yaml").is_file();
    found.then(|| load_trees(root, name, spot, budget))
}

fn load_trees(root: &Path, name: &str, spot: Spot, budget: &mut Budget) -> Result<Chart, Vec<Diagnostic>> {
    let folder = |tree: &'static Tree| {
        let path = root.join(tree.folder).join(name);
        Folder {
            shown: show(&path),
            path,
            tree,
        }
    };
    let folders: Vec<Folder> = TREES
        .iter()
        .map(folder)
        .filter(|folder| folder.tree.folder == "chart" || folder.path.is_dir())
        .collect();
    let spot = Spot {
        location: folders[0].shown.clone(),
        beside: Beside::Trees(root.to_owned()),
        ..spot
    };
    load_folders(spot, folders, budget)
}

/// A directory without `Chart.yaml`: the root of a three-folder layout with one chart, or an error that says
/// what is there instead.
fn load_root(root: &Path, shown: &str) -> Result<Chart, Vec<Diagnostic>> {
    let below = |folder: &Path| -> Vec<String> {
        let mut names = names(folder).unwrap_or_default();
        names.retain(|name| folder.join(name).join("Chart.yaml").is_file());
        names
    };
    let in_tree = below(&root.join("chart"));
    if let [only] = in_tree.as_slice() {
        return load_named(root, only);
    }
    let mut charts: Vec<String> = in_tree.iter().map(|name| format!("chart/{name}")).collect();
    charts.extend(below(root));
    let message = format!("directory `{shown}` has no `Chart.yaml`");
    let help = if charts.is_empty() {
        match names(root) {
            Ok(names) if names.is_empty() => "the directory is empty".to_owned(),
            Ok(names) => format!("it holds {}", listed(&names)),
            Err(error) => format!("it cannot be listed: {}", io_reason(&error)),
        }
    } else {
        let charts: Vec<String> = charts.iter().map(|name| show(&root.join(name))).collect();
        format!("charts below it: {}", listed(&charts))
    };
    Err(vec![Diagnostic::error("chart-metadata", message).help(help)])
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 {
        shown.join(", ")
    } else {
        format!("{} and {more} more", shown.join(", "))
    }
}

/// Whether `path` is `<root>/chart/<name>` with the other two folders beside it.
fn three_folder_root(path: &Path) -> Option<(PathBuf, String)> {
    let full = path.canonicalize().ok()?;
    let name = full.file_name()?.to_str()?.to_owned();
    let parent = full.parent()?;
    let is_tree = parent.file_name()? == "chart" && !full.join("templates").exists();
    let beside = |folder: &str| parent.with_file_name(folder).join(&name).is_dir();
    if !is_tree || !(beside("templates") || beside("values")) {
        return None;
    }
    // Messages name files by the path that was given, as long as its text shows the root.
    let given = path
        .parent()
        .and_then(Path::parent)
        .filter(|_| path.ends_with(Path::new("chart").join(&name)));
    Some((given.map_or_else(|| path.join("../.."), Path::to_owned), name))
}

fn load_file(path: &Path, shown: &str) -> Result<Result<Chart, Vec<Diagnostic>>, Diagnostic> {
    let (file, _) = open_regular(path, shown)?;
    let mut data = Vec::new();
    file.take(MAX_CHART_BYTES + 1)
        .read_to_end(&mut data)
        .map_err(|error| {
            Diagnostic::error(
                "chart-read",
                format!("failed to read `{shown}`: {}", io_reason(&error)),
            )
        })?;
    if data.len() as u64 > MAX_CHART_BYTES {
        let message = format!(
            "archive `{shown}` is larger than {} MiB",
            MAX_CHART_BYTES / 1024 / 1024
        );
        return Err(Diagnostic::error("chart-size", message));
    }
    if data.starts_with(archive::GZIP_MAGIC) {
        return Ok(archive::read(&data, Spot::root(shown), &mut Budget::new()));
    }
    let finding = Diagnostic::error("chart-layout", format!("`{shown}` is a file, not a chart"));
    Err(match path.file_name().and_then(|name| name.to_str()) {
        Some("Chart.yaml") => finding.help(format!(
            "name its directory: `{}`",
            show(path.parent().unwrap_or(Path::new(".")))
        )),
        Some(name) if matches!(extension(name), "yaml" | "yml") => finding.help(format!(
            "a chart is a directory or a `.tgz` archive; for values write `-f {shown}`"
        )),
        _ => finding.help("a chart is a directory or a `.tgz` archive"),
    })
}

/// A directory whose files make up a chart or a part of it.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    shown: String,
    tree: &'static Tree,
}

fn load_folders(spot: Spot, folders: Vec<Folder>, budget: &mut Budget) -> Result<Chart, Vec<Diagnostic>> {
    let mut walk = Walk::new(read_rules(&folders[0])?, budget);
    let directory = folders[0].path.clone();
    for folder in folders {
        walk.root(&folder.path, &folder.shown, folder.tree);
    }
    if !walk.errors.is_empty() {
        return Err(walk.errors);
    }
    let mut warnings = walk.warnings;
    let mut chart = assemble(spot, walk.files, budget)?;
    chart.warnings.append(&mut warnings);
    chart.directory = Some(directory);
    Ok(chart)
}

fn read_rules(folder: &Folder) -> Result<Rules, Vec<Diagnostic>> {
    let path = folder.path.join(".helmignore");
    if !path.is_file() {
        return Ok(Rules::default().with_defaults());
    }
    let shown = format!("{}/.helmignore", folder.shown);
    let data = open_regular(&path, &shown)
        .and_then(|(file, length)| Budget::new().read(file, length, &shown))
        .map_err(|error| vec![error])?;
    let source = text(&shown, data).map_err(|error| vec![error])?;
    Ok(Rules::parse(&source)?.with_defaults())
}
