//! Periods on a common scale: text for everybody, and a bar beside it.

use counterpart_model::{Period, Timestamp};

use crate::times::Times;

/// Where the bounded part of the scale begins and how long it is, in percent: before it lies
/// *always*, behind it *forever*.
const BEGINS: f64 = 8.0;
const LENGTH: f64 = 84.0;
/// A scale is at least a day long.
const LEAST: i64 = 24 * 60 * 60 * 1_000_000;

/// A period as pages show it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Since when.
    pub(crate) from: String,
    /// Until when.
    pub(crate) to: String,
    /// Whether it holds now.
    pub(crate) now: bool,
    /// Where its bar begins, in percent.
    pub(crate) x: String,
    /// How long its bar is, in percent.
    pub(crate) width: String,
}

/// Periods on one scale, in their order.
pub(crate) fn spans(times: &Times, now: Timestamp, periods: &[Period]) -> Vec<Span> {
    let bounded = periods
        .iter()
        .flat_map(|period| [period.from(), period.to()])
        .filter(|at| *at != Timestamp::ALWAYS && *at != Timestamp::FOREVER)
        .chain([now])
        .map(Timestamp::as_micros);
    let (mut least, mut most) = (now.as_micros(), now.as_micros());
    for at in bounded {
        (least, most) = (least.min(at), most.max(at));
    }
    least = least.min(most.saturating_sub(LEAST));
    periods
        .iter()
        .map(|period| {
            let (from, to) = (
                place(period.from(), least, most),
                place(period.to(), least, most),
            );
            Span {
                from: times.moment(period.from()).text,
                to: times.moment(period.to()).text,
                now: period.contains(now),
                x: format!("{from:.1}"),
                // Something is always seen.
                width: format!("{:.1}", (to - from).max(1.0)),
            }
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a bar needs no more than three digits"
)]
fn place(at: Timestamp, least: i64, most: i64) -> f64 {
    if at == Timestamp::ALWAYS {
        return 0.0;
    }
    if at == Timestamp::FOREVER {
        return 100.0;
    }
    let share = (at.as_micros() - least) as f64 / (most - least).max(1) as f64;
    BEGINS + share * LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_over_is_two_bars_that_touch() {
        let times = Times(jiff::tz::TimeZone::UTC);
        let now: Timestamp = "2026-07-01T00:00:00Z".parse().expect("a time");
        let handed: Timestamp = "2026-06-01T00:00:00Z".parse().expect("a time");
        let periods = [
            Period::new(Timestamp::ALWAYS, handed).expect("ordered"),
            Period::new(handed, Timestamp::FOREVER).expect("ordered"),
        ];
        let spans = spans(&times, now, &periods);
        assert_eq!((spans[0].x.as_str(), spans[0].now), ("0.0", false));
        assert_eq!((spans[1].x.as_str(), spans[1].now), ("8.0", true));
        assert_eq!(
            (spans[0].width.as_str(), spans[1].width.as_str()),
            ("8.0", "92.0")
        );
        assert_eq!(spans[0].from, "always");
    }
}
