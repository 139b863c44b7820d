//! Owns turning a chart's files into a `Chart`, by Helm's rules about which name means what.
//!
//! It does not know whether they came from a directory, an archive or the binary.

use super::archive;
use super::beside::Beside;
use super::contents::{Contents, Raw};
use super::limits::{Budget, MAX_SUBCHARTS};
use super::{Chart, File, JINJA_SUFFIX, Lock, Metadata, Template, extension};
use crate::bytes;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where charts of `apiVersion: v1` declare their dependencies.
const REQUIREMENTS: &str = "requirements.yaml";

/// Where `helm dependency` keeps what it chose for them.
const REQUIREMENTS_LOCK: &str = "requirements.lock";

/// One file of a chart as a loader found it.
#[derive(Debug)]
pub(super) struct RawFile {
    /// Path inside the chart with `/`.
    pub(super) name: String,
    /// What a message calls it.
    pub(super) shown: String,
    /// Its bytes without a byte order mark.
    pub(super) data: Raw,
}

/// Where a chart was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    /// What messages call it.
    pub(super) location: String,
    /// The full path of the chart that holds it; empty for the root.
    pub(super) parent: String,
    /// How many charts are above it.
    pub(super) depth: usize,
    /// Where its dependencies are, besides its own `charts/`.
    pub(super) beside: Beside,
}

impl Spot {
    /// Of a chart that no other holds.
    pub(super) fn root(location: &str) -> Self {
        Self {
            location: location.to_owned(),
            ..Self::default()
        }
    }
}

/// Builds a chart from its files; what is wrong in any of them is reported at once.
pub(super) fn assemble(
    spot: Spot,
    files: Vec<RawFile>,
    budget: &mut Budget,
) -> Result<Chart, Vec<Diagnostic>> {
    if spot.depth > MAX_SUBCHARTS {
        let location = spot.location;
        let message = format!("subcharts nest deeper than {MAX_SUBCHARTS} levels at `{location}`");
        return Err(vec![Diagnostic::error("chart-size", message)]);
    }
    let mut parts = Parts {
        chart: Chart {
            location: spot.location,
            parent: spot.parent,
            ..Chart::default()
        },
        ..Parts::default()
    };
    for file in files {
        parts.take(file);
    }
    parts.read_metadata();
    parts.load_subcharts(spot.depth, budget);
    parts.load_beside(spot.depth, &spot.beside, budget);
    parts.check_templates();
    if parts.errors.is_empty() {
        Ok(parts.chart)
    } else {
        Err(parts.errors)
    }
}

/// The text of a file that must be UTF-8.
pub(super) fn text(shown: &str, data: Vec<u8>) -> Result<Arc<Source>, Diagnostic> {
    decode(shown, data).map(|text| Source::new(shown, text))
}

fn decode(shown: &str, data: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(data).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..end]);
        let place = Source::new(shown, before).place_at(end);
        Diagnostic::error("not-utf8", "the file is not UTF-8 text")
            .at(place)
            .help("save the file as UTF-8")
    })
}

/// A chart under construction.
#[derive(Debug, Default)]
struct Parts {
    chart: Chart,
    metadata: Option<Arc<Source>>,
    /// `requirements.yaml` and `requirements.lock`.
    requirements: Vec<RawFile>,
    lock: Option<Arc<Source>>,
    /// By the name that follows `charts/`.
    subcharts: BTreeMap<String, Vec<RawFile>>,
    errors: Vec<Diagnostic>,
}

impl Parts {
    fn take(&mut self, file: RawFile) {
        match file.name.as_str() {
            "Chart.yaml" => self.metadata = self.text(file),
            REQUIREMENTS | REQUIREMENTS_LOCK => self.requirements.push(file),
            "Chart.lock" => self.lock = self.text(file),
            "values.yaml" => self.take_values(file),
            "values.schema.json" => self.chart.schema = self.text(file),
            name if name.starts_with("templates/") => self.take_template(file),
            name if name.starts_with("charts/") && extension(name) != "prov" => self.take_of_subchart(file),
            _ => self.keep(file),
        }
    }

