//! Owns turning a chart's files into a `Chart`, by Helm's rules about which name means what.
//!
//! It does not know whether they came from a directory, an archive or the binary.

use super::archive;
use super::limits::{Budget, MAX_SUBCHARTS};
use super::{Chart, File, JINJA_SUFFIX, Metadata, Template, extension};
use crate::diagnostic::Diagnostic;
use crate::source::{Place, Source};
use crate::yaml;
use crate::yaml::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One file of a chart as a loader found it.
#[derive(Debug)]
pub(super) struct Raw {
    /// Path inside the chart with `/`.
    pub(super) name: String,
    /// What a message calls it.
    pub(super) shown: String,
    /// Its bytes without a byte order mark.
    pub(super) data: Cow<'static, [u8]>,
}

/// Builds the chart at `location` from its files; what is wrong in any of them is reported at once.
pub(super) fn assemble(
    location: &str,
    files: Vec<Raw>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Chart, Vec<Diagnostic>> {
    if depth > MAX_SUBCHARTS {
        let message = format!("subcharts nest deeper than {MAX_SUBCHARTS} levels at `{location}`");
        return Err(vec![Diagnostic::error("chart-size", message)]);
    }
    let mut parts = Parts {
        chart: Chart {
            location: location.to_owned(),
            ..Chart::default()
        },
        ..Parts::default()
    };
    for file in files {
        parts.take(file);
    }
    parts.read_metadata();
    parts.load_subcharts(depth, budget);
    parts.check_templates();
    if parts.errors.is_empty() {
        Ok(parts.chart)
    } else {
        Err(parts.errors)
    }
}

/// The text of a file that must be UTF-8.
pub(super) fn text(shown: &str, data: &[u8]) -> Result<Arc<Source>, Diagnostic> {
    decode(shown, data).map(|text| Source::new(shown, text))
}

fn decode<'a>(shown: &str, data: &'a [u8]) -> Result<&'a str, Diagnostic> {
    std::str::from_utf8(data).map_err(|error| {
        let before = String::from_utf8_lossy(&data[..error.valid_up_to()]);
        let place = Source::new(shown, before).place_at(error.valid_up_to());
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
    requirements: Option<Raw>,
    /// By the name that follows `charts/`.
    subcharts: BTreeMap<String, Vec<Raw>>,
    errors: Vec<Diagnostic>,
}

impl Parts {
    fn take(&mut self, file: Raw) {
        match file.name.as_str() {
            "Chart.yaml" => self.metadata = self.text(&file),
            "requirements.yaml" => self.requirements = Some(file),
            // Locks serve downloads; what is in `charts/` counts.
            "Chart.lock" => {}
            "values.yaml" => self.take_values(&file),
            "values.schema.json" => self.chart.schema = self.text(&file),
            name if name.starts_with("templates/") => {
                if let Some(source) = self.text(&file) {
                    self.chart.templates.push(Template {
                        name: file.name,
                        source,
                    });
                }
            }
            name if name.starts_with("charts/") && extension(name) != "prov" => self.take_of_subchart(file),
            _ => self.keep(file),
        }
    }

    fn text(&mut self, file: &Raw) -> Option<Arc<Source>> {
        text(&file.shown, &file.data)
            .map_err(|error| self.errors.push(error))
            .ok()
    }

    fn keep(&mut self, file: Raw) {
        self.chart.files.push(File {
            name: file.name,
            data: Arc::from(file.data),
        });
    }

    fn take_values(&mut self, file: &Raw) {
        let text = match decode(&file.shown, &file.data) {
            Ok(text) => text,
            Err(error) => return self.errors.push(error),
        };
        // Defaults should not hold credentials, but charts exist whose defaults do.
        let source = Source::sensitive(file.shown.as_str(), text);
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

    fn take_of_subchart(&mut self, mut file: Raw) {
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
        match Metadata::read(&source) {
            Ok(metadata) => self.chart.metadata = metadata,
            Err(errors) => self.errors.extend(errors),
        }
        self.chart.metadata_source = Some(source);
        if let Some(file) = self.requirements.take() {
            self.read_requirements(file);
        }
    }

    fn read_requirements(&mut self, file: Raw) {
        let Some(source) = self.text(&file) else { return };
        if let Err(errors) = self.chart.metadata.read_requirements(&source) {
            self.errors.extend(errors);
        }
        if self.chart.metadata.api_version == "v1" {
            self.keep(file);
        } else {
            let message = "charts of `apiVersion: v2` declare their dependencies in `Chart.yaml`";
            self.chart.warnings.push(
                Diagnostic::warning("requirements", message)
                    .at(Place::whole(&source))
                    .help("move `dependencies` to `Chart.yaml` and remove this file"),
            );
        }
    }

    fn load_subcharts(&mut self, depth: usize, budget: &mut Budget) {
        for (folder, files) in std::mem::take(&mut self.subcharts) {
            match load_subchart(&self.chart.location, &folder, files, depth + 1, budget) {
                Ok(mut chart) => {
                    self.chart.warnings.append(&mut chart.warnings);
                    self.chart.dependencies.push(chart);
                }
                Err(errors) => self.errors.extend(errors),
            }
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

fn load_subchart(
    parent: &str,
    folder: &str,
    files: Vec<Raw>,
    depth: usize,
    budget: &mut Budget,
) -> Result<Chart, Vec<Diagnostic>> {
    let location = format!("{parent}/charts/{folder}");
    if extension(folder) == "tgz" {
        if let [archive] = files.as_slice()
            && archive.name == folder
        {
            return archive::read(&archive.data, &archive.shown, depth, budget);
        }
        let message = format!("`{location}` is a folder named like an archive");
        return Err(vec![Diagnostic::error("chart-layout", message)]);
    }
    let inside: Vec<Raw> = files
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
    assemble(&location, inside, depth, budget)
}
