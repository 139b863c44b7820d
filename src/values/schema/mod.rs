//! Owns the check of values against `values.schema.json`, unknown and renamed keys included.
//!
//! It fetches nothing, from the network or from disk, and prints no secret: what a message says is worded
//! here from the kind of the violation, never taken from the validator, which repeats values.

use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::yaml;
use crate::yaml::{Map, Value};
use report::Report;
use serde_json::Value as Json;
use std::sync::Arc;

mod branch;
mod compile;
mod lookup;
mod plain;
mod quick;
mod report;
mod secret;
mod spot;
mod unknown;
mod words;

/// How strictly values are checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct SchemaOptions {
    /// Whether a key that a closed schema does not know is a warning instead of an error.
    pub allow_unknown: bool,
}

/// Checks coalesced `values` against the schemas of `chart` and of its subcharts, and gives every violation
/// with the place that set the value.
///
/// A chart without a schema accepts everything, as in Helm. Besides the standard keywords a schema may say:
///
/// - `x-secret` (or `writeOnly`) on a value: no message repeats it;
/// - `x-renamed` on an object, `{"old.path": "new.path"}` or a sentence instead of the new path: an unknown
///   key found there is refused with its new name. Both paths start at that object.
pub fn check_schema(chart: &Chart, values: &Map, options: &SchemaOptions) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    check_chart(chart, values, &[], *options, &mut findings);
    findings
}

fn check_chart(
    chart: &Chart,
    values: &Map,
    parents: &[&str],
    options: SchemaOptions,
    findings: &mut Vec<Diagnostic>,
) {
    if let Some(source) = &chart.schema {
        match violations(source, values, parents, options) {
            Ok(found) => findings.extend(found),
            Err(fault) => findings.push(*fault),
        }
    }
    for subchart in &chart.dependencies {
        let name = subchart.metadata.name.as_str();
        // Coalescing has reported a subchart whose values are no map.
        if let Some(Value::Map(inner)) = values.get(name) {
            let path = [parents, &[name]].concat();
            check_chart(subchart, &inner, &path, options, findings);
        }
    }
}

/// What one schema finds in the values of one chart; the error is a schema that cannot be used.
fn violations(
    source: &Arc<Source>,
    values: &Map,
    parents: &[&str],
    options: SchemaOptions,
) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    let mut schema = compile::read(source)?;
    if quick::surely_fits(&schema, values) {
        // So every test that checks values compares the two.
        debug_assert!(
            accepts(source, &schema, values),
            "the quick answer is the validator's"
        );
        return Ok(Vec::new());
    }
    let validator = compile::compile(source, &mut schema)?;
    let instance = yaml::to_serde(&Value::Map(values.clone()));
    let mut errors = validator.iter_errors(&instance).peekable();
    if errors.peek().is_none() {
        return Ok(Vec::new());
    }
    let mut report = Report::new(&schema, values, parents, options);
    for error in errors {
        if report.is_full() {
            break;
        }
        report.violation(&error);
    }
    Ok(report.findings())
}

/// Whether the validator finds nothing.
fn accepts(source: &Arc<Source>, schema: &Json, values: &Map) -> bool {
    let instance = yaml::to_serde(&Value::Map(values.clone()));
    compile::compile(source, &mut schema.clone()).is_ok_and(|validator| validator.is_valid(&instance))
}

#[cfg(test)]
mod tests;
