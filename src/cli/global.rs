//! Owns the flags that every command takes, before or after its name, as Helm's commands do.
//!
//! Those about clusters and repositories are there so that scripts run as they are: nothing is contacted.

use clap::Args;
use clap::builder::FalseyValueParser;

/// Flags of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Every command")]
pub(super) struct GlobalArgs {
    /// Namespace of the release
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAMESPACE",
        default_value = DEFAULT_NAMESPACE,
        env = "HELM_NAMESPACE",
        hide_env = true
    )]
    namespace: String,

    /// Print what rendered even if it is not valid YAML
    #[arg(
        long,
        global = true,
        env = "HELM_DEBUG",
        hide_env = true,
        value_parser = FalseyValueParser::new()
    )]
    pub(super) debug: bool,

    #[command(flatten)]
    _ignored: IgnoredArgs,
}

/// Where a release goes that is told nothing else.
const DEFAULT_NAMESPACE: &str = "default";

impl GlobalArgs {
    /// The namespace; Helm takes an empty one for none.
    pub(super) fn namespace(&self) -> &str {
        if self.namespace.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            &self.namespace
        }
    }
}

/// Flags of Helm's that say how a cluster or a repository is reached.
#[derive(Args, Debug)]
struct IgnoredArgs {
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "N"
    )]
    burst_limit: Option<i64>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "ADDRESS"
    )]
    kube_apiserver: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "GROUP"
    )]
    kube_as_group: Vec<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "NAME"
    )]
    kube_as_user: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "FILE"
    )]
    kube_ca_file: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "NAME"
    )]
    kube_context: Option<String>,
    #[arg(long, global = true, hide = true)]
    kube_insecure_skip_tls_verify: bool,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "NAME"
    )]
    kube_tls_server_name: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "TOKEN"
    )]
    kube_token: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "FILE"
    )]
    kubeconfig: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "N"
    )]
    qps: Option<f32>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "FILE"
    )]
    registry_config: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "DIR"
    )]
    repository_cache: Option<String>,
    #[arg(
        long,
        global = true,
        hide = true,
        allow_hyphen_values = true,
        value_name = "FILE"
    )]
    repository_config: Option<String>,
}
