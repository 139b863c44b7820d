//! Owns the text that is signed: a chart's metadata, `...`, and the SHA-256 of its package.
//!
//! It does not sign and does not read packages.

use crate::chart::Metadata;
use crate::source::Source;
use crate::yaml;
use crate::yaml::{Map, Value};

/// What separates the two YAML documents: `---` may not start a line of a clear-signed text.
const SEPARATOR: &str = "\n...\n";

/// The text for a package named `file_name` of a chart with `metadata`. The error is why YAML cannot hold it.
pub(super) fn write(metadata: &Metadata, file_name: &str, sha256: &str) -> Result<String, String> {
    let yaml = |map: Map| yaml::write(&Value::from(map)).map_err(|error| error.to_string());
    let sum = Map::from_iter([(file_name, format!("sha256:{sha256}"))]);
    let sums = yaml(Map::from_iter([("files", sum)]))?;
    Ok(format!("{}\n{SEPARATOR}{sums}\n", yaml(metadata.to_map())?))
}

/// What a signed text says of the file `file_name`, as in `sha256:…`; none if it does not name it. The error is why
/// the text is no provenance.
pub(super) fn sum_of(text: &str, file_name: &str) -> Result<Option<String>, String> {
    let mut documents = text.split(SEPARATOR);
    let (Some(metadata), Some(sums)) = (documents.next(), documents.next()) else {
        return Err("has no `...` between a chart's metadata and the sums of its files".to_owned());
    };
    let read = |text: &str, role: &str| {
        yaml::read(&Source::new("provenance", text)).map_err(|_| format!("has {role} that is not YAML"))
    };
    read(metadata, "a chart's metadata")?;
    let sums = read(sums, "a list of sums")?;
    let files = sums.as_map().and_then(|sums| sums.get("files"));
    let sum = files
        .as_ref()
        .and_then(Value::as_map)
        .and_then(|files| files.get(file_name));
    Ok(sum.and_then(|sum| sum.as_str().map(str::to_owned)))
}
