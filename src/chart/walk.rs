//! Owns walking over a chart's directories, in Helm's order and within limits.
//!
//! It does not know which file of a chart means what.

use super::assemble::RawFile;
use super::contents::{Raw, Waiting};
use super::disk::{entries, open_listed, open_regular, show, unreadable};
use super::ignore::Rules;
use super::layout::{TREES, Tree};
use super::limits::{Budget, MAX_FILE_BYTES, MAX_FOLDERS, too_large};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::fs;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A walk over a chart's directories, in the order of Helm's: names sorted within each folder.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    rules: Rules,
    tree: &'static Tree,
    /// The real paths of the chart's own directories.
    roots: Vec<PathBuf>,
    /// How many files stay open until somebody asks for what they hold.
    waiting: usize,
    /// What is left for archives among the files.
    budget: &'a mut Budget,
    /// What was found, in order.
    pub(super) files: Vec<RawFile>,
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
            waiting: 0,
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
        let entries = match entries(path) {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("failed to list `{shown}`: {}", io_reason(&error));
                return self.errors.push(Diagnostic::error("chart-read", message));
            }
        };
        for (name, kind) in entries {
            let inside = if inside.is_empty() {
                name.clone()
            } else {
                format!("{inside}/{name}")
            };
            let shown = format!("{shown}/{name}");
            if let Err(error) = self.entry(&path.join(&name), kind, shown, &inside, above) {
                self.errors.push(error);
            }
            // One error says it; the folders above would each repeat it.
            if self.budget.is_spent() && !self.errors.is_empty() {
                return;
            }
        }
    }

    /// Takes the file or folder at `path`, of which the listing of its folder says its kind.
    fn entry(
        &mut self,
        path: &Path,
        kind: FileType,
        shown: String,
        inside: &str,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Diagnostic> {
        let is_folder = if kind.is_symlink() {
            let metadata = fs::metadata(path).map_err(|error| dangling(path, &shown, &error))?;
            metadata.is_dir()
        } else {
            kind.is_dir()
        };
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
            return self.folder_entry(path, kind, &shown, inside, above);
        }
        let (file, length) = if kind.is_file() {
            open_listed(path, &shown)?
        } else {
            if kind.is_symlink() {
                let real = path.canonicalize().map_err(|error| unreadable(&shown, &error))?;
                self.warn_of_link(&shown, &real);
            }
            open_regular(path, &shown)?
        };
        if length > MAX_FILE_BYTES {
            return Err(too_large(&shown));
        }
        self.budget.count_file(&shown)?;
        let data = self.contents(file, length, &name, &shown)?;
        self.files.push(RawFile { name, shown, data });
        Ok(())
    }

    /// Takes a folder inside another.
    fn folder_entry(
        &mut self,
        path: &Path,
        kind: FileType,
        shown: &str,
        inside: &str,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Diagnostic> {
        let real = match (above.last(), path.file_name()) {
            (Some(above), Some(name)) if !kind.is_symlink() => above.join(name),
            _ => path.canonicalize().map_err(|error| unreadable(shown, &error))?,
        };
        if kind.is_symlink() {
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
        Ok(())
    }

    /// What the open file holds, read now or, where that may be for nothing, later.
    fn contents(&mut self, file: fs::File, length: u64, name: &str, shown: &str) -> Result<Raw, Diagnostic> {
        let is_template = name.split('/').any(|part| part == "templates");
        if is_template || length < WORTH_WAITING || self.waiting == MOST_WAITING {
            return self.budget.read(file, length, shown).map(Raw::Read);
        }
        self.budget.count_bytes(length, shown)?;
        self.waiting += 1;
        Ok(Raw::Waiting(Waiting {
            file: Mutex::new(file),
            length,
            shown: shown.to_owned(),
        }))
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

/// Files shorter than this are read as fast as they are kept open.
const WORTH_WAITING: u64 = 16 * 1024;

/// The most files that stay open; a process may have 256 on some systems.
const MOST_WAITING: usize = 64;

fn dangling(path: &Path, shown: &str, error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::NotFound {
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
