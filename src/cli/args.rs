//! Owns the flag groups that several commands share, named and worded as Helm's.
//!
//! It holds what the user typed; `inputs` turns it into a request.

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::path::PathBuf;

/// Which release of which chart.
#[derive(Args, Debug, Default)]
pub(super) struct ReleaseArgs {
    /// Release name and chart: `[NAME] [CHART]`
    ///
    /// CHART is a chart directory, an archive of one, or the name of a bundled chart; without it `kubiya-runner`
    /// is rendered. A single argument is the chart; `render` takes one that names no chart for the release name.
    /// Without NAME the release is named after the chart (`release-name` for charts of Go templates, as in Helm).
    #[arg(value_name = "NAME] [CHART", num_args = 0..=2)]
    pub(super) name_and_chart: Vec<String>,

    /// Template that gives the release name
    #[arg(long, value_name = "TEMPLATE")]
    pub(super) name_template: Option<String>,
}

/// Where values come from. Later sources win; see each flag for what it does to types.
#[derive(Args, Debug, Default, PartialEq)]
#[command(next_help_heading = "Values")]
pub(super) struct ValuesArgs {
    /// YAML file of overrides, `-` is standard input (can be repeated or separated by commas)
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',', value_parser = any_path())]
    pub(super) values: Vec<PathBuf>,

    /// Set values: `key1=val1,key2=val2` (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(super) set: Vec<String>,

    /// Set values that stay strings: `key1=val1,key2=val2` (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(super) set_string: Vec<String>,

    /// Set values from files: `key1=path1,key2=path2` (can be repeated)
    #[arg(long, value_name = "KEY=PATH", allow_hyphen_values = true)]
    pub(super) set_file: Vec<String>,

    /// Set JSON values: `key1=json1,key2=json2` or one JSON object (can be repeated)
    #[arg(long, value_name = "KEY=JSON", allow_hyphen_values = true)]
    pub(super) set_json: Vec<String>,

    /// Set one literal string, nothing in it is special: `key=value` (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(super) set_literal: Vec<String>,

    /// Warn about keys that the chart's schema does not know instead of failing
    #[arg(long)]
    pub(super) allow_unknown_values: bool,

    /// Do not check values against the chart's `values.schema.json`
    #[arg(long)]
    pub(super) skip_schema_validation: bool,
}

/// What the templates are told about the cluster and the operation.
#[derive(Args, Debug, Default, PartialEq)]
#[command(next_help_heading = "Capabilities")]
pub(super) struct CapabilitiesArgs {
    /// Kubernetes version for `Capabilities.KubeVersion`
    #[arg(long, value_name = "VERSION")]
    pub(super) kube_version: Option<String>,

    /// Kubernetes API versions for `Capabilities.APIVersions` (can be repeated or separated by commas)
    #[arg(short, long, value_name = "VERSIONS", value_delimiter = ',')]
    pub(super) api_versions: Vec<String>,

    /// Set `Release.IsUpgrade` instead of `Release.IsInstall`
    #[arg(long)]
    pub(super) is_upgrade: bool,
}

/// Which of the rendered manifests are wanted.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Manifests")]
pub(super) struct SelectionArgs {
    /// Include the CRDs of `crds/`
    #[arg(long)]
    pub(super) include_crds: bool,

    /// Leave out hooks
    #[arg(long)]
    pub(super) no_hooks: bool,

    /// Leave out test hooks
    #[arg(long)]
    pub(super) skip_tests: bool,
}

/// A path that may be empty, which Helm takes for none.
pub(super) fn any_path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}
