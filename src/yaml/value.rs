//! Owns `Value`, the one data model: what YAML and JSON hold and what templates see.
//!
//! Maps and lists are shared nodes with identity: a change through one holder is seen by every holder, as
//! in Go. Each entry may carry its origin, the place that set it. Reading and writing text is not here.

use super::number::Number;
use super::object::{ListKind, MapKind, Object};
use crate::source::Place;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

mod drops;

/// A value of YAML, JSON or a template.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// YAML's null, Go's nil.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number of any kind.
    Number(Number),
    /// Text.
    String(Arc<str>),
    /// A shared list.
    List(List),
    /// A shared map with sorted keys.
    Map(Map),
    /// What is no kind of YAML: a time, a version, one of Helm's structs. Only templates make it.
    Object(Arc<dyn Object>),
}

/// A value in its container, with the place that set it.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// The value.
    pub value: Value,
    /// Where it was set: the key in a values file, a `--set` flag. None if a template made it.
    pub origin: Option<Place>,
}

/// The entries of a map, sorted as Go's `range` visits them.
pub type Entries = BTreeMap<Arc<str>, Slot>;

/// The node behind [`Map`]; public so that an engine can show it without a copy.
#[derive(Debug, Default)]
pub struct MapNode(RwLock<Entries>, Written);

/// The node behind [`List`]; public so that an engine can show it without a copy.
#[derive(Debug, Default)]
pub struct ListNode(RwLock<Vec<Slot>>, ListKind, Written);

/// Whether a node was written to since it was made or settled; see [`Map::is_settled`].
type Written = AtomicBool;

/// A handle to a shared map. Cloning shares; [`Map::deep_copy`] copies.
///
/// What Go calls its type belongs to the handle: a subchart sees as `chartutil.Values` the very map that its
/// parent sees as a plain one.
#[derive(Clone, Debug, Default)]
pub struct Map(Arc<MapNode>, MapKind);

/// A handle to a shared list. Cloning shares.
#[derive(Clone, Debug, Default)]
pub struct List(Arc<ListNode>);

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map that Go calls by another name than `map[string]interface {}`.
    pub fn of_kind(kind: MapKind, entries: Entries) -> Self {
        Self(Arc::new(MapNode(RwLock::new(entries), Written::default())), kind)
    }

    /// What Go calls its type.
    pub fn kind(&self) -> MapKind {
        self.1
    }

    /// The same map as a value of another type of Go.
    #[must_use]
    pub fn as_kind(&self, kind: MapKind) -> Self {
        Self(Arc::clone(&self.0), kind)
    }

    /// The handle to a node that an engine holds.
    pub fn from_node(node: Arc<MapNode>) -> Self {
        Self(node, MapKind::Any)
    }

    /// The shared node.
    pub fn node(&self) -> &Arc<MapNode> {
        &self.0
    }

    /// The entries, locked for reading. Do not hold it while calling anything that may write.
    pub fn read(&self) -> RwLockReadGuard<'_, Entries> {
        self.0.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries, locked for writing. Do not hold it while touching another node of the same tree.
    pub fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.0.1.store(true, Ordering::Relaxed);
        self.0.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value at `key`; nodes inside are shared, not copied.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.read().get(key).map(|slot| slot.value.clone())
    }

    /// Where the value at `key` was set.
    pub fn origin(&self, key: &str) -> Option<Place> {
        self.read().get(key).and_then(|slot| slot.origin.clone())
    }

    /// Sets `key` to a value that no user wrote.
    pub fn insert(&self, key: impl Into<Arc<str>>, value: impl Into<Value>) {
        self.write().insert(
            key.into(),
            Slot {
                value: value.into(),
                origin: None,
            },
        );
    }

    /// Removes `key`.
    pub fn remove(&self, key: &str) -> Option<Slot> {
        self.write().remove(key)
    }

    /// The keys, sorted.
    pub fn keys(&self) -> Vec<Arc<str>> {
        self.read().keys().cloned().collect()
    }

    /// A snapshot of the entries that stays valid while the map changes.
    pub fn entries(&self) -> Vec<(Arc<str>, Slot)> {
        self.read()
            .iter()
            .map(|(key, slot)| (Arc::clone(key), slot.clone()))
            .collect()
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// Whether both handles are the same node.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Takes the tree as it is: what was written so far does not count.
    pub fn settle(&self) {
        self.0.1.store(false, Ordering::Relaxed);
        self.read().values().for_each(|slot| slot.value.settle());
    }

    /// Whether nothing in the tree was written to since it was made or settled.
    pub fn is_settled(&self) -> bool {
        // A node that holds itself has been written to, so this comes to an end.
        !self.0.1.load(Ordering::Relaxed) && self.read().values().all(|slot| slot.value.is_settled())
    }

    /// A copy of the whole tree that shares no node; origins are kept.
    #[must_use]
    pub fn deep_copy(&self) -> Self {
        let entries: Entries = self
            .read()
            .iter()
            .map(|(key, slot)| (Arc::clone(key), slot.deep_copy()))
            .collect();
        Self::of_kind(self.kind(), entries)
    }
}

