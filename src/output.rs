//! Owns writing files: all of them or none, and never over other content unless that is asked for.
//!
//! It does not know what the files hold.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::io_reason;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file to be written.
#[derive(Clone, Debug)]
pub struct OutputFile {
    /// Where to.
    pub path: PathBuf,
    /// The whole content.
    pub data: Vec<u8>,
    /// Whether only the owner may read it, as credentials need it.
    pub private: bool,
}

/// Writes the files and the folders they need. Nothing is written if any of them cannot be, or if one
/// exists with other content and `overwrite` is false; each such file is reported.
pub fn write(files: &[OutputFile], overwrite: bool) -> Result<(), Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut pending = Vec::new();
    for file in files {
        match is_written(file, overwrite) {
            Ok(true) => {}
            Ok(false) => pending.push(file),
            // Files may share what stands in their way.
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut folders = Folders::default();
    let mut staged = Vec::new();
    for file in pending {
        // Renaming is what can hardly fail; whatever can is done before the first rename.
        staged.push((
            stage(file, &mut folders).map_err(|error| vec![error])?,
            &file.path,
        ));
    }
    for (temporary, path) in staged {
        temporary
            .persist(path)
            .map_err(|error| vec![failed("write", path, &error.error)])?;
    }
    folders.keep();
    Ok(())
}

/// Whether the file stands there already; an error if something else does.
fn is_written(file: &OutputFile, overwrite: bool) -> Result<bool, Diagnostic> {
    let shown = file.path.display();
    let metadata = match fs::metadata(&file.path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let blocking = file.path.ancestors().find(|path| path.exists());
            return Err(not_a_directory(blocking.unwrap_or(&file.path)));
        }
        Err(error) => return Err(failed("write", &file.path, &error)),
    };
    if metadata.is_dir() {
        return Err(Diagnostic::error(
            "output",
            format!("cannot write `{shown}`: it is a directory"),
        ));
    }
    if !metadata.is_file() {
        // Renaming would put a file in the place of a device, a pipe or a socket.
        let message = format!("cannot write `{shown}`: it is not a regular file");
        return Err(Diagnostic::error("output", message));
    }
    if overwrite {
        return Ok(false);
    }
    let is_same = metadata.len() == file.data.len() as u64
        && fs::read(&file.path).map_err(|error| failed("read", &file.path, &error))? == file.data;
    if is_same {
        return Ok(true);
    }
    Err(
        Diagnostic::error("output-exists", format!("`{shown}` exists with other content"))
            .help("remove it, write elsewhere, or overwrite it with `--force`"),
    )
}

/// Writes the content to a temporary file beside its place.
fn stage(file: &OutputFile, folders: &mut Folders) -> Result<NamedTempFile, Diagnostic> {
    let folder = match file.path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    folders.create(folder)?;
    let mut temporary = builder(file.private)
        .tempfile_in(folder)
        .map_err(|error| failed("write", &file.path, &error))?;
    temporary
        .write_all(&file.data)
        .map_err(|error| failed("write", &file.path, &error))?;
    Ok(temporary)
}

/// Temporary files are private by default; others become what any program may have written.
fn builder(private: bool) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".runnerctl-");
    #[cfg(unix)]
    if !private {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

fn not_a_directory(path: &Path) -> Diagnostic {
    let message = format!("cannot write below `{}`: it is not a directory", path.display());
    Diagnostic::error("output", message)
}

fn failed(act: &str, path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "output",
        format!("failed to {act} `{}`: {}", path.display(), io_reason(error)),
    )
}

/// The folders that were created; they go again, unless kept, if nothing came into them.
#[derive(Debug, Default)]
struct Folders(Vec<PathBuf>);

impl Folders {
    fn create(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err())
            .collect();
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => self.0.push(path.to_owned()),
                // Another process was faster.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed("create directory", path, &error)),
            }
        }
        if folder.is_dir() {
            return Ok(());
        }
        Err(not_a_directory(folder))
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that holds something by now is not ours to remove.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf, text: &str) -> OutputFile {
        OutputFile {
            path,
            data: text.as_bytes().to_vec(),
            private: false,
        }
    }

    fn scratch() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary directory can be made")
    }

    #[test]
    fn other_content_is_kept_and_nothing_is_written_beside_it() {
        let scratch = scratch();
        let (first, second) = (scratch.path().join("new/a"), scratch.path().join("b"));
        fs::write(&second, "mine").expect("the directory is writable");
        let files = [file(first.clone(), "1"), file(second.clone(), "2")];
        let errors = write(&files, false).expect_err("`b` holds other content");
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].message.ends_with("exists with other content"),
            "{}",
            errors[0]
        );
        assert!(!first.exists() && !scratch.path().join("new").exists());
        assert_eq!(fs::read_to_string(&second).ok().as_deref(), Some("mine"));
        write(&files, true).expect("overwriting was asked for");
        assert_eq!(fs::read_to_string(&first).ok().as_deref(), Some("1"));
        assert_eq!(fs::read_to_string(&second).ok().as_deref(), Some("2"));
        write(&files, false).expect("the same content is no conflict");
        let left: Vec<_> = fs::read_dir(scratch.path())
            .expect("the directory exists")
            .collect();
        assert_eq!(left.len(), 2, "no temporary file stays: {left:?}");
    }

    #[test]
    fn what_stands_in_the_way_of_many_files_is_reported_once() {
        let scratch = scratch();
        fs::write(scratch.path().join("x"), "").expect("the directory is writable");
        let files = ["x/a", "x/deep/b"].map(|path| file(scratch.path().join(path), "1"));
        let errors = write(&files, true).expect_err("`x` is a file");
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].message.ends_with("/x`: it is not a directory"),
            "{}",
            errors[0]
        );
    }

    #[test]
    fn a_file_in_the_way_of_a_folder_leaves_no_folders_behind() {
        let scratch = scratch();
        fs::write(scratch.path().join("x"), "").expect("the directory is writable");
        let files = [
            file(scratch.path().join("new/deep/a"), "1"),
            file(scratch.path().join("x/b"), "2"),
        ];
        let errors = write(&files, false).expect_err("`x` is a file");
        assert_eq!(errors[0].code, "output");
        assert!(!scratch.path().join("new").exists());
    }
}
