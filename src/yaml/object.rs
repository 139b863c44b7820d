//! Owns `Object`: what Go templates hold besides the kinds of YAML, such as times, versions, certificates, bytes
//! and Helm's own structs.
//!
//! It holds no object: those are made where their functions are. Go's names for lists and maps of one type are
//! here too, because `typeOf` tells them apart.

use super::value::Value;
use std::any::Any;
use std::fmt::Debug;

/// A value that is no kind of YAML. Go sees its type, fields and methods; YAML and JSON see its plain view.
pub trait Object: Debug + Send + Sync + Any {
    /// What Go's `%T` prints.
    fn go_type(&self) -> &'static str;

    /// Go's kind of it: `struct`, `ptr`, `slice`, `map`.
    fn go_kind(&self) -> &'static str;

    /// What Go's `%v` prints.
    fn print(&self) -> String;

    /// What a template prints where it stands alone: Go shows what a pointer points at, and finds methods `String`
    /// that `fmt` does not.
    fn print_alone(&self) -> String {
        self.print()
    }

    /// What `%v` of a list, map or struct prints where it stands inside: Go shows the address of a plain pointer.
    fn print_inside(&self) -> String {
        self.print()
    }

    /// What Go's encoding/json makes of it.
    fn plain(&self) -> Value;

    /// The names and values that encoding/json writes, in its order, if it is a struct.
    fn members(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// The exported field `name`; None if it has none of that name.
    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    /// Calls the method `name`; None if it has none of that name, an error in one phrase if the call fails.
    fn call(&self, _name: &str, _arguments: &[Value]) -> Option<Result<Value, String>> {
        None
    }

    /// The names of its fields and methods, for suggestions.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Keys and values in the order of Go's `range`, if it is a map or slice.
    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        None
    }

    /// Its bytes, if it is Go's `[]byte`.
    fn bytes(&self) -> Option<&[u8]> {
        None
    }

    /// Go's truth: a struct is always true, a collection if something is in it.
    fn is_true(&self) -> bool {
        self.entries().is_none_or(|entries| !entries.is_empty())
    }
}

/// What Go calls the type of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListKind {
    /// `[]interface {}`: what YAML holds and most functions give.
    #[default]
    Any,
    /// A nil `[]interface {}`, such as `rest` gives of an empty list: empty, but `null` in YAML and JSON.
    Nil,
    /// `[]string`.
    Strings,
    /// A nil `[]string`, such as `regexFindAll` gives where nothing matches.
    NilStrings,
    /// `[]int`.
    Ints,
    /// `[][]interface {}`.
    Lists,
    /// `chartutil.VersionSet`, a list of texts with the method `Has`.
    Versions,
    /// `[]*chart.Maintainer`.
    Maintainers,
    /// `[]*chart.Dependency`.
    Dependencies,
}

impl ListKind {
    /// What Go's `%T` prints.
    pub fn go_type(self) -> &'static str {
        match self {
            Self::Any | Self::Nil => "[]interface {}",
            Self::Strings | Self::NilStrings => "[]string",
            Self::Ints => "[]int",
            Self::Lists => "[][]interface {}",
            Self::Versions => "chartutil.VersionSet",
            Self::Maintainers => "[]*chart.Maintainer",
            Self::Dependencies => "[]*chart.Dependency",
        }
    }

    /// Whether it is a nil slice.
    pub fn is_nil(self) -> bool {
        matches!(self, Self::Nil | Self::NilStrings)
    }
}

/// What Go calls the type of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// `map[string]interface {}`: what YAML holds and most functions give.
    #[default]
    Any,
    /// A nil `map[string]interface {}`, such as `fromJson` gives for `null`: empty, refuses every new key, and is
    /// `null` in YAML and JSON.
    Nil,
    /// `map[string]string`.
    Strings,
    /// `chartutil.Values`, which goes wherever a `map[string]interface {}` goes.
    Values,
}

impl MapKind {
    /// What Go's `%T` prints.
    pub fn go_type(self) -> &'static str {
        match self {
            Self::Any | Self::Nil => "map[string]interface {}",
            Self::Strings => "map[string]string",
            Self::Values => "chartutil.Values",
        }
    }
}
