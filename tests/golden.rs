//! Golden cases: every folder under `testdata/` is a test.

fn main() {}
