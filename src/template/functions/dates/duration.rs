//! Owns Go's durations: reading and writing `1h30m`, rounding, and the object that `Sub` of two times gives.
//!
//! Times are in `time.rs`.

use crate::template::functions::arguments::{at, float, int64, string};
use crate::template::functions::{FnError, FnResult};
use crate::yaml::{Number, Object, Value};
use std::sync::Arc;

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;

/// Go's `time.Duration`, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duration(pub(super) i64);

const METHODS: [&str; 9] = [
    "Abs",
    "Hours",
    "Microseconds",
    "Milliseconds",
    "Minutes",
    "Nanoseconds",
    "Round",
    "Seconds",
    "Truncate",
];

impl Duration {
    pub(super) fn value(self) -> Value {
        Value::Object(Arc::new(self))
    }

    /// A duration parameter; a number counts nanoseconds.
    pub(super) fn argument(args: &[Value], index: usize) -> Result<Self, String> {
        let value = at(args, index);
        match value {
            Value::Number(Number::Int(count)) => Ok(Self(*count)),
            other => other
                .as_object::<Self>()
                .copied()
                .ok_or_else(|| format!("argument {} must be a duration", index + 1)),
        }
    }

    /// Go's `Duration.Truncate`.
    pub(super) fn truncate(self, unit: i64) -> Self {
        Self(if unit <= 0 { self.0 } else { self.0 - self.0 % unit })
    }

    /// Go's `Duration.Round`: half away from zero; what does not fit is the nearest duration.
    pub(super) fn round(self, unit: i64) -> Self {
        if unit <= 0 {
            return self;
        }
        let rest = self.0 % unit;
        let up = rest.unsigned_abs() >= unit.unsigned_abs() - rest.unsigned_abs();
        let away = if self.0 < 0 { -unit } else { unit };
        Self((self.0 - rest).saturating_add(if up { away } else { 0 }))
    }
}

/// Go's `Duration.String`.
impl std::fmt::Display for Duration {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let second = SECOND.unsigned_abs();
        if total == 0 {
            return out.write_str("0s");
        }
        if total < second {
            let (unit, digits) = match total {
                0..1_000 => ("ns", 0),
                1_000..1_000_000 => ("µs", 3),
                _ => ("ms", 6),
            };
            return write!(out, "{sign}{}{unit}", fraction(total, digits));
        }
        let seconds = total / second;
        write!(out, "{sign}")?;
        if seconds >= 3600 {
            write!(out, "{}h", seconds / 3600)?;
        }
        if seconds >= 60 {
            write!(out, "{}m", seconds / 60 % 60)?;
        }
        write!(out, "{}s", fraction(total % (60 * second), 9))
    }
}

/// The number with its last `digits` behind a point, without zeros at the end.
fn fraction(value: u64, digits: usize) -> String {
    let unit = 10_u64.pow(u32::try_from(digits).unwrap_or(0));
    let rest = value % unit;
    if rest == 0 {
        return (value / unit).to_string();
    }
    let rest = format!("{rest:0digits$}");
    format!("{}.{}", value / unit, rest.trim_end_matches('0'))
}

/// Go's `time.ParseDuration`: numbers with units, such as `-1.5h` or `2h45m`.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(Duration(0));
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (part, behind) = amount(rest)?;
        total = total.checked_add(part).filter(|total| *total <= 1 << 63)?;
        rest = behind;
    }
    if negative {
        return Some(Duration(0_i64.wrapping_sub_unsigned(total)));
    }
    i64::try_from(total).ok().map(Duration)
}

/// One number and its unit, in nanoseconds, and what follows.
fn amount(text: &str) -> Option<(u64, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(digits(text));
    let (part, rest) = match rest.strip_prefix('.') {
        Some(body) => body.split_at(digits(body)),
        None => ("", rest),
    };
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let end = rest.find(|next: char| next == '.' || next.is_ascii_digit());
    let (unit, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let unit: u64 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND.unsigned_abs(),
        "m" => MINUTE.unsigned_abs(),
        "h" => HOUR.unsigned_abs(),
        _ => return None,
    };
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let whole = whole.checked_mul(unit).filter(|whole| *whole <= 1 << 63)?;
    whole
        .checked_add(nanoseconds(part, unit))
        .map(|total| (total, rest))
}

/// The fraction of a unit; digits beyond 18 add nothing that a float could hold.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "Go computes it in floats, too"
)]
fn nanoseconds(digits: &str, unit: u64) -> u64 {
    let digits = &digits[..digits.len().min(18)];
    let value: u64 = digits.parse().unwrap_or(0);
    let scale = 10_f64.powi(i32::try_from(digits.len()).unwrap_or(0));
    (value as f64 * (unit as f64 / scale)) as u64
}

impl Object for Duration {
    fn go_type(&self) -> &'static str {
        "time.Duration"
    }

    fn go_kind(&self) -> &'static str {
        "int64"
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn plain(&self) -> Value {
        Value::Number(Number::Int64(self.0))
    }

    fn is_true(&self) -> bool {
        self.0 != 0
    }

    #[expect(clippy::cast_precision_loss, reason = "Go gives floats as well")]
    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let units = |unit: i64| float((self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64);
        let result: FnResult = match name {
            "Abs" => Ok(Self(self.0.saturating_abs()).value()),
            "Hours" => units(HOUR),
            "Minutes" => units(MINUTE),
            "Seconds" => units(SECOND),
            "Milliseconds" => int64(self.0 / 1_000_000),
            "Microseconds" => int64(self.0 / 1_000),
            "Nanoseconds" => int64(self.0),
            "String" => string(self.to_string()),
            "Round" => Self::argument(arguments, 0)
                .map(|unit| self.round(unit.0).value())
                .map_err(FnError::new),
            "Truncate" => Self::argument(arguments, 0)
                .map(|unit| self.truncate(unit.0).value())
                .map_err(FnError::new),
            _ => return None,
        };
        Some(result.map_err(|error| error.message))
    }

    fn names(&self) -> Vec<&str> {
        METHODS.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_in_go() {
        let cases = [
            ("1h", "1h0m0s"),
            ("-1.5h", "-1h30m0s"),
            ("1h15m30.918s", "1h15m30.918s"),
            ("100ms", "100ms"),
            ("1500us", "1.5ms"),
            ("0", "0s"),
            ("+5s", "5s"),
            (".5m", "30s"),
            ("1ns", "1ns"),
            ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).expect(text).to_string(), expected, "{text}");
        }
        for wrong in [
            "",
            "1",
            "h",
            "1x",
            "-",
            ".s",
            "1h-1m",
            "9223372036854775808ns",
            "99999999999h",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(Duration(-1_500_000_000).round(SECOND).to_string(), "-2s");
    }
}
