//! Owns the text of floats as Go prints them: strconv's general form, fmt's `%v` and encoding/json's form.
//!
//! It does not decide which form a place needs: templates print the general form, `json` its own, `write`
//! what YAML makes of both.

use std::fmt::Write as _;

/// Go's `%v` of a float64: the fewest digits that read back alike, with an exponent below 1e-4 and from 1e6
/// on, so 1000000 is `1e+06`.
pub fn format_float(value: f64) -> String {
    Digits::of(value).map_or_else(str::to_owned, |digits| digits.general())
}

/// The same for a float that is first narrowed to float32, as Helm does with float keys of maps.
#[expect(
    clippy::cast_possible_truncation,
    reason = "narrowing is Helm's own behaviour"
)]
pub(super) fn format_float32(value: f64) -> String {
    let narrow = value as f32;
    if narrow.is_nan() || narrow.is_infinite() {
        return format_float(f64::from(narrow));
    }
    Digits::parse(&format!("{narrow:e}")).general()
}

/// encoding/json's form: an exponent below 1e-6 and from 1e21 on. None for NaN and the infinities, which
/// JSON does not have.
pub(super) fn format_json_float(value: f64) -> Option<String> {
    let digits = Digits::of(value).ok()?;
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        Some(digits.exponent_form(1))
    } else {
        Some(digits.positional())
    }
}

/// Go's `'e'` with the fewest digits: `1.5e+06`.
pub fn format_exponent(value: f64) -> String {
    Digits::of(value).map_or_else(str::to_owned, |digits| digits.exponent_form(2))
}

/// The shortest decimal digits of a finite number: `d1.d2d3… × 10^exponent`.
struct Digits {
    negative: bool,
    /// In ASCII, the first one not zero unless the number is.
    text: String,
    /// The exponent of the first digit.
    exponent: i32,
}

impl Digits {
    fn of(value: f64) -> Result<Self, &'static str> {
        if value.is_nan() {
            Err("NaN")
        } else if value == f64::INFINITY {
            Err("+Inf")
        } else if value == f64::NEG_INFINITY {
            Err("-Inf")
        } else {
            Ok(Self::parse(&format!("{value:e}")))
        }
    }

    /// From Rust's own shortest exponent form, `-1.25e-7`.
    fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        Self {
            negative: mantissa.starts_with('-'),
            text: mantissa.chars().filter(char::is_ascii_digit).collect(),
            exponent: exponent.parse().unwrap_or(0),
        }
    }

    fn general(&self) -> String {
        if (-4..6).contains(&self.exponent) {
            self.positional()
        } else {
            self.exponent_form(2)
        }
    }

    /// `d.ddde±xx` with at least `width` digits in the exponent.
    fn exponent_form(&self, width: usize) -> String {
        let mut out = self.sign().to_owned();
        out.push_str(&self.text[..1]);
        if self.text.len() > 1 {
            out.push('.');
            out.push_str(&self.text[1..]);
        }
        let sign = if self.exponent < 0 { '-' } else { '+' };
        let size = self.exponent.unsigned_abs();
        // Writing to a String cannot fail.
        let _ = write!(out, "e{sign}{size:0width$}");
        out
    }

    /// `ddd.ddd` without an exponent.
    fn positional(&self) -> String {
        let mut out = self.sign().to_owned();
        let Ok(whole) = usize::try_from(self.exponent + 1) else {
            out.push_str("0.");
            out.extend((self.exponent + 1..0).map(|_| '0'));
            out.push_str(&self.text);
            return out;
        };
        if whole == 0 {
            out.push_str("0.");
            out.push_str(&self.text);
        } else if self.text.len() <= whole {
            out.push_str(&self.text);
            out.extend((self.text.len()..whole).map(|_| '0'));
        } else {
            let (before, after) = self.text.split_at(whole);
            out.push_str(before);
            out.push('.');
            out.push_str(after);
        }
        out
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_go_does() {
        let cases: [(f64, &str, &str); 12] = [
            (0.0, "0", "0"),
            (-0.0, "-0", "-0"),
            (999_999.0, "999999", "999999"),
            (1e6, "1e+06", "1000000"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (1e20, "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (0.0001, "0.0001", "0.0001"),
            (0.000_012, "1.2e-05", "0.000012"),
            (1e-7, "1e-07", "1e-7"),
            (f64::MAX, "1.7976931348623157e+308", "1.7976931348623157e+308"),
            (5e-324, "5e-324", "5e-324"),
        ];
        for (value, general, json) in cases {
            assert_eq!(format_float(value), general);
            assert_eq!(format_json_float(value).as_deref(), Some(json));
        }
        assert_eq!(format_float(f64::NAN), "NaN");
        assert_eq!(format_json_float(f64::INFINITY), None);
        assert_eq!(format_float32(123_456_789.5), "1.2345679e+08");
        assert_eq!(format_float32(1e40), "+Inf");
    }
}