impl From<Entries> for Map {
    fn from(entries: Entries) -> Self {
        Self::of_kind(MapKind::Any, entries)
    }
}

impl List {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// A list that Go calls by another name than `[]interface {}`.
    pub fn of_kind(kind: ListKind, values: impl IntoIterator<Item = Value>) -> Self {
        let items = values.into_iter().map(|value| Slot { value, origin: None });
        Self::of_slots(items.collect(), kind)
    }

    fn of_slots(items: Vec<Slot>, kind: ListKind) -> Self {
        Self(Arc::new(ListNode(RwLock::new(items), kind, Written::default())))
    }

    /// What Go calls its type.
    pub fn kind(&self) -> ListKind {
        self.0.1
    }

    /// The handle to a node that an engine holds.
    pub fn from_node(node: Arc<ListNode>) -> Self {
        Self(node)
    }

    /// The shared node.
    pub fn node(&self) -> &Arc<ListNode> {
        &self.0
    }

    /// The items, locked for reading. Do not hold it while calling anything that may write.
    pub fn read(&self) -> RwLockReadGuard<'_, Vec<Slot>> {
        self.0.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The items, locked for writing. Do not hold it while touching another node of the same tree.
    pub fn write(&self) -> RwLockWriteGuard<'_, Vec<Slot>> {
        self.0.2.store(true, Ordering::Relaxed);
        self.0.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value at `index`; nodes inside are shared.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.read().get(index).map(|slot| slot.value.clone())
    }

    /// A snapshot of the values that stays valid while the list changes.
    pub fn values(&self) -> Vec<Value> {
        self.read().iter().map(|slot| slot.value.clone()).collect()
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// Whether both handles are the same node.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Vec<Slot>> for List {
    fn from(items: Vec<Slot>) -> Self {
        Self::of_slots(items, ListKind::Any)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        values
            .into_iter()
            .map(|value| Slot { value, origin: None })
            .collect::<Vec<_>>()
            .into()
    }
}

impl<K: Into<Arc<str>>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let slot = |value: V| Slot {
            value: value.into(),
            origin: None,
        };
        pairs
            .into_iter()
            .map(|(key, value)| (key.into(), slot(value)))
            .collect::<Entries>()
            .into()
    }
}

impl Slot {
    /// A copy of the whole tree that shares no node; origins are kept.
    #[must_use]
    pub fn deep_copy(&self) -> Self {
        Self {
            value: self.value.deep_copy(),
            origin: self.origin.clone(),
        }
    }
}

impl Value {
    /// An empty map.
    pub fn empty_map() -> Self {
        Self::Map(Map::new())
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn settle(&self) {
        match self {
            Self::Map(map) => map.settle(),
            Self::List(list) => {
                list.0.2.store(false, Ordering::Relaxed);
                list.read().iter().for_each(|slot| slot.value.settle());
            }
            _ => {}
        }
    }

    /// Whether nothing in the tree was written to since it was made or settled.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Map(map) => map.is_settled(),
            Self::List(list) => {
                !list.0.2.load(Ordering::Relaxed) && list.read().iter().all(|slot| slot.value.is_settled())
            }
            _ => true,
        }
    }

    /// Whether it is a list or map with something in it.
    fn is_nested(&self) -> bool {
        match self {
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            _ => false,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The object, if it is one of type `T`.
    pub fn as_object<T: Object>(&self) -> Option<&T> {
        let Self::Object(object) = self else {
            return None;
        };
        (&**object as &dyn Any).downcast_ref()
    }

    /// The value below the dotted `path`; None where a step is missing or not a map.
    pub fn lookup(&self, path: &str) -> Option<Value> {
        let mut current = self.clone();
        for step in path.split('.') {
            current = current.as_map()?.get(step)?;
        }
        Some(current)
    }

    /// Truth as Go templates and Jinja agree on it: null, false, zero and anything empty are false.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(number) => !number.is_zero(),
            Self::String(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.is_true(),
        }
    }

    /// What a message calls its type: `string`, `number`, `bool`, `list`, `map`, `object`, `null`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Object(_) => "object",
        }
    }

    /// A copy of the whole tree that shares no node; origins are kept.
    #[must_use]
    pub fn deep_copy(&self) -> Self {
        match self {
            Self::List(list) => {
                let items = list.read().iter().map(Slot::deep_copy).collect();
                Self::List(List::of_slots(items, list.kind()))
            }
            Self::Map(map) => Self::Map(map.deep_copy()),
            scalar => scalar.clone(),
        }
    }
}

/// Structural equality; origins do not count.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            (Self::List(left), Self::List(right)) => left.same(right) || left.values() == right.values(),
            (Self::Map(left), Self::Map(right)) => left.same(right) || same_entries(left, right),
            (Self::Object(left), Self::Object(right)) => {
                Arc::ptr_eq(left, right) || left.go_type() == right.go_type() && left.plain() == right.plain()
            }
            _ => false,
        }
    }
}

fn same_entries(left: &Map, right: &Map) -> bool {
    let (left, right) = (left.read(), right.read());
    left.len() == right.len()
        && left
            .iter()
            .zip(right.iter())
            .all(|(one, other)| one.0 == other.0 && one.1.value == other.1.value)
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}
