//! Owns `Number`: every kind of number that Go templates and Jinja tell apart.
//!
//! It does not print numbers for a language: the engines' formatters and the YAML writer do.

use std::cmp::Ordering;

/// A number, kept exactly, with the Go kind that Helm would give it.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer written in YAML or JSON. Helm holds it as a float64 and prints 1000000 as 1e+06 in
    /// templates; here every digit is kept and each engine prints as it must.
    Whole(i64),
    /// The same, beyond the range of i64.
    BigWhole(u64),
    /// Go's float64.
    Float(f64),
    /// Go's int64: what `--set` and Sprig's arithmetic give.
    Int64(i64),
    /// Go's int: literals in templates, `len`, `int`, `atoi`.
    Int(i64),
}

impl Number {
    /// The integer, if it is one (floats without a fraction are not).
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Whole(value) | Self::Int64(value) | Self::Int(value) => Some(value),
            Self::BigWhole(_) | Self::Float(_) => None,
        }
    }

    /// The nearest float64, which is what Helm holds for numbers from YAML and JSON.
    #[expect(clippy::cast_precision_loss, reason = "the loss is Helm's own behaviour")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(value) | Self::Int64(value) | Self::Int(value) => value as f64,
            Self::BigWhole(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// Whether it is zero, the only false number.
    pub fn is_zero(self) -> bool {
        match self {
            Self::Whole(value) | Self::Int64(value) | Self::Int(value) => value == 0,
            Self::BigWhole(value) => value == 0,
            Self::Float(value) => value == 0.0,
        }
    }

    /// The name Go's `%T` prints in Helm.
    pub fn go_type(self) -> &'static str {
        match self {
            Self::Whole(_) | Self::BigWhole(_) | Self::Float(_) => "float64",
            Self::Int64(_) => "int64",
            Self::Int(_) => "int",
        }
    }

    /// The value as an exact integer of any width, if it has no fraction.
    fn exact(self) -> Option<i128> {
        match self {
            Self::Whole(value) | Self::Int64(value) | Self::Int(value) => Some(i128::from(value)),
            Self::BigWhole(value) => Some(i128::from(value)),
            Self::Float(_) => None,
        }
    }
}

/// Numeric equality, whatever the Go kind; integers compare exactly.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.exact(), other.exact()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }
}
