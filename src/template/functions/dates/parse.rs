//! Owns reading times by Go's layouts.
//!
//! Writing them is in `format.rs`.

use super::calendar::{Civil, MONTHS, WEEKDAYS, days_in, is_leap};
use super::layout::{OffsetStyle, Part, next_part};
use super::time::Time;
use super::zone::Zone;

/// What was read so far.
#[derive(Default)]
struct Found {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    /// Whether `PM` was read, or `AM`.
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i64>,
    abbreviation: Option<String>,
}

/// Go's `time.ParseInLocation` with the local zone, which is UTC here; None where it fails.
pub(super) fn parse(layout: &str, value: &str) -> Option<Time> {
    let mut found = Found::default();
    let (mut layout, mut value) = (layout, value);
    loop {
        let (before, part, behind) = next_part(layout);
        value = skip(value, before)?;
        let Some((part, _)) = part else { break };
        layout = behind;
        value = found.read(part, value, layout)?;
    }
    if value.is_empty() { found.time() } else { None }
}

/// Removes `prefix`; a run of spaces stands for any other.
fn skip<'v>(value: &'v str, prefix: &str) -> Option<&'v str> {
    let (mut value, mut prefix) = (value, prefix);
    while let Some(first) = prefix.chars().next() {
        if first == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return None;
            }
            prefix = prefix.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
        } else {
            value = value.strip_prefix(first)?;
            prefix = &prefix[first.len_utf8()..];
        }
    }
    Some(value)
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// One or two digits; with `fixed` two.
fn number(value: &str, fixed: bool) -> Option<(i64, &str)> {
    digits(value, 2, fixed)
}

fn digits(value: &str, most: usize, fixed: bool) -> Option<(i64, &str)> {
    let count = value
        .chars()
        .take(most)
        .take_while(|next| is_digit(*next))
        .count();
    if count == 0 || fixed && count < most {
        return None;
    }
    Some((value[..count].parse().ok()?, &value[count..]))
}

/// The position of a name that the value starts with, whatever its case.
fn lookup<'v>(names: &[&str], length: Option<usize>, value: &'v str) -> Option<(i64, &'v str)> {
    for (index, name) in (0..).zip(names) {
        let name = &name[..length.unwrap_or(name.len())];
        if let Some(start) = value.get(..name.len())
            && start.eq_ignore_ascii_case(name)
        {
            return Some((index, &value[name.len()..]));
        }
    }
    None
}

