//! Owns writing times by Go's layouts.
//!
//! Reading them is in `parse.rs`.

use super::calendar::{Civil, MONTHS, WEEKDAYS};
use super::layout::{OffsetStyle, Part, next_part};
use super::time::Time;
use super::zone::Offset;
use std::fmt::Write as _;

/// Go's `Time.Format`.
pub(super) fn format(time: &Time, layout: &str) -> String {
    let offset = time.offset();
    let civil = time.civil();
    let mut out = String::new();
    let mut rest = layout;
    loop {
        let (before, part, behind) = next_part(rest);
        out.push_str(before);
        let Some((part, _)) = part else { return out };
        write(&mut out, part, &civil, time.nanoseconds, &offset);
        rest = behind;
    }
}

fn write(out: &mut String, part: Part, civil: &Civil, nanoseconds: u32, offset: &Offset) {
    let half = if civil.hour >= 12 { "PM" } else { "AM" };
    let hour = (civil.hour + 11) % 12 + 1;
    // Writing to a String cannot fail.
    let _ = match part {
        Part::LongMonth => write!(out, "{}", name(&MONTHS, civil.month - 1)),
        Part::ShortMonth => write!(out, "{}", &name(&MONTHS, civil.month - 1)[..3]),
        Part::Month => write!(out, "{}", civil.month),
        Part::Month2 => write!(out, "{:02}", civil.month),
        Part::LongWeekday => write!(out, "{}", name(&WEEKDAYS, civil.weekday())),
        Part::ShortWeekday => write!(out, "{}", &name(&WEEKDAYS, civil.weekday())[..3]),
        Part::Day => write!(out, "{}", civil.day),
        Part::DayPadded => write!(out, "{:2}", civil.day),
        Part::Day2 => write!(out, "{:02}", civil.day),
        Part::DayOfYearPadded => write!(out, "{:3}", civil.day_of_year()),
        Part::DayOfYear => write!(out, "{:03}", civil.day_of_year()),
        Part::Hour24 => write!(out, "{:02}", civil.hour),
        Part::Hour => write!(out, "{hour}"),
        Part::Hour2 => write!(out, "{hour:02}"),
        Part::Minute => write!(out, "{}", civil.minute),
        Part::Minute2 => write!(out, "{:02}", civil.minute),
        Part::Second => write!(out, "{}", civil.second),
        Part::Second2 => write!(out, "{:02}", civil.second),
        Part::Year if civil.year < 0 => write!(out, "-{:04}", -civil.year),
        Part::Year => write!(out, "{:04}", civil.year),
        Part::Year2 => write!(out, "{:02}", civil.year.rem_euclid(100)),
        Part::HalfUpper => write!(out, "{half}"),
        Part::HalfLower => write!(out, "{}", half.to_lowercase()),
        Part::Abbreviation if !offset.abbreviation.is_empty() => write!(out, "{}", offset.abbreviation),
        Part::Abbreviation => {
            let style = OffsetStyle {
                letter: false,
                colons: false,
                minutes: true,
                seconds: false,
            };
            return write_offset(out, offset.seconds, style);
        }
        Part::Offset(style) => return write_offset(out, offset.seconds, style),
        Part::Fraction {
            separator,
            digits,
            trimmed,
        } => return write_fraction(out, nanoseconds, separator, digits, trimmed),
    };
}

fn name<'n>(names: &'n [&'n str], index: i64) -> &'n str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or_default()
}

fn write_offset(out: &mut String, seconds: i64, style: OffsetStyle) {
    if style.letter && seconds == 0 {
        out.push('Z');
        return;
    }
    let total = seconds.abs();
    let colon = if style.colons { ":" } else { "" };
    out.push(if seconds < 0 { '-' } else { '+' });
    // Writing to a String cannot fail.
    let _ = write!(out, "{:02}", total / 3600);
    if style.minutes {
        let _ = write!(out, "{colon}{:02}", total / 60 % 60);
    }
    if style.seconds {
        let _ = write!(out, "{colon}{:02}", total % 60);
    }
}

fn write_fraction(out: &mut String, nanoseconds: u32, separator: char, digits: usize, trimmed: bool) {
    let all = format!("{nanoseconds:09}");
    let shown = &all[..digits.min(all.len())];
    let shown = if trimmed {
        shown.trim_end_matches('0')
    } else {
        shown
    };
    if !(trimmed && shown.is_empty()) {
        out.push(separator);
        out.push_str(shown);
    }
}
