//! Owns how Kubernetes spells things: names, labels, ports, quantities, schedules, times.
//!
//! It knows no type and no field. The rules are those of `k8s.io/apimachinery/pkg/util/validation`, of its resource
//! quantities, and of the cron syntax that `CronJob`s use.

use std::net::IpAddr;

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// `a-z`, `0-9` and `-`, the latter inside only.
fn is_dashed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    is_lower(*first) && is_lower(*last) && bytes.iter().all(|byte| is_lower(*byte) || *byte == b'-')
}

/// A label of RFC 1123: the name of a container, a namespace, a volume.
pub(super) fn is_label(text: &str) -> bool {
    text.len() <= 63 && is_dashed(text)
}

/// A label of RFC 1035, which starts with a letter: the name of a Service.
pub(super) fn is_letter_label(text: &str) -> bool {
    is_label(text) && text.starts_with(|first: char| first.is_ascii_lowercase())
}

/// A subdomain of RFC 1123: the name of most objects.
pub(super) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_dashed)
}

/// A host name of an Ingress, whose first label may be `*`.
pub(super) fn is_host(text: &str) -> bool {
    is_subdomain(text.strip_prefix("*.").unwrap_or(text))
}

/// What can stand in a URL as one step: the name of a Role.
pub(super) fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && text != "." && text != ".." && !text.contains(['/', '%'])
}

/// A key of labels and annotations: `name` or `example.com/name`.
pub(super) fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_qualified_name(name),
        None => is_qualified_name(text),
    }
}

fn is_qualified_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    bytes.len() <= 63
        && ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// The value of a label, which may be empty.
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_qualified_name(text)
}

