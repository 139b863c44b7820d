//! Owns the check of a whole release: its documents, with findings placed in the templates and values that made them.
//!
//! What is wrong is found in `super`, document by document.

use super::{Target, check};
use crate::diagnostic::{Diagnostic, Label};
use crate::manifest::Arranged;
use crate::source::{Place, Source};
use crate::yaml::{Map, Value};
use std::collections::VecDeque;
use std::sync::Arc;

/// Checks every manifest of a release whose files were kept; `values` are those it was rendered with.
///
/// Errors come before warnings, each in the order of the manifests.
pub fn check_release(release: &Arranged, values: &Map, target: &Target) -> Vec<Diagnostic> {
    let mut target = target.clone();
    existing(values, &mut target.existing);
    let documents = release.documents();
    let sources: Vec<Arc<Source>> = documents
        .iter()
        .map(|document| Arc::clone(&document.source))
        .collect();
    let mut all = Vec::new();
    for (document, findings) in documents.iter().zip(check(&sources, &target)) {
        let values = of_chart(values, document.path);
        for finding in document.placed(findings) {
            all.push(with_value(finding, &values));
        }
    }
    all.sort_by_key(|finding| finding.severity);
    all
}

/// How many values are looked through; templates can make values that contain themselves.
const MAX_VALUES: usize = 100_000;

/// The names of objects that the values say are there: texts under keys such as `existingSecret`, as charts call it, and
/// in maps and lists under them. The nearest are found first.
fn existing(values: &Map, names: &mut Vec<String>) {
    let mut left = MAX_VALUES;
    let mut waiting = VecDeque::from([values.clone()]);
    while let Some(values) = waiting.pop_front() {
        for (key, slot) in values.entries() {
            if left == 0 {
                return;
            }
            left -= 1;
            match &slot.value {
                value if key.starts_with("existing") => names.extend(texts(value)),
                Value::Map(inner) => waiting.push_back(inner.clone()),
                _ => {}
            }
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    let values = match value {
        Value::Map(map) => map.entries().into_iter().map(|(_, slot)| slot.value).collect(),
        Value::List(list) => list.values(),
        other => vec![other.clone()],
    };
    values
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The values of the chart that a rendered file is of: `parent/charts/child/templates/x.yaml`.
fn of_chart(values: &Map, path: &str) -> Map {
    let mut values = values.clone();
    let before = path.split("/templates/").next().unwrap_or_default();
    for name in before.split("/charts/").skip(1) {
        match values.get(name) {
            Some(Value::Map(inner)) => values = inner,
            _ => return Map::new(),
        }
    }
    values
}

/// The finding with the place of the value that a template printed there, where the template names just one.
fn with_value(mut finding: Diagnostic, values: &Map) -> Diagnostic {
    let expression = finding.labels.iter().find_map(expression);
    let place = expression.and_then(|text| origin(&text, values));
    finding.labels.extend(place.map(|place| Label {
        place,
        length: 1,
        text: "set here".to_owned(),
    }));
    finding
}

/// The text of an expression that a label underlines.
fn expression(label: &Label) -> Option<String> {
    let Label { place, length, .. } = label;
    let offset = place.source.offset_at(place.line, place.column)?;
    let text: String = place.source.text[offset..]
        .chars()
        .take(*length as usize)
        .collect();
    text.contains("Values.").then_some(text)
}

/// Where the only value comes from that an expression names.
fn origin(expression: &str, values: &Map) -> Option<Place> {
    let mut paths = expression.split("Values.").skip(1).map(|rest| {
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        rest.split(|letter| !is_name(letter)).next().unwrap_or_default()
    });
    let (Some(path), None) = (paths.next(), paths.next()) else {
        return None;
    };
    let (above, key) = path.trim_end_matches('.').rsplit_once('.').unwrap_or(("", path));
    let mut map = values.clone();
    for step in above.split('.').filter(|step| !step.is_empty()) {
        let inner = map.get(step)?;
        map = inner.as_map()?.clone();
    }
    map.origin(key)
}
