//! Owns `runnerctl package`: chart archives on disk.

use super::Defaults;
use super::args::{CapabilitiesArgs, ReleaseArgs, SelectionArgs, ValuesArgs};
use super::check::CheckArgs;
use super::dependencies;
use super::evaluation::EvaluationArgs;
use super::global::GlobalArgs;
use super::helm_args::RemoteArgs;
use super::inputs::{self, Given};
use super::reference;
use super::render;
use super::signing::{Signing, SigningArgs};
use super::ui::{self, Stop};
use crate::chart;
use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::manifest::Files;
use crate::output;
use crate::output::OutputFile;
use crate::package;
use crate::package::provenance;
use crate::package::{Extent, Package, Sources};
use crate::template::compile;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use time::OffsetDateTime;

/// Flags of `package`.
#[derive(clap::Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct PackageArgs {
    /// Chart directories, archives, or names of bundled charts; `[NAME] [CHART]` with `--rendered`
    ///
    /// Without CHART `kubiya-runner` is packaged. Jinja templates are compiled into Go templates; other charts are
    /// packaged as they are.
    #[arg(value_name = "CHART")]
    charts: Vec<String>,

    /// Directory that the packages are written to
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    destination: PathBuf,

    /// Set the version of the chart
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Set the version of what the chart installs
    #[arg(long, value_name = "VERSION")]
    app_version: Option<String>,

    /// Take declared charts that are missing in `charts/` from their `file://` repositories
    #[arg(short = 'u', long)]
    dependency_update: bool,

    /// Package one component as a chart of its own, with what it shares with others
    ///
    /// A component is a folder below `templates/components/`. Objects keep their names and labels.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["rendered", "split"])]
    component: Option<String>,

    /// Package each component as a chart of its own, and what they share as one more
    ///
    /// Together they render what the whole chart renders, each object in one of them.
    #[arg(long, conflicts_with = "rendered")]
    split: bool,

    /// Overwrite packages of the same names with other content
    #[arg(long)]
    force: bool,

    /// Package the manifests rendered for these overrides instead of the templates
    #[arg(long)]
    rendered: bool,

    /// Template that gives the release name, with `--rendered`
    #[arg(long, value_name = "TEMPLATE", requires = "rendered")]
    name_template: Option<String>,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    capabilities: CapabilitiesArgs,

    #[command(flatten)]
    signing: SigningArgs,

    #[command(flatten)]
    evaluation: EvaluationArgs,
}

/// Packages the charts: all of them or, if one is at fault, none.
pub(super) fn run(args: &PackageArgs, global: &GlobalArgs, now: OffsetDateTime) -> Result<(), Stop> {
    args.check()?;
    let signing = args.signing.prepare(now)?;
    let packages = if args.rendered {
        vec![rendered(args, global, now)?]
    } else {
        packages(args)?
    };
    let report = save(&packages, signing.as_ref(), args)?;
    ui::print(&report)
}

impl PackageArgs {
    /// Refuses flags that say nothing, or nothing sensible, together.
    fn check(&self) -> Result<(), Stop> {
        if let Some(version) = self
            .version
            .as_deref()
            .filter(|version| !chart::is_version(version))
        {
            let message = format!("`{}` is not a version", version.escape_debug());
            let finding = Diagnostic::error("usage", message);
            return Err(Stop::Usage(
                finding.help("a version is written `1.2.3`, `1.2.3-rc.1` or `1.2.3+build`"),
            ));
        }
        let has_overrides = self.values != ValuesArgs::default();
        if !self.rendered && (has_overrides || self.capabilities != CapabilitiesArgs::default()) {
            let message =
                "overrides and capabilities have no place in a package whose templates are not rendered";
            return Err(Stop::Usage(Diagnostic::error("usage", message).help(
                "leave them out: they are given when the package is installed; or add `--rendered`",
            )));
        }
        Ok(())
    }

    /// The time of the files in archives.
    fn epoch(&self) -> u64 {
        self.evaluation.source_date_epoch.unwrap_or(0)
    }

    /// Sets what the command line says of the chart itself.
    fn describe(&self, chart: &mut Chart) {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(version) = given(&self.version) {
            chart.metadata.version = version;
        }
        if let Some(version) = given(&self.app_version) {
            chart.metadata.app_version = version;
        }
    }
}

