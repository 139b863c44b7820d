//! Owns `Record`: one of Helm's Go structs, or a pointer to one, as templates see it.
//!
//! It knows no particular struct.

use super::wrong_count;
use crate::template::format::{self, Integers};
use crate::yaml::{Map, Object, Value};

/// A Go struct.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// What Go calls the type it is seen as.
    pub(super) go_type: &'static str,
    /// Whether templates hold a pointer to it.
    pub(super) is_pointer: bool,
    /// In Go's order.
    pub(super) fields: Vec<Field>,
    /// Methods without arguments.
    pub(super) methods: &'static [Method],
    /// The method `String` of a pointer to it: what a template prints, though `fmt` does not.
    pub(super) stringer: Option<fn(&Record) -> Value>,
}

/// An exported field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) json: Json,
    pub(super) value: Value,
}

/// How encoding/json writes a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Json {
    /// Under a name, always.
    Always(&'static str),
    /// Under a name, unless it is empty.
    NotEmpty(&'static str),
    /// Its own fields stand in its place; templates reach them without its name too.
    Embedded,
}

/// A method without arguments, by name.
pub(super) type Method = (&'static str, fn(&Record) -> Value);

impl Record {
    /// A struct of these fields.
    pub(super) fn new(go_type: &'static str, fields: Vec<Field>) -> Self {
        Self {
            go_type,
            is_pointer: go_type.starts_with('*'),
            fields,
            methods: &[],
            stringer: None,
        }
    }

    fn embedded(&self) -> impl Iterator<Item = &Record> {
        let fields = self.fields.iter();
        let embedded = fields.filter(|field| matches!(field.json, Json::Embedded));
        embedded.filter_map(|field| field.value.as_object())
    }

    /// The struct as `fmt` prints it, without the mark of a pointer.
    fn braces(&self) -> String {
        let shown = |field: &Field| format::value(&field.value, Integers::AsFloats);
        let fields: Vec<String> = self.fields.iter().map(shown).collect();
        format!("{{{}}}", fields.join(" "))
    }
}

impl Object for Record {
    fn go_type(&self) -> &'static str {
        self.go_type
    }

    fn go_kind(&self) -> &'static str {
        if self.is_pointer { "ptr" } else { "struct" }
    }

    fn print(&self) -> String {
        let mark = if self.is_pointer { "&" } else { "" };
        format!("{mark}{}", self.braces())
    }

    fn print_alone(&self) -> String {
        let Some(stringer) = self.stringer else {
            return self.braces();
        };
        format::value(&stringer(self), Integers::AsFloats)
    }

    fn print_inside(&self) -> String {
        // An address, another one in each run of Helm.
        let address = || "0xc000000000".to_owned();
        if self.is_pointer { address() } else { self.braces() }
    }

    fn plain(&self) -> Value {
        self.members()
            .unwrap_or_default()
            .into_iter()
            .collect::<Map>()
            .into()
    }

    fn members(&self) -> Option<Vec<(&'static str, Value)>> {
        let mut members = Vec::new();
        for Field { json, value, .. } in &self.fields {
            match json {
                Json::Always(name) => members.push((*name, value.clone())),
                Json::NotEmpty(name) if value.is_true() => members.push((*name, value.clone())),
                Json::NotEmpty(_) => {}
                Json::Embedded => {
                    let inner = value.as_object::<Record>().and_then(Object::members);
                    members.extend(inner.unwrap_or_default());
                }
            }
        }
        Some(members)
    }

    fn field(&self, name: &str) -> Option<Value> {
        let own = self.fields.iter().find(|field| field.name == name);
        own.map(|field| field.value.clone())
            .or_else(|| self.embedded().find_map(|inner| inner.field(name)))
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let (_, method) = self.methods.iter().find(|(method, _)| *method == name)?;
        if !arguments.is_empty() {
            return Some(Err(wrong_count(0, arguments.len())));
        }
        Some(Ok(method(self)))
    }

    fn names(&self) -> Vec<&str> {
        let fields = self.fields.iter().map(|field| field.name);
        let methods = self.methods.iter().map(|(name, _)| *name);
        let embedded = self.embedded().flat_map(Object::names);
        fields.chain(methods).chain(embedded).collect()
    }

    fn is_true(&self) -> bool {
        true
    }
}
