//! Every test that is not a golden case: the project's own rules, process tests, the help texts, the README.

#[path = "../process/mod.rs"]
mod process;
mod tidy;
