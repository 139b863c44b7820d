//! Owns the step from shared flags to a chart and a request.
//!
//! Parsing is clap's, rendering is `render`'s; here names are resolved and files are read.

use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::files::Files;
use super::ui::Stop;
use crate::capabilities::Capabilities;
use crate::chart;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::manifest::Selection;
use crate::release::Release;
use crate::render;
use crate::render::RenderRequest;
use crate::suggest;
use crate::template;
use crate::values;
use crate::values::{Input, Processed, SchemaOptions};
use std::path::Path;
use std::sync::Arc;
use time::OffsetDateTime;

/// The chart that is rendered when none is named.
const DEFAULT_CHART: &str = "kubiya-runner";

/// Helm's name for a release that was given none.
const HELM_RELEASE_NAME: &str = "release-name";

/// The longest release name, as in Helm: object names add suffixes to it.
const MAX_RELEASE_NAME: usize = 53;

/// The longest namespace, a DNS label.
const MAX_NAMESPACE: usize = 63;

/// A chart and what is asked of it.
#[derive(Debug)]
pub(super) struct Inputs {
    /// The chart with the subcharts that the overrides enable.
    pub(super) processed: Processed,
    pub(super) request: RenderRequest,
    /// Warnings from reading and merging.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Loads the chart, reads the values files and merges the overrides.
pub(super) fn gather(
    release: &ReleaseArgs,
    values: &ValuesArgs,
    capabilities: &CapabilitiesArgs,
    selection: &SelectionArgs,
    now: OffsetDateTime,
) -> Result<Inputs, Stop> {
    let (name, reference) = name_and_chart(&release.name_and_chart)?;
    let chart = load(reference)?;
    let name = release_name(name, release.name_template.as_deref(), &chart)?;
    let is_upgrade = capabilities.is_upgrade;
    let capabilities = Capabilities::new(capabilities.kube_version.as_deref(), &capabilities.api_versions)
        .map_err(Stop::Usage)?;
    let merged = values::merge(&read_inputs(values)?)?;
    let request = RenderRequest {
        release: Release {
            name,
            namespace: namespace(&release.namespace)?,
            revision: 1,
            is_upgrade,
        },
        capabilities,
        overrides: merged.values,
        schema: (!values.skip_schema_validation).then_some(SchemaOptions {
            allow_unknown: values.allow_unknown_values,
        }),
        template: template::Options {
            clock: now,
            ..template::Options::default()
        },
        selection: Selection {
            include_crds: selection.include_crds,
            no_hooks: selection.no_hooks,
            skip_tests: selection.skip_tests,
        },
    };
    Ok(Inputs {
        processed: render::process_dependencies(&Arc::new(chart), &request),
        request,
        warnings: merged.warnings,
    })
}

/// Splits `[NAME] [CHART]`. Alone, an argument is the chart if it names one, else the release name.
fn name_and_chart(arguments: &[String]) -> Result<(Option<&str>, &str), Stop> {
    match arguments {
        [] => Ok((None, DEFAULT_CHART)),
        [only] if is_chart(only) => Ok((None, only)),
        [only] => {
            match misspelt_chart(only) {
                Some(known) => {
                    let message = format!("`{only}` is neither a bundled chart nor a chart directory");
                    Err(Stop::Usage(Diagnostic::error("unknown-chart", message).help(format!(
                    "did you mean `{known}`? For a release named `{only}` write `{only} {DEFAULT_CHART}`"
                ))))
                }
                None => Ok((Some(only), DEFAULT_CHART)),
            }
        }
        [name, chart, ..] => Ok((Some(name), chart)),
    }
}

/// Whether a lone argument names a chart rather than a release.
fn is_chart(argument: &str) -> bool {
    chart::bundled_names().any(|name| name == argument)
        || argument.contains(['/', '\\'])
        || argument == "."
        || argument == ".."
        || has_suffix(argument, "tgz")
        || Path::new(argument).join("Chart.yaml").exists()
}

fn has_suffix(argument: &str, suffix: &str) -> bool {
    Path::new(argument)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(suffix))
}

/// The bundled chart that a lone argument was probably meant to be. A longer name that begins with a
/// chart's (`kubiya-runner-2`) is a release's.
fn misspelt_chart(argument: &str) -> Option<&'static str> {
    let known = suggest::nearest(argument, chart::bundled_names())?;
    (!argument.starts_with(known)).then_some(known)
}

