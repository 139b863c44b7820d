//! Owns the check of a NATS credentials file: a user's JWT and the seed of the key that it speaks of.
//!
//! The JWT itself is read in `jwt`.

use super::jwt;
use super::jwt::Jwt;
use crate::check::encoding;
use crate::check::encoding::File;
use crate::check::problem::Problem;
use crate::check::text;
use nkeys::KeyPair;
use nkeys::KeyPairType;
use time::Duration;
use time::OffsetDateTime;

pub(super) const FILE: File = File {
    what: "a NATS credentials file",
    name: "user.creds",
    code: "invalid-credentials",
};

/// Credentials that end sooner than this are worth a warning.
const SOON: Duration = Duration::days(14);

/// Problems of credentials for the runner called `runner`; its name is not compared if it has no valid one.
pub(in crate::check) fn credentials(value: &str, runner: Option<&str>, now: OffsetDateTime) -> Vec<Problem> {
    if let Some(problem) = text::placeholder(value) {
        return vec![problem];
    }
    // A JWT has two dots, which base64 has not.
    if jwt::looks_like(value.trim()) {
        return vec![bare_jwt()];
    }
    if KeyPair::from_seed(value.trim()).is_ok() {
        return vec![bare_seed()];
    }
    let text = match encoding::text(value, FILE) {
        Ok(text) => text,
        Err(problem) => return vec![problem],
    };
    let found = blocks(&text);
    let Some(token) = found.first() else {
        return vec![no_blocks(&text)];
    };
    if KeyPair::from_seed(token).is_ok() {
        return vec![if text.contains(JWT_MARKER) {
            damaged()
        } else {
            bare_seed()
        }];
    }
    let mut problems = Vec::new();
    let jwt = match jwt::read(token) {
        Ok(jwt) => Some(jwt),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    match found.get(1).copied().or_else(|| loose_seed(&text)) {
        Some(seed) => problems.extend(seed_problem(seed, jwt.as_ref())),
        None => problems.push(bare_jwt()),
    }
    if let Some(jwt) = jwt {
        problems.extend(jwt.problems.iter().cloned());
        problems.extend(lifetime(&jwt, now));
        problems.extend(runner.and_then(|runner| name_problem(&jwt, runner)));
    }
    problems
}

/// The contents of the `-----BEGIN …-----` blocks, as NATS clients find them: one line each, no blanks around it.
fn blocks(text: &str) -> Vec<&str> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if !is_marker(line.trim_start()) {
            continue;
        }
        let Some(content) = lines.next() else { break };
        let plain = content
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'='));
        if plain && !content.is_empty() && !is_marker(content) && lines.next().is_some_and(is_marker) {
            found.push(content);
        }
    }
    found
}

/// A seed on a line of its own, where NATS clients look for it when there is no second block.
fn loose_seed(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| line.starts_with("SU"))
}

fn is_marker(line: &str) -> bool {
    line.len() > 6 && line.starts_with("---") && line.ends_with("---")
}

fn no_blocks(text: &str) -> Problem {
    if jwt::looks_like(text.trim()) {
        return bare_jwt();
    }
    if text.contains("CERTIFICATE") || text.contains("PRIVATE KEY") {
        return FILE.error("holds a certificate or its key, not a NATS credentials file");
    }
    if text.contains(JWT_MARKER) {
        return damaged();
    }
    let problem = FILE.error("does not hold a NATS credentials file");
    problem
        .help("such a file has a `-----BEGIN NATS USER JWT-----` and a `-----BEGIN USER NKEY SEED-----` line")
}

const JWT_MARKER: &str = "BEGIN NATS USER JWT";

fn damaged() -> Problem {
    let problem = FILE.error("holds a NATS credentials file that is damaged");
    problem.help("the JWT stands on one line between its `BEGIN` and `END` lines, without blanks around it, and so does the seed")
}

fn bare_jwt() -> Problem {
    let problem = FILE.error("holds a JWT without its seed");
    problem.help(
        "use the whole credentials file: without the seed the runner cannot prove that the JWT is its own",
    )
}

fn bare_seed() -> Problem {
    FILE.error("holds a seed without its JWT")
        .help("use the whole credentials file")
}

fn seed_problem(seed: &str, jwt: Option<&Jwt>) -> Option<Problem> {
    let Ok(pair) = KeyPair::from_seed(seed) else {
        let problem = FILE.error("holds a seed that is damaged");
        return Some(problem.help("copy the credentials file again, with every character of it"));
    };
    if pair.key_pair_type() != KeyPairType::User {
        return Some(
            FILE.error("holds a seed that is not a user's")
                .help("it starts with `SU`"),
        );
    }
    if jwt.is_some_and(|jwt| jwt.subject != pair.public_key()) {
        let problem = FILE.error("holds a seed that does not belong to its JWT");
        return Some(problem.help("take the JWT and the seed from the same credentials file"));
    }
    None
}

fn lifetime(jwt: &Jwt, now: OffsetDateTime) -> Vec<Problem> {
    const CODE: &str = "credentials-expiry";
    let mut problems = Vec::new();
    if let Some(expires) = jwt.expires {
        let day = expires.date();
        let help = "ask for new credentials: NATS rejects the runner from then on";
        if expires <= now {
            problems.push(
                Problem::error(CODE, format!("holds a JWT that expired on {day}"))
                    .help("ask for new credentials: NATS rejects these"),
            );
        } else if expires < now + SOON {
            problems.push(Problem::warning(CODE, format!("holds a JWT that expires on {day}")).help(help));
        }
    }
    if let Some(starts) = jwt.not_before.filter(|starts| *starts > now) {
        let problem = Problem::error(
            CODE,
            format!("holds a JWT that is not valid before {}", starts.date()),
        );
        problems.push(problem.help("NATS rejects the runner until then"));
    }
    problems
}

fn name_problem(jwt: &Jwt, runner: &str) -> Option<Problem> {
    if jwt.name == runner {
        return None;
    }
    let new = format!("ask for new credentials with the name `{runner}`");
    if jwt.name.is_empty() {
        let problem = Problem::error(
            "runner-name",
            format!("holds a JWT without a name, but the runner is called `{runner}`: NATS would reject it"),
        );
        return Some(problem.help(new));
    }
    let name = shown(&jwt.name);
    let message =
        format!("holds a JWT for `{name}`, but the runner is called `{runner}`: NATS would reject it");
    let problem = Problem::error("runner-name", message);
    Some(if text::is_release_name(&jwt.name) {
        problem.help(format!("set `runnerNameOverride: {name}`, or {new}"))
    } else {
        problem.help(format!("{new}: a runner cannot be called `{name}`"))
    })
}

/// A name from a JWT as a message may show it.
fn shown(name: &str) -> String {
    name.chars().take(63).flat_map(char::escape_debug).collect()
}
