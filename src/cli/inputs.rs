//! Owns the step from shared flags to a chart and a request.
//!
//! Parsing is clap's, rendering is `render`'s; here names are resolved and files are read.

use super::Defaults;
use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::dependencies;
use super::files::Files;
use super::helm_args::RemoteArgs;
use super::reference;
use super::ui::Stop;
use crate::capabilities::Capabilities;
use crate::diagnostic::Diagnostic;
use crate::manifest;
use crate::manifest::Selection;
use crate::release::Release;
use crate::render;
use crate::render::RenderRequest;
use crate::template;
use crate::values;
use crate::values::{Input, Processed, SchemaOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::OffsetDateTime;

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

/// What the command line says, by its groups of flags.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) release: &'a ReleaseArgs,
    pub(super) generate_name: bool,
    pub(super) dependency_update: bool,
    pub(super) values: &'a ValuesArgs,
    pub(super) capabilities: &'a CapabilitiesArgs,
    pub(super) selection: &'a SelectionArgs,
    pub(super) files: manifest::Files,
    pub(super) remote: &'a RemoteArgs,
    pub(super) namespace: &'a str,
    pub(super) defaults: Defaults,
    pub(super) template: template::Options,
    /// When signatures are checked; templates may have another clock.
    pub(super) now: OffsetDateTime,
}

/// Loads the chart, reads the values files and merges the overrides.
pub(super) fn gather(given: Given<'_>) -> Result<Inputs, Stop> {
    let Given { values, defaults, .. } = given;
    let naming = reference::Naming {
        template: given
            .release
            .name_template
            .as_deref()
            .filter(|text| !text.is_empty()),
        generate: given.generate_name,
        defaults,
    };
    let (name, reference) = reference::name_and_chart(&given.release.name_and_chart, &naming)?;
    given.remote.verify(reference, given.now)?;
    let capabilities = Capabilities::new(
        given.capabilities.kube_version.as_deref(),
        &given.capabilities.api_versions,
    )
    .map_err(Stop::Usage)?;
    let namespace = namespace(given.namespace)?;
    let mut chart = reference::load(reference, given.remote, defaults)?;
    if given.dependency_update {
        dependencies::complete(&mut chart)?;
    }
    let name = reference::release_name(name, &naming, &chart, &given.template)?;
    let merged = values::merge(&read_inputs(values, defaults)?)?;
    let request = RenderRequest {
        release: Release {
            name,
            namespace,
            revision: 1,
            is_upgrade: given.capabilities.is_upgrade,
        },
        capabilities,
        overrides: merged.values,
        schema: (!values.skip_schema_validation).then_some(SchemaOptions {
            allow_unknown: values.allow_unknown_values,
        }),
        template: given.template,
        selection: Selection {
            include_crds: given.selection.include_crds,
            no_hooks: given.selection.no_hooks,
            skip_tests: given.selection.skip_tests,
            files: given.files,
        },
    };
    Ok(Inputs {
        processed: render::process_dependencies(&Arc::new(chart), &request),
        request,
        warnings: merged.warnings,
    })
}

/// The namespace, if Kubernetes takes the name.
fn namespace(name: &str) -> Result<String, Stop> {
    if name.len() <= MAX_NAMESPACE && reference::is_label(name) {
        return Ok(name.to_owned());
    }
    let message = format!("`{}` is not a namespace", name.escape_debug());
    Err(Stop::Usage(Diagnostic::error("namespace", message).help(format!(
        "use at most {MAX_NAMESPACE} lowercase letters, digits and `-`; begin and end with a letter or digit"
    ))))
}

/// Reads every source of overrides; all unreadable files are reported at once.
fn read_inputs(args: &ValuesArgs, defaults: Defaults) -> Result<Vec<Input>, Vec<Diagnostic>> {
    let mut files = Files::default();
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    // Helm takes an empty name for none; otherwise a variable of a script is not set.
    let is_none = |path: &&PathBuf| defaults == Defaults::Helm && path.as_os_str().is_empty();
    for path in args.values.iter().filter(|path| !is_none(path)) {
        if path.as_os_str().is_empty() {
            let error = Diagnostic::error("values-file", "the name of a values file is empty");
            errors.push(error.help("is a variable of a script not set?"));
            continue;
        }
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
