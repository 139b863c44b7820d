//! Owns what Go templates see as `.Chart`, `.Files` and `.Capabilities`: Go's structs, with its names for their types.
//!
//! `.Values`, `.Release`, `.Template` and `.Subcharts` are plain maps and not made here.

use super::files::ChartFiles;
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::yaml::{List, ListKind, Value};
use std::sync::Arc;

mod bytes;
mod capabilities;
mod chart;
mod files;
mod record;
#[cfg(test)]
mod tests;

/// `.Chart`: the chart's metadata, and whether it is the one that was asked for rather than a subchart.
pub(super) fn chart(chart: &Chart, is_root: bool) -> Value {
    chart::object(&chart.metadata, is_root)
}

/// `.Files`: the chart's files that are no templates.
pub(super) fn files(chart: &Chart) -> Value {
    Value::Object(Arc::new(files::Files(ChartFiles::new(chart))))
}

/// `.Capabilities`: what the cluster is said to know, and the version of Helm.
pub(super) fn capabilities(capabilities: &Capabilities) -> Value {
    capabilities::object(capabilities)
}

/// A `[]string`.
fn strings(texts: &[String]) -> Value {
    texts_of_kind(ListKind::Strings, texts)
}

/// The `[]string` of a field of `Chart.yaml`: nil if it is not there.
fn strings_or_nil(texts: &[String]) -> Value {
    let kind = if texts.is_empty() {
        ListKind::NilStrings
    } else {
        ListKind::Strings
    };
    texts_of_kind(kind, texts)
}

/// A method was called with another number of arguments than it takes.
fn wrong_count(wanted: usize, given: usize) -> String {
    let plural = if wanted == 1 { "" } else { "s" };
    format!("takes {wanted} argument{plural}, not {given}")
}

fn texts_of_kind(kind: ListKind, texts: &[String]) -> Value {
    let values = texts.iter().map(|text| Value::from(text.as_str()));
    Value::List(List::of_kind(kind, values))
}
