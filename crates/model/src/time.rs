//! Instants, periods and the clock.
//!
//! Inside, time is integer microseconds since 1970-01-01T00:00:00Z; outside it is RFC 3339. A
//! [`Period`] is half open, `[from, to)`, with the sentinels *always* and *forever* instead of
//! missing ends.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Tells the time. The binary passes the system's clock; tests pass one that they set.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// An instant, in microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that should have been an instant, a date or a time zone is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not RFC 3339, `always` or `forever`.
    #[error("`{0}` is not a time; write it like 2026-11-22T09:30:00Z, or `always` or `forever`")]
    Instant(String),
    /// Not a date.
    #[error("`{0}` is not a date; write it like 2026-11-22")]
    Date(String),
    /// Not a time zone of the IANA database.
    #[error("`{0}` is not a time zone; use an IANA name such as Europe/Berlin")]
    Zone(String),
    /// The end does not lie after the beginning.
    #[error("the period ends ({to}) before it begins ({from}); swap the two or leave one out")]
    Period {
        /// Where it begins.
        from: Timestamp,
        /// Where it ends.
        to: Timestamp,
    },
}

impl Timestamp {
    /// Before every instant: the beginning of a period that always held.
    pub const ALWAYS: Self = Self(i64::MIN);
    /// After every instant: the end of a period that has none.
    pub const FOREVER: Self = Self(i64::MAX);

    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch; the sentinels are `i64::MIN` and `i64::MAX`.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, stopping at the sentinels.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this instant.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// 00:00 of `date` (like `2026-11-22`) in the time zone `zone` (an IANA name).
    pub fn start_of_day(date: &str, zone: &str) -> Result<Self, TimeError> {
        let day: Date = date.parse().map_err(|_| TimeError::Date(date.to_owned()))?;
        let zone = time_zone(zone)?;
        let start = day
            .to_zoned(zone)
            .map_err(|_| TimeError::Date(date.to_owned()))?;
        Ok(Self(start.timestamp().as_microsecond()))
    }

    /// 00:00 of the day in which this instant lies in the time zone `zone` (an IANA name). The
    /// sentinels are their own days.
    pub fn start_of_its_day(self, zone: &str) -> Result<Self, TimeError> {
        let zone = time_zone(zone)?;
        let Some(instant) = self.to_jiff() else {
            return Ok(self);
        };
        let start = instant.to_zoned(zone).start_of_day();
        let start = start.map_err(|_| TimeError::Date(instant.to_string()))?;
        Ok(Self(start.timestamp().as_microsecond()))
    }

    /// The instant as jiff's type; `None` for the sentinels.
    pub fn to_jiff(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }
}

/// The time zone of an IANA name.
pub fn time_zone(name: &str) -> Result<TimeZone, TimeError> {
    TimeZone::get(name).map_err(|_| TimeError::Zone(name.to_owned()))
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALWAYS => f.write_str("always"),
            Self::FOREVER => f.write_str("forever"),
            other => match other.to_jiff() {
                Some(instant) => instant.fmt(f),
                None => write!(f, "{}µs", self.0),
            },
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match text {
            "always" => Ok(Self::ALWAYS),
            "forever" => Ok(Self::FOREVER),
            other => other
                .parse::<jiff::Timestamp>()
                .map(Self::from)
                .map_err(|_| TimeError::Instant(other.to_owned())),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A half-open period `[from, to)`, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    from: Timestamp,
    to: Timestamp,
}

impl Period {
    /// Since always, and without end.
    pub const ALL: Self = Self {
        from: Timestamp::ALWAYS,
        to: Timestamp::FOREVER,
    };

    /// The period from `from` until just before `to`.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, TimeError> {
        if from < to {
            Ok(Self { from, to })
        } else {
            Err(TimeError::Period { from, to })
        }
    }

    /// Where it begins, inclusive.
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// Where it ends, exclusive.
    pub const fn to(&self) -> Timestamp {
        self.to
    }

    /// Whether `at` lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether the two have an instant in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentinels_survive_a_round_trip_through_text() {
        for instant in [
            Timestamp::ALWAYS,
            Timestamp::FOREVER,
            Timestamp::from_micros(1_700_000_000_123_456),
        ] {
            assert_eq!(instant.to_string().parse(), Ok(instant));
        }
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_organizations_zone() {
        let berlin = Timestamp::start_of_day("2026-07-01", "Europe/Berlin");
        assert_eq!(berlin, "2026-06-30T22:00:00Z".parse());
        let evening: Timestamp = "2026-07-01T19:30:00Z".parse().expect("an instant");
        assert_eq!(evening.start_of_its_day("Europe/Berlin"), berlin);
    }

    #[test]
    fn neighbours_do_not_overlap() {
        let noon = Timestamp::from_micros(12);
        let before = Period::new(Timestamp::ALWAYS, noon).expect("ordered");
        let after = Period::new(noon, Timestamp::FOREVER).expect("ordered");
        assert!(!before.overlaps(&after));
        assert!(before.overlaps(&Period::ALL));
    }

    #[test]
    fn an_empty_period_is_refused() {
        let noon = Timestamp::from_micros(12);
        assert!(Period::new(noon, noon).is_err());
    }
}
