//! Instants as people read them, in the organization's time zone.

use counterpart_model::{Organization, Timestamp, time};
use jiff::tz::TimeZone;

/// Shows instants in one time zone.
#[derive(Clone)]
pub(crate) struct Times(pub(crate) TimeZone);

/// An instant as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// RFC 3339, for scripts; empty for the sentinels.
    pub(crate) iso: String,
    /// For people: `22 Nov 2026, 09:30`.
    pub(crate) text: String,
}

impl Times {
    /// In the time zone of `organization`.
    pub(crate) fn of(organization: &Organization) -> Self {
        Self(time::time_zone(&organization.time_zone).unwrap_or(TimeZone::UTC))
    }

    /// An instant as a page shows it.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        match at.to_jiff() {
            Some(instant) if at != Timestamp::ALWAYS && at != Timestamp::FOREVER => Moment {
                iso: instant.to_string(),
                text: instant
                    .to_zoned(self.0.clone())
                    .strftime("%-d %b %Y, %H:%M")
                    .to_string(),
            },
            _ => Moment {
                iso: String::new(),
                text: at.to_string(),
            },
        }
    }

    /// The day of an instant, like `2026-11-22`, as date inputs want it.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        at.to_jiff().map_or_else(String::new, |instant| {
            instant.to_zoned(self.0.clone()).date().to_string()
        })
    }
}

/// The IANA names offered when a time zone is asked for.
pub(crate) fn zone_names() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/") || name == "UTC")
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_organizations_zone() {
        let times = Times(time::time_zone("Europe/Berlin").expect("a known zone"));
        let instant = "2026-07-01T22:30:00Z".parse().expect("a time");
        assert_eq!(times.moment(instant).text, "2 Jul 2026, 00:30");
        assert_eq!(times.day(instant), "2026-07-02");
        assert_eq!(times.moment(Timestamp::ALWAYS).text, "always");
    }

    #[test]
    fn common_zones_are_offered() {
        let names = zone_names();
        assert!(names.iter().any(|name| name == "Europe/Berlin"));
        assert!(names.iter().any(|name| name == "UTC"));
    }
}