impl Found {
    /// Reads one part; gives what follows it.
    fn read<'v>(&mut self, part: Part, value: &'v str, layout: &str) -> Option<&'v str> {
        let rest;
        match part {
            Part::Year => {
                let year = value.get(..4)?;
                // The first is a digit, so that no sign is read.
                self.year = year.starts_with(is_digit).then(|| year.parse().ok())??;
                rest = &value[4..];
            }
            Part::Year2 => {
                let year: i64 = value.get(..2)?.parse().ok()?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
                rest = &value[2..];
            }
            Part::LongMonth | Part::ShortMonth => {
                let length = (part == Part::ShortMonth).then_some(3);
                let (index, behind) = lookup(&MONTHS, length, value)?;
                (self.month, rest) = (Some(index + 1), behind);
            }
            Part::LongWeekday => rest = lookup(&WEEKDAYS, None, value)?.1,
            Part::ShortWeekday => rest = lookup(&WEEKDAYS, Some(3), value)?.1,
            Part::Month | Part::Month2 => {
                let (month, behind) = number(value, part == Part::Month2)?;
                (self.month, rest) = (Some(within(month, 1, 12)?), behind);
            }
            Part::Day | Part::DayPadded | Part::Day2 => {
                let padded = part == Part::DayPadded;
                let value = value.strip_prefix(' ').filter(|_| padded).unwrap_or(value);
                let (day, behind) = number(value, part == Part::Day2)?;
                (self.day, rest) = (Some(day), behind);
            }
            Part::DayOfYear | Part::DayOfYearPadded => {
                let padded = part == Part::DayOfYearPadded;
                let spaces = value.len() - value.trim_start_matches(' ').len();
                let value = &value[if padded { spaces.min(2) } else { 0 }..];
                let (day, behind) = digits(value, 3, !padded)?;
                (self.day_of_year, rest) = (Some(day), behind);
            }
            Part::HalfUpper | Part::HalfLower => {
                let (morning, afternoon) = if part == Part::HalfUpper {
                    ("AM", "PM")
                } else {
                    ("am", "pm")
                };
                let half = value.get(..2)?;
                self.afternoon = Some(half == afternoon).filter(|is| *is || half == morning);
                self.afternoon?;
                rest = &value[2..];
            }
            Part::Abbreviation => rest = self.abbreviation(value)?,
            Part::Offset(style) => rest = self.offset(value, style)?,
            Part::Fraction {
                digits,
                trimmed: false,
                ..
            } => {
                let length = digits + 1;
                self.nanoseconds = nanoseconds(value.get(..length)?)?;
                rest = &value[length..];
            }
            Part::Fraction { trimmed: true, .. } => {
                let length = fraction_length(value).min(10);
                self.nanoseconds = if length > 1 {
                    nanoseconds(&value[..length])?
                } else {
                    self.nanoseconds
                };
                rest = &value[if length > 1 { length } else { 0 }..];
            }
            clock => return self.clock(clock, value, layout),
        }
        Some(rest)
    }

    fn clock<'v>(&mut self, part: Part, value: &'v str, layout: &str) -> Option<&'v str> {
        let fixed = matches!(part, Part::Hour2 | Part::Minute2 | Part::Second2);
        let (read, mut rest) = number(value, fixed)?;
        match part {
            Part::Hour24 => self.hour = within(read, 0, 23)?,
            Part::Hour | Part::Hour2 => self.hour = within(read, 0, 12)?,
            Part::Minute | Part::Minute2 => self.minute = within(read, 0, 59)?,
            _ => {
                self.second = within(read, 0, 59)?;
                // A fraction may follow the seconds even if the layout has none.
                let expected = matches!(next_part(layout).1, Some((Part::Fraction { .. }, _)));
                let length = fraction_length(rest);
                if !expected && length > 1 {
                    self.nanoseconds = nanoseconds(&rest[..length])?;
                    rest = &rest[length..];
                }
            }
        }
        Some(rest)
    }

    fn offset<'v>(&mut self, value: &'v str, style: OffsetStyle) -> Option<&'v str> {
        let has_letter = style.letter && !style.seconds;
        if let Some(rest) = value.strip_prefix('Z').filter(|_| has_letter) {
            self.utc = true;
            return Some(rest);
        }
        let sign = match value.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let mut rest = &value[1..];
        let mut total = 0;
        let units = [(3600, true), (60, style.minutes), (1, style.seconds)];
        for (unit, _) in units.into_iter().filter(|(_, present)| *present) {
            if style.colons && unit < 3600 {
                rest = rest.strip_prefix(':')?;
            }
            let (read, behind) = number(rest, true)?;
            total += read * unit;
            rest = behind;
        }
        self.offset = Some(sign * total);
        Some(rest)
    }

    fn abbreviation<'v>(&mut self, value: &'v str) -> Option<&'v str> {
        if let Some(rest) = value.strip_prefix("UTC") {
            self.utc = true;
            return Some(rest);
        }
        let (name, rest) = value.split_at(abbreviation_length(value)?);
        self.abbreviation = Some(name.to_owned());
        Some(rest)
    }

    fn time(mut self) -> Option<Time> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(day_of_year) = self.day_of_year {
            let (month, day) = month_and_day(self.year, day_of_year)?;
            if self.month.is_some_and(|known| known != month) || self.day.is_some_and(|known| known != day) {
                return None;
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let civil = Civil {
            year: self.year,
            month,
            day: within(day, 1, days_in(self.year, month))?,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
        };
        let seconds = civil.seconds();
        let at = |seconds, zone| Time {
            seconds,
            nanoseconds: self.nanoseconds,
            zone,
        };
        if self.utc {
            return Some(at(seconds, Zone::Utc));
        }
        let name = self.abbreviation.unwrap_or_default();
        match self.offset {
            None | Some(0) if name.is_empty() => Some(at(seconds, Zone::Local)),
            Some(offset) => Some(at(seconds - offset, Zone::Fixed(name, offset))),
            None => {
                // The offset of `GMT+3` is known, of other names it is not.
                let hours: i64 = name
                    .strip_prefix("GMT")
                    .and_then(|hours| hours.parse().ok())
                    .unwrap_or(0);
                Some(at(seconds, Zone::Fixed(name, hours * 3600)))
            }
        }
    }
}

fn within(value: i64, least: i64, most: i64) -> Option<i64> {
    (least..=most).contains(&value).then_some(value)
}

fn month_and_day(year: i64, day_of_year: i64) -> Option<(i64, i64)> {
    let mut day = within(day_of_year, 1, if is_leap(year) { 366 } else { 365 })?;
    let mut month = 1;
    while day > days_in(year, month) {
        day -= days_in(year, month);
        month += 1;
    }
    Some((month, day))
}

/// The length of a separator and the digits behind it; 0 or 1 if there are none.
fn fraction_length(value: &str) -> usize {
    match value.strip_prefix(['.', ',']) {
        None => 0,
        Some(body) => 1 + body.chars().take_while(|next| is_digit(*next)).count(),
    }
}

/// The nanoseconds of a separator and digits; more than nine are cut.
fn nanoseconds(text: &str) -> Option<u32> {
    let body = text.strip_prefix(['.', ','])?;
    let body = &body[..body.len().min(9)];
    if !body.chars().all(is_digit) {
        return None;
    }
    format!("{body:0<9}").parse().ok()
}

/// How long the abbreviation of a zone is at the start of the text: three capitals, or more with a final T.
fn abbreviation_length(value: &str) -> Option<usize> {
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return Some(4);
    }
    if let Some(behind) = value.strip_prefix("GMT") {
        return Some(3 + signed_hours(behind));
    }
    if value.starts_with(['+', '-']) {
        return Some(signed_hours(value)).filter(|length| *length > 0 && value.len() >= 3);
    }
    let capitals = value.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let last_is_t = |length: usize| value.as_bytes().get(length - 1) == Some(&b'T');
    match capitals {
        3 => Some(3),
        4 if last_is_t(4) || value.starts_with("WITA") => Some(4),
        5 if last_is_t(5) => Some(5),
        _ => None,
    }
}

/// The length of `+3` or `-11`, up to 23 hours; 0 if there is none.
fn signed_hours(value: &str) -> usize {
    let Some(body) = value.strip_prefix(['+', '-']) else {
        return 0;
    };
    let length = body.chars().take_while(|next| is_digit(*next)).count();
    match body[..length].parse::<u64>() {
        Ok(hours) if hours <= 23 => length + 1,
        _ => 0,
    }
}
