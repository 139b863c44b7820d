//! Every test that is not a golden case: the project's own rules, process tests, the help texts, the README.

mod functions;
mod help;
mod pipeline;
mod pipes;
#[path = "../process/mod.rs"]
mod process;
mod readme;
mod runner;
mod signatures;
#[path = "../golden/snapshot.rs"]
mod snapshot;
mod test;
mod tidy;
