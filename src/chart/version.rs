//! Owns the question whether a chart's version is one that Helm accepts.
//!
//! It does not compare versions or read constraints.

/// Helm's lenient `SemVer`: `1`, `v1.2` and `1.2.3-rc.1+build` are versions.
pub fn is_valid(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let (version, build) = split_at_mark(version, '+');
    let (numbers, prerelease) = split_at_mark(version, '-');
    let numbers: Vec<&str> = numbers.split('.').collect();
    numbers.len() <= 3
        && numbers.iter().all(|number| is_number(number))
        && prerelease
            .is_none_or(|part| identifiers(part).all(|one| is_identifier(one) && !has_leading_zero(one)))
        && build.is_none_or(|part| identifiers(part).all(is_identifier))
}

fn split_at_mark(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn identifiers(part: &str) -> impl Iterator<Item = &str> {
    part.split('.')
}

/// Digits only, within what Helm can hold.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each was tried with Helm 3.17.3.
    #[test]
    fn versions_are_those_of_helm() {
        for good in [
            "1",
            "v1",
            "1.2",
            "1.2.3",
            "01.2.3",
            "1.2.3-rc.1",
            "1.2.3+01.b-",
            "1.0.0-alpha-",
            "1.2.3--",
            "1-a",
            "1+b",
            "18446744073709551615.0.0",
        ] {
            assert!(is_valid(good), "{good}");
        }
        for bad in [
            "",
            "v",
            "a",
            "1.",
            "1.2.3.4",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3-a_b",
            " 1.2.3",
            "1.2.3 ",
            "V1.2.3",
            "vv1",
            "18446744073709551616.0.0",
            "1.2.x",
            "latest",
        ] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
