//! Owns the data model, the YAML reader with places and the YAML writer.
//!
//! Both ends follow Helm to the byte: the reader resolves scalars as go-yaml does, the writer prints as
//! sigs.k8s.io/yaml does. Merging, schemas and templates live above.

mod number;
mod value;

pub use number::Number;
pub use value::{Entries, List, ListNode, Map, MapNode, Slot, Value};
