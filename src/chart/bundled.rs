//! Owns the charts that are part of the binary: the trees `chart/`, `templates/` and `values/` of the source.
//!
//! It reads no disk: the build script put the files into a table.

use super::Chart;
use super::assemble::{RawFile, Spot, assemble};
use super::beside::Beside;
use super::contents::Raw;
use super::layout::TREES;
use super::limits::Budget;
use crate::diagnostic::Diagnostic;

// `FILES: &[(&str, &[u8])]`, sorted by path.
include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// The names of the bundled charts, sorted.
pub fn bundled_names() -> impl Iterator<Item = &'static str> {
    below("chart/")
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("chart/")?.strip_suffix("/Chart.yaml"))
}

/// The bundled chart called `name`, if there is one, with its dependencies.
pub fn bundled(name: &str) -> Option<Result<Chart, Vec<Diagnostic>>> {
    load(name, Spot::default(), &mut Budget::new())
}

/// The same for the chart's place among others.
pub(super) fn load(name: &str, spot: Spot, budget: &mut Budget) -> Option<Result<Chart, Vec<Diagnostic>>> {
    bundled_names().any(|known| known == name).then(|| {
        let files = TREES.iter().flat_map(|tree| {
            let folder = format!("{}/{name}/", tree.folder);
            below(&folder).iter().filter_map(move |(path, data)| {
                let name = tree.name_in_chart(path.strip_prefix(&folder)?)?;
                Some(RawFile {
                    name,
                    shown: (*path).to_owned(),
                    data: Raw::Bundled(data),
                })
            })
        });
        let spot = Spot {
            location: format!("chart/{name}"),
            beside: Beside::Bundled,
            ..spot
        };
        assemble(spot, files.collect(), budget)
    })
}

/// The part of the table whose paths start with `prefix`.
fn below(prefix: &str) -> &'static [(&'static str, &'static [u8])] {
    let start = FILES.partition_point(|(path, _)| *path < prefix);
    let length = FILES[start..].partition_point(|(path, _)| path.starts_with(prefix));
    &FILES[start..start + length]
}
