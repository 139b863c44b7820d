//! Owns Go's `time.Time` as templates hold it: a point in time in a zone, with its methods.
//!
//! Layouts and zones have files of their own.

use super::calendar::{Civil, MONTHS, WEEKDAYS};
use super::duration::{Duration, SECOND};
use super::format::format;
use super::zone::{Offset, Zone};
use crate::template::functions::arguments::{int, int64, number, string, text};
use crate::template::functions::{FnError, FnResult};
use crate::yaml::{Number, Object, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// Go's `time.Time`.
#[derive(Clone, Debug)]
pub(super) struct Time {
    /// Since 1970.
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
    pub(super) zone: Zone,
}

/// The first of January of year 1, Go's zero time.
const ZERO: i64 = -62_135_596_800;

const METHODS: [&str; 31] = [
    "Add",
    "AddDate",
    "After",
    "Before",
    "Compare",
    "Day",
    "Equal",
    "Format",
    "GoString",
    "Hour",
    "In",
    "IsDST",
    "IsZero",
    "Local",
    "Location",
    "Minute",
    "Month",
    "Nanosecond",
    "Round",
    "Second",
    "String",
    "Sub",
    "Truncate",
    "UTC",
    "Unix",
    "UnixMicro",
    "UnixMilli",
    "UnixNano",
    "Weekday",
    "Year",
    "YearDay",
];

impl Time {
    /// Go's zero time.
    pub(super) fn zero() -> Self {
        Self {
            seconds: ZERO,
            nanoseconds: 0,
            zone: Zone::Utc,
        }
    }

    /// In the local zone, as Go's `time.Unix`.
    pub(super) fn from_unix(seconds: i64) -> Self {
        Self {
            seconds,
            nanoseconds: 0,
            zone: Zone::Local,
        }
    }

    pub(super) fn from_clock(clock: time::OffsetDateTime) -> Self {
        Self {
            nanoseconds: clock.nanosecond(),
            ..Self::from_unix(clock.unix_timestamp())
        }
    }

    pub(super) fn value(self) -> Value {
        Value::Object(Arc::new(self))
    }

    /// The same time in another zone.
    pub(super) fn within(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    pub(super) fn offset(&self) -> Offset {
        self.zone.at(self.seconds)
    }

    /// Date and time of day in its zone.
    pub(super) fn civil(&self) -> Civil {
        let limit = i64::MAX / 2;
        let seconds = self.seconds.clamp(-limit, limit);
        Civil::from_seconds(seconds + self.offset().seconds)
    }

    pub(super) fn plus(&self, duration: Duration) -> Self {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0 % SECOND;
        let seconds = self.seconds.wrapping_add(duration.0 / SECOND);
        Self {
            seconds: seconds.wrapping_add(nanoseconds.div_euclid(SECOND)),
            nanoseconds: u32::try_from(nanoseconds.rem_euclid(SECOND)).unwrap_or(0),
            zone: self.zone.clone(),
        }
    }

    /// The time since `earlier`; what does not fit is the longest duration.
    pub(super) fn since(&self, earlier: &Self) -> Duration {
        let seconds = i128::from(self.seconds) - i128::from(earlier.seconds);
        let rest = i128::from(self.nanoseconds) - i128::from(earlier.nanoseconds);
        let total = seconds * i128::from(SECOND) + rest;
        Duration(i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX }))
    }

    fn compare(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }

    fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let moved = Civil {
            year: civil.year.wrapping_add(years),
            month: civil.month.wrapping_add(months),
            day: civil.day.wrapping_add(days),
            ..civil
        };
        Self {
            seconds: self.zone.to_utc(moved.seconds()),
            ..self.clone()
        }
    }

    /// To a multiple of the unit since year 1, downwards or to the nearest.
    fn rounded(&self, unit: Duration, nearest: bool) -> Self {
        if unit.0 <= 0 {
            return self.clone();
        }
        let since_zero = (i128::from(self.seconds) - i128::from(ZERO)) * i128::from(SECOND);
        let total = since_zero + i128::from(self.nanoseconds);
        let rest = i64::try_from(total.rem_euclid(i128::from(unit.0))).unwrap_or(0);
        let up = nearest && rest >= unit.0 - rest;
        self.plus(Duration(if up { unit.0 - rest } else { -rest }))
    }

    fn unix_in(&self, unit: i64) -> i64 {
        let part = i64::from(self.nanoseconds) / (SECOND / unit);
        self.seconds.wrapping_mul(unit).wrapping_add(part)
    }

    fn method(&self, name: &str, args: &[Value]) -> Option<FnResult> {
        let civil = || self.civil();
        Some(match name {
            "Year" => number(civil().year),
            "Month" => Ok(Named::value("time.Month", civil().month, &MONTHS, 1)),
            "Day" => number(civil().day),
            "Hour" => number(civil().hour),
            "Minute" => number(civil().minute),
            "Second" => number(civil().second),
            "Nanosecond" => number(i64::from(self.nanoseconds)),
            "Weekday" => Ok(Named::value("time.Weekday", civil().weekday(), &WEEKDAYS, 0)),
            "YearDay" => number(civil().day_of_year()),
            "Unix" => int64(self.seconds),
            "UnixMilli" => int64(self.unix_in(1_000)),
            "UnixMicro" => int64(self.unix_in(1_000_000)),
            "UnixNano" => int64(self.unix_in(SECOND)),
            "UTC" => Ok(self.within(Zone::Utc).value()),
            "Local" => Ok(self.within(Zone::Local).value()),
            "Location" => string(self.zone.name()),
            "IsDST" => Ok(self.offset().summer.into()),
            "IsZero" => Ok((self.seconds == ZERO && self.nanoseconds == 0).into()),
            "String" | "GoString" => string(self.print()),
            "Format" => text(args, 0).and_then(|layout| string(format(self, layout))),
            "Add" => duration(args).map(|duration| self.plus(duration).value()),
            "Round" => duration(args).map(|unit| self.rounded(unit, true).value()),
            "Truncate" => duration(args).map(|unit| self.rounded(unit, false).value()),
            "AddDate" => self.add_date(args),
            "Sub" => other(args).map(|other| self.since(other).value()),
            "After" => other(args).map(|other| self.compare(other).is_gt().into()),
            "Before" => other(args).map(|other| self.compare(other).is_lt().into()),
            "Equal" => other(args).map(|other| self.compare(other).is_eq().into()),
            "Compare" => other(args).and_then(|other| number(self.compare(other) as i64)),
            _ => return None,
        })
    }

    fn add_date(&self, args: &[Value]) -> FnResult {
        Ok(self
            .plus_date(int(args, 0)?, int(args, 1)?, int(args, 2)?)
            .value())
    }
}

