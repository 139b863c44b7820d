//! Owns `runnerctl render`: manifests on standard output or in a directory.

use super::Defaults;
use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs, any_path};
use super::check::CheckArgs;
use super::evaluation::EvaluationArgs;
use super::global::GlobalArgs;
use super::helm_args::{InstallArgs, RemoteArgs};
use super::inputs::{self, Given, Inputs};
use super::post_renderer::PostRenderer;
use super::ui::{self, Stop};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::manifest;
use crate::manifest::{Arranged, Manifest};
use crate::render;
use crate::template::{Compiled, Started};
use crate::yaml::Map;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Flags of `render` and `template`.
#[derive(clap::Args, Debug)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    release: ReleaseArgs,

    /// Make up the release name; `template` keeps `release-name`, as Helm does
    #[arg(short, long)]
    generate_name: bool,

    /// Take declared charts that are missing in `charts/` from their `file://` repositories
    #[arg(long)]
    dependency_update: bool,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    capabilities: CapabilitiesArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    check: CheckArgs,

    #[command(flatten)]
    evaluation: EvaluationArgs,

    #[command(flatten)]
    install: InstallArgs,

    #[command(flatten)]
    remote: RemoteArgs,
}

/// Which manifests are shown, and where they go.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Manifests")]
struct OutputArgs {
    /// Only show manifests of the given templates; globs work (can be repeated)
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,

    /// Print the release's Namespace first; without effect in `template`, as in Helm
    #[arg(long)]
    create_namespace: bool,

    /// Write the manifests to files in DIR instead of standard output
    #[arg(long, value_name = "DIR", value_parser = any_path())]
    output_dir: Option<PathBuf>,

    /// Put the files of `--output-dir` into a folder named after the release
    #[arg(long)]
    release_name: bool,

    /// Overwrite files that exist in the output directory; `template` always does, as Helm
    #[arg(long)]
    force: bool,

    /// Program that gets the manifests on standard input and prints those to show; a path, or a name in `PATH`
    #[arg(long, value_name = "PROGRAM")]
    post_renderer: Option<String>,

    /// Argument of the post-renderer (can be repeated)
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    post_renderer_args: Vec<String>,
}

impl OutputArgs {
    /// The directory for files; Helm takes an empty name for none.
    fn directory(&self) -> Option<&Path> {
        let directory = self.output_dir.as_deref();
        directory.filter(|directory| !directory.as_os_str().is_empty())
    }
}

/// Renders a chart and prints or writes its manifests.
pub(super) fn run(
    args: &RenderArgs,
    global: &GlobalArgs,
    defaults: Defaults,
    now: OffsetDateTime,
) -> Result<(), Stop> {
    ui::report(&args.install.check()?);
    let post_renderer = post_renderer(&args.output, defaults)?;
    let inputs = inputs::gather(Given {
        release: &args.release,
        generate_name: args.generate_name,
        dependency_update: args.dependency_update,
        values: &args.values,
        capabilities: &args.capabilities,
        selection: &args.selection,
        files: args.check.files(),
        remote: &args.remote,
        namespace: global.namespace(),
        defaults,
        template: args.evaluation.options(now)?,
        now,
    })?;
    let debug = if global.debug {
        OnFailure::Print
    } else {
        OnFailure::Report
    };
    let mut rendered = render_checked(&inputs, now, debug, &args.check)?;
    let release = &inputs.request.release;
    if args.output.create_namespace && defaults == Defaults::Own {
        let namespace = manifest::namespace(&release.namespace)?;
        rendered.manifests.insert(0, namespace);
    }
    let patterns = &args.output.show_only;
    let output = match (args.output.directory(), post_renderer) {
        (Some(directory), _) => write_files(&rendered, directory, &release.name, &args.output, defaults)?,
        (None, Some(program)) => post_rendered(&rendered, &program, patterns)?,
        (None, None) if patterns.is_empty() => {
            let printed = ui::print_parts(&manifest::parts(&rendered.manifests));
            leave_to_exit((inputs, rendered));
            return printed;
        }
        (None, None) => shown(&rendered, patterns, defaults)?,
    };
    leave_to_exit((inputs, rendered));
    ui::print(&output)
}

/// The post-renderer, if one is asked for; refuses flags that do not go together.
fn post_renderer(args: &OutputArgs, defaults: Defaults) -> Result<Option<PostRenderer>, Stop> {
    let conflict =
        |message: &str, help: &str| Err(Stop::Usage(Diagnostic::error("usage", message).help(help)));
    if defaults == Defaults::Own && args.force && args.directory().is_none() {
        return conflict("`--force` needs `--output-dir`", "it overwrites files");
    }
    let Some(name) = args.post_renderer.as_deref().filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    if args.directory().is_some() {
        return conflict(
            "`--post-renderer` and `--output-dir` exclude each other",
            "Helm writes the files before the program runs, and gives it nothing",
        );
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line is where the environment counts"
    )]
    let search = std::env::var_os("PATH");
    PostRenderer::find(name, &args.post_renderer_args, search.as_deref()).map(Some)
}

