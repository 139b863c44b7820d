//! Owns inputs that are made at test time: large, deep, not text, or not storable in a repository.
//!
//! It does not run anything.

use libtest_mimic::Failed;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// One entry of `generate:`; each makes something below `{tmp}`.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Generated {
    /// A file made of repeated pieces.
    File {
        /// Its path below `{tmp}`.
        file: String,
        /// Its content, in order.
        parts: Vec<Part>,
    },
    /// An empty folder.
    Folder {
        /// Its path below `{tmp}`.
        folder: String,
    },
    /// A symbolic link.
    Link {
        /// Its path below `{tmp}`.
        link: String,
        /// What it points at, as it stands.
        target: String,
    },
}

/// A text, or bytes, that stands there a number of times.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// The text; `{n}` is the number of the repetition, from 0.
    #[serde(default)]
    text: String,
    /// Bytes that need not be a text.
    #[serde(default)]
    bytes: Vec<u8>,
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

impl Generated {
    /// Makes it below `scratch`.
    pub(crate) fn write(&self, scratch: &Path) -> Result<(), Failed> {
        let (Self::File { file: name, .. } | Self::Folder { folder: name } | Self::Link { link: name, .. }) =
            self;
        let path = scratch.join(name);
        let parent = path.parent().expect("it lies below the temporary folder");
        let made = fs::create_dir_all(parent).and_then(|()| match self {
            Self::File { parts, .. } => fs::write(&path, content(parts)),
            Self::Folder { .. } => fs::create_dir_all(&path),
            Self::Link { target, .. } => link(target, &path),
        });
        made.map_err(|error| format!("failed to generate `{name}`: {error}").into())
    }
}

fn content(parts: &[Part]) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        for number in 0..part.times {
            if part.text.contains("{n}") {
                content.extend_from_slice(part.text.replace("{n}", &number.to_string()).as_bytes());
            } else {
                content.extend_from_slice(part.text.as_bytes());
            }
            content.extend_from_slice(&part.bytes);
        }
    }
    content
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> std::io::Result<()> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
}
