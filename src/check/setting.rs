//! Owns how checks find a value and the place that set it.
//!
//! It does not judge values.

use crate::chart::Chart;
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use crate::source::Source;
use crate::yaml::Map;
use crate::yaml::Value;
use std::sync::Arc;

/// A value that somebody gave: neither null nor blank text.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The dotted path under which it was found.
    pub(super) key: String,
    /// The value.
    pub(super) value: Value,
    /// The place that set it.
    pub(super) place: Option<Place>,
}

/// The values of a release, and which of them the chart's defaults set.
pub(super) struct Settings<'a> {
    values: &'a Map,
    defaults: Option<&'a Arc<Source>>,
}

impl<'a> Settings<'a> {
    pub(super) fn new(chart: &'a Chart, values: &'a Map) -> Self {
        Self {
            values,
            defaults: chart.values_source.as_ref(),
        }
    }

    /// The value at the dotted `key`, unless it is null or blank.
    pub(super) fn given(&self, key: &str) -> Option<Setting> {
        let (value, place) = self.walk(key, |_| {})?;
        let blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        (!blank).then(|| Setting {
            key: key.to_owned(),
            value,
            place,
        })
    }

    /// The boolean at the dotted `key`.
    pub(super) fn switch(&self, key: &str) -> Option<bool> {
        self.walk(key, |_| {})?.0.as_bool()
    }

    /// Where somebody would add the missing `key`: the innermost entry on its path that is not a default.
    pub(super) fn nearest_place(&self, key: &str) -> Option<Place> {
        let mut nearest = None;
        self.walk(key, |place| {
            if !self.is_default(place) {
                nearest = Some(place.clone());
            }
        });
        nearest
    }

    fn walk(&self, key: &str, mut visit: impl FnMut(&Place)) -> Option<(Value, Option<Place>)> {
        let mut current = Value::Map(self.values.clone());
        let mut place = None;
        for step in key.split('.') {
            let map = current.as_map()?.clone();
            let value = map.get(step)?;
            place = map.origin(step);
            if let Some(place) = &place {
                visit(place);
            }
            current = value;
        }
        Some((current, place))
    }

    fn is_default(&self, place: &Place) -> bool {
        self.defaults.is_some_and(|defaults| {
            Arc::ptr_eq(defaults, &place.source) || defaults.name == place.source.name
        })
    }
}

/// The diagnostic with `place`, underlining the key that stands there.
pub(super) fn placed(diagnostic: Diagnostic, place: Option<Place>) -> Diagnostic {
    let Some(place) = place else { return diagnostic };
    let line = place.source.line(place.line).unwrap_or_default();
    let key = line
        .chars()
        .skip(place.column.saturating_sub(1) as usize)
        .take_while(|character| !character.is_whitespace() && !matches!(character, ':' | '=' | ','));
    let length = u32::try_from(key.count()).unwrap_or(1);
    diagnostic.label(place, length, "")
}
