//! Owns the check of a NATS subject.

use crate::check::problem::Problem;
use crate::check::text;

const CODE: &str = "invalid-value";

/// Problems of a subject: tokens joined by dots, none of them empty, without blanks.
pub(in crate::check) fn subject(subject: &str) -> Vec<Problem> {
    if let Some(problem) = text::placeholder(subject) {
        return vec![problem];
    }
    if subject
        .chars()
        .any(|character| character.is_whitespace() || character.is_control())
    {
        let problem = Problem::error(CODE, "is not a NATS subject: it has blanks in it");
        return vec![problem.help("a subject is words joined by dots")];
    }
    let tokens: Vec<&str> = subject.split('.').collect();
    if tokens.contains(&"") {
        let problem = Problem::error(
            CODE,
            "is not a NATS subject: nothing stands before, after or between its dots",
        );
        return vec![problem.help("a subject is words joined by dots")];
    }
    if tokens.iter().rev().skip(1).any(|token| *token == ">") {
        let problem = Problem::error(CODE, "is not a NATS subject: `>` stands before its end");
        return vec![problem.help("`>` matches all further words and can only be the last")];
    }
    if tokens.iter().any(|token| matches!(*token, "*" | ">")) {
        let problem = Problem::warning(
            CODE,
            "has a wildcard, so it also matches subjects of other runners",
        );
        return vec![problem.help("name the subject of this runner alone")];
    }
    Vec::new()
}
