//! Puts the sources of the bundled charts into the binary: a table of every file below `chart/`, `templates/`
//! and `values/`, sorted by path, so that the same tree gives the same binary.
//!
//! It does not look into the files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const TREES: [&str; 3] = ["chart", "templates", "values"];

fn main() -> io::Result<()> {
    let root = directory("CARGO_MANIFEST_DIR");
    let mut paths = Vec::new();
    for tree in TREES {
        println!("cargo::rerun-if-changed={tree}");
        if root.join(tree).is_dir() {
            gather(&root, tree, &mut paths)?;
        }
    }
    paths.sort();
    let mut table = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    for path in paths {
        // Paths relative to the crate keep the generated file free of where it was built.
        let file = format!("/{path}");
        writeln!(
            table,
            "    ({path:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?}))),"
        )
        .expect("writing to a string succeeds");
    }
    table.push_str("];\n");
    fs::write(directory("OUT_DIR").join("bundled.rs"), table)
}

/// Adds the paths of all files below `folder`, with `/`.
fn gather(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| io::Error::other(format!("{folder}/{} is not UTF-8", name.display())))?;
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            gather(root, &path, paths)?;
        } else if !is_leftover(&name) {
            paths.push(path);
        }
    }
    Ok(())
}

/// Files that editors and desktops leave behind.
fn is_leftover(name: &str) -> bool {
    name.ends_with('~') || name.rsplit('.').next() == Some("swp") || name == ".DS_Store"
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts where to work through the environment"
)]
fn directory(variable: &str) -> PathBuf {
    PathBuf::from(env::var_os(variable).expect("cargo sets this variable for build scripts"))
}