/// The name of a port, as RFC 6335 has it.
pub(super) fn is_port_name(text: &str) -> bool {
    text.len() <= 15
        && is_dashed(text)
        && !text.contains("--")
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// A key of a `ConfigMap` or Secret, which can become the name of a file.
pub(super) fn is_config_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text != "."
        && !text.starts_with("..")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The name of an environment variable; since Kubernetes 1.32 nearly every printable text is one.
pub(super) fn is_env_name(text: &str, minor: u32) -> bool {
    if minor >= 32 {
        return !text.is_empty()
            && text
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=');
    }
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text != "."
        && !text.starts_with("..")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The units of quantities; others are exponents.
const UNITS: [&str; 16] = [
    "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
];

/// A quantity, as in `100m`, `1.5` or `2Gi`.
pub(super) fn is_quantity(text: &str) -> bool {
    quantity(text).is_some()
}

/// How much a quantity is, for comparing two of them.
pub(super) fn quantity(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(unsigned.len());
    let (digits, unit) = unsigned.split_at(end);
    let whole = digits.matches('.').count() <= 1 && digits.bytes().any(|byte| byte.is_ascii_digit());
    let scale = scale(unit)?;
    let digits: f64 = whole
        .then(|| format!("0{digits}0").parse().ok())
        .flatten()
        .map(|value: f64| {
            // The zero that was put behind a number without a point made it ten times as large.
            if digits.contains('.') { value } else { value / 10.0 }
        })?;
    Some(if text.starts_with('-') {
        -digits * scale
    } else {
        digits * scale
    })
}

fn scale(unit: &str) -> Option<f64> {
    if let Some(exponent) = unit
        .strip_prefix(['e', 'E'])
        .filter(|exponent| !exponent.is_empty() && *exponent != "i")
    {
        return exponent
            .parse()
            .ok()
            .map(|exponent: i16| 10f64.powi(i32::from(exponent)));
    }
    UNITS.contains(&unit).then(|| match unit {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024f64,
        "Mi" => 1024f64.powi(2),
        "Gi" => 1024f64.powi(3),
        "Ti" => 1024f64.powi(4),
        "Pi" => 1024f64.powi(5),
        "Ei" => 1024f64.powi(6),
        _ => 1.0,
    })
}

/// Base64 as Go reads it into bytes: the standard alphabet, padded, line breaks ignored.
pub(super) fn is_base64(text: &str) -> bool {
    use base64::Engine;
    let text: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\n' | '\r'))
        .collect();
    base64::engine::general_purpose::STANDARD.decode(text).is_ok()
}

/// A time as RFC 3339 writes it.
pub(super) fn is_time(text: &str) -> bool {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok()
}

/// An address with the length of its prefix, as in `10.0.0.0/8`.
pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}

/// Whole percents, as in `25%`.
pub(super) fn is_percent(text: &str) -> bool {
    text.strip_suffix('%')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A schedule of a `CronJob`: five fields, or a word such as `@daily`.
pub(super) fn is_schedule(text: &str) -> bool {
    if let Some(every) = text.strip_prefix("@every ") {
        return !every.is_empty()
            && every.ends_with(['h', 'm', 's'])
            && every.starts_with(|first: char| first.is_ascii_digit());
    }
    if let Some(word) = text.strip_prefix('@') {
        return [
            "yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly",
        ]
        .contains(&word);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return false;
    };
    is_field(minute, 0, 59, &[])
        && is_field(hour, 0, 23, &[])
        && is_field(day, 1, 31, &[])
        && is_field(month, 1, 12, &MONTHS)
        && is_field(weekday, 0, 6, &DAYS)
}

/// A field of a schedule: parts with commas, each a range with a step. `names` stand for `least` and what follows.
fn is_field(text: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let number = |text: &str| {
        let place = names.iter().position(|known| text.eq_ignore_ascii_case(known));
        let index = place.and_then(|index| u32::try_from(index).ok());
        index
            .map(|index| index + least)
            .or_else(|| text.parse().ok())
            .filter(|number| (least..=most).contains(number))
    };
    text.split(',').all(|part| {
        let (range, step) = part
            .split_once('/')
            .map_or((part, None), |(range, step)| (range, Some(step)));
        let is_range = match range.split_once('-') {
            Some((from, to)) => {
                matches!((number(from), number(to)), (Some(low), Some(high)) if low <= high)
            }
            None => matches!(range, "*" | "?") || number(range).is_some(),
        };
        is_range && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sorts(judge: impl Fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(judge(text), "`{text}` is refused");
        }
        for text in bad {
            assert!(!judge(text), "`{text}` is accepted");
        }
    }

    #[test]
    fn names_are_those_of_the_rfcs() {
        let long = "a".repeat(64);
        sorts(
            is_label,
            &["a", "a-b", "0a"],
            &["", "-a", "a-", "A", "a.b", "a_b", &long],
        );
        sorts(is_letter_label, &["a", "a0"], &["0a", ""]);
        sorts(
            is_subdomain,
            &["a.b-c.d", &long],
            &["a..b", ".a", "a.", "A.b", &"a.".repeat(127)],
        );
        sorts(
            is_qualified,
            &["app", "a.b/Name_1.x"],
            &["", "/x", "a/", "a/b/c", "A/b", "-x", &long],
        );
        sorts(
            is_label_value,
            &["", "v1.2_x", "A"],
            &["-a", "a b", "a/b", "v1+2", &long],
        );
        sorts(
            is_port_name,
            &["http", "h2-c", "8a"],
            &["80", "a--b", "HTTP", "abcdefghijklmnop", "-a", ""],
        );
        sorts(
            is_config_key,
            &["nats.creds", ".env", "A_b"],
            &["", ".", "..", "..a", "a/b", "a b"],
        );
        sorts(
            is_path_segment,
            &["system:a", "A"],
            &["", ".", "..", "a/b", "a%b"],
        );
    }

    #[test]
    fn variables_may_be_spelt_more_freely_since_kubernetes_1_32() {
        sorts(
            |text| is_env_name(text, 31),
            &["A_1", "a.b-c"],
            &["", "1A", "a b", "a=b", ".."],
        );
        sorts(
            |text| is_env_name(text, 32),
            &["A_1", "1A", "a b"],
            &["", "a=b", "ä"],
        );
    }

    #[test]
    fn quantities_have_the_units_of_kubernetes() {
        sorts(
            is_quantity,
            &[
                "1", "1.5", ".5", "5.", "100m", "2Gi", "1e3", "1E-2", "-1", "3E", "128Mi", "0",
            ],
            &[
                "", ".", "1.2.3", "1gb", "1GB", "100 m", "Mi", "1mi", "1e", "1K", "1,5", "--1", "500MB",
            ],
        );
        let close = |text: &str, wanted: f64| {
            let value = quantity(text).unwrap_or(f64::NAN);
            assert!((value / wanted - 1.0).abs() < 1e-9, "{text} is {value}");
        };
        close("1500m", 1.5);
        close("2Gi", 2_147_483_648.0);
        close("12e2", 1200.0);
        close("1.25k", 1250.0);
    }

    #[test]
    fn schedules_have_five_fields_within_their_ranges() {
        sorts(
            is_schedule,
            &[
                "0 * * * *",
                "*/15 0-6,12 1 jan-mar MON",
                "@hourly",
                "@every 1h30m",
                "? ? ? ? ?",
            ],
            &[
                "",
                "* * * *",
                "60 * * * *",
                "* * * * 7",
                "*/0 * * * *",
                "5-1 * * * *",
                "@never",
                "a * * * *",
                "0 0 0 * *",
            ],
        );
    }

    #[test]
    fn networks_have_a_prefix() {
        sorts(
            is_cidr,
            &["10.0.0.0/8", "::/0"],
            &["10.0.0.0", "10.0.0.0/33", "a/8", "10.0.0/8"],
        );
        sorts(is_percent, &["0%", "25%"], &["%", "25", "-1%", "1.5%"]);
        sorts(is_host, &["a.b", "*.a.b"], &["*", "a.*", "A"]);
    }
}
