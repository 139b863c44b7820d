//! Owns what a chart must be before its values are looked at: installable, complete, made for the cluster.
//!
//! It does not load what is missing.

use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::template::functions::satisfies;
use crate::yaml;

/// Everything that Helm warns of or refuses a chart for before it renders; only the chart itself is asked, as in Helm.
pub(super) fn unmet(chart: &Chart, capabilities: &Capabilities) -> Vec<Diagnostic> {
    let mut findings = chart.warnings.clone();
    findings.extend(deprecated(chart));
    findings.extend(missing_dependencies(chart));
    if chart.metadata.chart_type == "library" {
        findings.push(
            Diagnostic::error("chart-library", "library charts are not installable")
                .at_maybe(field(chart, "type"))
                .help("render a chart that depends on it"),
        );
    }
    findings.extend(wrong_kubernetes(chart, capabilities));
    findings
}

/// Told of the chart that is rendered alone, as in Helm.
fn deprecated(chart: &Chart) -> Option<Diagnostic> {
    let is_deprecated = chart.metadata.deprecated;
    let warning = || Diagnostic::warning("chart-deprecated", "this chart is deprecated");
    is_deprecated.then(|| warning().at_maybe(field(chart, "deprecated")))
}

/// Helm's `IsCompatibleRange`.
pub(super) fn allows(constraint: &str, version: &str) -> bool {
    satisfies(constraint, version).unwrap_or(false)
}

/// Errors for declared charts that are not there. Helm wants disabled ones too.
pub fn missing_dependencies(chart: &Chart) -> Vec<Diagnostic> {
    let is_there = |name: &str| chart.dependencies.iter().any(|child| child.metadata.name == name);
    chart
        .metadata
        .declared()
        .iter()
        .filter(|dependency| !is_there(&dependency.name))
        .map(|dependency| {
            let name = &dependency.name;
            let message = format!("`{name}` is declared as a dependency, but missing in `charts/`");
            Diagnostic::error("missing-dependency", message)
                .at_maybe(dependency.place.clone())
                .help(missing_help(chart, &dependency.repository))
        })
        .collect()
}

fn missing_help(chart: &Chart, repository: &str) -> String {
    if repository.starts_with("file://") {
        return "`--dependency-update` takes it from where it lies".to_owned();
    }
    format!("put the chart, or its archive, into `{}/charts/`", chart.location)
}

fn wrong_kubernetes(chart: &Chart, capabilities: &Capabilities) -> Option<Diagnostic> {
    let wanted = &chart.metadata.kube_version;
    let version = &capabilities.kube_version.version;
    if wanted.is_empty() {
        return None;
    }
    let finding = match satisfies(wanted, version) {
        Ok(true) => return None,
        Ok(false) => Diagnostic::error(
            "kube-version",
            format!("chart requires kubeVersion `{wanted}`, which is incompatible with Kubernetes {version}"),
        )
        .help("state the cluster's version with `--kube-version`"),
        Err(error) => Diagnostic::error("kube-version", error.message),
    };
    Some(finding.at_maybe(field(chart, "kubeVersion")))
}

/// Where `Chart.yaml` sets a field.
fn field(chart: &Chart, name: &str) -> Option<Place> {
    let source = chart.metadata_source.as_ref()?;
    let fields = yaml::typed::map(&yaml::read(source).ok()?).ok()?;
    yaml::typed::field(&fields, name)?.origin
}
