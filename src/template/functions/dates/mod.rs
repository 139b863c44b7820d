//! Owns Sprig's functions over dates and durations.
//!
//! The clock comes from the context. The local zone is UTC on every machine.

use super::arguments::{at, string, text};
use super::{Context, FnError, FnResult, Function, example};
use crate::yaml::{Number, Value};
use duration::{Duration, HOUR, MINUTE, SECOND};
use time::Time;
use zone::Zone;

mod calendar;
mod duration;
mod format;
mod layout;
mod parse;
mod time;
mod zone;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::plain("now", "", "The current time.", |context, _| {
        Ok(Time::from_clock(context.clock).value())
    })
    .examples(&[example("now | kindOf", "now() | kindOf", "struct")]),
    Function::plain(
        "date",
        "LAYOUT TIME",
        "A time or seconds since 1970 by Go's layout, in UTC.",
        |context, args| string(format::format(&local(context, at(args, 1)), text(args, 0)?)),
    )
    .examples(&[example(
        r#"date "2006-01-02 15:04" 1700000000"#,
        r#"1700000000 | date("2006-01-02 15:04")"#,
        "2023-11-14 22:13",
    )]),
    Function::plain(
        "dateInZone",
        "LAYOUT TIME ZONE",
        "A time by Go's layout in a zone, UTC if the zone is not known.",
        date_in_zone,
    )
    .subject(1)
    .examples(&[example(
        r#"dateInZone "15:04 MST" 1700000000 "Europe/Rome""#,
        r#"1700000000 | dateInZone("15:04 MST", "Europe/Rome")"#,
        "23:13 CET",
    )]),
    Function::plain(
        "date_in_zone",
        "LAYOUT TIME ZONE",
        "The older name of `dateInZone`.",
        date_in_zone,
    )
    .subject(1)
    .examples(&[example(
        r#"date_in_zone "2006" 0 "UTC""#,
        r#"0 | date_in_zone("2006", "UTC")"#,
        "1970",
    )]),
    Function::plain(
        "htmlDate",
        "TIME",
        "The date as `2006-01-02`.",
        |context, args| string(format::format(&local(context, at(args, 0)), "2006-01-02")),
    )
    .examples(&[example(
        "htmlDate 1700000000",
        "1700000000 | htmlDate",
        "2023-11-14",
    )]),
    Function::plain(
        "htmlDateInZone",
        "TIME ZONE",
        "The date as `2006-01-02` in a zone.",
        |context, args| in_zone(context, "2006-01-02", at(args, 0), text(args, 1)?),
    )
    .subject(0)
    .examples(&[example(
        r#"htmlDateInZone 1700000000 "Asia/Tokyo""#,
        r#"1700000000 | htmlDateInZone("Asia/Tokyo")"#,
        "2023-11-15",
    )]),
    Function::plain(
        "dateModify",
        "DURATION TIME",
        "The time moved by a duration, unmoved if the duration cannot be read.",
        date_modify,
    )
    .examples(&[example(
        r#"toDate "2006" "2024" | dateModify "-1.5h" | unixEpoch"#,
        r#""2024" | toDate("2006") | dateModify("-1.5h") | unixEpoch"#,
        "1704061800",
    )]),
    Function::plain(
        "date_modify",
        "DURATION TIME",
        "The older name of `dateModify`.",
        date_modify,
    )
    .examples(&[example(
        r#"toDate "2006" "2024" | date_modify "24h" | htmlDate"#,
        r#""2024" | toDate("2006") | date_modify("24h") | htmlDate"#,
        "2024-01-02",
    )]),
    Function::plain(
        "mustDateModify",
        "DURATION TIME",
        "The time moved by a duration.",
        must_date_modify,
    )
    .examples(&[example(
        r#"toDate "2006" "2024" | mustDateModify "1h" | date "15""#,
        r#""2024" | toDate("2006") | mustDateModify("1h") | date("15")"#,
        "01",
    )]),
    Function::plain(
        "must_date_modify",
        "DURATION TIME",
        "The older name of `mustDateModify`.",
        must_date_modify,
    )
    .examples(&[example(
        r#"toDate "2006" "2024" | must_date_modify "1h" | date "15""#,
        r#""2024" | toDate("2006") | must_date_modify("1h") | date("15")"#,
        "01",
    )]),
    Function::plain(
        "toDate",
        "LAYOUT TEXT",
        "The time in a text by Go's layout; year 1 if it does not fit.",
        |_, args| {
            let (layout, value) = (text(args, 0)?, text(args, 1)?);
            Ok(parse::parse(layout, value).unwrap_or_else(Time::zero).value())
        },
    )
    .examples(&[example(
        r#"toDate "2006-01-02" "2017-12-31" | date "02/01/2006""#,
        r#""2017-12-31" | toDate("2006-01-02") | date("02/01/2006")"#,
        "31/12/2017",
    )]),
    Function::plain(
        "mustToDate",
        "LAYOUT TEXT",
        "The time in a text by Go's layout.",
        |_, args| {
            let (layout, value) = (text(args, 0)?, text(args, 1)?);
            let time = parse::parse(layout, value);
            let refusal = || FnError::new(format!("`{value}` is no time by the layout `{layout}`"));
            Ok(time.ok_or_else(refusal)?.value())
        },
    )
    .examples(&[example(
        r#"mustToDate "2006-01-02" "2017-12-31" | unixEpoch"#,
        r#""2017-12-31" | mustToDate("2006-01-02") | unixEpoch"#,
        "1514678400",
    )]),
    Function::plain(
        "unixEpoch",
        "TIME",
        "The seconds since 1970, as a text.",
        |_, args| string(time_argument(args, 0)?.seconds.to_string()),
    )
    .examples(&[example(
        r#"toDate "2006" "2024" | unixEpoch"#,
        r#""2024" | toDate("2006") | unixEpoch"#,
        "1704067200",
    )]),
    Function::plain(
        "ago",
        "TIME",
        "The duration from a time to now, in whole seconds.",
        |context, args| {
            let now = Time::from_clock(context.clock);
            let time = time_or_now(context, at(args, 0));
            string(now.since(&time).round(SECOND).to_string())
        },
    )
    .examples(&[example("ago now", "now() | ago", "0s")]),
    Function::plain(
        "duration",
        "SECONDS",
        "Seconds as a duration such as `1m35s`.",
        |_, args| {
            let seconds = match at(args, 0) {
                Value::String(text) => clamped(text),
                Value::Number(Number::Int64(seconds)) => *seconds,
                _ => 0,
            };
            string(Duration(seconds.wrapping_mul(SECOND)).to_string())
        },
    )
    .examples(&[example(r#"duration "95""#, r#""95" | duration"#, "1m35s")]),
    Function::plain(
        "durationRound",
        "DURATION",
        "The largest unit of a duration, or of the time since then.",
        duration_round,
    )
    .examples(&[example(
        r#"durationRound "2h10m5s""#,
        r#""2h10m5s" | durationRound"#,
        "2h",
    )]),
];

/// The time of TOML's text: a date, a time of day, or both, with or without an offset.
pub(super) fn of_toml(text: &str) -> Value {
    const LAYOUTS: [(&str, Option<&str>); 4] = [
        ("2006-01-02T15:04:05.999999999Z07:00", None),
        ("2006-01-02T15:04:05.999999999", Some("datetime-local")),
        ("2006-01-02", Some("date-local")),
        ("15:04:05.999999999", Some("time-local")),
    ];
    let read = |(layout, zone): (&str, Option<&str>)| {
        let time = parse::parse(layout, text)?;
        let zone = zone.map(|name| Zone::Fixed(name.to_owned(), 0));
        Some(zone.map_or(time.clone(), |zone| time.within(zone)))
    };
    let time = LAYOUTS.into_iter().find_map(read);
    time.unwrap_or_else(Time::zero).value()
}

/// What Sprig takes for a time: a time, or whole seconds since 1970. Anything else is now.
fn time_or_now(context: &Context, value: &Value) -> Time {
    match value {
        Value::Number(Number::Int(seconds) | Number::Int64(seconds)) => Time::from_unix(*seconds),
        other => match other.as_object::<Time>() {
            Some(time) => time.clone(),
            None => Time::from_clock(context.clock),
        },
    }
}

fn local(context: &Context, value: &Value) -> Time {
    time_or_now(context, value).within(Zone::Local)
}

/// A Go `time.Time` parameter.
fn time_argument(args: &[Value], index: usize) -> Result<&Time, FnError> {
    let time = at(args, index).as_object::<Time>();
    let refusal = || FnError::new(format!("argument {} must be a time", index + 1));
    time.ok_or_else(|| refusal().help("`toDate` makes a time from a text"))
}

fn in_zone(context: &Context, layout: &str, value: &Value, zone: &str) -> FnResult {
    let zone = Zone::load(zone).unwrap_or(Zone::Utc);
    string(format::format(&time_or_now(context, value).within(zone), layout))
}

fn date_in_zone(context: &Context, args: &[Value]) -> FnResult {
    in_zone(context, text(args, 0)?, at(args, 1), text(args, 2)?)
}

fn date_modify(_: &Context, args: &[Value]) -> FnResult {
    let (duration, time) = (text(args, 0)?, time_argument(args, 1)?);
    Ok(match duration::parse(duration) {
        Some(duration) => time.plus(duration),
        None => time.clone(),
    }
    .value())
}

fn must_date_modify(_: &Context, args: &[Value]) -> FnResult {
    let (duration, time) = (text(args, 0)?, time_argument(args, 1)?);
    let refusal = || FnError::new(format!("`{duration}` is not a duration"));
    Ok(time.plus(duration::parse(duration).ok_or_else(refusal)?).value())
}

/// A decimal number; what does not fit is the nearest that does, what is none is 0.
fn clamped(text: &str) -> i64 {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    text.parse().unwrap_or(limit)
}

fn duration_round(context: &Context, args: &[Value]) -> FnResult {
    const UNITS: [(u64, &str); 6] = [
        (365 * 24 * HOUR.unsigned_abs(), "y"),
        (30 * 24 * HOUR.unsigned_abs(), "mo"),
        (24 * HOUR.unsigned_abs(), "d"),
        (HOUR.unsigned_abs(), "h"),
        (MINUTE.unsigned_abs(), "m"),
        (SECOND.unsigned_abs(), "s"),
    ];
    let duration = match at(args, 0) {
        Value::String(text) => duration::parse(text).map_or(0, |duration| duration.0),
        Value::Number(Number::Int64(nanoseconds)) => *nanoseconds,
        other => match other.as_object::<Time>() {
            Some(time) => Time::from_clock(context.clock).since(time).0,
            None => 0,
        },
    };
    let total = duration.unsigned_abs();
    let unit = UNITS.iter().find(|(unit, _)| total > *unit);
    string(unit.map_or("0s".to_owned(), |(unit, name)| format!("{}{name}", total / unit)))
}
