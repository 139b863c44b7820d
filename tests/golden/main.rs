//! Golden cases: every case under `testdata/` becomes a named, filterable test.
//!
//! Each area of `testdata/` has one module here that turns its cases into trials; nothing else is in them.

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = Vec::new();
    libtest_mimic::run(&arguments, trials).exit_code()
}
