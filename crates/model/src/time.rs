//! Instants, periods and the clock.
//!
//! Inside, time is integer microseconds since 1970-01-01T00:00:00Z; outside it is RFC 3339. A
//! [`Period`] is half open, `[from, to)`, with the sentinels *always* and *forever* instead of
//! missing ends.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
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
    /// Neither a day nor a time.
    #[error(
        "`{0}` is neither a day nor a time; write it like 2026-11-22, 2026-11-22T09:30 or 2026-11-22T09:30:00Z"
    )]
    Beginning(String),
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

    /// Where something begins: 00:00 of a day (`2026-11-22`), a local time (`2026-11-22T09:30`), or
    /// an instant of RFC 3339. A local time that a clock change skips is moved behind the gap; of
    /// one that comes twice the first is meant.
    pub fn beginning(text: &str, zone: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(instant.into());
        }
        let unreadable = || TimeError::Beginning(text.to_owned());
        if text.len() <= "2026-11-22".len() {
            return Self::start_of_day(text, zone).map_err(|error| match error {
                TimeError::Zone(_) => error,
                _ => unreadable(),
            });
        }
        let local: DateTime = text.parse().map_err(|_| unreadable())?;
        let zoned = local.to_zoned(time_zone(zone)?).map_err(|_| unreadable())?;
        Ok(Self(zoned.timestamp().as_microsecond()))
    }

    /// The instant for people, by the clocks of `zone`: `22 Nov 2026, 09:30`, with seconds where
    /// it has some.
    pub fn in_words(self, zone: &TimeZone) -> String {
        let Some(instant) = self.to_jiff() else {
            return self.to_string();
        };
        let local = instant.to_zoned(zone.clone()).datetime();
        let format = if local.second() == 0 && local.subsec_nanosecond() == 0 {
            "%-d %b %Y, %H:%M"
        } else {
            "%-d %b %Y, %H:%M:%S%.f"
        };
        local.strftime(format).to_string()
    }

    /// The same as the end of a period: midnight is 24:00 of the day that ends.
    pub fn end_in_words(self, zone: &TimeZone) -> String {
        let local = self
            .to_jiff()
            .map(|at| at.to_zoned(zone.clone()).datetime());
        match local {
            Some(local) if local.time() == Time::midnight() => {
                let day = local.date().yesterday().unwrap_or(Date::MIN);
                day.strftime("%-d %b %Y, 24:00").to_string()
            }
            _ => self.in_words(zone),
        }
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
    fn a_beginning_is_a_day_a_local_time_or_an_instant() {
        for (text, instant) in [
            ("2026-11-01", "2026-10-31T23:00:00Z"),
            ("2026-11-01T09:30", "2026-11-01T08:30:00Z"),
            ("2026-11-01T09:30:00Z", "2026-11-01T09:30:00Z"),
            // Clocks go from 02:00 to 03:00 on this day, and back from 03:00 to 02:00 on that.
            ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
            ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ] {
            let found = Timestamp::beginning(text, "Europe/Berlin");
            assert_eq!(found, instant.parse(), "{text}");
        }
        // Midnight was skipped here.
        let santiago = Timestamp::beginning("2026-09-06", "America/Santiago");
        assert_eq!(santiago, "2026-09-06T04:00:00Z".parse());
        for text in ["", "tomorrow", "2026-02-30", "always", "01.11.2026 09:30"] {
            let found = Timestamp::beginning(text, "Europe/Berlin");
            assert_eq!(found, Err(TimeError::Beginning(text.into())));
        }
    }

    #[test]
    fn midnight_ends_the_day_before() {
        let berlin = time_zone("Europe/Berlin").expect("a zone");
        let midnight: Timestamp = "2026-10-31T23:00:00Z".parse().expect("an instant");
        assert_eq!(midnight.in_words(&berlin), "1 Nov 2026, 00:00");
        assert_eq!(midnight.end_in_words(&berlin), "31 Oct 2026, 24:00");
        let noon: Timestamp = "2026-10-31T11:00:00Z".parse().expect("an instant");
        assert_eq!(noon.end_in_words(&berlin), "31 Oct 2026, 12:00");
        assert_eq!(Timestamp::FOREVER.in_words(&berlin), "forever");
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
