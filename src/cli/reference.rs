//! Owns what `[NAME] [CHART]` stand for: the release's name, and the chart, bundled or on disk.
//!
//! It reads no values.

use super::Defaults;
use super::helm_args::RemoteArgs;
use super::ui::Stop;
use crate::chart;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::suggest;
use crate::template;
use crate::template::Options;
use std::path::Path;

/// The chart that is rendered when none is named.
pub(super) const DEFAULT_CHART: &str = "kubiya-runner";

/// Helm's name for a release that was given none.
const HELM_RELEASE_NAME: &str = "release-name";

/// The longest release name, as in Helm: object names add suffixes to it.
const MAX_RELEASE_NAME: usize = 53;

/// How a release gets its name if none is given.
#[derive(Debug)]
pub(super) struct Naming<'a> {
    /// `--name-template`.
    pub(super) template: Option<&'a str>,
    /// `--generate-name`.
    pub(super) generate: bool,
    pub(super) defaults: Defaults,
}

/// The name, if one is given, and what names the chart.
pub(super) fn name_and_chart<'a>(
    arguments: &'a [String],
    naming: &Naming<'_>,
) -> Result<(Option<&'a str>, &'a str), Stop> {
    let (name, chart) = split(arguments, naming.defaults)?;
    let conflicts = [
        ("--generate-name", naming.generate),
        ("--name-template", naming.template.is_some()),
    ];
    match conflicts.into_iter().find(|(_, given)| *given && name.is_some()) {
        Some((flag, _)) => {
            let message = format!("cannot set `{flag}` and also specify a name");
            Err(Stop::Usage(Diagnostic::error("usage", message)))
        }
        None => Ok((name, chart)),
    }
}

/// Splits `[NAME] [CHART]`. Alone, an argument is the chart; by our own defaults only if it names one.
fn split(arguments: &[String], defaults: Defaults) -> Result<(Option<&str>, &str), Stop> {
    match arguments {
        [] => Ok((None, DEFAULT_CHART)),
        [only] if defaults == Defaults::Helm || is_chart(only) => Ok((None, only)),
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
    is_bundled(argument)
        || argument.contains(['/', '\\'])
        || argument == "."
        || argument == ".."
        || has_suffix(argument, "tgz")
        || Path::new(argument).join("Chart.yaml").exists()
}

fn is_bundled(argument: &str) -> bool {
    chart::bundled_names().any(|name| name == argument)
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

/// Loads the chart that the command line names.
pub(super) fn load(reference: &str, remote: &RemoteArgs, defaults: Defaults) -> Result<Chart, Stop> {
    // Helm's blanks around a name are no part of it, and what lies on disk comes before all else.
    let reference = reference.trim();
    let path = Path::new(reference);
    let is_on_disk = if defaults == Defaults::Helm && is_bundled(reference) {
        path.join("Chart.yaml").exists()
    } else {
        path.exists()
    };
    let is_remote = ["oci://", "http://", "https://"]
        .iter()
        .any(|scheme| reference.starts_with(scheme));
    if is_remote || remote.wants_repository() && !is_on_disk {
        let message = format!("chart `{reference}` is remote; rendering never uses the network");
        return Err(Diagnostic::error("unknown-chart", message)
            .help("download the chart first and name its directory or archive")
            .into());
    }
    if (defaults == Defaults::Own || !is_on_disk)
        && let Some(chart) = chart::bundled(reference)
    {
        return Ok(chart?);
    }
    if !is_on_disk && (!is_chart(reference) || is_in_a_repository(reference)) {
        return Err(unknown(reference).into());
    }
    Ok(chart::load(path)?)
}

/// Whether it looks like Helm's `repository/chart`; paths begin with a dot or a slash, or are there.
fn is_in_a_repository(reference: &str) -> bool {
    !reference.starts_with(['.', '/'])
        && reference.matches('/').count() == 1
        && !reference.contains('\\')
        && !has_suffix(reference, "tgz")
        && !Path::new(reference).parent().is_some_and(Path::exists)
}

fn unknown(reference: &str) -> Diagnostic {
    let names: Vec<&str> = chart::bundled_names().collect();
    let finding = Diagnostic::error(
        "unknown-chart",
        format!("`{reference}` is neither a bundled chart nor a chart directory"),
    );
    if is_in_a_repository(reference) {
        return finding.help(
            "charts of repositories are not fetched: download it first and name its directory or archive",
        );
    }
    match suggest::nearest(reference, names.iter().copied()) {
        Some(known) => finding.help(format!("did you mean `{known}`?")),
        None => finding.help(format!("bundled charts: {}", names.join(", "))),
    }
}

/// The release's name: given, made by `--name-template` or `--generate-name`, or the default of the chart's language.
pub(super) fn release_name(
    name: Option<&str>,
    naming: &Naming<'_>,
    chart: &Chart,
    options: &Options,
) -> Result<String, Stop> {
    let name = match (name, naming.template) {
        (Some(name), _) => name.to_owned(),
        (None, Some(template)) => templated_name(template, options)?,
        (None, None) if naming.generate && naming.defaults == Defaults::Own => {
            format!("{}-{}", chart.metadata.name, options.clock.unix_timestamp())
        }
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

/// The name that a `--name-template` gives. As in Helm it sees no values, only functions.
fn templated_name(template: &str, options: &Options) -> Result<String, Stop> {
    if !template.contains("{{") {
        return Ok(template.to_owned());
    }
    Ok(template::render_text(
        &Source::new("--name-template", template),
        options,
    )?)
}

/// Helm's rule: dot-separated DNS labels, at most 53 characters in all.
fn is_release_name(name: &str) -> bool {
    name.len() <= MAX_RELEASE_NAME && name.split('.').all(is_label)
}

/// Lowercase letters, digits and inner dashes (RFC 1123 without its limit of length).
pub(super) fn is_label(label: &str) -> bool {
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = label.as_bytes();
    bytes.first().is_some_and(inner)
        && bytes.last().is_some_and(inner)
        && bytes.iter().all(|byte| inner(byte) || *byte == b'-')
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

    #[test]
    fn a_lone_argument_is_a_chart_to_helm() {
        let arguments = ["acme".to_owned()];
        assert!(matches!(split(&arguments, Defaults::Helm), Ok((None, "acme"))));
        assert!(matches!(
            split(&arguments, Defaults::Own),
            Ok((Some("acme"), DEFAULT_CHART))
        ));
    }

    #[test]
    fn a_chart_of_a_repository_is_told_from_a_path() {
        assert!(is_in_a_repository("bitnami/nginx"));
        for path in ["./x", "/x/y", "a/b/c", "x.tgz", "a/x.tgz", "src/nope"] {
            assert!(!is_in_a_repository(path), "{path}");
        }
    }
}
