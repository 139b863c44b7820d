//! Owns the measurement of the YAML reader and writer on a generated values file.
//!
//! `cargo bench --bench yaml` prints megabytes per second; it judges nothing, machines differ.
#![allow(clippy::print_stdout, reason = "a benchmark has no other output")]

use runnerctl::source::Source;
use runnerctl::yaml;
use std::fmt::Write as _;
use std::time::Instant;

const MEGABYTES: usize = 20;

fn main() {
    let source = Source::new("values.yaml", generate());
    let value = measure("read", || {
        let value = yaml::read(&source).expect("the generated file is valid");
        (source.text.len(), value)
    });
    let json = measure("write JSON", || {
        let text = yaml::to_json(&value, None).expect("the values are finite");
        (text.len(), text)
    });
    measure("write YAML", || {
        let text = yaml::write(&value).expect("the values are finite");
        (text.len(), text)
    });
    let json = Source::new("values.json", json);
    measure("read JSON", || {
        let value = yaml::read_json(&json).expect("what was written is valid");
        (json.text.len(), value)
    });
}

/// Runs `work`, which gives how many bytes it read or wrote, and prints its speed.
#[expect(clippy::cast_precision_loss, reason = "a speed needs no digits")]
fn measure<T>(name: &str, work: impl FnOnce() -> (usize, T)) -> T {
    let start = Instant::now();
    let (bytes, result) = work();
    let seconds = start.elapsed().as_secs_f64();
    println!("{name:<12} {:6.0} MB/s", bytes as f64 / 1e6 / seconds);
    result
}

/// Values as charts have them: short maps, lists of pairs, quoted text, blocks, flow collections.
fn generate() -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < MEGABYTES << 20 {
        number += 1;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "service{number}:\n  image:\n    repository: registry.example.com/team/app\n    tag: \"1.25.{number}\"  # the \
             tag\n  resources:\n    limits: {{cpu: 500m, memory: 128Mi}}\n  env:\n  - name: LOG_LEVEL\n    value: \
             debug\n  script: |\n    #!/bin/sh\n    set -e\n    echo \"one\"\n  replicas: {number}\n  enabled: true\n"
        );
    }
    text
}
