//! Owns finding texts that look like credentials: base64, tokens, seeds, and users in URLs.
//!
//! Names of objects and images, digests, UUIDs, versions and paths are left alone.

use super::pairs::Pair;
use std::ops::Range;

/// A run of this many characters of base64's alphabets may be a credential.
const LONG: usize = 24;

/// The ranges of a line, in characters, that look like credentials.
pub(super) fn of(line: &[char], pairs: &[Pair]) -> Vec<Range<usize>> {
    let mut found = users(line);
    found.extend(blocks(line));
    let mut start = 0;
    for end in 0..=line.len() {
        if line.get(end).copied().is_some_and(in_run) {
            continue;
        }
        if start < end && is_token(line, start..end, pairs) {
            found.push(start..end);
        }
        start = end + 1;
    }
    found
}

fn in_run(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '_' | '=' | '-')
}

fn is_token(line: &[char], range: Range<usize>, pairs: &[Pair]) -> bool {
    let run = &line[range.clone()];
    if is_seed(run) || is_jwt(run) {
        return true;
    }
    if run.len() < LONG || is_uuid(run) || is_digest(line, range.start) {
        return false;
    }
    if pairs
        .iter()
        .any(|pair| pair.key.contains(&range.start) && pair.key.end >= range.end)
    {
        return false;
    }
    let pieces: Vec<&[char]> = run
        .split(|character| !character.is_ascii_alphanumeric())
        .collect();
    if is_commit(run)
        && pairs
            .iter()
            .any(|pair| pair.value.start <= range.start && names_commit(&line[pair.key.clone()]))
    {
        return false;
    }
    let upper = run.iter().any(char::is_ascii_uppercase);
    let longest = pieces.iter().map(|piece| piece.len()).max().unwrap_or(0);
    // Names of Kubernetes objects are lower case, in short pieces.
    if !upper && longest < 16 && !run.contains(&'+') {
        return false;
    }
    longest >= 40
        || run.contains(&'+')
        || (run.ends_with(&['=']) && longest >= 16)
        || pieces.iter().any(|piece| is_mixed(piece))
        || is_restless(&pieces)
}

/// A NATS seed: `S`, the kind of key, and base32.
fn is_seed(run: &[char]) -> bool {
    let base32 = |character: &char| character.is_ascii_uppercase() || matches!(character, '2'..='7');
    run.len() >= 40 && run[0] == 'S' && run.iter().all(base32)
}

/// The base64 of `{"`, which starts each part of a JWT.
fn is_jwt(run: &[char]) -> bool {
    run.len() >= 12 && run.starts_with(&['e', 'y', 'J'])
}

fn is_uuid(run: &[char]) -> bool {
    let shape: Vec<usize> = run
        .split(|character| *character == '-')
        .map(<[char]>::len)
        .collect();
    shape == [8, 4, 4, 4, 12]
        && run
            .iter()
            .all(|character| character.is_ascii_hexdigit() || *character == '-')
}

/// Whether the run at `start` follows `sha256:` or the like.
fn is_digest(line: &[char], start: usize) -> bool {
    let before: String = line[start.saturating_sub(7)..start].iter().collect();
    ["sha256:", "sha512:", "sha384:", "sha1:", "md5:"]
        .iter()
        .any(|name| before.ends_with(name))
}

/// The hexadecimal name of a commit, also where it is an image's tag.
fn is_commit(run: &[char]) -> bool {
    matches!(run.len(), 40 | 64)
        && run
            .iter()
            .all(|character| matches!(character, '0'..='9' | 'a'..='f'))
}

fn names_commit(key: &[char]) -> bool {
    let key: String = key.iter().collect::<String>().to_lowercase();
    [
        "tag", "digest", "sha", "commit", "revision", "version", "checksum",
    ]
    .iter()
    .any(|name| key.contains(name))
}

/// Digits among letters in one long piece, beyond a number at its end.
fn is_mixed(piece: &[char]) -> bool {
    let body: Vec<char> = piece
        .iter()
        .rev()
        .skip_while(|character| character.is_ascii_digit())
        .copied()
        .collect();
    body.len() >= 16 && body.iter().any(char::is_ascii_digit)
}

/// Whether letters change case or turn into digits oftener than in `camelCase` names: over a quarter of the time.
fn is_restless(pieces: &[&[char]]) -> bool {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let changes: usize = pieces
        .iter()
        .map(|piece| {
            piece
                .windows(2)
                .filter(|pair| is_change(pair[0], pair[1]))
                .count()
        })
        .sum();
    changes * 4 > length
}

fn is_change(before: char, after: char) -> bool {
    before.is_ascii_digit() != after.is_ascii_digit()
        || (before.is_ascii_lowercase() && after.is_ascii_uppercase())
}

/// `user:password` or a token before the `@` of a URL, with or without a scheme.
fn users(line: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in line
        .iter()
        .enumerate()
        .filter(|(_, character)| **character == '@')
    {
        // `image:tag@sha256:…` names an image.
        if line[at + 1..].starts_with(&['s', 'h', 'a'])
            && line[at + 1..].iter().take(8).any(|character| *character == ':')
        {
            continue;
        }
        let ends = |character: &char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | ',' | '{' | '[' | '/')
        };
        let start = line[..at].iter().rposition(ends).map_or(0, |end| end + 1);
        let user = &line[start..at];
        let in_url = start >= 3 && line[start - 3..start] == [':', '/', '/'];
        if !user.is_empty() && (in_url || user.contains(&':')) {
            found.push(start..at);
        }
    }
    found
}

/// What stands behind `-----BEGIN …-----` on the same line, up to `-----END` if that is there too.
fn blocks(line: &[char]) -> Vec<Range<usize>> {
    let text: String = line.iter().collect();
    let mut found = Vec::new();
    let mut reached = 0;
    while let Some(begin) = text[reached..].find("-----BEGIN ").map(|at| reached + at) {
        let label = begin + "-----BEGIN ".len();
        let start = text[label..]
            .find("-----")
            .map_or(label, |at| label + at + "-----".len());
        let end = text[start..]
            .find("-----END ")
            .map_or(text.len(), |at| start + at);
        let characters = |byte: usize| text[..byte].chars().count();
        found.push(characters(start)..characters(end));
        reached = end;
    }
    found
}
