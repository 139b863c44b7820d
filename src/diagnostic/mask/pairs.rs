//! Owns finding keys and their values in one line, in YAML (block and flow), JSON and `key=value` texts.
//!
//! It reads a line on its own and need not be right about YAML: a value that ends too late hides too much.

use std::ops::Range;

/// A key with its value, in characters of the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// All pairs of a line, outer ones before inner ones.
pub(super) fn of(line: &[char]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    let mut index = 0;
    while index < line.len() {
        match line[index] {
            '"' | '\'' => {
                index = quoted_end(line, index);
                continue;
            }
            '{' | '[' => {
                depth += 1;
                start = index + 1;
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' | '&' | '?' | ';' => start = index + 1,
            ' ' if !separates_later(line, index) => start = index + 1,
            ':' | '=' if separates(line, index) => {
                let key = trimmed(line, start..index);
                let value = value_range(line, index + 1, depth > 0 || line[index] == '=');
                if !key.is_empty() {
                    pairs.push(Pair { key, value });
                }
                start = index + 1;
            }
            _ => {}
        }
        index += 1;
    }
    pairs
}

/// Whether a blank stands between a key and its separator: `a : b`.
fn separates_later(line: &[char], index: usize) -> bool {
    let next = line[index..]
        .iter()
        .position(|character| *character != ' ')
        .map(|ahead| index + ahead);
    next.is_some_and(|next| matches!(line[next], ':' | '=') && separates(line, next))
}

fn separates(line: &[char], index: usize) -> bool {
    let next = line.get(index + 1);
    match line[index] {
        ':' => {
            let quoted = index > 0 && matches!(line[index - 1], '"' | '\'');
            quoted || next.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '}' | ']'))
        }
        // `==` and the padding at the end of base64 separate nothing.
        _ => next.is_some_and(|next| {
            !matches!(next, '=' | '"' | '\'') || (*next != '=' && index > 0 && line[index - 1] != '=')
        }),
    }
}

/// The position behind the quoted text that starts at `start`, or the line's end.
fn quoted_end(line: &[char], start: usize) -> usize {
    let quote = line[start];
    let mut index = start + 1;
    while index < line.len() {
        if quote == '"' && line[index] == '\\' {
            index += 1;
        } else if line[index] == quote {
            return index + 1;
        }
        index += 1;
    }
    line.len()
}

/// From `start` to where the value ends at the latest; inside flow collections at the next `,`, `}` or `]`.
fn value_range(line: &[char], start: usize, ends_early: bool) -> Range<usize> {
    let mut end = start;
    let mut depth = 0usize;
    while end < line.len() {
        match line[end] {
            '"' | '\'' if line[start..end].iter().all(|character| character.is_whitespace()) || depth > 0 => {
                end = quoted_end(line, end);
                continue;
            }
            '{' | '[' => depth += 1,
            '}' | ']' if depth > 0 => depth -= 1,
            ',' | '}' | ']' if ends_early && depth == 0 => break,
            _ => {}
        }
        end += 1;
    }
    trimmed(line, start..end)
}

fn trimmed(line: &[char], range: Range<usize>) -> Range<usize> {
    let text = &line[range.clone()];
    let before = text
        .iter()
        .take_while(|character| character.is_whitespace())
        .count();
    let after = text
        .iter()
        .rev()
        .take_while(|character| character.is_whitespace())
        .count();
    if before == text.len() {
        return range.end..range.end;
    }
    range.start + before..range.end - after
}
