//! Owns how nodes are dropped: templates can nest values deeper than the stack.
//!
//! It makes and reads none.

use super::{List, ListNode, Map, MapNode, Slot, Value};
use std::cell::Cell;
use std::sync::{Arc, PoisonError};

/// Nodes are dropped by recursion up to this depth.
const MAX_DROPS: usize = 100;

/// Drops what hangs below a node without recursion: templates can nest values deeper than the stack.
fn drop_nested(first: impl Iterator<Item = Slot>) {
    let mut nested: Vec<Value> = first.map(|slot| slot.value).filter(Value::is_nested).collect();
    while let Some(value) = nested.pop() {
        // A node that others still hold stays; of one that nobody else holds, the entries come next.
        match value {
            Value::List(List(node)) => {
                if let Some(mut node) = Arc::into_inner(node) {
                    let items = node.0.get_mut().unwrap_or_else(PoisonError::into_inner);
                    nested.extend(items.drain(..).map(|slot| slot.value).filter(Value::is_nested));
                }
            }
            Value::Map(Map(node, _)) => {
                if let Some(mut node) = Arc::into_inner(node) {
                    let entries = std::mem::take(node.0.get_mut().unwrap_or_else(PoisonError::into_inner));
                    nested.extend(
                        entries
                            .into_values()
                            .map(|slot| slot.value)
                            .filter(Value::is_nested),
                    );
                }
            }
            _ => {}
        }
    }
}

thread_local! {
    /// How many nodes are being dropped, each inside the one before.
    static DROPS: Cell<usize> = const { Cell::new(0) };
}

/// Runs one of two ways to drop a node's content: the plain one, which recurses, is the faster, and goes as
/// deep as values from a file are.
fn drop_content<T>(content: T, deep: impl FnOnce(T)) {
    let depth = DROPS.get();
    if depth < MAX_DROPS {
        DROPS.set(depth + 1);
        drop(content);
        DROPS.set(depth);
    } else {
        deep(content);
    }
}

impl Drop for MapNode {
    fn drop(&mut self) {
        let entries = std::mem::take(self.0.get_mut().unwrap_or_else(PoisonError::into_inner));
        drop_content(entries, |entries| drop_nested(entries.into_values()));
    }
}

impl Drop for ListNode {
    fn drop(&mut self) {
        let items = std::mem::take(self.0.get_mut().unwrap_or_else(PoisonError::into_inner));
        drop_content(items, |items| drop_nested(items.into_iter()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_values_are_dropped_without_recursion() {
        let mut value = Value::Null;
        for level in 0..200_000 {
            value = if level % 2 == 0 {
                Value::List(List::from_iter([value]))
            } else {
                Value::Map(Map::from_iter([("k", value)]))
            };
        }
        drop(value);
    }

    #[test]
    fn a_settled_tree_notices_every_write_below_it() {
        let inner = Map::from_iter([("k", "v")]);
        let list = List::from_iter([Value::Map(inner.clone())]);
        let outer = Map::new();
        outer.insert("list", list.clone());
        assert!(!outer.is_settled());
        let writes: [(&str, &dyn Fn()); 5] = [
            ("a new key", &|| outer.insert("other", "v")),
            ("a key removed", &|| drop(outer.remove("other"))),
            ("the same again", &|| inner.insert("k", "v")),
            ("a list", &|| list.write().clear()),
            ("a cycle", &|| outer.insert("outer", outer.clone())),
        ];
        for (name, write) in writes {
            outer.settle();
            assert!(outer.is_settled(), "before {name}");
            write();
            assert!(!outer.is_settled(), "{name}");
        }
        assert!(inner.deep_copy().is_settled(), "a copy is new");
        outer.remove("outer");
    }

    #[test]
    fn a_node_that_is_held_elsewhere_survives() {
        let inner = Map::from_iter([("k", "v")]);
        let outer = Map::from_iter([("inner", inner.clone())]);
        drop(List::from_iter([Value::Map(outer)]));
        assert_eq!(inner.len(), 1);
    }
}
