//! Owns checks of plain text: something filled in, a UUID, a runner's name, the name of an existing Secret.
//!
//! It knows no credentials.

use super::problem::Problem;

/// Texts that stand in examples and templates where a user's own text belongs, without `-`, `_` and blanks.
const PLACEHOLDERS: &[&str] = &[
    "changeit",
    "changeme",
    "companyname",
    "dummy",
    "exampleorg",
    "fillin",
    "fixme",
    "fillme",
    "mycompany",
    "myorg",
    "myorganization",
    "none",
    "null",
    "orgname",
    "organizationname",
    "placeholder",
    "redacted",
    "replaceme",
    "tba",
    "tbd",
    "todo",
    "undefined",
];

/// The problem of a text that nobody filled in yet.
///
/// `<…>`, `${…}` and the like, runs of `x`, `your-…`, and the usual words. Only whole texts count: the name
/// of an organization may well contain `todo`.
pub(super) fn placeholder(text: &str) -> Option<Problem> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let letters: String = lower
        .chars()
        .filter(|character| !matches!(character, '-' | '_' | ' ' | '.'))
        .collect();
    let wrapped = [("<", ">"), ("${", "}"), ("{{", "}}"), ("$(", ")"), ("%", "%")]
        .iter()
        .any(|(open, close)| {
            lower.len() > open.len() + close.len() && lower.starts_with(open) && lower.ends_with(close)
        });
    let crossed = letters.len() >= 3 && letters.chars().all(|character| character == 'x');
    let stars = !text.is_empty()
        && text
            .chars()
            .all(|character| matches!(character, '*' | '.' | '…' | '?'));
    let yours = ["your-", "your_", "your "]
        .iter()
        .any(|start| lower.starts_with(start));
    if wrapped || crossed || stars || yours || PLACEHOLDERS.contains(&letters.as_str()) {
        let problem = Problem::error("placeholder-value", "still holds a placeholder");
        return Some(problem.help("put your own value in its place"));
    }
    None
}

/// Problems of text that goes into labels and environment variables as it is.
pub(super) fn text(text: &str) -> Vec<Problem> {
    if let Some(problem) = placeholder(text) {
        return vec![problem];
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        let problem = Problem::error("invalid-value", "has blanks around it or line breaks in it");
        return vec![problem.help("write it on the line of its key, without surrounding blanks")];
    }
    Vec::new()
}

/// Problems of a UUID: 32 hexadecimal digits grouped 8-4-4-4-12.
pub(super) fn uuid(text: &str) -> Vec<Problem> {
    if let Some(problem) = placeholder(text) {
        return vec![problem];
    }
    let groups: Vec<&str> = text.split('-').collect();
    let shape: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups
        .iter()
        .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !digits || shape != [8, 4, 4, 4, 12] {
        let problem = Problem::error("invalid-value", "is not a UUID");
        return vec![problem.help(not_uuid(text))];
    }
    if text.bytes().all(|byte| matches!(byte, b'0' | b'-')) {
        return vec![Problem::error(
            "placeholder-value",
            "is the nil UUID, which stands for no runner",
        )];
    }
    Vec::new()
}

fn not_uuid(text: &str) -> String {
    let wrong = text
        .chars()
        .find(|character| *character != '-' && !character.is_ascii_hexdigit());
    match wrong {
        Some(character) if text.len() > 30 && text.len() < 60 => format!(
            "a UUID has 32 hexadecimal digits in groups of 8-4-4-4-12; `{}` is none",
            character.escape_default()
        ),
        _ => "a UUID has 32 hexadecimal digits in groups of 8-4-4-4-12".to_owned(),
    }
}

/// The longest release name that Helm takes.
const RELEASE_NAME: usize = 53;

/// Whether `name` is one that Helm takes for a release: lowercase letters, digits, `-` and `.`.
pub(super) fn is_release_name(name: &str) -> bool {
    name.len() <= RELEASE_NAME && is_subdomain(name)
}

/// Whether `name` is a DNS-1123 subdomain, as names of Kubernetes objects are.
pub(super) fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let plain = label
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    plain && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
}

/// What a release's name may be, for help.
pub(super) const RELEASE_NAME_HELP: &str = "a name has at most 53 lowercase letters, digits, `-` and `.`, and starts and ends with a letter or digit";

/// Whether Kubernetes takes `name` for a namespace.
pub(super) fn is_namespace(name: &str) -> bool {
    name.len() <= 63 && is_label(name)
}

/// Problems of the name of an existing Secret.
pub(super) fn secret_name(name: &str) -> Vec<Problem> {
    if let Some(problem) = placeholder(name) {
        return vec![problem];
    }
    if is_subdomain(name) {
        return Vec::new();
    }
    let problem = Problem::error("invalid-value", "is not the name of a Secret");
    vec![problem.help("it is the name of an existing Secret: lowercase letters, digits, `-` and `.`")]
}
