//! Owns packages whose templates are rendered manifests: nothing in them is left to be decided.
//!
//! It does not render; it is given the manifests.

use super::{Package, escape};
use crate::chart::{Chart, Dependency, Metadata};
use crate::diagnostic::Diagnostic;
use crate::manifest::{Manifest, Role};
use crate::yaml;
use crate::yaml::Value;
use std::collections::BTreeMap;

/// Says in the package where its values went.
const VALUES: &str =
    "# The templates of this package are rendered manifests: values have no effect on them.\n{}\n";

/// A constraint that every version meets: what was rendered is what is there.
const ANY_VERSION: &str = ">=0.0.0-0";

/// Packages manifests rendered from `chart` as the templates of a chart of the same name and version.
///
/// Helm gives the same documents back: what its template engine would act on is escaped, hooks stay hooks, and
/// the files of `crds/` stay where they are. `epoch` is the time of the files in the archive, in seconds since
/// 1970; the same manifests and time give the same bytes on any machine.
pub fn rendered(chart: &Chart, manifests: &[Manifest], epoch: u64) -> Result<Package, Vec<Diagnostic>> {
    let mut files = BTreeMap::new();
    let mut errors = Vec::new();
    for (path, text) in templates(manifests) {
        match escape::escape(&text) {
            Ok(text) => add(&mut files, path, text),
            Err(message) => errors.push(Diagnostic::error(
                "package-text",
                format!("cannot package `{path}`: {message}"),
            )),
        }
    }
    match chart.crds() {
        Ok(crds) => {
            for crd in crds {
                add(&mut files, crd.path, crd.source.text.clone());
            }
        }
        Err(found) => errors.extend(found),
    }
    if let Err(error) = describe(chart, &mut files) {
        errors.push(error);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Package::new(chart, &files, epoch).map_err(|error| vec![error])
}

fn add(files: &mut BTreeMap<String, Vec<u8>>, path: String, text: String) {
    files.insert(path, text.into_bytes());
}

/// The text of each template: its documents in the order in which it rendered them.
fn templates(manifests: &[Manifest]) -> BTreeMap<String, String> {
    let mut documents: BTreeMap<&str, Vec<&Manifest>> = BTreeMap::new();
    let is_template = |manifest: &&Manifest| matches!(manifest.role, Role::Plain | Role::Hook(_));
    for manifest in manifests.iter().filter(is_template) {
        documents.entry(&manifest.path).or_default().push(manifest);
    }
    // Each separator is written, also the first: a document may begin with one of its own.
    let text = |mut of_file: Vec<&Manifest>| {
        of_file.sort_by_key(|manifest| manifest.document);
        of_file.iter().fold(String::new(), |text, manifest| {
            text + "---\n" + &manifest.text + "\n"
        })
    };
    documents
        .into_iter()
        .map(|(path, of_file)| (path.to_owned(), text(of_file)))
        .collect()
}

/// Adds `Chart.yaml` and `values.yaml` for a chart and for each subchart that has files.
fn describe(chart: &Chart, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Diagnostic> {
    let path = chart.full_path();
    for subchart in &chart.dependencies {
        describe(subchart, files)?;
        // What lies below an alias may keep the path of the chart's own name, where no other chart is.
        if subchart.parent != path && holds_files(files, &subchart.full_path()) {
            add_metadata(chart, &subchart.parent, files)?;
        }
    }
    if chart.is_root() || holds_files(files, &path) {
        add_metadata(chart, &path, files)?;
    }
    Ok(())
}

fn holds_files(files: &BTreeMap<String, Vec<u8>>, folder: &str) -> bool {
    let inside = format!("{folder}/");
    let mut following = files.range(inside.clone()..);
    following
        .next()
        .is_some_and(|(file, _)| file.starts_with(&inside))
}

/// Adds the metadata of `chart` under the name that `path` ends with.
fn add_metadata(chart: &Chart, path: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Diagnostic> {
    let metadata = Metadata {
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        dependencies: Some(subcharts(files, path))
            .filter(|declared| !declared.is_empty() && chart.metadata.api_version != "v1"),
        ..chart.metadata.clone()
    };
    let text = yaml::write(&Value::from(metadata.to_map())).map_err(|error| {
        Diagnostic::error(
            "package-text",
            format!("cannot write `{path}/Chart.yaml`: {error}"),
        )
    })?;
    add(files, format!("{path}/Chart.yaml"), text + "\n");
    add(files, format!("{path}/values.yaml"), VALUES.to_owned());
    Ok(())
}

/// The charts in `charts/` of the chart at `path`, declared as they are: `helm lint` misses what is not. Without condition
/// and tags they are enabled whatever the values say, since that is decided.
fn subcharts(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<Dependency> {
    let inside = format!("{path}/charts/");
    let below = files.range(inside.clone()..).map(|(file, _)| file.as_str());
    let mut names: Vec<&str> = below
        .map_while(|file| file.strip_prefix(&inside)?.split('/').next())
        .collect();
    names.dedup();
    let declared = |name: &str| Dependency {
        name: name.to_owned(),
        version: ANY_VERSION.to_owned(),
        ..Dependency::default()
    };
    names.into_iter().map(declared).collect()
}
