//! Owns `.Files` as Go templates see it: a map of bytes with methods.
//!
//! What the methods give is `template::files`'.

use super::bytes::Bytes;
use super::{strings, wrong_count};
use crate::template::files::ChartFiles;
use crate::yaml::{Map, Object, Value};
use std::sync::Arc;

/// The methods, and how many arguments each takes; every argument is a text.
const METHODS: &[(&str, usize)] = &[
    ("AsConfig", 0),
    ("AsSecrets", 0),
    ("Get", 1),
    ("GetBytes", 1),
    ("Glob", 1),
    ("Lines", 1),
];

#[derive(Debug)]
pub(super) struct Files(pub(super) ChartFiles);

impl Files {
    fn bytes_of(&self, name: &str) -> Value {
        let data = self.0.data(name);
        Value::Object(Arc::new(Bytes(data.unwrap_or_default())))
    }

    fn lines(&self, name: &str) -> Result<Value, String> {
        if self.0.data(name).is_some_and(|data| data.is_empty()) {
            // Helm looks for the last byte of a file that has none.
            return Err(format!(
                "`{name}` is empty, and Helm reads no lines of an empty file"
            ));
        }
        Ok(strings(&self.0.lines(name)))
    }
}

impl Object for Files {
    fn go_type(&self) -> &'static str {
        "engine.files"
    }

    fn go_kind(&self) -> &'static str {
        "map"
    }

    fn print(&self) -> String {
        let files = self.0.iter();
        let shown = files.map(|(name, data)| format!("{name}:{}", Bytes(data).print()));
        format!("map[{}]", shown.collect::<Vec<_>>().join(" "))
    }

    fn plain(&self) -> Value {
        let files = self.0.iter();
        let plain = files.map(|(name, data)| (Arc::clone(name), Bytes(data).plain()));
        plain.collect::<Map>().into()
    }

    /// Any name is a key of the map; one that is not in it has no bytes.
    fn field(&self, name: &str) -> Option<Value> {
        let is_method = METHODS.iter().any(|(method, _)| *method == name);
        (!is_method).then(|| self.bytes_of(name))
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let (_, wanted) = METHODS.iter().find(|(method, _)| *method == name)?;
        if arguments.len() != *wanted {
            return Some(Err(wrong_count(*wanted, arguments.len())));
        }
        let text = match arguments.first() {
            None => "",
            Some(Value::String(text)) => text,
            Some(other) => {
                let kind = other.kind();
                return Some(Err(format!("takes a text, not a {kind}")));
            }
        };
        Some(Ok(match name {
            "AsConfig" => self.0.as_config().into(),
            "AsSecrets" => self.0.as_secrets().into(),
            "Get" => self.0.get(text).into(),
            "GetBytes" => self.bytes_of(text),
            "Lines" => return Some(self.lines(text)),
            // Helm takes a malformed pattern for one that matches everything.
            _ => Value::Object(Arc::new(Self(
                self.0.glob(text).unwrap_or_else(|| self.0.clone()),
            ))),
        }))
    }

    fn names(&self) -> Vec<&str> {
        let methods = METHODS.iter().map(|(name, _)| *name);
        methods.chain(self.0.names().map(|name| &**name)).collect()
    }

    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        let entry = |(name, data): (&Arc<str>, Arc<[u8]>)| {
            let bytes = Value::Object(Arc::new(Bytes(data)));
            (Value::String(Arc::clone(name)), bytes)
        };
        Some(self.0.iter().map(entry).collect())
    }

    fn is_true(&self) -> bool {
        !self.0.is_empty()
    }
}
