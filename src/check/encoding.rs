//! Owns the two forms in which a credential may stand in values: as the file's text or as its base64.
//!
//! It does not know what the file holds, beyond that it is text with `-----BEGIN …-----` lines.

use super::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The most that Kubernetes stores in a Secret.
const LIMIT: usize = 1 << 20;

/// What a message calls the file, and how to encode it.
#[derive(Clone, Copy)]
pub(super) struct File {
    /// With its article: "a NATS credentials file".
    pub(super) what: &'static str,
    /// As a command line may name it: `user.creds`.
    pub(super) name: &'static str,
    /// The code of its problems.
    pub(super) code: &'static str,
}

impl File {
    pub(super) fn error(self, message: impl Into<String>) -> Problem {
        Problem::error(self.code, message)
    }
}

/// The text of the file in `value`, which holds it as it is or as standard base64, maybe broken over lines.
pub(super) fn text(value: &str, file: File) -> Result<String, Problem> {
    if value.len() > LIMIT * 4 / 3 {
        return Err(file.error("is larger than a Secret can be (1 MiB)"));
    }
    let decoded = if value.contains("-----") {
        value.to_owned()
    } else {
        decode(value, file)?
    };
    if decoded.lines().any(is_joined) {
        let problem = file.error(format!("holds {} without its line breaks", file.what));
        return Err(problem
            .help("write it as a block scalar: `|` after the key, then the file's lines indented below"));
    }
    Ok(decoded)
}

/// Whether text follows a `-----BEGIN …-----` on its line: a folded scalar (`>`) or a plain one over several lines
/// joins its lines with blanks.
fn is_joined(line: &str) -> bool {
    line.trim()
        .strip_prefix("-----BEGIN ")
        .and_then(|rest| rest.split_once("-----"))
        .is_some_and(|(_, behind)| !behind.is_empty())
}

fn decode(value: &str, file: File) -> Result<String, Problem> {
    let packed: String = value
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    let bytes = STANDARD.decode(&packed).map_err(|_| not_base64(&packed, file))?;
    let first = bytes.first().copied();
    let Ok(text) = String::from_utf8(bytes) else {
        // A DER file starts with the tag of a sequence and a length.
        let der = first == Some(0x30);
        let found = if der { "DER" } else { "binary data" };
        let problem = file.error(format!("is base64 of {found}, not of {}", file.what));
        return Err(if der {
            problem.help("convert the file to PEM first: it starts with `-----BEGIN`")
        } else {
            problem
        });
    };
    if !text.contains("-----") && is_base64_of_blocks(&text) {
        let problem = file.error(format!("is base64 of base64 of {}", file.what));
        return Err(problem.help("encode the file once, or write it as it is after `|`"));
    }
    Ok(text)
}

fn is_base64_of_blocks(text: &str) -> bool {
    let packed: String = text
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(packed)
        .is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains("-----BEGIN "))
}

/// What is wrong with text that standard base64 refuses. Ordinary words are base64 of something too, so only what
/// decodes to the file's first line counts as an attempt.
fn not_base64(packed: &str, file: File) -> Problem {
    let how = format!(
        "write the file as it is after `|`, or what `base64 -w0 {}` prints",
        file.name
    );
    let unpadded = packed.trim_end_matches('=');
    // What is left over after groups of four may be half a byte.
    let whole = unpadded.len() / 4 * 4;
    let begins = |bytes: Vec<u8>| bytes.starts_with(b"-----BEGIN ");
    if unpadded.is_ascii() && STANDARD_NO_PAD.decode(&unpadded[..whole]).is_ok_and(begins) {
        let problem = file.error("is base64 whose end is missing or whose padding (`=`) is wrong");
        return problem.help(how);
    }
    if URL_SAFE_NO_PAD.decode(unpadded).is_ok_and(begins) {
        let problem = file.error("is base64 of the alphabet for URLs, which Kubernetes refuses");
        return problem.help(how);
    }
    file.error(format!("is neither {} nor its base64", file.what))
        .help(how)
}
