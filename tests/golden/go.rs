//! Owns golden cases of Go templates: `testdata/template/go/{ok,err}/<name>.txt`, a chart in one file each.
//!
//! `oracle.py` beside the cases says what they hold. What is in `ok` must print what Helm printed
//! (`<name>.helm`); what is in `err` must fail, and its messages are a snapshot.

use crate::process;
use crate::process::Invocation;
use crate::process::Outcome;
use crate::process::root;
use crate::snapshot;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use std::fs;
use std::path::Path;

/// What a case has if it brings none of its own.
const CHART: &str = "apiVersion: v2\nname: case\nversion: 1.2.3\nappVersion: v9\n";

/// A file of a case's chart.
struct File {
    name: String,
    forms: Vec<String>,
    text: String,
}

/// The names of all cases of one verdict.
pub(crate) fn cases(verdict: &str) -> Vec<String> {
    let folder = root().join("testdata/template/go").join(verdict);
    let names = snapshot::names_in(&folder).expect("the folder of cases can be read");
    names
        .iter()
        .filter_map(|name| name.strip_suffix(".txt"))
        .map(|name| format!("template/go/{verdict}/{name}"))
        .collect()
}

/// Renders a case and compares.
pub(crate) fn run(case: &str) -> Result<(), Failed> {
    let path = root().join("testdata").join(case);
    let text = fs::read_to_string(path.with_extension("txt"))
        .map_err(|error| format!("failed to read the case: {error}"))?;
    let (args, files) = split(&text);
    let outcome = render(&args, files.iter())?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    match (case.contains("/ok/"), outcome.code) {
        (true, 0) => {
            let expected = fs::read(path.with_extension("helm"))
                .map_err(|error| format!("failed to read what Helm printed: {error}"))?;
            if expected == outcome.stdout {
                return Ok(());
            }
            let shown = snapshot::difference(
                &String::from_utf8_lossy(&expected),
                &String::from_utf8_lossy(&outcome.stdout),
            );
            Err(format!("not what Helm prints (- Helm, + runnerctl):\n{shown}").into())
        }
        (false, 1) => {
            each_fails(&args, &files)?;
            Ok(snapshot::check(case, &stderr)?)
        }
        (_, code) => Err(format!("exit code {code}:\n{stderr}").into()),
    }
}

/// Renders a chart of these files.
fn render<'f>(args: &[String], files: impl Iterator<Item = &'f File>) -> Result<Outcome, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    write(scratch.path(), files)?;
    let command = ["template", "demo", "."].map(str::to_owned);
    process::run(&Invocation {
        directory: scratch.path().to_owned(),
        args: command.iter().chain(args).cloned().collect(),
        ..Invocation::default()
    })
}

/// An error of one template must not hide that another is taken.
fn each_fails(args: &[String], files: &[File]) -> Result<(), String> {
    for template in files.iter().filter(|file| file.is_alone()) {
        let others = files
            .iter()
            .filter(|file| !file.is_alone() || file.name == template.name);
        let outcome = render(args, others)?;
        if outcome.code != 1 {
            return Err(format!("{} alone: exit code {}", template.name, outcome.code));
        }
    }
    Ok(())
}

/// The arguments and the files of a case.
fn split(case: &str) -> (Vec<String>, Vec<File>) {
    let mut args = Vec::new();
    let mut files: Vec<File> = Vec::new();
    for line in case.split_inclusive('\n') {
        let mut words = line.split_whitespace().map(str::to_owned);
        if line.starts_with("--- ") && words.next().is_some() {
            files.push(File {
                name: words.next().expect("a path stands behind the dashes"),
                forms: words.collect(),
                text: String::new(),
            });
        } else if let Some(file) = files.last_mut() {
            file.text.push_str(line);
        } else if let Some(rest) = line.strip_prefix("args: ") {
            args = rest.split_whitespace().map(str::to_owned).collect();
        }
    }
    (args, files)
}

fn write<'f>(folder: &Path, files: impl Iterator<Item = &'f File>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("failed to write the chart: {error}");
    fs::write(folder.join("Chart.yaml"), CHART).map_err(failed)?;
    for file in files {
        let path = folder.join(&file.name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).map_err(failed)?;
        fs::write(path, file.bytes()?).map_err(failed)?;
    }
    Ok(())
}

impl File {
    /// Whether it is a template of the chart itself, and no partial.
    fn is_alone(&self) -> bool {
        let name = self.name.strip_prefix("templates/");
        name.is_some_and(|name| !name.starts_with('_'))
    }

    fn has(&self, form: &str) -> bool {
        self.forms.iter().any(|own| own == form)
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        if self.has("base64") {
            let digits: String = self.text.split_whitespace().collect();
            return STANDARD.decode(digits).map_err(|error| error.to_string());
        }
        let mark = if self.has("bom") { "\u{feff}" } else { "" };
        let text = if self.has("crlf") {
            self.text.replace('\n', "\r\n")
        } else {
            self.text.clone()
        };
        Ok([mark, &text].concat().into_bytes())
    }
}
