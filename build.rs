//! Puts the sources of the bundled charts into the binary: a table of every file below `chart/`, `templates/`
//! and `values/`, sorted by path, so that the same tree gives the same binary.
//!
//! It does not look into the files. It also has the binary linked statically where the machine can do that.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
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
    fs::write(directory("OUT_DIR").join("bundled.rs"), table)?;
    link_statically(&directory("OUT_DIR").join("static"))
}

/// The shared libraries that rustc names to the linker, and the archives that hold the same.
const LIBRARIES: [(&str, &[&str]); 3] = [
    ("libgcc_s.so", &["libgcc_eh.a", "libgcc.a"]),
    ("libm.so", &["libm.a"]),
    ("libc.so", &["libc.a"]),
];

/// Makes the program one static file, at a fixed address: finding, loading and linking shared libraries would be an
/// eighth of a short run.
///
/// Cargo's own way, the target feature `crt-static`, would need `--target` on every command line, since it forbids the
/// procedural macros that are built for the same machine. So files under the names of the shared libraries lead the
/// linker to the archives. A machine without these gets a program with shared libraries, as every other target does.
fn link_statically(folder: &Path) -> io::Result<()> {
    let is_native = variable("HOST") == variable("TARGET");
    let is_glibc = variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if !is_native || !is_glibc {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    for (library, archives) in LIBRARIES {
        let mut script = String::from("GROUP(");
        for archive in archives {
            let Some(path) = path_of(archive) else {
                return Ok(());
            };
            write!(script, " {path}").expect("writing to a string succeeds");
        }
        fs::write(folder.join(library), script + " )\n")?;
    }
    for argument in ["-static", "-no-pie", "-L"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    println!("cargo::rustc-link-arg-bins={}", folder.display());
    Ok(())
}

/// Where the C compiler, which also links, finds a library.
fn path_of(library: &str) -> Option<String> {
    let output = Command::new("cc")
        .arg(format!("-print-file-name={library}"))
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    // What it does not find, it repeats.
    Path::new(&path).is_absolute().then_some(path)
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

fn directory(name: &str) -> PathBuf {
    PathBuf::from(variable(name))
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts what to do through the environment"
)]
fn variable(name: &str) -> OsString {
    env::var_os(name).expect("cargo sets this variable for build scripts")
}
