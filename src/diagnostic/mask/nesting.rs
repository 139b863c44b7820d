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
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let above = above.strip_suffix('\n').unwrap_or(above);
        let above = above
            .rsplit('\n')
            .take(REACH)
            .filter(|line| !line.trim().is_empty());
        let marker = above
            .clone()
            .find(|line| line.contains("-----BEGIN ") || line.contains("-----END "));
        let mut nesting = Self {
            has_key: key_of(line).is_some(),
            in_pem: marker.is_some_and(|marker| !marker.contains("-----END ")) && !line.contains("-----"),
            ..Self::default()
        };
        let mut limit = indent(line);
        let mut beside = true;
        for (distance, before) in above.enumerate() {
            let depth = indent(before);
            if beside && inner_indent(before) == inner_indent(line) {
                nesting.note_name(before);
            }
            beside &= depth >= inner_indent(line) || inner_indent(before) == inner_indent(line);
            // A text that lost its indentation still follows the line that announced it.
            let lost = distance == 0 && !nesting.has_key && depth == limit;
            if (depth < limit || lost) && !before.trim_start().starts_with('#') {
                limit = limit.min(depth);
                let parent = parent(before).filter(|parent| !lost || parent.begins_text);
                nesting.parents.extend(parent);
            }
            // Entries of a list may stand at their key's own depth.
            if limit == 0 && !line.trim_start().starts_with('-') {
                break;
            }
            if depth == limit && line.trim_start().starts_with('-') && !before.trim_start().starts_with('-') {
                nesting.parents.extend(parent(before));
                if limit == 0 {
                    break;
                }
            }
        }
        for after in below.lines().take(3).take_while(|after| {
            inner_indent(after) == inner_indent(line) && !after.trim_start().starts_with('-')
        }) {
            nesting.note_name(after);
        }
        Some(nesting)
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

    fn note_name(&mut self, line: &str) {
        if self.name.is_none()
            && let Some((key, value)) = key_of(line)
            && key == "name"
        {
            self.name = Some(value.trim_matches(['"', '\'']).to_owned());
        }
    }
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
