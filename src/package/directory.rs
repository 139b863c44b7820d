//! Owns which files a chart consists of, in Helm's layout.
//!
//! It writes nothing.

use crate::bytes;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::yaml;
use crate::yaml::{Map, Value};
use std::collections::BTreeMap;

/// Every file of the chart and of the charts in it, by its path below the chart's folder; an error if one of them can
/// no longer be read.
pub fn files(chart: &Chart) -> Result<BTreeMap<String, Vec<u8>>, Diagnostic> {
    let mut files = BTreeMap::new();
    let sources = [
        ("Chart.yaml", &chart.metadata_source),
        ("values.yaml", &chart.values_source),
        ("values.schema.json", &chart.schema),
    ];
    for (name, source) in sources {
        if let Some(source) = source {
            files.insert(name.to_owned(), source.text.clone().into_bytes());
        }
    }
    for template in &chart.templates {
        let data = bytes::of_text(&template.source.text).into_owned();
        files.insert(template.name.clone(), data);
    }
    for file in &chart.files {
        files.insert(file.name.clone(), file.data.copy()?);
    }
    for (folder, child) in subcharts(chart) {
        let inner = self::files(child)?.into_iter();
        files.extend(inner.map(|(name, data)| (format!("{folder}/{name}"), data)));
    }
    Ok(files)
}

/// The files as Helm puts them into an archive, below the chart's name: what says which chart it is, and what was
/// chosen for its dependencies, is written from what was read.
pub(super) fn packed(chart: &Chart) -> Result<BTreeMap<String, Vec<u8>>, Vec<Diagnostic>> {
    let mut files = files(chart).map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    describe(chart, "", &mut files, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let name = &chart.metadata.name;
    let below = files
        .into_iter()
        .map(|(path, data)| (format!("{name}/{path}"), data));
    Ok(below.collect())
}

/// Writes `Chart.yaml` and `Chart.lock` of the chart whose paths begin with `prefix`, and of those in it.
fn describe(
    chart: &Chart,
    prefix: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
    errors: &mut Vec<Diagnostic>,
) {
    let mut metadata = chart.metadata.clone();
    let mut maps = Vec::new();
    // Charts of `apiVersion: v1` have files of their own for both.
    match (&*metadata.api_version, &chart.lock) {
        ("v1", _) => metadata.dependencies = None,
        ("v2", Some(lock)) => maps.push(("Chart.lock", lock.to_map())),
        _ => {}
    }
    maps.push(("Chart.yaml", metadata.to_map()));
    for (name, map) in maps {
        let path = format!("{prefix}{name}");
        match written(map) {
            Ok(text) => {
                files.insert(path, text.into_bytes());
            }
            Err(reason) => {
                let message = format!("cannot write `{path}`: {reason}");
                errors.push(Diagnostic::error("package-text", message));
            }
        }
    }
    errors.extend(broken_schema(chart));
    for (folder, child) in subcharts(chart) {
        describe(child, &format!("{prefix}{folder}/"), files, errors);
    }
}

fn written(map: Map) -> Result<String, String> {
    let text = yaml::write(&Value::from(map)).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

/// Helm refuses to package a schema that is no JSON.
fn broken_schema(chart: &Chart) -> Option<Diagnostic> {
    let schema = chart.schema.as_ref()?;
    let error = serde_json::from_str::<serde::de::IgnoredAny>(&schema.text).err()?;
    let place = Place::new(
        schema,
        u32::try_from(error.line()).unwrap_or_default(),
        u32::try_from(error.column().max(1)).unwrap_or_default(),
    );
    Some(Diagnostic::error("schema-syntax", "the schema is not valid JSON").at(place))
}

/// The charts in a chart, each with its folder. Two of one name, as with aliases of two versions, get two folders.
fn subcharts(chart: &Chart) -> Vec<(String, &Chart)> {
    let mut named: Vec<(String, &Chart)> = Vec::new();
    for child in &chart.dependencies {
        let name = &child.metadata.name;
        let candidates = [name.clone(), format!("{name}-{}", child.metadata.version)];
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let folders = candidates
            .into_iter()
            .chain(numbered)
            .map(|name| format!("charts/{name}"));
        let is_free = |folder: &String| named.iter().all(|(taken, _)| taken != folder);
        let mut free = folders.filter(is_free);
        if let Some(folder) = free.next() {
            named.push((folder, child));
        }
    }
    named
}
