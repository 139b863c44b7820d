//! Owns what the lines around a line say about it: the keys it lies under, and texts that began above it.
//!
//! It goes by indentation alone, as far as a bounded number of lines.

use super::keys;
use super::pairs;

/// How far it looks back.
const REACH: usize = 2_000;

/// Where a line lies.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    /// The keys it lies under, innermost first, and whether text of theirs began on their line.
    parents: Vec<Parent>,
    /// The value of `name` beside it, as in lists of environment variables.
    name: Option<String>,
    /// Whether it has a key of its own.
    has_key: bool,
    /// Whether it lies between the markers of a PEM block.
    in_pem: bool,
}

#[derive(Debug)]
struct Parent {
    key: String,
    begins_text: bool,
}

impl Nesting {
    /// The surroundings of line `number` (counted from 1) of `text`.
    pub(super) fn of(text: &str, number: u32) -> Option<Self> {
        let mut rest = text;
        for _ in 1..number {
            rest = &rest[rest.find('\n')? + 1..];
        }
        let above = &text[..text.len() - rest.len()];
        let above = above.strip_suffix('\n').unwrap_or(above).rsplit('\n').take(REACH);
        let above: Vec<&str> = above.filter(|line| !line.trim().is_empty()).collect();
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let has_key = key_of(line).is_some();
        Some(Self {
            parents: parents(line, has_key, &above),
            name: name_beside(line, &above, below),
            has_key,
            in_pem: in_pem(line, &above),
        })
    }

    /// Whether the whole line is part of a PEM block or of a text whose key is secret.
    pub(super) fn in_secret_text(&self) -> bool {
        let text = self
            .parents
            .iter()
            .any(|parent| parent.begins_text && keys::is_secret(&parent.key));
        let item = !self.has_key
            && self
                .parents
                .first()
                .is_some_and(|parent| keys::is_secret(&parent.key));
        text || item || self.in_pem
    }

    /// Whether the lines around make the value of `key` secret.
    pub(super) fn makes_secret(&self, key: &str) -> bool {
        if key == "value" {
            return self.name.as_deref().is_some_and(keys::is_secret);
        }
        let below_tls = self
            .parents
            .first()
            .is_some_and(|parent| keys::is_tls(&parent.key));
        let below_secrets = self.parents.iter().any(|parent| keys::holds_secrets(&parent.key));
        (key == "key" && below_tls) || (below_secrets && !keys::is_reference_name(key))
    }
}

/// The keys above `line` that it lies under, innermost first.
fn parents(line: &str, has_key: bool, above: &[&str]) -> Vec<Parent> {
    let mut parents = Vec::new();
    let mut depth = indent(line);
    for (distance, before) in above
        .iter()
        .filter(|before| !before.trim_start().starts_with('#'))
        .enumerate()
    {
        if indent(before) < depth {
            parents.extend(parent(before));
            depth = indent(before);
        } else if indent(before) == depth && parents.is_empty() {
            // Entries of a list may stand at their key's own depth.
            let owns_list = is_entry(line) && !is_entry(before);
            // A text that lost its indentation still follows the line that announced it.
            let lost = distance == 0 && !has_key;
            parents.extend(parent(before).filter(|parent| owns_list || (lost && parent.begins_text)));
        }
        if depth == 0 && !(is_entry(line) && parents.is_empty()) {
            break;
        }
    }
    parents
}

/// The value of `name` in the mapping that `line` is an entry of.
fn name_beside(line: &str, above: &[&str], below: &str) -> Option<String> {
    let depth = inner_indent(line);
    let begins = |other: &&str| is_entry(other) && inner_indent(other) == depth;
    let mut before = Vec::new();
    if !is_entry(line) {
        for other in above.iter().take_while(|other| inner_indent(other) >= depth) {
            before.push(*other);
            if begins(other) {
                break;
            }
        }
    }
    let after = below
        .lines()
        .take(REACH)
        .take_while(|other| inner_indent(other) >= depth && !begins(other));
    let mut beside = before
        .into_iter()
        .chain(after)
        .filter(|other| inner_indent(other) == depth);
    beside.find_map(|other| {
        let (key, value) = key_of(other)?;
        (key == "name").then(|| value.trim_matches(['"', '\'']).to_owned())
    })
}

/// Whether the last marker of a PEM block above `line` begins one.
fn in_pem(line: &str, above: &[&str]) -> bool {
    let is_begin = |before: &&str| {
        let (begin, end) = (before.rfind("-----BEGIN "), before.rfind("-----END "));
        (begin.is_some() || end.is_some()).then_some(begin > end)
    };
    !line.contains("-----") && above.iter().find_map(is_begin).unwrap_or(false)
}

/// Whether a line begins an entry of a list.
fn is_entry(line: &str) -> bool {
    let text = line.trim_start();
    text == "-" || text.starts_with("- ")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The indentation of the entry on a line, behind the dashes of the lists that it begins.
fn inner_indent(line: &str) -> usize {
    let trimmed = line.trim_start().trim_start_matches("- ");
    line.len() - trimmed.len()
}

fn parent(line: &str) -> Option<Parent> {
    let (key, value) = key_of(line)?;
    let quoted = value.starts_with(['"', '\'']);
    let open = if quoted {
        !(value.len() > 1 && value.ends_with(&value[..1]))
    } else {
        !value.is_empty() && !value.starts_with(['#', '{', '[', '&', '!'])
    };
    Some(Parent {
        key,
        begins_text: keys::is_block_header(&value) || open,
    })
}

/// The first key of a line, and what follows it.
fn key_of(line: &str) -> Option<(String, String)> {
    let characters: Vec<char> = line
        .trim_start()
        .trim_start_matches("- ")
        .chars()
        .take(200)
        .collect();
    let pair = pairs::of(&characters).into_iter().next()?;
    let text = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    let key = text(pair.key);
    (!key.is_empty()).then(|| (key.trim_matches(['"', '\'']).to_owned(), text(pair.value)))
}
