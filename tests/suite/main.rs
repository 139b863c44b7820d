//! Every test that is not a golden case: process tests, the import table, the README.
