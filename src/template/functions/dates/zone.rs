//! Owns time zones: UTC, a fixed offset, or one of the IANA database by its name.
//!
//! The machine's own zone is never asked for: `Local` is UTC, so that a chart renders alike everywhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Go's `time.Location`.
#[derive(Clone, Debug)]
pub(super) enum Zone {
    /// UTC by its own name.
    Utc,
    /// UTC under the name `Local`.
    Local,
    /// An offset that a text gave, in seconds, with the abbreviation that stood beside it, if any.
    Fixed(String, i64),
    /// One of the IANA database.
    Named(TimeZone),
}

/// What holds in a zone at one time.
pub(super) struct Offset {
    /// `CET`; empty for a fixed offset without a name.
    pub(super) abbreviation: String,
    /// Seconds east of UTC.
    pub(super) seconds: i64,
    /// Whether it is summer time.
    pub(super) summer: bool,
}

impl Zone {
    /// Go's `time.LoadLocation`; the name's letters count.
    pub(super) fn load(name: &str) -> Option<Self> {
        match name {
            "" | "UTC" => Some(Self::Utc),
            "Local" => Some(Self::Local),
            name => {
                let zone = TimeZone::get(name).ok()?;
                (zone.iana_name() == Some(name)).then_some(Self::Named(zone))
            }
        }
    }

    /// What Go calls it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "Local",
            Self::Fixed(name, _) => name,
            Self::Named(zone) => zone.iana_name().unwrap_or_default(),
        }
    }

    /// What holds at these seconds since 1970.
    pub(super) fn at(&self, seconds: i64) -> Offset {
        match self {
            Self::Utc | Self::Local => Offset {
                abbreviation: "UTC".to_owned(),
                seconds: 0,
                summer: false,
            },
            Self::Fixed(name, seconds) => Offset {
                abbreviation: name.clone(),
                seconds: *seconds,
                summer: false,
            },
            Self::Named(zone) => {
                let least = Timestamp::MIN.as_second();
                let seconds = seconds.clamp(least, Timestamp::MAX.as_second());
                let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
                let info = zone.to_offset_info(time);
                Offset {
                    abbreviation: info.abbreviation().to_owned(),
                    seconds: i64::from(info.offset().seconds()),
                    summer: info.dst().is_dst(),
                }
            }
        }
    }

    /// The seconds since 1970 of a local time given as if it were UTC; in a gap or overlap, Go's choice.
    pub(super) fn to_utc(&self, local: i64) -> i64 {
        let first = self.at(local).seconds;
        if first == 0 {
            return local;
        }
        local.wrapping_sub(self.at(local.wrapping_sub(first)).seconds)
    }
}
