//! Owns `Files` as Jinja sees it: Helm's methods over the chart's files.
//!
//! The files themselves come with the chart.

use super::session::Session;
use super::values::{from_jinja, to_jinja};
use crate::template::files::ChartFiles;
use crate::yaml::Value;
use minijinja::value::{Object, Value as Jinja};
use minijinja::{Error, ErrorKind, State};
use std::fmt;
use std::sync::Arc;

/// The chart's files, or those that a glob picked.
pub(super) struct Files(pub(super) ChartFiles);

impl fmt::Debug for Files {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("files")
    }
}

impl Object for Files {
    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        args: &[Jinja],
    ) -> Result<Jinja, Error> {
        let refuse = |message: String| Error::new(ErrorKind::InvalidOperation, message);
        let session = Session::of(state)?;
        let first = args.first().map(from_jinja).transpose();
        let first = first.map_err(|error| refuse(error.message))?;
        let name = match (method, args.len(), &first) {
            ("Get" | "GetBytes" | "Lines" | "Glob", 1, Some(Value::String(name))) => Arc::clone(name),
            ("AsConfig" | "AsSecrets", 0, None) => Arc::from(""),
            ("Get" | "GetBytes" | "Lines" | "Glob", ..) => {
                return Err(refuse(format!("`Files.{method}` takes one string")));
            }
            ("AsConfig" | "AsSecrets", ..) => {
                return Err(refuse(format!("`Files.{method}` takes no argument")));
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        };
        let result = match method {
            "Get" | "GetBytes" => Value::from(self.0.get(&name)),
            "Lines" => Value::List(self.0.lines(&name).into_iter().map(Value::from).collect()),
            "AsConfig" => Value::from(self.0.as_config()),
            "AsSecrets" => Value::from(self.0.as_secrets()),
            _ => {
                let picked = self.0.glob(&name);
                let picked = picked.ok_or_else(|| refuse(format!("`{name}` is not a glob")))?;
                return Ok(Jinja::from_object(Self(picked)));
            }
        };
        Ok(to_jinja(&result, &session))
    }

    fn enumerate(self: &Arc<Self>) -> minijinja::value::Enumerator {
        let names = self.0.names().map(|name| Jinja::from(&**name)).collect();
        minijinja::value::Enumerator::Values(names)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Jinja> {
        self.0.find(key).map(Jinja::from)
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.get_value_by_str(key.as_str()?)
    }
}
