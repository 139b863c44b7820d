//! Tests that no credential reaches what is printed.
