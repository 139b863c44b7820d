//! Tests of the loaders: layouts, broken directories, and archives that someone hostile made.

use super::Chart;
use super::load;
use crate::diagnostic::Diagnostic;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

mod archives;
mod directories;

/// A folder that is deleted after the test.
struct Scratch(TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory can be made"))
    }

    /// With a minimal `Chart.yaml` in `chart/`, a chart of Helm's layout.
    fn with_chart() -> Self {
        Self::new().file("c/Chart.yaml", METADATA)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn file(self, path: &str, data: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        let parent = path.parent().expect("the path is below the folder");
        fs::create_dir_all(parent).expect("the folder is writable");
        fs::write(path, data).expect("the folder is writable");
        self
    }

    #[track_caller]
    fn load(&self, path: &str) -> Chart {
        load(&self.path(path)).unwrap_or_else(|errors| panic!("{}", self.shown(&errors)))
    }

    /// The errors of loading, each as it is printed, with the folder left out of paths.
    #[track_caller]
    fn errors(&self, path: &str) -> String {
        let errors = load(&self.path(path)).expect_err("loading must fail");
        self.shown(&errors)
    }

    fn shown(&self, errors: &[Diagnostic]) -> String {
        let root = format!("{}/", self.0.path().display());
        errors
            .iter()
            .map(|error| error.to_string().replace(&root, ""))
            .collect()
    }
}

const METADATA: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

fn template_names(chart: &Chart) -> Vec<&str> {
    chart
        .templates
        .iter()
        .map(|template| template.name.as_str())
        .collect()
}

fn file_names(chart: &Chart) -> Vec<&str> {
    chart.files.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn every_bundled_chart_loads_and_names_files_by_their_place_in_the_sources() {
    let names: Vec<&str> = super::bundled_names().collect();
    assert!(names.contains(&"kubiya-runner") && names.is_sorted(), "{names:?}");
    for name in names {
        let chart = super::bundled(name)
            .expect("the name is known")
            .expect("the chart is well-formed");
        assert_eq!(chart.metadata.name, name);
        assert!(chart.values_source.is_some() && chart.schema.is_some(), "{name}");
        for template in &chart.templates {
            assert!(
                template.source.name.starts_with(&format!("templates/{name}/")),
                "{}",
                template.source.name
            );
            assert!(template.name.starts_with("templates/"), "{}", template.name);
        }
    }
    assert!(super::bundled("nope").is_none() && super::bundled("kubiya").is_none());
}

#[test]
fn a_bundled_chart_is_the_one_in_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in super::bundled_names() {
        let bundled = super::bundled(name)
            .expect("the name is known")
            .expect("the chart is well-formed");
        let loaded = load(&root.join("chart").join(name)).expect("the sources are well-formed");
        assert_eq!(template_names(&bundled), template_names(&loaded));
        let texts = |chart: &Chart| -> Vec<String> {
            chart
                .templates
                .iter()
                .map(|template| template.source.text.clone())
                .collect()
        };
        assert_eq!(texts(&bundled), texts(&loaded));
        let mut files = (file_names(&bundled), file_names(&loaded));
        files.0.sort_unstable();
        files.1.sort_unstable();
        assert_eq!(files.0, files.1);
    }
}