    fn text(&mut self, file: RawFile) -> Option<Arc<Source>> {
        let text = file.data.read().and_then(|data| text(&file.shown, data));
        text.map_err(|error| self.errors.push(error)).ok()
    }

    fn take_template(&mut self, mut file: RawFile) {
        let name = std::mem::take(&mut file.name);
        let source = if name.ends_with(JINJA_SUFFIX) {
            self.text(file)
        } else {
            // Comments in any encoding do no harm; bytes that reach a manifest are refused there.
            let read = file.data.read();
            let source = read.map(|data| Source::new(file.shown, bytes::into_text(data)));
            source.map_err(|error| self.errors.push(error)).ok()
        };
        let template = source.map(|source| Template { name, source });
        self.chart.templates.extend(template);
    }

    fn keep(&mut self, file: RawFile) {
        self.chart.files.push(File {
            name: file.name,
            data: Contents::from(file.data),
        });
    }

    fn take_values(&mut self, file: RawFile) {
        let text = match file.data.read().and_then(|data| decode(&file.shown, data)) {
            Ok(text) => text,
            Err(error) => return self.errors.push(error),
        };
        // Defaults should not hold credentials, but charts exist whose defaults do.
        let source = Source::sensitive(file.shown, text);
        match yaml::read(&source) {
            Ok(Value::Map(values)) => self.chart.values = values,
            Ok(Value::Null) => self.chart.values = Map::new(),
            Ok(other) => {
                let message = format!("values must be a map, found a {}", other.kind());
                self.errors
                    .push(Diagnostic::error("values-type", message).at(Place::new(&source, 1, 1)));
            }
            Err(errors) => self.errors.extend(errors),
        }
        self.chart.values_source = Some(source);
    }

    fn take_of_subchart(&mut self, mut file: RawFile) {
        let name = file.name.split_off("charts/".len());
        let folder = name.split('/').next().unwrap_or_default().to_owned();
        // Helm leaves these folders out: editors and `helm dependency` keep their own files there.
        if !folder.starts_with(['_', '.']) {
            file.name = name;
            self.subcharts.entry(folder).or_default().push(file);
        }
    }

    fn read_metadata(&mut self) {
        let Some(source) = self.metadata.take() else {
            if self.errors.is_empty() {
                let message = format!("chart `{}` has no `Chart.yaml`", self.chart.location);
                self.errors.push(Diagnostic::error("chart-metadata", message));
            }
            return;
        };
        let mut texts = BTreeMap::new();
        let files = std::mem::take(&mut self.requirements);
        for file in &files {
            match file.data.copy().and_then(|data| text(&file.shown, data)) {
                Ok(text) => drop(texts.insert(file.name.as_str(), text)),
                Err(error) => self.errors.push(error),
            }
        }
        match Metadata::read(&source, texts.get(REQUIREMENTS)) {
            Ok(metadata) => self.chart.metadata = metadata,
            Err(errors) => self.errors.extend(errors),
        }
        // Locks serve downloads, and what is in `charts/` counts; but Helm refuses a broken one.
        for source in self.lock.take().iter().chain(texts.get(REQUIREMENTS_LOCK)) {
            match Lock::read(source) {
                Ok(lock) => self.chart.lock = lock,
                Err(errors) => self.errors.extend(errors),
            }
        }
        self.chart.metadata_source = Some(source);
        if self.chart.metadata.api_version == "v1" {
            for file in files {
                self.keep(file);
            }
        } else {
            self.chart.warnings.extend(texts.values().map(misplaced));
        }
    }

    fn load_subcharts(&mut self, depth: usize, budget: &mut Budget) {
        let parent = self.chart.full_path();
        for (folder, files) in std::mem::take(&mut self.subcharts) {
            let spot = Spot {
                location: format!("{}/charts/{folder}", self.chart.location),
                parent: parent.clone(),
                depth: depth + 1,
                beside: Beside::Nowhere,
            };
            self.take_subchart(load_subchart(spot, &folder, files, budget));
        }
    }

