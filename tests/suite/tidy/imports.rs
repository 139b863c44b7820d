//! Owns the import table and the scan that holds sources to it.
//!
//! The scan reads paths that start with `crate::` or `super::` line by line, as rustfmt leaves them; it does not
//! resolve names, so a re-export counts as its module.

use regex::Regex;

/// Each module of the crate and the modules that it may import. `cli` may import all, and no row names it.
pub(super) const TABLE: &[(&str, &[&str])] = &[
    ("bytes", &[]),
    ("capabilities", &["diagnostic"]),
    ("chart", &["bytes", "diagnostic", "glob", "source", "yaml"]),
    ("check", BELOW_CHECK),
    ("cli", &[]),
    ("diagnostic", &["source"]),
    ("glob", &[]),
    (
        "manifest",
        &[
            "bytes",
            "diagnostic",
            "glob",
            "output",
            "source",
            "suggest",
            "yaml",
        ],
    ),
    ("output", &["bytes", "diagnostic"]),
    ("package", BELOW_PACKAGE),
    ("release", &["diagnostic"]),
    ("render", BELOW_RENDER),
    ("source", &[]),
    ("suggest", &[]),
    ("template", BELOW_TEMPLATE),
    (
        "values",
        &["bytes", "chart", "diagnostic", "source", "suggest", "yaml"],
    ),
    ("yaml", &["bytes", "diagnostic", "source", "suggest"]),
];

const BELOW_TEMPLATE: &[&str] = &[
    "bytes",
    "capabilities",
    "chart",
    "diagnostic",
    "release",
    "source",
    "suggest",
    "values",
    "yaml",
];

/// A loaded chart is given to it, so it imports neither `package` nor a registry.
const BELOW_RENDER: &[&str] = &[
    "bytes",
    "capabilities",
    "chart",
    "diagnostic",
    "manifest",
    "release",
    "source",
    "suggest",
    "template",
    "values",
    "yaml",
];

/// It proves what it writes by rendering it.
const BELOW_PACKAGE: &[&str] = &[
    "bytes",
    "capabilities",
    "chart",
    "diagnostic",
    "manifest",
    "output",
    "release",
    "render",
    "source",
    "template",
    "values",
    "yaml",
];

const BELOW_CHECK: &[&str] = &[
    "bytes",
    "capabilities",
    "chart",
    "diagnostic",
    "manifest",
    "release",
    "render",
    "source",
    "suggest",
    "template",
    "values",
    "yaml",
];

/// Parts of modules that must not know each other: functions know no engine, engines not each other.
const STRANGERS: &[(&str, &str)] = &[
    ("template::functions", "template::go"),
    ("template::functions", "template::jinja"),
    ("template::go", "template::jinja"),
    ("template::jinja", "template::go"),
];

/// The imports of one file that the table forbids.
pub(super) fn upward(path: &str, text: &str) -> Vec<String> {
    let Some(importer) = module_of(path) else {
        return Vec::new();
    };
    let paths =
        Regex::new(r"\b(crate|super(?:::super)*)::([a-z_0-9]+(?:::[a-z_0-9]+)*)").expect("a valid pattern");
    let mut findings = Vec::new();
    let mut inline = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("//") {
            continue;
        }
        track_inline_modules(&mut inline, line);
        for found in paths.captures_iter(line) {
            let mut base = importer.clone();
            base.extend(inline.iter().map(|(_, name): &(usize, String)| name.clone()));
            let up = if &found[1] == "crate" {
                base.len()
            } else {
                found[1].matches("super").count()
            };
            base.truncate(base.len().saturating_sub(up));
            base.extend(found[2].split("::").map(str::to_owned));
            if let Some(reason) = forbidden(&importer.join("::"), &base.join("::")) {
                findings.push(format!("{path}:{number}: {reason}"));
            }
        }
    }
    findings
}

/// The module that a file of the crate is: `src/yaml/emit.rs` is `yaml::emit`; the root is empty.
fn module_of(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let path = path.trim_end_matches("/mod");
    if path == "lib" || path == "main" {
        return Some(Vec::new());
    }
    Some(path.split('/').map(str::to_owned).collect())
}

/// Keeps the open `mod name {` blocks with their indentation; `super` counts them.
fn track_inline_modules(inline: &mut Vec<(usize, String)>, line: &str) {
    let trimmed = line.trim_start();
    let indentation = line.len() - trimmed.len();
    if trimmed == "}" {
        inline.retain(|(open, _)| *open != indentation);
    }
    let declaration = trimmed
        .trim_start_matches("pub(crate) ")
        .trim_start_matches("pub ");
    if let Some(name) = declaration
        .strip_prefix("mod ")
        .and_then(|rest| rest.strip_suffix(" {"))
    {
        inline.push((indentation, name.to_owned()));
    }
}

/// Why `importer` may not import `target`, if so.
fn forbidden(importer: &str, target: &str) -> Option<String> {
    let within = |path: &str, module: &str| path == module || path.starts_with(&format!("{module}::"));
    for (left, right) in STRANGERS {
        if within(importer, left) && within(target, right) {
            return Some(format!("`{left}` may not import `{right}`"));
        }
    }
    let from = importer.split("::").next()?;
    let to = target.split("::").next()?;
    // Neither the root, which declares all, nor names that are no module of the crate.
    if from.is_empty() || from == to || from == "cli" || !TABLE.iter().any(|(name, _)| *name == to) {
        return None;
    }
    let allowed = TABLE
        .iter()
        .find(|(name, _)| *name == from)
        .map(|(_, allowed)| *allowed)?;
    (!allowed.contains(&to)).then(|| format!("`{from}` may not import `{to}`"))
}

#[test]
fn an_upward_import_is_found_with_its_place() {
    let found = |path: &str, text: &str| upward(path, text);
    assert_eq!(
        found("src/yaml/emit.rs", "//! x\n\nuse crate::cli::Args;\n"),
        ["src/yaml/emit.rs:3: `yaml` may not import `cli`"]
    );
    assert_eq!(
        found("src/yaml/emit.rs", "use super::super::values::Input;\n"),
        ["src/yaml/emit.rs:1: `yaml` may not import `values`"]
    );
    assert_eq!(
        found("src/yaml.rs", "fn f() {\n    super::render::render();\n}\n"),
        ["src/yaml.rs:2: `yaml` may not import `render`"]
    );
    assert_eq!(
        found("src/template/go/exec.rs", "use crate::template::jinja::Engine;\n"),
        ["src/template/go/exec.rs:1: `template::go` may not import `template::jinja`"]
    );
    assert_eq!(
        found("src/template/functions/mod.rs", "use super::jinja;\n"),
        ["src/template/functions/mod.rs:1: `template::functions` may not import `template::jinja`"]
    );
}

#[test]
fn downward_imports_and_own_modules_pass() {
    let passes = |path: &str, text: &str| assert_eq!(upward(path, text), Vec::<String>::new());
    passes(
        "src/values/set.rs",
        "use crate::yaml::Value;\nuse super::merge;\n",
    );
    passes(
        "src/yaml/mod.rs",
        "mod tests {\n    use super::super::yaml::Value;\n    use super::values;\n}\n",
    );
    passes("src/yaml/emit.rs", "// `crate::cli` prints it\n");
    passes("src/cli/render.rs", "use crate::render::render;\n");
}
