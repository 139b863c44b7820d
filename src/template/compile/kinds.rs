//! Owns what is known about values before anything is rendered: kinds, fields and items, from the chart's schema,
//! from its defaults where it has no schema, and from literals.
//!
//! It does not know expressions; those ask it.

use crate::yaml::{Map, Value};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::BitOr;

/// A set of kinds that a value may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const TEXT: Self = Self(1 | 1024);
    /// The empty text: what `get` gives for a key that is not there.
    pub(super) const EMPTY: Self = Self(1024);
    /// What no condition lets through, by its kind alone.
    pub(super) const FALSE: Self = Self(256 | 1024);
    pub(super) const BOOL: Self = Self(2);
    /// An integer from values: a `float64` to Go.
    pub(super) const WHOLE: Self = Self(4);
    /// Go's `int`: literals and `len`.
    pub(super) const INT: Self = Self(8);
    /// Go's `int64`: results of arithmetic.
    pub(super) const INT64: Self = Self(16);
    pub(super) const FLOAT: Self = Self(32);
    pub(super) const LIST: Self = Self(64);
    pub(super) const MAP: Self = Self(128 | 2048 | 4096);
    /// A map that the template writes as a literal: Jinja's functions get a copy of it.
    pub(super) const LITERAL: Self = Self(4096);
    /// Go's `map[string]string`, which functions of maps do not take.
    pub(super) const TEXTS_BY_NAME: Self = Self(2048);
    pub(super) const NULL: Self = Self(256);
    /// Objects such as `Files`, times and versions.
    pub(super) const OTHER: Self = Self(512);
    const ALL: Self = Self(8191);
    /// What YAML can hold.
    const DATA: Self = Self(1 | 1024 | 2 | 4 | 32 | 64 | 128 | 256);

    /// Integers that Go holds as such.
    pub(super) const GO_INTEGER: Self = Self(8 | 16);
    pub(super) const INTEGER: Self = Self(4 | 8 | 16);
    pub(super) const NUMBER: Self = Self(4 | 8 | 16 | 32);

    /// Whether there is no kind but those of `other`; what is not known has every kind.
    pub(super) fn within(self, other: Self) -> bool {
        self != Self::NONE && self.0 & !other.0 == 0
    }

    /// Whether a kind of `other` is possible; what is not known has every kind.
    pub(super) fn may_be(self, other: Self) -> bool {
        self == Self::NONE || self.0 & other.0 != 0
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Where the fields of a map and the items of a list are described.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// Nothing is known.
    Open,
    /// Anything that YAML can hold.
    Data,
    /// In the chart's default values, at this path.
    Default(Vec<String>),
    /// In the schema, at this pointer.
    Schema(String),
    /// By name: a literal map.
    Fields(BTreeMap<String, Type>),
    /// Every field or item is alike.
    Each(Box<Type>),
}

/// What a value may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Type {
    pub(super) kinds: Kinds,
    nodes: BTreeSet<Node>,
}

/// Types of literals nest no deeper: a macro that calls itself could build ever larger ones.
const DEPTH: usize = 6;

impl Type {
    pub(super) fn of(kinds: Kinds) -> Self {
        let mut nodes = BTreeSet::new();
        if kinds.may_be(Kinds::LIST | Kinds::MAP) {
            nodes.insert(Node::Open);
        }
        Self { kinds, nodes }
    }

    pub(super) fn any() -> Self {
        Self::of(Kinds::ALL)
    }

    /// Any value of a values file.
    pub(super) fn data() -> Self {
        Self {
            kinds: Kinds::DATA,
            nodes: BTreeSet::from([Node::Data]),
        }
    }

    pub(super) fn text() -> Self {
        Self::of(Kinds::TEXT)
    }

    pub(super) fn bool() -> Self {
        Self::of(Kinds::BOOL)
    }