    /// Loads what is declared without a repository, not in `charts/`, and stands beside this chart.
    fn load_beside(&mut self, depth: usize, beside: &Beside, budget: &mut Budget) {
        let parent = self.chart.full_path();
        let declared = self.chart.metadata.declared().iter();
        let mut names: BTreeSet<String> = declared
            .filter(|dependency| dependency.repository.is_empty())
            .map(|dependency| dependency.name.clone())
            .collect();
        for chart in &self.chart.dependencies {
            names.remove(&chart.metadata.name);
        }
        for name in names {
            if parent.split("/charts/").any(|above| above == name) {
                let message = format!("chart `{name}` depends on itself, as `{parent}/charts/{name}`");
                self.errors.push(Diagnostic::error("chart-metadata", message));
                continue;
            }
            let spot = Spot {
                parent: parent.clone(),
                depth: depth + 1,
                ..Spot::default()
            };
            if let Some(loaded) = beside.load(&name, spot, budget) {
                self.take_subchart(loaded);
            }
        }
    }

    fn take_subchart(&mut self, loaded: Result<Chart, Vec<Diagnostic>>) {
        match loaded {
            Ok(mut chart) => {
                self.chart.warnings.append(&mut chart.warnings);
                self.chart.dependencies.push(Arc::new(chart));
            }
            Err(errors) => self.errors.extend(errors),
        }
    }

    /// Sorts templates, and refuses two that render to one path: one would silently win.
    fn check_templates(&mut self) {
        self.chart
            .templates
            .sort_by(|left, right| left.name.cmp(&right.name));
        let mut by_output: BTreeMap<&str, &Template> = BTreeMap::new();
        for template in &self.chart.templates {
            let output = template.name.strip_suffix(JINJA_SUFFIX).unwrap_or(&template.name);
            if let Some(first) = by_output.insert(output, template) {
                let message = format!("two templates render to `{output}`");
                self.errors.push(
                    Diagnostic::error("duplicate-template", message)
                        .at(Place::whole(&template.source))
                        .at(Place::whole(&first.source))
                        .help("remove one of them"),
                );
            }
        }
    }
}

/// Warns of a file that charts of `apiVersion: v2` should not have; Helm reads it all the same.
fn misplaced(file: &Arc<Source>) -> Diagnostic {
    let message = "charts of `apiVersion: v2` declare their dependencies in `Chart.yaml`, and lock them in `Chart.lock`";
    Diagnostic::warning("requirements", message)
        .at(Place::whole(file))
        .help("move what it says there and remove this file")
}

fn load_subchart(
    spot: Spot,
    folder: &str,
    files: Vec<RawFile>,
    budget: &mut Budget,
) -> Result<Chart, Vec<Diagnostic>> {
    let location = &spot.location;
    if extension(folder) == "tgz" {
        if let [archive] = files.as_slice()
            && archive.name == folder
        {
            let spot = Spot {
                location: archive.shown.clone(),
                ..spot
            };
            let data = archive.data.copy().map_err(|error| vec![error])?;
            return archive::read(&data, spot, budget);
        }
        let message = format!("`{location}` is a folder named like an archive");
        return Err(vec![Diagnostic::error("chart-layout", message)]);
    }
    let inside: Vec<RawFile> = files
        .into_iter()
        .filter_map(|mut file| {
            let name = file.name.split_once('/')?.1.to_owned();
            file.name = name;
            Some(file)
        })
        .collect();
    if inside.is_empty() {
        let message = format!("`{location}` is not a chart");
        return Err(vec![Diagnostic::error("chart-layout", message).help(
            "`charts/` holds charts only, as folders or `.tgz` archives; Helm refuses other files too",
        )]);
    }
    assemble(spot, inside, budget)
}
