//! Owns the data model, the YAML reader with places and the YAML writer.
//!
//! Both ends follow Helm to the byte: the reader resolves scalars as go-yaml does, the writer prints as
//! sigs.k8s.io/yaml does. Merging, schemas and templates live above.

mod anchor;
mod decode;
mod float;
mod gather;
mod json;
mod number;
mod object;
mod order;
mod parser;
mod read;
mod read_json;
mod resolve;
mod scalar;
mod skim;
mod style;
mod syntax;
mod texts;
mod timestamp;
pub mod typed;
mod value;
mod write;
mod write_number;
mod write_text;

pub use decode::{DecodeError, decode};
pub use float::{format_exponent, format_float};
pub use json::{JsonStyle, to_json, to_json_with, to_serde};
pub use number::Number;
pub use object::{ListKind, MapKind, Object};
pub use read::{Document, MAX_BYTES, MAX_DEPTH, read, read_all, read_document};
pub use read_json::read_json;
pub use skim::excerpt;
pub(crate) use texts::Texts;
pub use value::{Entries, List, ListNode, Map, MapNode, Slot, Value};
pub use write::{write, write_pretty, write_with};
pub use write_number::Digits;
pub use write_text::WriteError;
