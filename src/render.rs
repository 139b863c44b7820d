//! Owns the pipeline from a loaded chart and a request to manifests.
//!
//! It loads nothing and writes nothing.
