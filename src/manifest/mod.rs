//! Owns manifests: rendered files split into documents, hooks, install order, selection and writing.
//!
//! It knows no template engine: it takes paths and texts.