    /// A literal map with these fields.
    pub(super) fn fields(fields: BTreeMap<String, Self>) -> Self {
        let node = if fields.values().any(|field| field.depth() >= DEPTH) {
            Node::Open
        } else {
            Node::Fields(fields)
        };
        Self {
            kinds: Kinds::LITERAL,
            nodes: BTreeSet::from([node]),
        }
    }

    /// A list or map (`kinds`) whose items are all of this type.
    pub(super) fn each(kinds: Kinds, item: Self) -> Self {
        let node = if item.depth() >= DEPTH {
            Node::Open
        } else {
            Node::Each(Box::new(item))
        };
        Self {
            kinds,
            nodes: BTreeSet::from([node]),
        }
    }

    fn depth(&self) -> usize {
        let depth = |node: &Node| match node {
            Node::Open | Node::Data | Node::Default(_) | Node::Schema(_) => 0,
            Node::Fields(fields) => 1 + fields.values().map(Self::depth).max().unwrap_or(0),
            Node::Each(item) => 1 + item.depth(),
        };
        self.nodes.iter().map(depth).max().unwrap_or(0)
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        Self {
            kinds: self.kinds | other.kinds,
            nodes: self.nodes.union(&other.nodes).cloned().collect(),
        }
    }

    pub(super) fn with(&self, kinds: Kinds) -> Self {
        Self {
            kinds,
            nodes: self.nodes.clone(),
        }
    }
}

/// The chart's schema of its values, and its defaults where there is no schema.
#[derive(Debug, Default)]
pub(super) struct Schema {
    json: Option<Json>,
    defaults: Map,
}

/// References in a schema are followed no further.
const REFERENCES: usize = 32;

impl Schema {
    pub(super) fn new(text: Option<&str>, defaults: &Map) -> Self {
        Self {
            json: text.and_then(|text| serde_json::from_str(text).ok()),
            defaults: defaults.clone(),
        }
    }

    /// The type of `Values`.
    pub(super) fn root(&self) -> Type {
        match &self.json {
            Some(_) => self.at(""),
            None => self.default(Vec::new()),
        }
    }

    /// What a default value tells: users override maps and lists with their like, other values with anything.
    fn default(&self, path: Vec<String>) -> Type {
        let mut value = Some(Value::Map(self.defaults.clone()));
        for key in &path {
            value = match value {
                Some(Value::Map(map)) => map.get(key),
                _ => None,
            };
        }
        match value {
            Some(Value::Map(_)) => Type {
                kinds: if path.is_empty() {
                    Kinds::MAP
                } else {
                    Kinds::MAP | Kinds::NULL
                },
                nodes: BTreeSet::from([Node::Default(path)]),
            },
            Some(Value::List(_)) => Type {
                kinds: Kinds::LIST | Kinds::NULL,
                nodes: BTreeSet::from([Node::Data]),
            },
            _ => Type::data(),
        }
    }

    /// The type of the field `name` of a map.
    pub(super) fn field(&self, map: &Type, name: &str) -> Type {
        self.inside(map, |schema, pointer| schema.named(pointer, name), Some(name))
    }

    /// The type of any field of a map or any item of a list.
    pub(super) fn item(&self, collection: &Type) -> Type {
        self.inside(collection, Self::every, None)
    }

    fn inside(&self, of: &Type, described: impl Fn(&Self, &str) -> Type, name: Option<&str>) -> Type {
        let mut found = Type::default();
        for node in &of.nodes {
            let inner = match (node, name) {
                (Node::Open, _) => Type::any(),
                (Node::Data, _) | (Node::Default(_), None) => Type::data(),
                (Node::Default(path), Some(name)) => {
                    self.default(path.iter().cloned().chain([name.to_owned()]).collect())
                }
                (Node::Schema(pointer), _) => described(self, pointer),
                (Node::Fields(fields), Some(name)) => match fields.get(name) {
                    Some(field) => field.clone(),
                    None => Type::of(Kinds::NULL),
                },
                (Node::Fields(fields), None) => fields
                    .values()
                    .fold(Type::default(), |all, field| all.union(field)),
                (Node::Each(item), _) => (**item).clone(),
            };
            found = found.union(&inner);
        }
        found
    }

