//! Brakes: what stops a run before its first change.

use serde::{Deserialize, Serialize};

use crate::RunReport;

/// How much a run may take away before it has to ask. A run is held when it takes away
/// - at least [`Brakes::least`] users and more than [`Brakes::percent`] of those known, or
/// - more than [`Brakes::most`], or
/// - all of them, usable or not,
///
/// in itself or together with the runs of the 24 hours before. Taken away is who is deactivated,
/// or no longer found for the first time: that attribution goes on for a while is no reason to
/// ask later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brakes {
    /// Fewer than this never stop a run, unless nobody would be left.
    pub least: u64,
    /// The share that stops it, in percent.
    pub percent: u64,
    /// The number that stops it whatever the share.
    pub most: u64,
}

impl Default for Brakes {
    fn default() -> Self {
        Self {
            least: 5,
            percent: 20,
            most: 500,
        }
    }
}

/// Why a brake stopped a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "brake")]
pub enum Stop {
    /// Nobody would be left.
    #[error("all {known} users would be gone")]
    Everybody {
        /// How many there were.
        known: u64,
    },
    /// Too large a share.
    #[error("{lost} of {known} users would be gone, more than {percent} %")]
    Share {
        /// How many would be taken away within 24 hours.
        lost: u64,
        /// How many there were.
        known: u64,
        /// The share that is allowed.
        percent: u64,
    },
    /// Too many.
    #[error("{lost} users would be gone, more than {most}")]
    Number {
        /// How many would be taken away within 24 hours.
        lost: u64,
        /// How many are allowed.
        most: u64,
    },
}

impl Brakes {
    /// Judges what a run found, after the runs of the last 24 hours have taken away
    /// `lost_before` usable users already. `None` lets it pass.
    pub fn judge_run(&self, report: &RunReport, lost_before: u64) -> Option<Stop> {
        let vanished = report.missing + report.gone;
        if report.read == 0 && vanished > 0 {
            return Some(Stop::Everybody {
                known: vanished.max(report.usable_before),
            });
        }
        self.judge(report.usable_before, report.lost, lost_before)
    }

    /// How many of `known` usable users one run may take away without asking, when nobody was
    /// taken away in the 24 hours before.
    pub fn allowance(&self, known: u64) -> u64 {
        let by_share = (known * self.percent / 100).max(self.least.saturating_sub(1));
        by_share.min(self.most).min(known.saturating_sub(1))
    }

    /// Judges a run that would take away `lost` of `known` usable users, after the runs of the
    /// last 24 hours have taken `lost_before` already. `None` lets it pass.
    pub fn judge(&self, known: u64, lost: u64, lost_before: u64) -> Option<Stop> {
        if lost == 0 {
            return None;
        }
        if lost >= known {
            return Some(Stop::Everybody { known });
        }
        let lost = lost + lost_before;
        let known = known + lost_before;
        if lost > self.most {
            return Some(Stop::Number {
                lost,
                most: self.most,
            });
        }
        if lost >= self.least && lost * 100 > known * self.percent {
            return Some(Stop::Share {
                lost,
                known,
                percent: self.percent,
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allowance_is_the_most_that_passes() {
        let strict = Brakes {
            least: 1,
            percent: 1,
            most: 3,
        };
        for brakes in [Brakes::default(), strict] {
            for known in [1, 3, 4, 5, 20, 25, 60, 299, 2_500, 10_000] {
                let allowed = brakes.allowance(known);
                assert_eq!(
                    brakes.judge(known, allowed, 0),
                    None,
                    "{allowed} of {known}"
                );
                assert!(
                    brakes.judge(known, allowed + 1, 0).is_some(),
                    "{} of {known}",
                    allowed + 1
                );
            }
        }
    }

    #[test]
    fn an_empty_list_stops_though_nobody_known_was_usable() {
        let report = RunReport {
            missing: 3,
            ..RunReport::default()
        };
        let stop = Brakes::default().judge_run(&report, 0);
        assert_eq!(stop, Some(Stop::Everybody { known: 3 }));
    }

    #[test]
    fn brakes_hold_at_every_size() {
        let brakes = Brakes::default();
        for (known, lost, before, held) in [
            (60, 0, 0, false),
            (60, 4, 0, false),
            (60, 12, 0, false),
            (60, 13, 0, true),
            (3, 3, 0, true),
            (1, 1, 0, true),
            (3, 2, 0, false),
            (10_000, 500, 0, false),
            (10_000, 501, 0, true),
            (52, 6, 8, true),
        ] {
            let stop = brakes.judge(known, lost, before);
            assert_eq!(
                stop.is_some(),
                held,
                "{lost} of {known} after {before}: {stop:?}"
            );
        }
    }
}
