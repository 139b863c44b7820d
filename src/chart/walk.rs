//! Owns walking over a chart's directories, in Helm's order and within limits.
//!
//! It does not know which file of a chart means what.

use super::assemble::Raw;
use super::disk::{entries, open_regular, show, unreadable};
use super::ignore::Rules;
use super::layout::{TREES, Tree};
use super::limits::{Budget, MAX_FILE_BYTES, MAX_FOLDERS, too_large};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// A walk over a chart's directories, in the order of Helm's: names sorted within each folder.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    rules: Rules,
    tree: &'static Tree,
    /// The real paths of the chart's own directories.
    roots: Vec<PathBuf>,
    /// What is left for archives among the files.
    budget: &'a mut Budget,
    /// What was found, in order.
    pub(super) files: Vec<Raw>,
    /// Links that lead out of the chart.
    pub(super) warnings: Vec<Diagnostic>,
    /// Everything that could not be read.
    pub(super) errors: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rules: Rules, budget: &'a mut Budget) -> Self {
        Self {
            rules,
            tree: &TREES[0],
            roots: Vec::new(),
            budget,
            files: Vec::new(),
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Walks the chart's directory at `path`, which messages call `shown`.
    pub(super) fn root(&mut self, path: &Path, shown: &str, tree: &'static Tree) {
        self.tree = tree;
        match path.canonicalize() {
            Ok(real) => {
                self.roots.push(real.clone());
                self.folder(path, shown, "", &mut vec![real]);
            }
            Err(error) => self.errors.push(unreadable(shown, &error)),
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
            }
            // One error says it; the folders above would each repeat it.
            if self.budget.is_spent() && !self.errors.is_empty() {
                return;
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
            // Links may show one folder many times over.
            self.budget.count_file(shown)?;
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