    fn json(&self, pointer: &str) -> Option<&Json> {
        self.json.as_ref()?.pointer(pointer)
    }

    /// What the schema at `pointer` allows.
    fn at(&self, pointer: &str) -> Type {
        self.described(pointer, 0)
    }

    fn described(&self, pointer: &str, depth: usize) -> Type {
        let Some(Json::Object(schema)) = self.json(pointer) else {
            return Type::data();
        };
        if depth > REFERENCES {
            return Type::data();
        }
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            return match reference.strip_prefix('#') {
                Some(local) => self.described(local, depth + 1),
                None => Type::data(),
            };
        }
        for several in ["anyOf", "oneOf"] {
            if let (Some(Json::Array(choices)), None) = (schema.get(several), schema.get("type")) {
                let choice = |index| self.described(&format!("{pointer}/{several}/{index}"), depth + 1);
                return (0..choices.len())
                    .map(choice)
                    .fold(Type::default(), |all, one| all.union(&one));
            }
        }
        let kinds = match schema.get("type") {
            Some(Json::String(name)) => kind(name),
            Some(Json::Array(names)) => {
                let names = names.iter().filter_map(Json::as_str);
                names.fold(Kinds::NONE, |all, name| all | kind(name))
            }
            _ => return Type::data(),
        };
        let mut nodes = BTreeSet::new();
        if kinds.may_be(Kinds::LIST | Kinds::MAP) {
            nodes.insert(Node::Schema(pointer.to_owned()));
        }
        Type { kinds, nodes }
    }

    /// The field `name` of the object that the schema at `pointer` describes.
    fn named(&self, pointer: &str, name: &str) -> Type {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let property = format!("{pointer}/properties/{escaped}");
        if self.json(&property).is_some() {
            return self.at(&property);
        }
        let others = self.others(pointer);
        if others.kinds == Kinds::NONE {
            Type::of(Kinds::NULL)
        } else {
            others
        }
    }

    /// The fields that have no name in the schema.
    fn others(&self, pointer: &str) -> Type {
        let mut all = Type::default();
        let patterns = format!("{pointer}/patternProperties");
        if let Some(Json::Object(properties)) = self.json(&patterns) {
            for pattern in properties.keys() {
                let escaped = pattern.replace('~', "~0").replace('/', "~1");
                all = all.union(&self.at(&format!("{patterns}/{escaped}")));
            }
        }
        let additional = format!("{pointer}/additionalProperties");
        match self.json(&additional) {
            Some(Json::Bool(false)) => all,
            Some(Json::Object(_)) => all.union(&self.at(&additional)),
            _ => Type::data(),
        }
    }

    /// Every field and item that the schema at `pointer` describes.
    fn every(&self, pointer: &str) -> Type {
        let mut all = Type::default();
        let is = |word: &str| {
            self.json(&format!("{pointer}/type"))
                .is_some_and(|found| mentions(found, word))
        };
        if is("array") {
            let items = format!("{pointer}/items");
            all = all.union(&self.at(&items));
        }
        if is("object") {
            if let Some(Json::Object(properties)) = self.json(&format!("{pointer}/properties")) {
                for name in properties.keys() {
                    all = all.union(&self.named(pointer, name));
                }
            }
            all = all.union(&self.others(pointer));
        }
        all
    }
}

fn mentions(types: &Json, word: &str) -> bool {
    match types {
        Json::String(name) => name == word,
        Json::Array(names) => names.iter().any(|name| name == word),
        _ => false,
    }
}

fn kind(name: &str) -> Kinds {
    match name {
        "string" => Kinds::TEXT,
        "boolean" => Kinds::BOOL,
        "integer" => Kinds::WHOLE,
        "number" => Kinds::WHOLE | Kinds::FLOAT,
        "array" => Kinds::LIST,
        "object" => Kinds::MAP,
        "null" => Kinds::NULL,
        _ => Kinds::DATA,
    }
}
