//! Owns the adapter between the value model and minijinja: views of shared nodes, conversions, printing.
//!
//! Nothing is copied on the way in; what a template builds itself is converted when a function takes it.

use super::objects::ObjectView;
use super::session::Session;
use crate::template::format::{self, Integers};
use crate::template::functions::FnError;
use crate::yaml::{List, Map, Number, Value};
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value as Jinja, ValueKind};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A map of the value model, seen by templates.
pub(super) struct MapView {
    map: Map,
    session: Arc<Session>,
}

/// A list of the value model, seen by templates.
pub(super) struct ListView {
    list: List,
    session: Arc<Session>,
}

impl fmt::Debug for MapView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("map")
    }
}

impl fmt::Debug for ListView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("list")
    }
}

impl Object for MapView {
    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Jinja> {
        let found = self.map.get(key);
        if found.is_none() {
            self.session.missed(&self.map, key);
        }
        found.map(|value| to_jinja(&value, &self.session))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.map.keys().into_iter().map(Jinja::from).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.map.len())
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        (Value::Map(self.map.clone()) == Value::Map(other.map.clone())).then_some(Ordering::Equal)
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&format::value(&Value::Map(self.map.clone()), Integers::Exact))
    }
}

impl Object for ListView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        let found = self.list.get(key.as_usize()?);
        found.map(|value| to_jinja(&value, &self.session))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.list.len())
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&format::value(&Value::List(self.list.clone()), Integers::Exact))
    }
}

/// The value as minijinja sees it.
pub(super) fn to_jinja(value: &Value, session: &Arc<Session>) -> Jinja {
    match value {
        Value::Null => Jinja::from(()),
        Value::Bool(value) => Jinja::from(*value),
        Value::Number(Number::Whole(value) | Number::Int64(value) | Number::Int(value)) => {
            Jinja::from(*value)
        }
        Value::Number(Number::BigWhole(value)) => Jinja::from(*value),
        Value::Number(Number::Float(value)) => Jinja::from(*value),
        Value::String(text) => Jinja::from(text),
        Value::List(list) => {
            let session = Arc::clone(session);
            Jinja::from_object(ListView {
                list: list.clone(),
                session,
            })
        }
        Value::Map(map) => {
            let session = Arc::clone(session);
            Jinja::from_object(MapView {
                map: map.clone(),
                session,
            })
        }
        Value::Object(object) => Jinja::from_object(ObjectView {
            object: Arc::clone(object),
            session: Arc::clone(session),
        }),
    }
}

/// Literals nest no deeper; minijinja's parser stops before.
const DEPTH: usize = 1000;

/// The value behind a view, or a new one for what the template built. Integers become Go's `int`.
pub(super) fn from_jinja(value: &Jinja) -> Result<Value, FnError> {
    convert(value, 0)
}

fn convert(value: &Jinja, depth: usize) -> Result<Value, FnError> {
    if depth > DEPTH {
        return Err(FnError::new("the value nests too deeply"));
    }
    if value.kind() == ValueKind::String {
        // Shared, not copied, unless it is short.
        return Ok(Value::String(value.to_str().unwrap_or_default()));
    }
    if let Some(view) = value.downcast_object_ref::<MapView>() {
        return Ok(Value::Map(view.map.clone()));
    }
    if let Some(view) = value.downcast_object_ref::<ListView>() {
        return Ok(Value::List(view.list.clone()));
    }
    if let Some(view) = value.downcast_object_ref::<ObjectView>() {
        return Ok(Value::Object(Arc::clone(&view.object)));
    }
    match value.kind() {
        ValueKind::None => Ok(Value::Null),
        ValueKind::Bool => Ok(Value::Bool(value.is_true())),
        ValueKind::Number => number(value),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = items(value)?.map(|item| convert(&item, depth + 1));
            Ok(Value::List(items.collect::<Result<List, _>>()?))
        }
        ValueKind::Map if !is_callable(value) => {
            let pair = |key: Jinja| {
                let item = value.get_item(&key).unwrap_or_default();
                Ok((key.to_string(), convert(&item, depth + 1)?))
            };
            Ok(Value::Map(items(value)?.map(pair).collect::<Result<Map, _>>()?))
        }
        ValueKind::Undefined => Err(FnError::new("a value is not set")),
        _ => Err(FnError::new(
            "a macro, module or object cannot be passed to a function",
        )),
    }
}

fn items(value: &Jinja) -> Result<impl Iterator<Item = Jinja>, FnError> {
    value
        .try_iter()
        .map_err(|_| FnError::new("a value cannot be listed"))
}

/// Macros and modules are maps to minijinja; only literals and dicts are values.
fn is_callable(value: &Jinja) -> bool {
    let is_literal = |object: &DynObject| object.downcast_ref::<BTreeMap<Jinja, Jinja>>().is_some();
    !value.as_object().is_some_and(is_literal)
}

fn number(value: &Jinja) -> Result<Value, FnError> {
    let number = if !value.is_integer() {
        f64::try_from(value.clone()).ok().map(Number::Float)
    } else if let Some(integer) = value.as_i64() {
        Some(Number::Int(integer))
    } else {
        u64::try_from(value.clone()).ok().map(Number::BigWhole)
    };
    let number = number.ok_or_else(|| FnError::new(format!("`{value}` is beyond the range of integers")))?;
    Ok(Value::Number(number))
}

/// The text that `{{ value }}` prints: null is nothing, the rest as Go prints it with exact integers.
pub(super) fn print(value: &Jinja) -> Result<String, FnError> {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Ok(String::new()),
        ValueKind::String => Ok(value.as_str().unwrap_or_default().to_owned()),
        _ => Ok(format::value(&from_jinja(value)?, Integers::Exact)),
    }
}
