//! Golden cases: every case under `testdata/` becomes a named, filterable test.
//!
//! Each area of `testdata/` has one line in [`AREAS`] with the function that turns its cases into trials;
//! `UPDATE_SNAPSHOTS=1 cargo test --test golden` writes the snapshots that differ.

mod cases;
mod chart;
mod check;
mod command;
mod compile;
mod go;
mod manifest;
#[path = "../process/mod.rs"]
mod process;
mod snapshot;
mod template;
mod values;
mod yaml;

use libtest_mimic::Arguments;
use libtest_mimic::Failed;
use libtest_mimic::Trial;
use std::collections::BTreeSet;
use std::process::ExitCode;

/// One folder of `testdata/`.
struct Area {
    /// The folder's name.
    name: &'static str,
    /// Makes one trial of each case in the folder of that name.
    trials: fn(&'static str) -> Vec<Trial>,
}

impl Area {
    const fn new(name: &'static str, trials: fn(&'static str) -> Vec<Trial>) -> Self {
        Self { name, trials }
    }
}

const AREAS: &[Area] = &[
    Area::new("chart", chart::trials),
    Area::new("check", check::trials),
    Area::new("cli", command::trials),
    Area::new("compile", compile::trials),
    Area::new("flags", command::trials),
    Area::new("kubernetes", command::trials),
    Area::new("manifest", manifest::trials),
    Area::new("render", command::trials),
    Area::new("template", template::trials),
    Area::new("values", values::trials),
    Area::new("yaml", yaml::trials),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = AREAS.iter().flat_map(|area| (area.trials)(area.name)).collect();
    trials.push(Trial::test("every folder of testdata is an area", || {
        every_folder_is_known("testdata", &[])
    }));
    // The suite compares the `--help` of every command.
    trials.push(Trial::test("every folder of snapshots is an area", || {
        every_folder_is_known("snapshots", &["help"])
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A folder that nothing reads would hold cases that never run.
fn every_folder_is_known(parent: &str, others: &[&str]) -> Result<(), Failed> {
    let known: BTreeSet<&str> = AREAS
        .iter()
        .map(|area| area.name)
        .chain(others.iter().copied())
        .collect();
    let forgotten: Vec<String> = snapshot::names_in(&process::root().join(parent))?
        .into_iter()
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    if forgotten.is_empty() {
        return Ok(());
    }
    Err(format!(
        "no area in tests/golden/main.rs reads {parent}/{}",
        forgotten.join(", ")
    )
    .into())
}