/// The manifests of the templates that the patterns name, as they are printed.
fn shown(rendered: &Arranged, patterns: &[String], defaults: Defaults) -> Result<String, Diagnostic> {
    match defaults {
        Defaults::Helm => {
            let printed = manifest::write(&rendered.manifests);
            manifest::select_printed(&printed, &rendered.silent, patterns)
        }
        Defaults::Own => {
            let selected = manifest::select(&rendered.manifests, &rendered.silent, patterns)?;
            Ok(manifest::write_selected(&selected))
        }
    }
}

/// What the program makes of the release, with the hooks, which it does not get, as in Helm.
fn post_rendered(
    rendered: &Arranged,
    program: &PostRenderer,
    patterns: &[String],
) -> Result<String, Diagnostic> {
    let (release, hooks) = manifest::split_hooks(&rendered.manifests);
    let changed = program.run(&manifest::write_selected(release))?;
    let printed = format!("{}\n{}", changed.trim(), manifest::write_selected(hooks));
    if patterns.is_empty() {
        return Ok(printed);
    }
    manifest::select_printed(&printed, &rendered.silent, patterns)
}

/// Writes the manifests to files and says which.
fn write_files(
    rendered: &Arranged,
    directory: &Path,
    release: &str,
    args: &OutputArgs,
    defaults: Defaults,
) -> Result<String, Vec<Diagnostic>> {
    let selected: Vec<Manifest>;
    let manifests = if args.show_only.is_empty() {
        &rendered.manifests
    } else {
        selected = manifest::select(&rendered.manifests, &rendered.silent, &args.show_only)
            .map_err(|error| vec![error])?;
        &selected
    };
    let folder = args.release_name.then_some(release);
    let overwrite = args.force || defaults == Defaults::Helm;
    let mut report = String::new();
    for path in manifest::write_directory(manifests, directory, folder, overwrite)? {
        let _ = writeln!(report, "wrote {}", path.display());
    }
    if defaults == Defaults::Helm {
        // What Helm prints here are the manifests that went to no file.
        report.push('\n');
    }
    Ok(report)
}

/// Keeps a value until the process ends, which is near: taking it apart would cost a tenth of a run.
fn leave_to_exit<T>(value: T) {
    std::mem::forget(value);
}

/// What is printed if the rendered text cannot be read as manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFailure {
    /// The errors alone.
    Report,
    /// The rendered text too: Helm's `--debug`.
    Print,
}

/// Checks the values and the minimum configuration, reports every warning, renders, and checks the manifests if that is
/// asked for.
pub(super) fn render_checked(
    inputs: &Inputs,
    now: OffsetDateTime,
    on_failure: OnFailure,
    check: &CheckArgs,
) -> Result<Arranged, Stop> {
    let Started {
        templates,
        values,
        rendered,
    } = render::start(&inputs.processed.chart, &inputs.request, || {
        check_values(inputs, now)
    });
    let values = values?;
    let templates = templates?;
    let rendered = render::finish(&templates, &values, &inputs.request, rendered);
    if rendered.is_err() && on_failure == OnFailure::Print {
        print_unreadable(&templates, &values, inputs)?;
    }
    let rendered = rendered?;
    ui::report(&rendered.warnings);
    check.run(&rendered, &values, &inputs.request)?;
    leave_to_exit((templates, values));
    Ok(rendered)
}

/// Prints what the templates render although it is no manifest; what does not render says so elsewhere.
fn print_unreadable(templates: &Compiled<'_>, values: &Map, inputs: &Inputs) -> Result<(), Stop> {
    let request = &inputs.request;
    let rendered = templates.render(values, &request.release, &request.capabilities, &request.template);
    let Ok(files) = rendered else { return Ok(()) };
    let texts = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    ui::print(&manifest::write_unread(texts))
}

/// The coalesced values, if the schema and the minimum configuration find no error; warnings are reported.
pub(super) fn check_values(inputs: &Inputs, now: OffsetDateTime) -> Result<Map, Stop> {
    let prepared = render::prepare(&inputs.processed, &inputs.request);
    let minimum = check::minimum(
        &inputs.processed.chart,
        &prepared.values,
        &inputs.request.release,
        now,
    );
    let mut findings = inputs.warnings.clone();
    let schema = prepared.findings.into_iter();
    findings.extend(schema.filter(|finding| !is_said_better(finding, &minimum)));
    findings.extend(minimum);
    if findings.iter().any(Diagnostic::is_error) {
        return Err(findings.into());
    }
    ui::report(&findings);
    Ok(prepared.values)
}

/// Whether the minimum configuration finds the same value wrong as the schema: it also says why and gives an example.
fn is_said_better(finding: &Diagnostic, minimum: &[Diagnostic]) -> bool {
    let place = |diagnostic: &Diagnostic| Some(diagnostic.labels.first()?.place.clone());
    let about_a_value = |other: &&Diagnostic| other.is_error() && other.code != "required-value";
    finding.code == "invalid-value"
        && place(finding).is_some_and(|found| {
            let mut others = minimum.iter().filter(about_a_value);
            others.any(|other| place(other).as_ref() == Some(&found))
        })
}
