//! Owns packages: reproducible `.tgz` archives in Helm's shape.
//!
//! It does not render; it is given what goes in.
