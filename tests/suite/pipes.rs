//! Streams that a folder of files cannot describe: closed pipes, standard input, named pipes.

use crate::process::root;
use crate::test::Test;
use std::fs;
use std::process::Command;

/// A values file that every command accepts as it stands.
const EXAMPLE: &str = "values/kubiya-runner/examples/overrides.yaml";

fn example() -> String {
    fs::read_to_string(root().join(EXAMPLE)).expect("the example exists")
}

#[test]
fn a_closed_pipe_is_success() {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    // Closed before the first byte, as `| head -0` may do.
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_runnerctl"))
        .args(["render", "-f", EXAMPLE])
        .env_clear()
        .current_dir(root())
        .stdout(writer)
        .output()
        .expect("runnerctl starts");
    assert_eq!(
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).as_ref()
        ),
        (Some(0), "")
    );
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("runnerctl ", env!("CARGO_PKG_VERSION"), "\n");
    Test::new().arg("--version").stdout(version).success();
}

#[test]
fn a_missing_file_is_named_on_standard_error_only() {
    let expected = "error[values-file]: failed to read values file `acme.yaml`: no such file or directory\n \
                    = help: check the path; it is relative to the current directory\n\n";
    Test::new()
        .args("validate -f acme.yaml")
        .stderr(expected)
        .failure(1);
}

#[test]
fn standard_input_renders_like_the_file() {
    let from_file = Test::new()
        .args("render -f acme.yaml")
        .write("acme.yaml", &example())
        .run();
    let from_stdin = Test::new().args("render -f -").stdin(&example()).run();
    assert_eq!(
        from_file.code,
        0,
        "{}",
        String::from_utf8_lossy(&from_file.stderr)
    );
    assert!(
        from_file == from_stdin,
        "{}",
        String::from_utf8_lossy(&from_stdin.stderr)
    );
}

#[cfg(unix)]
#[test]
fn a_named_pipe_serves_as_values_file() {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let pipe = folder.path().join("values");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::write(pipe, example()))
    };
    let piped = Test::new().args("render -f").arg(&pipe.to_string_lossy()).run();
    writer
        .join()
        .expect("the writer does not panic")
        .expect("the pipe takes the values");
    let from_file = Test::new()
        .args("render -f acme.yaml")
        .write("acme.yaml", &example())
        .run();
    assert!(piped == from_file, "{}", String::from_utf8_lossy(&piped.stderr));
}

/// Standard output is what Helm 3.17.3 prints for `--debug`, where its order is random, for the same chart.
#[test]
fn text_that_is_no_yaml_is_printed_for_debug_and_is_still_an_error() {
    let chart = || {
        Test::new()
            .write("demo/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.0.0\n")
            .write("demo/templates/a.yaml", "{{ if .Values.never }}a: 1{{ end }}\n")
            .write("demo/templates/broken.yaml", "a: {{ 1 }}\n b: 2\n")
            .write(
                "demo/templates/good.yaml",
                "kind: {{ .Release.Name }}\napiVersion: v1\n",
            )
            .write("demo/templates/NOTES.txt", "notes\n")
    };
    let printed = "---\n# Source: demo/templates/broken.yaml\na: 1\n b: 2\n\n\
                   ---\n# Source: demo/templates/good.yaml\nkind: release-name\napiVersion: v1\n";
    let debugged = chart().args("template demo --debug").run();
    assert_eq!(
        (debugged.code, String::from_utf8_lossy(&debugged.stdout).as_ref()),
        (1, printed)
    );
    let quiet = chart().args("template demo").run();
    assert_eq!(
        (
            quiet.code,
            quiet.stdout.as_slice(),
            quiet.stderr == debugged.stderr
        ),
        (1, b"".as_slice(), true)
    );
}
