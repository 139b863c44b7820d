//! Owns the flags that every command takes, before or after its name, as Helm's commands do.
//!
//! Those about clusters and repositories are there so that scripts run as they are: nothing is contacted.

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

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

/// Flags of Helm's that say how a cluster or a repository is reached; what they are given is read and dropped.
#[derive(Debug)]
struct IgnoredArgs;

/// The flags that take a text, and what it is.
const TEXTS: &[(&str, &str)] = &[
    ("kube-apiserver", "ADDRESS"),
    ("kube-as-group", "GROUP"),
    ("kube-as-user", "NAME"),
    ("kube-ca-file", "FILE"),
    ("kube-context", "NAME"),
    ("kube-tls-server-name", "NAME"),
    ("kube-token", "TOKEN"),
    ("kubeconfig", "FILE"),
    ("registry-config", "FILE"),
    ("repository-cache", "DIR"),
    ("repository-config", "FILE"),
];

/// The one of them that may be repeated.
const REPEATED: &str = "kube-as-group";

/// An argument of every command that no help shows.
fn ignored(name: &'static str) -> Arg {
    Arg::new(name).long(name).global(true).hide(true)
}

fn ignored_value(name: &'static str, value: &'static str) -> Arg {
    let action = if name == REPEATED {
        ArgAction::Append
    } else {
        ArgAction::Set
    };
    ignored(name)
        .allow_hyphen_values(true)
        .value_name(value)
        .action(action)
}

impl Args for IgnoredArgs {
    fn augment_args(command: Command) -> Command {
        let texts = TEXTS.iter().map(|(name, value)| ignored_value(name, value));
        command
            .args(texts)
            .arg(ignored_value("burst-limit", "N").value_parser(value_parser!(i64)))
            .arg(ignored_value("qps", "N").value_parser(value_parser!(f32)))
            .arg(ignored("kube-insecure-skip-tls-verify").action(ArgAction::SetTrue))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for IgnoredArgs {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}