fn load(reference: &str) -> Result<Chart, Stop> {
    if let Some(chart) = chart::bundled(reference) {
        return Ok(chart?);
    }
    if reference.starts_with("oci://")
        || reference.starts_with("http://")
        || reference.starts_with("https://")
    {
        let message = format!("chart `{reference}` is remote; rendering never uses the network");
        return Err(Diagnostic::error("unknown-chart", message)
            .help("download the chart first and name its directory or archive")
            .into());
    }
    let path = Path::new(reference);
    if !path.exists() && !is_chart(reference) {
        let names: Vec<&str> = chart::bundled_names().collect();
        let finding = Diagnostic::error(
            "unknown-chart",
            format!("`{reference}` is neither a bundled chart nor a chart directory"),
        );
        let help = match suggest::nearest(reference, names.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("bundled charts: {}", names.join(", ")),
        };
        return Err(finding.help(help).into());
    }
    Ok(chart::load(path)?)
}

fn release_name(name: Option<&str>, template: Option<&str>, chart: &Chart) -> Result<String, Stop> {
    let name = match (name, template) {
        (Some(_), Some(_)) => {
            let message = "cannot set `--name-template` and also specify a name";
            return Err(Stop::Usage(Diagnostic::error("usage", message)));
        }
        (Some(name), None) => name.to_owned(),
        (None, Some(template)) => constant_name(template)?.to_owned(),
        (None, None) if chart.is_jinja() => chart.metadata.name.clone(),
        (None, None) => HELM_RELEASE_NAME.to_owned(),
    };
    if is_release_name(&name) {
        return Ok(name);
    }
    let message = format!("`{}` is not a release name", name.escape_debug());
    Err(Stop::Usage(Diagnostic::error("release-name", message).help(format!(
        "use at most {MAX_RELEASE_NAME} lowercase letters, digits, `-` and `.`; begin and end with a letter or digit"
    ))))
}

/// The name that a `--name-template` without template actions gives.
fn constant_name(template: &str) -> Result<&str, Stop> {
    if !template.contains("{{") {
        return Ok(template);
    }
    let message = "`--name-template` with template actions needs Go templates, which are not rendered yet";
    Err(Stop::Usage(
        Diagnostic::error("usage", message).help("pass the name itself"),
    ))
}

/// The namespace, if Kubernetes takes the name.
fn namespace(name: &str) -> Result<String, Stop> {
    if name.len() <= MAX_NAMESPACE && is_label(name) {
        return Ok(name.to_owned());
    }
    let message = format!("`{}` is not a namespace", name.escape_debug());
    Err(Stop::Usage(Diagnostic::error("namespace", message).help(format!(
        "use at most {MAX_NAMESPACE} lowercase letters, digits and `-`; begin and end with a letter or digit"
    ))))
}

/// Helm's rule: dot-separated DNS labels, at most 53 characters in all.
fn is_release_name(name: &str) -> bool {
    name.len() <= MAX_RELEASE_NAME && name.split('.').all(is_label)
}

/// Lowercase letters, digits and inner dashes (RFC 1123 without its limit of length).
fn is_label(label: &str) -> bool {
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = label.as_bytes();
    bytes.first().is_some_and(inner)
        && bytes.last().is_some_and(inner)
        && bytes.iter().all(|byte| inner(byte) || *byte == b'-')
}

/// Reads every source of overrides; all unreadable files are reported at once.
fn read_inputs(args: &ValuesArgs) -> Result<Vec<Input>, Vec<Diagnostic>> {
    let mut files = Files::default();
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for path in &args.values {
        match files.values(path) {
            Ok(source) => inputs.push(Input::File(source)),
            Err(error) => errors.push(error),
        }
    }
    inputs.extend(args.set_json.iter().cloned().map(Input::SetJson));
    inputs.extend(args.set.iter().cloned().map(Input::Set));
    inputs.extend(args.set_string.iter().cloned().map(Input::SetString));
    for text in &args.set_file {
        let mut read = Vec::new();
        for path in values::files_named(text) {
            match files.text(Path::new(&path), "file") {
                Ok((_, contents)) => read.push((path, contents)),
                Err(error) => errors.push(error),
            }
        }
        inputs.push(Input::SetFile {
            text: text.clone(),
            files: read,
        });
    }
    inputs.extend(args.set_literal.iter().cloned().map(Input::SetLiteral));
    if errors.is_empty() {
        Ok(inputs)
    } else {
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_names_follow_helms_rule() {
        for good in ["a", "kubiya-runner", "a.b-c", "0x", &"a".repeat(53)] {
            assert!(is_release_name(good), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a..b", "a_b", "a.", &"a".repeat(54)] {
            assert!(!is_release_name(bad), "{bad}");
        }
    }
}
