//! Owns `--lookup-fixtures`: the manifests of a directory, which `lookup` finds as if they were a cluster's objects.
//!
//! How they are found is `template`'s.

use super::files::Files;
use super::ui::Stop;
use crate::diagnostic::{Diagnostic, io_reason};
use crate::source::{Place, Source};
use crate::template::Cluster;
use crate::yaml::{self, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders nest no deeper; a link may lead back to where it lies.
const MAX_DEPTH: usize = 20;

/// Reads every `.yaml`, `.yml` and `.json` file below `directory`; what is wrong with any of them is reported.
pub(super) fn read(directory: &Path) -> Result<Cluster, Stop> {
    let mut paths = Vec::new();
    walk(directory, 0, &mut paths)?;
    if paths.is_empty() {
        let message = format!("there are no manifests in `{}`", directory.display());
        return Err(Diagnostic::error("lookup-fixtures", message)
            .help("put the objects that `lookup` is to find into `.yaml` files there: `kubectl get -o yaml` writes them")
            .into());
    }
    let mut objects = Objects::default();
    for path in paths {
        objects.read_file(&path);
    }
    if objects.errors.is_empty() {
        Ok(Cluster::new(objects.found))
    } else {
        Err(objects.errors.into())
    }
}

fn walk(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), Diagnostic> {
    let failed = |path: &Path, reason: &str| {
        let message = format!("failed to read `{}`: {reason}", path.display());
        Diagnostic::error("lookup-fixtures", message)
    };
    if depth > MAX_DEPTH {
        return Err(failed(
            folder,
            &format!("folders nest deeper than {MAX_DEPTH} levels"),
        ));
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|error| failed(folder, &io_reason(&error)))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, depth + 1, paths)?;
        } else if path
            .extension()
            .is_some_and(|suffix| suffix == "yaml" || suffix == "yml" || suffix == "json")
        {
            paths.push(path);
        }
    }
    Ok(())
}

/// What was read so far.
#[derive(Default)]
struct Objects {
    files: Files,
    found: Vec<Value>,
    /// The place of each object, by what identifies it.
    places: BTreeMap<[String; 4], Place>,
    errors: Vec<Diagnostic>,
}

impl Objects {
    fn read_file(&mut self, path: &Path) {
        let text = self.files.text(path, "manifest file");
        let documents = text
            .map_err(|error| vec![error])
            .and_then(|(name, text)| yaml::read_all(&Source::sensitive(name, text)));
        match documents {
            Ok(documents) => {
                for document in documents {
                    self.take(document.value, &document.place);
                }
            }
            Err(errors) => self.errors.extend(errors),
        }
    }

    /// Takes an object, or the items of a list of objects as `kubectl get` prints it.
    fn take(&mut self, value: Value, place: &Place) {
        if value.is_null() {
            return;
        }
        let text = |path: &str| {
            value
                .lookup(path)
                .and_then(|value| value.as_str().map(str::to_owned))
        };
        let kind = text("kind").unwrap_or_default();
        if kind.ends_with("List")
            && let Some(items) = value.lookup("items")
            && let Some(items) = items.as_list()
        {
            let items = items.read();
            for slot in items.iter() {
                self.take(slot.value.clone(), slot.origin.as_ref().unwrap_or(place));
            }
            return;
        }
        let (Some(api_version), Some(name), false) =
            (text("apiVersion"), text("metadata.name"), kind.is_empty())
        else {
            let message = "an object needs `apiVersion`, `kind` and `metadata.name`, each a text";
            self.errors
                .push(Diagnostic::error("lookup-fixtures", message).at(place.clone()));
            return;
        };
        let namespace = text("metadata.namespace").unwrap_or_default();
        let message = format!("{kind} `{name}` is there twice");
        let known = self
            .places
            .insert([api_version, kind, namespace, name], place.clone());
        if let Some(first) = known {
            let finding = Diagnostic::error("lookup-fixtures", message).at(place.clone());
            self.errors.push(finding.label(first, 1, "the first one"));
        }
        self.found.push(value);
    }
}
