//! Owns `semver` and `semverCompare`, with the grammar of constraints of Masterminds' semver, which Helm uses.
//!
//! Versions themselves are in `version.rs`.

use super::arguments::text;
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::Value;
use version::Version;

mod version;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain(
        "semver",
        "VERSION",
        "A version with its parts (`Major`, `Minor`, `Patch`, `Prerelease`, `Metadata`) and methods such as `Compare`.",
        semver,
    )
    .examples(&[example(
        r#"(semver "1.2.3").Minor"#,
        r#"("1.2.3" | semver).Minor"#,
        "2",
    )]),
    Function::plain(
        "semverCompare",
        "CONSTRAINT VERSION",
        "Whether the version meets the constraint.",
        |_, args| Ok(satisfies(text(args, 0)?, text(args, 1)?)?.into()),
    )
    .examples(&[
        example(
            r#"semverCompare "^1.2.0" "1.2.3""#,
            r#""1.2.3" | semverCompare("^1.2.0")"#,
            "true",
        ),
        example(
            r#"semverCompare ">=1.19-0" "v1.32.0""#,
            r#""v1.32.0" | semverCompare(">=1.19-0")"#,
            "true",
        ),
        example(
            r#"semverCompare "<1.2 || >=2" "1.5.0""#,
            r#""1.5.0" | semverCompare("<1.2 || >=2")"#,
            "false",
        ),
    ]),
];

/// Whether a version meets a constraint; an error if either cannot be read.
pub fn satisfies(constraint: &str, version: &str) -> Result<bool, FnError> {
    let constraint = Constraint::parse(constraint)?;
    Ok(constraint.allows(&Version::parse(version)?))
}

fn semver(_: &Context, args: &[Value]) -> FnResult {
    Ok(Version::parse(text(args, 0)?)?.value("*semver.Version"))
}

/// Alternatives of conditions that must all hold.
#[derive(Clone, Debug)]
struct Constraint(Vec<Vec<Condition>>);

#[derive(Clone, Debug)]
struct Condition {
    operator: Operator,
    version: Version,
    /// Which parts were left out or written as `x`: from this index on.
    wild_from: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Tilde,
    Caret,
}

/// Longer spellings first, so that none hides another.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
    ("", Operator::Equal),
];

impl Constraint {
    fn parse(text: &str) -> Result<Self, FnError> {
        let refusal = || FnError::new(format!("`{text}` is not a version constraint"));
        let alternatives = text.split("||").map(|part| conditions(part).ok_or_else(refusal));
        Ok(Self(alternatives.collect::<Result<_, _>>()?))
    }

    fn allows(&self, version: &Version) -> bool {
        self.0
            .iter()
            .any(|conditions| conditions.iter().all(|condition| condition.allows(version)))
    }
}

/// Conditions with spaces or commas between; `1.2 - 1.4` is a range.
fn conditions(text: &str) -> Option<Vec<Condition>> {
    let mut found = Vec::new();
    let spaced = text.replace(',', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        if words.get(at + 1) == Some(&"-") {
            found.push(Condition::parse(Operator::GreaterOrEqual, words[at])?);
            found.push(Condition::parse(Operator::LessOrEqual, words.get(at + 2)?)?);
            at += 3;
            continue;
        }
        let (sign, operator) = OPERATORS.iter().find(|(sign, _)| words[at].starts_with(sign))?;
        let mut rest = &words[at][sign.len()..];
        at += 1;
        if rest.is_empty() {
            rest = words.get(at)?;
            at += 1;
        }
        found.push(Condition::parse(*operator, rest)?);
    }
    if found.is_empty() { None } else { Some(found) }
}

fn is_wild(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
}

impl Condition {
    fn parse(operator: Operator, text: &str) -> Option<Self> {
        let body = text.strip_prefix('v').unwrap_or(text);
        let split = body.find(['-', '+']).unwrap_or(body.len());
        let parts: Vec<&str> = body[..split].split('.').collect();
        let wild_from = parts
            .iter()
            .position(|part| is_wild(part))
            .unwrap_or(parts.len())
            .min(3);
        if parts.len() > 3 {
            return None;
        }
        let known = parts.iter().take(wild_from).copied();
        let plain: Vec<&str> = known.chain(parts.iter().skip(wild_from).map(|_| "0")).collect();
        let version = Version::read(&format!("{}{}", plain.join("."), &body[split..]))?;
        Some(Self {
            operator,
            version,
            wild_from,
        })
    }

    /// Masterminds' rules: a pre-release is allowed only where the condition names one.
    fn allows(&self, version: &Version) -> bool {
        let unwanted = !version.prerelease.is_empty() && self.version.prerelease.is_empty();
        let exact = self.wild_from == 3;
        if unwanted && !(exact && self.operator == Operator::NotEqual) {
            return false;
        }
        let order = version.compare(&self.version);
        match self.operator {
            Operator::Equal if exact => order.is_eq(),
            Operator::Equal | Operator::Tilde => self.tilde(version),
            Operator::NotEqual => self.differs(version),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual if exact => order.is_le(),
            Operator::LessOrEqual => {
                version.numbers[..self.compared()] <= self.version.numbers[..self.compared()]
            }
            Operator::Greater if exact => order.is_gt(),
            Operator::Greater => version.numbers[..self.compared()] > self.version.numbers[..self.compared()],
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Caret => self.caret(version),
        }
    }

    /// How many numbers a condition with left out parts compares; with none written it is one.
    fn compared(&self) -> usize {
        self.wild_from.max(1)
    }

    fn same_until(&self, version: &Version, count: usize) -> bool {
        self.version.numbers[..count] == version.numbers[..count]
    }

    fn differs(&self, version: &Version) -> bool {
        let compared = if self.wild_from == 0 { 3 } else { self.wild_from };
        if compared < 3 {
            return !self.same_until(version, compared)
                || compared == 2 && version.prerelease != self.version.prerelease;
        }
        version.compare(&self.version).is_ne()
    }

    /// Patch versions may change; with one number written, minor ones too; `~0.0.0` allows all above.
    fn tilde(&self, version: &Version) -> bool {
        if version.compare(&self.version).is_lt() {
            return false;
        }
        let all = self.version.numbers == [0; 3] && matches!(self.wild_from, 0 | 3);
        all || self.same_until(version, self.wild_from.min(2))
    }

    /// What stands left of the first number that is not zero must not change.
    fn caret(&self, version: &Version) -> bool {
        if version.compare(&self.version).is_lt() {
            return false;
        }
        let numbers = self.version.numbers;
        let fixed = if numbers[0] > 0 || self.wild_from == 1 {
            1
        } else if numbers[1] > 0 || self.wild_from == 2 {
            2
        } else {
            3
        };
        self.same_until(version, fixed)
    }
}
