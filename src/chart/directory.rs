//! Owns loading a chart from a path: a directory in Helm's layout, one in the three-folder layout, or an archive.
//!
//! It does not know which file of a chart means what.

use super::assemble::{Raw, assemble, text};
use super::ignore::Rules;
use super::limits::{Budget, MAX_CHART_BYTES, MAX_FILE_BYTES, MAX_FOLDERS, too_large};
use super::{Chart, archive, extension};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::borrow::Cow;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One of the folders over which the sources of bundled charts are split, each with a folder for each chart.
#[derive(Debug)]
pub(super) struct Tree {
    /// `chart`, `templates` or `values`.
    pub(super) folder: &'static str,
    /// What its files' names inside the chart begin with.
    prefix: &'static str,
    /// The only file of it that belongs to the chart; the others are for users to pick from.
    only: Option<&'static str>,
}

/// The three-folder layout.
pub(super) const TREES: [Tree; 3] = [
    Tree {
        folder: "chart",
        prefix: "",
        only: None,
    },
    Tree {
        folder: "templates",
        prefix: "templates/",
        only: None,
    },
    Tree {
        folder: "values",
        prefix: "",
        only: Some("values.yaml"),
    },
];

impl Tree {
    /// The name inside the chart of the file at `path` below the chart's folder in this tree.
    pub(super) fn name_in_chart(&self, path: &str) -> Option<String> {
        self.only
            .is_none_or(|only| only == path)
            .then(|| format!("{}{path}", self.prefix))
    }
}

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
    match three_folder_root(path) {
        Some((root, name)) => load_named(&root, &name),
        None => load_folders(
            &shown,
            vec![Folder {
                path: path.to_owned(),
                shown: shown.clone(),
                tree: &TREES[0],
            }],
        ),
    }
}

/// Loads the chart `name` of a root that has `chart/<name>`, `templates/<name>` and `values/<name>`.
pub fn load_named(root: &Path, name: &str) -> Result<Chart, Vec<Diagnostic>> {
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
    load_folders(&folders[0].shown.clone(), folders)
}

/// A directory without `Chart.yaml`: the root of a three-folder layout with one chart, or an error that says
/// what is there instead.
fn load_root(root: &Path, shown: &str) -> Result<Chart, Vec<Diagnostic>> {
    let below = |folder: &Path| -> Vec<String> {
        let mut names = entries(folder).unwrap_or_default();
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
        match entries(root) {
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
    let file = open_regular(path, shown)?;
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
        return Ok(archive::read(&data, shown, 0, &mut Budget::new()));
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

/// A path as messages show it.
fn show(path: &Path) -> String {
    let text = path.display().to_string();
    let trimmed = text.trim_end_matches('/');
    match trimmed {
        "" if text.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        shown => shown.to_owned(),
    }
}

fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Diagnostic::error("chart-not-found", format!("chart `{shown}` does not exist"))
            .help("check the path; it is relative to the current directory");
    }
    Diagnostic::error(
        "chart-read",
        format!("failed to read `{shown}`: {}", io_reason(error)),
    )
}

/// Opens what must be a regular file; opening a pipe would wait for its other end.
fn open_regular(path: &Path, shown: &str) -> Result<fs::File, Diagnostic> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(shown, &error))?;
    if !metadata.is_file() {
        let message = format!("`{shown}` is neither a regular file nor a directory");
        return Err(Diagnostic::error("chart-layout", message)
            .help("list it in `.helmignore` if it does not belong to the chart"));
    }
    fs::File::open(path).map_err(|error| unreadable(shown, &error))
}

fn entries(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        names.push(name.into_string().map_err(|name| {
            let reason = format!(
                "the name `{}` is not UTF-8",
                name.to_string_lossy().escape_debug()
            );
            std::io::Error::new(std::io::ErrorKind::InvalidData, reason)
        })?);
    }
    names.sort();
    Ok(names)
}

/// A directory whose files make up a chart or a part of it.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    shown: String,
    tree: &'static Tree,
}

fn load_folders(location: &str, folders: Vec<Folder>) -> Result<Chart, Vec<Diagnostic>> {
    let mut walk = Walk {
        rules: read_rules(&folders[0])?,
        ..Walk::new()
    };
    for folder in folders {
        walk.tree = folder.tree;
        let root = folder
            .path
            .canonicalize()
            .map_err(|error| vec![unreadable(&folder.shown, &error)])?;
        walk.roots.push(root.clone());
        walk.folder(&folder.path, &folder.shown, "", &mut vec![root]);
    }
    if !walk.errors.is_empty() {
        return Err(walk.errors);
    }
    let mut chart = assemble(location, walk.files, 0, &mut walk.budget)?;
    chart.warnings.append(&mut walk.warnings);
    Ok(chart)
}

