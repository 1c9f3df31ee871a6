//! Keeping within the calls that a system allows.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counterpart_model::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::response::{Response, parse_http_date};

/// The longest wait that a `Retry-After` header is believed: a day, after which every known quota
/// is renewed.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// How many calls a system allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceLimit {
    /// How many calls in any period.
    pub calls: NonZeroU32,
    /// The length of the period. Zero means that only `at_once` limits.
    pub period: Duration,
    /// How many calls at the same time.
    pub at_once: NonZeroUsize,
}

/// Spaces the calls of one connection so that no window of [`PaceLimit::period`] holds more than
/// [`PaceLimit::calls`]. Clones share the count.
///
/// It is a token bucket (the generic cell rate algorithm): a quarter of the calls may come at
/// once, the others evenly after them. It uses Tokio's clock, which tests can set.
#[derive(Debug, Clone)]
pub struct Pace {
    places: Arc<Semaphore>,
    schedule: Arc<Mutex<Schedule>>,
}

/// A call's permission to be under way; ends when dropped.
#[derive(Debug)]
#[must_use = "the call counts as ended when the permit is dropped"]
pub struct Permit {
    _place: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct Schedule {
    /// The time between two calls when the bucket is empty.
    interval: Duration,
    /// How far the schedule may run ahead of time.
    tolerance: Duration,
    /// When the bucket would be full again; `None` before the first call.
    full_at: Option<Instant>,
    /// Nothing goes out before this, because the system said so.
    held_until: Option<Instant>,
}

impl Pace {
    /// A pace that keeps to `limit`, with a full bucket.
    pub fn new(limit: PaceLimit) -> Self {
        let calls = limit.calls.get();
        let burst = (calls / 4).max(1);
        // `burst` calls at once and then one per interval make `calls` in any one period.
        let interval = limit.period / (calls - burst + 1);
        let schedule = Schedule {
            interval,
            tolerance: interval * (burst - 1),
            full_at: None,
            held_until: None,
        };
        Self {
            places: Arc::new(Semaphore::new(
                limit.at_once.get().min(Semaphore::MAX_PERMITS),
            )),
            schedule: Arc::new(Mutex::new(schedule)),
        }
    }

    /// Waits until a call may be made. Hold the permit until its answer is read.
    #[expect(clippy::missing_panics_doc, reason = "the semaphore is never closed")]
    pub async fn permit(&self) -> Permit {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .expect("the semaphore is private and never closed");
        tokio::time::sleep_until(self.reserve(Instant::now())).await;
        // A system may ask for rest while this call waits for its turn.
        while let Some(until) = self.held_until() {
            tokio::time::sleep_until(until).await;
        }
        Permit { _place: place }
    }

    /// Lets no call out for `wait`, because the system asked for rest.
    pub fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_WAIT);
        let mut schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        schedule.held_until = schedule.held_until.max(Some(until));
    }

    /// Takes the next place in the schedule and says when its turn is.
    fn reserve(&self, now: Instant) -> Instant {
        let mut schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = schedule.full_at.map_or(now, |at| at.max(now));
        schedule.full_at = Some(full_at + schedule.interval);
        full_at
            .checked_sub(schedule.tolerance)
            .map_or(now, |turn| turn.max(now))
    }

    fn held_until(&self) -> Option<Instant> {
        let schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        schedule.held_until.filter(|until| *until > Instant::now())
    }
}

/// How long an answer asks to wait: its `Retry-After` header, in seconds or as a date, at most a
/// day. A date is compared with the answer's own `Date` where it has one, since the other side's
/// clock may be wrong, else with `now`. `None` if there is no such header or it is neither.
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    let wait = if let Some(wait) = seconds(text) {
        wait
    } else {
        let until = parse_http_date(text)?;
        let now = response.server_date().unwrap_or(now);
        let micros = until.as_micros().saturating_sub(now.as_micros());
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    };
    Some(wait.min(LONGEST_WAIT))
}

