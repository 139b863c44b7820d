//! Owns the view that minijinja has of objects: fields, methods without arguments as if they were fields, calls.
//!
//! It makes no objects; the functions do.

use super::session::Session;
use super::values::{from_jinja, to_jinja};
use crate::template::format::{self, Integers};
use crate::yaml::{Object as GoObject, Value};
use minijinja::value::{Enumerator, Object, Value as Jinja};
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::Arc;

/// An object of the value model, seen by templates.
pub(super) struct ObjectView {
    pub(super) object: Arc<dyn GoObject>,
    pub(super) session: Arc<Session>,
}

impl fmt::Debug for ObjectView {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.object.go_type())
    }
}

impl Object for ObjectView {
    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        let name = key.as_str()?;
        let entry = || {
            let entries = self.object.entries()?;
            let found = entries.into_iter().find(|(key, _)| key.as_str() == Some(name));
            found.map(|(_, value)| value)
        };
        let method = || self.object.call(name, &[])?.ok();
        let found = self.object.field(name).or_else(entry).or_else(method);
        found.map(|value| to_jinja(&value, &self.session))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let entries = self.object.entries().unwrap_or_default();
        Enumerator::Values(
            entries
                .iter()
                .map(|(key, _)| to_jinja(key, &self.session))
                .collect(),
        )
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.object.is_true()
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Jinja],
    ) -> Result<Jinja, Error> {
        let refused = |message: String| Error::new(ErrorKind::InvalidOperation, message);
        let args: Result<Vec<Value>, _> = args.iter().map(from_jinja).collect();
        let args = args.map_err(|error| refused(error.message))?;
        match self.object.call(method, &args) {
            Some(result) => Ok(to_jinja(&result.map_err(refused)?, &self.session)),
            None => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = Value::Object(Arc::clone(&self.object));
        out.write_str(&format::value(&value, Integers::Exact))
    }
}
