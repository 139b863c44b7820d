//! Owns semantic versions as Masterminds' semver reads them, with the methods that templates may call.
//!
//! Constraints are in `mod.rs`.

use crate::template::functions::arguments::{int64, number, string, text};
use crate::template::functions::{FnError, FnResult};
use crate::yaml::{Object, Value};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A version as Masterminds reads it: `v` and missing parts are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) numbers: [u64; 3],
    pub(super) prerelease: String,
    metadata: String,
    /// The text it was read from.
    original: String,
}

impl Version {
    pub(super) fn parse(text: &str) -> Result<Self, FnError> {
        Self::read(text).ok_or_else(|| FnError::new(format!("`{text}` is not a semantic version")))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let body = text.strip_prefix('v').unwrap_or(text);
        let (body, metadata) = body
            .split_once('+')
            .map_or((body, None), |(body, rest)| (body, Some(rest)));
        let (body, prerelease) = body
            .split_once('-')
            .map_or((body, None), |(body, rest)| (body, Some(rest)));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let mut numbers = [0; 3];
        let parts: Vec<&str> = body.split('.').collect();
        if parts.len() > 3 || !parts.iter().all(|part| is_number(part)) {
            return None;
        }
        for (number, part) in numbers.iter_mut().zip(&parts) {
            *number = part.parse().ok()?;
        }
        let identifiers = |text: &str| {
            text.split('.').all(|part| {
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
        };
        let leading_zero = |part: &str| part.len() > 1 && part.starts_with('0') && is_number(part);
        let prerelease = prerelease.unwrap_or_default();
        if text.contains('-')
            && body.len() < text.len()
            && prerelease.is_empty()
            && !metadata.is_some_and(|m| m.contains('-'))
        {
            return None;
        }
        if !prerelease.is_empty() && (!identifiers(prerelease) || prerelease.split('.').any(leading_zero)) {
            return None;
        }
        if metadata.is_some_and(|metadata| !identifiers(metadata)) {
            return None;
        }
        let metadata = metadata.unwrap_or_default().to_owned();
        Some(Self {
            numbers,
            prerelease: prerelease.to_owned(),
            metadata,
            original: text.to_owned(),
        })
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

fn compare_prereleases(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let key = |part: &str| part.parse::<u64>().ok();
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => match (key(one), key(other)) {
                (Some(one), Some(other)) => one.cmp(&other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => one.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

const METHODS: [&str; 18] = [
    "Compare",
    "Equal",
    "GreaterThan",
    "GreaterThanEqual",
    "IncMajor",
    "IncMinor",
    "IncPatch",
    "LessThan",
    "LessThanEqual",
    "Major",
    "Metadata",
    "Minor",
    "Original",
    "Patch",
    "Prerelease",
    "SetMetadata",
    "SetPrerelease",
    "String",
];

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(out, "{major}.{minor}.{patch}")?;
        for (mark, part) in [("-", &self.prerelease), ("+", &self.metadata)] {
            if !part.is_empty() {
                write!(out, "{mark}{part}")?;
            }
        }
        Ok(())
    }
}

impl Version {
    /// As an object of Go's type `semver.Version` or a pointer to it.
    pub(super) fn value(self, go_type: &'static str) -> Value {
        Value::Object(Arc::new(GoVersion {
            version: self,
            go_type,
        }))
    }

    /// The next version; a pre-release of a patch becomes that patch.
    fn next(&self, part: usize) -> Self {
        let mut numbers = self.numbers;
        if part < 2 || self.prerelease.is_empty() {
            numbers[part] = numbers[part].wrapping_add(1);
        }
        numbers[part + 1..].fill(0);
        self.changed(numbers, "", "")
    }

    /// Other parts; what it was read from keeps its `v`.
    fn changed(&self, numbers: [u64; 3], prerelease: &str, metadata: &str) -> Self {
        let mut changed = Self {
            numbers,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: String::new(),
        };
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        changed.original = format!("{prefix}{changed}");
        changed
    }

    fn with(&self, prerelease: &str, metadata: &str) -> FnResult {
        let changed = self.changed(self.numbers, prerelease, metadata);
        Self::parse(&changed.to_string())?;
        Ok(changed.value("semver.Version"))
    }
}

/// A version in a template.
#[derive(Debug)]
struct GoVersion {
    version: Version,
    go_type: &'static str,
}

impl GoVersion {
    fn method(&self, name: &str, args: &[Value]) -> Option<FnResult> {
        let version = &self.version;
        let part = |index: usize| int64(version.numbers[index].cast_signed());
        let compared =
            |holds: fn(Ordering) -> bool| other(args).map(|other| Value::from(holds(version.compare(other))));
        Some(match name {
            "Major" => part(0),
            "Minor" => part(1),
            "Patch" => part(2),
            "Prerelease" => string(version.prerelease.as_str()),
            "Metadata" => string(version.metadata.as_str()),
            "Original" => string(version.original.as_str()),
            "String" => string(version.to_string()),
            "IncMajor" => Ok(version.next(0).value("semver.Version")),
            "IncMinor" => Ok(version.next(1).value("semver.Version")),
            "IncPatch" => Ok(version.next(2).value("semver.Version")),
            "SetPrerelease" => text(args, 0).and_then(|part| version.with(part, &version.metadata)),
            "SetMetadata" => text(args, 0).and_then(|part| version.with(&version.prerelease, part)),
            "Compare" => other(args).and_then(|other| number(version.compare(other) as i64)),
            "Equal" => compared(Ordering::is_eq),
            "LessThan" => compared(Ordering::is_lt),
            "LessThanEqual" => compared(Ordering::is_le),
            "GreaterThan" => compared(Ordering::is_gt),
            "GreaterThanEqual" => compared(Ordering::is_ge),
            _ => return None,
        })
    }
}

fn other(args: &[Value]) -> Result<&Version, FnError> {
    let object = args.first().and_then(Value::as_object::<GoVersion>);
    let object =
        object.ok_or_else(|| FnError::new("argument 1 must be a version").help("`semver` makes one"))?;
    Ok(&object.version)
}

impl Object for GoVersion {
    fn go_type(&self) -> &'static str {
        self.go_type
    }

    fn go_kind(&self) -> &'static str {
        if self.go_type.starts_with('*') {
            "ptr"
        } else {
            "struct"
        }
    }

    fn print(&self) -> String {
        self.version.to_string()
    }

    fn plain(&self) -> Value {
        Value::from(self.version.to_string())
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        Some(self.method(name, arguments)?.map_err(|error| error.message))
    }

    fn names(&self) -> Vec<&str> {
        METHODS.to_vec()
    }
}