/// Whole or, as some systems send, fractional seconds. A number too large to hold is the longest
/// wait.
fn seconds(text: &str) -> Option<Duration> {
    let number = |c: char| c.is_ascii_digit() || c == '.';
    if text.is_empty() || !text.chars().all(number) {
        return None;
    }
    let seconds: f64 = text.parse().ok()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(calls: u32, seconds: u64, at_once: usize) -> PaceLimit {
        PaceLimit {
            calls: NonZeroU32::new(calls).expect("not zero"),
            period: Duration::from_secs(seconds),
            at_once: NonZeroUsize::new(at_once).expect("not zero"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_holds_more_calls_than_allowed() {
        for calls in [1, 2, 3, 4, 7, 40, 100] {
            let pace = Pace::new(limit(calls, 60, 1));
            let mut times = Vec::new();
            for _ in 0..calls * 3 {
                drop(pace.permit().await);
                times.push(Instant::now());
            }
            for window in times.windows(calls as usize + 1) {
                let length = window[calls as usize] - window[0];
                // Tokio's timer wheel rounds up to milliseconds, never down.
                let least = Duration::from_mins(1) - Duration::from_millis(1);
                assert!(length >= least, "{calls} calls and one more in {length:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_rested_connection_starts_at_once() {
        let pace = Pace::new(limit(40, 60, 10));
        let started = Instant::now();
        for _ in 0..10 {
            drop(pace.permit().await);
        }
        assert!(started.elapsed() <= Duration::from_millis(1));
    }

    #[tokio::test(start_paused = true)]
    async fn at_most_so_many_calls_are_under_way() {
        let pace = Pace::new(limit(1_000, 1, 2));
        let first = pace.permit().await;
        let _second = pace.permit().await;
        let third = tokio::time::timeout(Duration::from_mins(1), pace.permit()).await;
        assert!(third.is_err(), "a third call went out");
        drop(first);
        drop(pace.permit().await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_stops_calls_that_already_wait() {
        let pace = Pace::new(limit(1, 10, 2));
        let started = Instant::now();
        drop(pace.permit().await);
        let waiting = tokio::spawn({
            let pace = pace.clone();
            async move {
                drop(pace.permit().await);
                Instant::now()
            }
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        pace.hold(Duration::from_secs(30));
        let went_out = waiting.await.expect("no panic");
        assert!(went_out - started >= Duration::from_secs(31));
    }

    #[test]
    fn retry_after_is_read_in_every_form_and_bounded() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        for (text, expected) in [
            ("7", Some(Duration::from_secs(7))),
            (" 0 ", Some(Duration::ZERO)),
            ("1.5", Some(Duration::from_millis(1_500))),
            ("99999999999999999999999999", Some(LONGEST_WAIT)),
            (
                "Sun, 22 Nov 2026 10:01:00 GMT",
                Some(Duration::from_mins(1)),
            ),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(Duration::ZERO)),
            ("Fri, 22 Nov 2126 10:00:00 GMT", Some(LONGEST_WAIT)),
            ("soon", None),
            ("-5", None),
            ("inf", None),
            ("", None),
        ] {
            let response = Response::recorded(429, &[("Retry-After", text)], "");
            assert_eq!(retry_after(&response, now), expected, "{text:?}");
        }
        assert_eq!(retry_after(&Response::recorded(429, &[], ""), now), None);
    }

    #[test]
    fn a_wrong_clock_on_either_side_does_not_change_the_wait() {
        let now: Timestamp = "2020-01-01T00:00:00Z".parse().expect("a time");
        let headers = [
            ("Date", "Sun, 22 Nov 2026 10:00:00 GMT"),
            ("Retry-After", "Sun, 22 Nov 2026 10:00:05 GMT"),
        ];
        let response = Response::recorded(429, &headers, "");
        assert_eq!(retry_after(&response, now), Some(Duration::from_secs(5)));
    }
}
