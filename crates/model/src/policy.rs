//! What a connection may do by itself, and what it has to ask for.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::brakes::Brakes;

/// How careful a connection is. Kept with the connection; what is missing from a kept one stands
/// at its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// How much a sync may take away before it asks.
    pub brakes: Brakes,
    /// For how many days a CRM user that full runs no longer find is only *missing*, before it
    /// counts as gone. With 0 it is gone at once.
    pub grace_days: u32,
    /// How many days a held run waits for somebody's word before it counts as rejected.
    pub hold_days: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            brakes: Brakes::default(),
            grace_days: 7,
            hold_days: 14,
        }
    }
}

/// A number of a policy that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyProblem {
    /// Which one, by its name in the API.
    pub field: &'static str,
    /// The least it may be.
    pub least: u64,
    /// The most it may be.
    pub most: u64,
}

impl std::fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "must be from {} to {}", self.least, self.most)
    }
}

const DAY: i64 = 24 * 60 * 60;

impl Policy {
    /// What [`Brakes::least`] may be.
    pub const LEAST: RangeInclusive<u64> = 1..=1_000;
    /// What [`Brakes::percent`] may be. Everybody at once stops a run whatever the share.
    pub const PERCENT: RangeInclusive<u64> = 1..=100;
    /// What [`Brakes::most`] may be.
    pub const MOST: RangeInclusive<u64> = 1..=1_000_000;
    /// What [`Policy::grace_days`] may be.
    pub const GRACE_DAYS: RangeInclusive<u64> = 0..=90;
    /// What [`Policy::hold_days`] may be.
    pub const HOLD_DAYS: RangeInclusive<u64> = 1..=90;

    /// Every number that is out of its bounds.
    pub fn problems(&self) -> Vec<PolicyProblem> {
        [
            ("least", self.brakes.least, Self::LEAST),
            ("percent", self.brakes.percent, Self::PERCENT),
            ("most", self.brakes.most, Self::MOST),
            ("grace_days", self.grace_days.into(), Self::GRACE_DAYS),
            ("hold_days", self.hold_days.into(), Self::HOLD_DAYS),
        ]
        .into_iter()
        .filter(|(_, value, bounds)| !bounds.contains(value))
        .map(|(field, _, bounds)| PolicyProblem {
            field,
            least: *bounds.start(),
            most: *bounds.end(),
        })
        .collect()
    }

    /// [`Policy::grace_days`] in seconds.
    pub fn grace_seconds(&self) -> i64 {
        i64::from(self.grace_days) * DAY
    }

    /// [`Policy::hold_days`] in seconds.
    pub fn hold_seconds(&self) -> i64 {
        i64::from(self.hold_days) * DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_within_its_bounds() {
        assert_eq!(Policy::default().problems(), []);
    }

    #[test]
    fn every_number_out_of_bounds_is_named() {
        let policy = Policy {
            brakes: Brakes {
                least: 0,
                percent: 101,
                most: 0,
            },
            grace_days: 91,
            hold_days: 0,
        };
        let fields: Vec<_> = policy.problems().iter().map(|it| it.field).collect();
        assert_eq!(
            fields,
            ["least", "percent", "most", "grace_days", "hold_days"]
        );
    }

    #[test]
    fn what_is_missing_from_a_kept_policy_stands_at_its_default() {
        let kept: Policy =
            serde_json::from_str(r#"{"brakes":{"percent":5},"grace_days":3}"#).expect("read");
        assert_eq!(kept.brakes.percent, 5);
        assert_eq!(kept.brakes.most, Brakes::default().most);
        assert_eq!((kept.grace_days, kept.hold_days), (3, 14));
    }
}
