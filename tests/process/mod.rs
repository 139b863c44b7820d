//! Owns running the built binary: a cleared environment, bounded time and memory, the whole outcome. Both test binaries include it.
//!
//! It judges nothing: callers compare the outcome.

use std::collections::BTreeMap;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// No command may take longer, whatever its input; generous, because test machines are busy.
const LONGEST: Duration = Duration::from_secs(20);

/// No command may hold more resident memory, whatever its input. Checked where `/proc` tells it.
const MOST_MEMORY_KIB: u64 = 1024 * 1024;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One command line with what surrounds it.
pub(crate) struct Invocation {
    /// The current directory.
    pub(crate) directory: PathBuf,
    /// The command line after `runnerctl`.
    pub(crate) args: Vec<String>,
    /// What is written to standard input; nothing leaves it empty.
    pub(crate) stdin: Vec<u8>,
    /// The whole environment.
    pub(crate) env: BTreeMap<String, String>,
}

impl Default for Invocation {
    /// No arguments, in the repository's root.
    fn default() -> Self {
        Self {
            directory: root().to_owned(),
            args: Vec::new(),
            stdin: Vec::new(),
            env: BTreeMap::new(),
        }
    }
}

/// Everything that a finished command shows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The exit code; a signal counts as 128 and its number, as in a shell.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: Vec<u8>,
    /// Standard error.
    pub(crate) stderr: Vec<u8>,
}

/// Runs the built binary; the error says which bound it broke.
pub(crate) fn run(invocation: &Invocation) -> Result<Outcome, String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_runnerctl"))
        .args(&invocation.args)
        .env_clear()
        .envs(&invocation.env)
        .current_dir(&invocation.directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("failed to start runnerctl: {error}"))?;
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = invocation.stdin.clone();
    // A command that does not read its input closes the pipe; that is its right.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = drain(child.stdout.take().expect("stdout is piped"));
    let stderr = drain(child.stderr.take().expect("stderr is piped"));
    let ended = wait(&mut child);
    if ended.is_err() {
        // Already gone is as good as killed.
        drop(child.kill());
        drop(child.wait());
    }
    let stdout = stdout.join().expect("the reader does not panic");
    let stderr = stderr.join().expect("the reader does not panic");
    writer.join().expect("the writer does not panic");
    let code = ended.map_err(|bound| format!("{bound}; stderr: {}", String::from_utf8_lossy(&stderr)))?;
    Ok(Outcome { code, stdout, stderr })
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes)
            .expect("a pipe of a child can be read");
        bytes
    })
}

/// Waits for the end and gives the exit code, or the bound that was broken.
fn wait(child: &mut Child) -> Result<i32, String> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(exit_code(status));
        }
        if start.elapsed() > LONGEST {
            return Err(format!("still running after {} seconds", LONGEST.as_secs()));
        }
        if peak_memory_kib(child.id()).is_some_and(|peak| peak > MOST_MEMORY_KIB) {
            return Err(format!("took more than {MOST_MEMORY_KIB} KiB of memory"));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

#[cfg(unix)]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

#[cfg(not(unix))]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

/// The most resident memory so far, on systems that have `/proc`.
fn peak_memory_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
