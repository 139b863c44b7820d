//! Owns the calendar: days since 1970 to year, month and day and back, for any year, as Go's `time` counts.
//!
//! Zones and texts are not here.

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// The months' names.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days' names; a week starts on Sunday.
pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1 on.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Civil {
    /// The date and time of these seconds since 1970.
    pub(super) fn from_seconds(seconds: i64) -> Self {
        let (year, month, day) = date(seconds.div_euclid(DAY));
        let rest = seconds.rem_euclid(DAY);
        Self {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// The seconds since 1970. Parts beyond their range carry over; beyond i64 they wrap.
    pub(super) fn seconds(self) -> i64 {
        let months = self.month.wrapping_sub(1);
        let year = self.year.wrapping_add(months.div_euclid(12));
        let days = days(year, months.rem_euclid(12) + 1).wrapping_add(self.day.wrapping_sub(1));
        days.wrapping_mul(DAY)
            .wrapping_add(self.hour.wrapping_mul(3600))
            .wrapping_add(self.minute.wrapping_mul(60))
            .wrapping_add(self.second)
    }

    /// From 0 for Sunday.
    pub(super) fn weekday(self) -> i64 {
        (self.seconds().div_euclid(DAY) + 4).rem_euclid(7)
    }

    /// From 1 for the first of January.
    pub(super) fn day_of_year(self) -> i64 {
        days(self.year, self.month) - days(self.year, 1) + self.day
    }
}

/// Whether the year has a 29th of February.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days the month has.
pub(super) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const DAYS_OF_400_YEARS: i64 = 146_097;
/// From the first of March of year 0 to 1970.
const EPOCH: i64 = 719_468;

/// The days from 1970 to the first of the month. Years start in March, so that a leap day is their last.
fn days(year: i64, month: i64) -> i64 {
    let year = year.wrapping_sub(i64::from(month <= 2));
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5;
    era.wrapping_mul(DAYS_OF_400_YEARS)
        .wrapping_add(of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH)
}

/// Year, month and day.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (era, of_era) = (
        days.div_euclid(DAYS_OF_400_YEARS),
        days.rem_euclid(DAYS_OF_400_YEARS),
    );
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_comes_back() {
        for day in -300_000..300_000 {
            let civil = Civil::from_seconds(day * DAY + 86_399);
            assert_eq!(civil.seconds(), day * DAY + 86_399);
            assert!((1..=days_in(civil.year, civil.month)).contains(&civil.day));
        }
        let leap = Civil::from_seconds(951_782_400);
        assert_eq!((leap.year, leap.month, leap.day), (2000, 2, 29));
        assert_eq!((leap.weekday(), leap.day_of_year()), (2, 60));
    }
}