fn duration(args: &[Value]) -> Result<Duration, FnError> {
    Duration::argument(args, 0).map_err(FnError::new)
}

fn other(args: &[Value]) -> Result<&Time, FnError> {
    let time = args.first().and_then(Value::as_object::<Time>);
    time.ok_or_else(|| FnError::new("argument 1 must be a time"))
}

impl Object for Time {
    fn go_type(&self) -> &'static str {
        "time.Time"
    }

    fn go_kind(&self) -> &'static str {
        "struct"
    }

    fn print(&self) -> String {
        format(self, "2006-01-02 15:04:05.999999999 -0700 MST")
    }

    fn plain(&self) -> Value {
        Value::from(format(self, "2006-01-02T15:04:05.999999999Z07:00"))
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        Some(self.method(name, arguments)?.map_err(|error| error.message))
    }

    fn names(&self) -> Vec<&str> {
        METHODS.to_vec()
    }
}

/// A number with a name: a month or a day of the week.
#[derive(Debug)]
struct Named {
    go_type: &'static str,
    number: i64,
    name: &'static str,
}

impl Named {
    fn value(go_type: &'static str, number: i64, names: &[&'static str], first: i64) -> Value {
        let position = usize::try_from(number - first).ok();
        let name = position
            .and_then(|position| names.get(position))
            .copied()
            .unwrap_or_default();
        Value::Object(Arc::new(Self {
            go_type,
            number,
            name,
        }))
    }
}

impl Object for Named {
    fn go_type(&self) -> &'static str {
        self.go_type
    }

    fn go_kind(&self) -> &'static str {
        "int"
    }

    fn print(&self) -> String {
        self.name.to_owned()
    }

    fn plain(&self) -> Value {
        Value::Number(Number::Int(self.number))
    }

    fn is_true(&self) -> bool {
        self.number != 0
    }

    fn call(&self, name: &str, _: &[Value]) -> Option<Result<Value, String>> {
        (name == "String").then(|| Ok(Value::from(self.name)))
    }

    fn names(&self) -> Vec<&str> {
        vec!["String"]
    }
}