fn read_rules(folder: &Folder) -> Result<Rules, Vec<Diagnostic>> {
    let path = folder.path.join(".helmignore");
    if !path.is_file() {
        return Ok(Rules::default().with_defaults());
    }
    let shown = format!("{}/.helmignore", folder.shown);
    let data = open_regular(&path, &shown)
        .and_then(|file| Budget::new().read(file, &shown))
        .map_err(|error| vec![error])?;
    let source = text(&shown, &data).map_err(|error| vec![error])?;
    Ok(Rules::parse(&source)?.with_defaults())
}

/// A walk over a chart's directories, in the order of Helm's: names sorted within each folder.
#[derive(Debug)]
struct Walk {
    rules: Rules,
    tree: &'static Tree,
    /// The real paths of the chart's own directories.
    roots: Vec<PathBuf>,
    budget: Budget,
    files: Vec<Raw>,
    warnings: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

impl Walk {
    fn new() -> Self {
        Self {
            rules: Rules::default(),
            tree: &TREES[0],
            roots: Vec::new(),
            budget: Budget::new(),
            files: Vec::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Walks a folder that lies at `inside` below its root; `above` holds the real paths of the folders on
    /// the way to it and of itself.
    fn folder(&mut self, path: &Path, shown: &str, inside: &str, above: &mut Vec<PathBuf>) {
        if above.len() > MAX_FOLDERS {
            let message = format!("folders nest deeper than {MAX_FOLDERS} levels at `{shown}`");
            return self.errors.push(Diagnostic::error("chart-size", message));
        }
        let names = match entries(path) {
            Ok(names) => names,
            Err(error) => {
                let message = format!("failed to list `{shown}`: {}", io_reason(&error));
                return self.errors.push(Diagnostic::error("chart-read", message));
            }
        };
        for name in names {
            let inside = if inside.is_empty() {
                name.clone()
            } else {
                format!("{inside}/{name}")
            };
            if let Err(error) = self.entry(&path.join(&name), &format!("{shown}/{name}"), &inside, above) {
                self.errors.push(error);
                if self.budget.is_spent() {
                    return;
                }
            }
        }
    }

    fn entry(
        &mut self,
        path: &Path,
        shown: &str,
        inside: &str,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Diagnostic> {
        let is_link = fs::symlink_metadata(path)
            .map_err(|error| unreadable(shown, &error))?
            .is_symlink();
        let metadata = fs::metadata(path).map_err(|error| dangling(path, shown, is_link, &error))?;
        let is_folder = metadata.is_dir();
        let name = if is_folder {
            format!("{}{inside}", self.tree.prefix)
        } else {
            let Some(name) = self.tree.name_in_chart(inside) else {
                return Ok(());
            };
            name
        };
        if self.rules.ignores(&name, is_folder) {
            return Ok(());
        }
        if is_folder {
            // Nothing else of such a tree belongs to the chart.
            if self.tree.only.is_some() {
                return Ok(());
            }
            let real = path.canonicalize().map_err(|error| unreadable(shown, &error))?;
            if is_link {
                self.warn_of_link(shown, &real);
                if above.contains(&real) {
                    let message = format!("symbolic link `{shown}` leads to a folder that contains it");
                    return Err(Diagnostic::error("chart-layout", message)
                        .help("remove the link or list it in `.helmignore`"));
                }
            }
            above.push(real);
            self.folder(path, shown, inside, above);
            above.pop();
            return Ok(());
        }
        if is_link {
            let real = path.canonicalize().map_err(|error| unreadable(shown, &error))?;
            self.warn_of_link(shown, &real);
        }
        if metadata.is_file() && metadata.len() > MAX_FILE_BYTES {
            return Err(too_large(shown));
        }
        self.budget.count_file(shown)?;
        let file = open_regular(path, shown)?;
        let data = self.budget.read(file, shown)?;
        self.files.push(Raw {
            name,
            shown: shown.to_owned(),
            data: Cow::Owned(data),
        });
        Ok(())
    }

    /// Helm follows links and so do we, but what comes from elsewhere should not come unnoticed.
    fn warn_of_link(&mut self, shown: &str, real: &Path) {
        if !self.roots.iter().any(|root| real.starts_with(root)) {
            let message = format!(
                "symbolic link `{shown}` leads out of the chart, to `{}`",
                real.display()
            );
            self.warnings.push(Diagnostic::warning("symbolic-link", message));
        }
    }
}

fn dangling(path: &Path, shown: &str, is_link: bool, error: &std::io::Error) -> Diagnostic {
    if is_link && error.kind() == std::io::ErrorKind::NotFound {
        let target = fs::read_link(path)
            .map(|target| show(&target))
            .unwrap_or_default();
        return Diagnostic::error(
            "chart-read",
            format!("symbolic link `{shown}` leads to `{target}`, which does not exist"),
        );
    }
    unreadable(shown, error)
}