/// The packages of the charts, in their order; what is wrong with any of them is reported at once.
fn packages(args: &PackageArgs) -> Result<Vec<Package>, Stop> {
    let default = [reference::DEFAULT_CHART.to_owned()];
    let charts: &[String] = if args.charts.is_empty() {
        &default
    } else {
        &args.charts
    };
    let mut packages = Vec::new();
    let mut errors = Vec::new();
    for reference in charts {
        match package(reference, args) {
            Ok(made) => packages.extend(made),
            Err(Stop::Findings(findings)) => errors.extend(findings),
            Err(stop) => return Err(stop),
        }
    }
    if errors.is_empty() {
        Ok(packages)
    } else {
        Err(errors.into())
    }
}

/// The package of one chart, or of its parts, the Jinja templates compiled.
fn package(reference: &str, args: &PackageArgs) -> Result<Vec<Package>, Stop> {
    let mut chart = reference::load(reference, &RemoteArgs::default(), Defaults::Own)?;
    if args.dependency_update {
        dependencies::complete(&mut chart)?;
    }
    args.describe(&mut chart);
    ui::report(&chart.warnings);
    let is_compiled = has_jinja(&chart);
    let compiled = if is_compiled {
        compile::compile(&chart)?
    } else {
        chart.clone()
    };
    let (made, extent) = match &args.component {
        Some(name) => (vec![package::component(&compiled, name)?], Extent::Part),
        None if args.split => (package::split(&compiled)?, Extent::Part),
        None if is_compiled => (vec![compiled], Extent::Whole),
        // As it is: there is nothing to prove.
        None => return Ok(vec![package::pack(&chart, args.epoch())?]),
    };
    let trials = package::trials(&chart)?;
    let sources = Sources::new(chart, &trials);
    let mut packages = Vec::new();
    for made in made {
        let (package, warnings) = package::pack_proved(&sources, &made, extent, args.epoch())?;
        ui::report(&warnings);
        packages.push(package);
    }
    Ok(packages)
}

/// Whether there is anything to compile.
fn has_jinja(chart: &Chart) -> bool {
    chart.is_jinja() || chart.dependencies.iter().any(|child| has_jinja(child))
}

/// The package of the manifests that the chart renders to.
fn rendered(args: &PackageArgs, global: &GlobalArgs, now: OffsetDateTime) -> Result<Package, Stop> {
    let release = ReleaseArgs {
        name_and_chart: args.charts.clone(),
        name_template: args.name_template.clone(),
    };
    // CRDs travel in the package as in any chart; hooks and tests stay what they are.
    let selection = SelectionArgs {
        include_crds: false,
        no_hooks: false,
        skip_tests: false,
    };
    let mut inputs = inputs::gather(Given {
        release: &release,
        generate_name: false,
        dependency_update: args.dependency_update,
        values: &args.values,
        capabilities: &args.capabilities,
        selection: &selection,
        files: Files::Dropped,
        remote: &RemoteArgs::default(),
        namespace: global.namespace(),
        defaults: Defaults::Own,
        template: args.evaluation.options(now)?,
        now,
    })?;
    args.describe(Arc::make_mut(&mut inputs.processed.chart));
    let rendered = render::render_checked(&inputs, now, render::OnFailure::Report, &CheckArgs::default())?;
    let chart = &inputs.processed.chart;
    Ok(package::rendered(chart, &rendered.manifests, args.epoch())?)
}

/// Writes the packages and tells what was written, in the words of `helm package`.
fn save(packages: &[Package], signing: Option<&Signing>, args: &PackageArgs) -> Result<String, Stop> {
    let mut files: BTreeMap<&str, OutputFile> = BTreeMap::new();
    let mut provenances = Vec::new();
    let mut report = String::new();
    for package in packages {
        let file = package.output_file(&args.destination);
        let _ = writeln!(
            report,
            "Successfully packaged chart and saved it to: {}\nsha256 {}",
            file.path.display(),
            package.sha256()
        );
        let provenance_path = provenance::path(&file.path);
        let other = files.insert(&package.file_name, file);
        if let (None, Some(signing)) = (&other, signing) {
            provenances.push(OutputFile {
                path: provenance_path,
                data: signing.provenance(package)?.into_bytes(),
                private: false,
            });
        }
        if other.is_some_and(|other| other.data != package.data) {
            let message = format!("two charts make a package called `{}`", package.file_name);
            return Err(Diagnostic::error("output", message)
                .help("package them apart, each with a `--destination` of its own")
                .into());
        }
    }
    let files: Vec<OutputFile> = files.into_values().chain(provenances).collect();
    output::write(&files, args.force)?;
    Ok(report)
}
