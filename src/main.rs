//! Arguments in, exit code out; everything else is the library's.

use std::process::ExitCode;

/// A run is short and mostly small allocations on several threads, for which glibc's allocator asks the kernel page by
/// page: this one takes a tenth less time for the whole run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    runnerctl::cli::run(std::env::args_os())
}
