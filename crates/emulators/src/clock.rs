//! The emulator's clock: the machine's, plus what somebody moved it on by. Tests let a token
//! expire by moving it, not by waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A clock shared by all parts of one emulator.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the second: the vendors' times carry no more.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the emulators' one look at the clock"
    )]
    pub(crate) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_seconds.load(Ordering::SeqCst));
        let now = Timestamp::now();
        let now = now.checked_add(ahead).unwrap_or(now);
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Moves the clock on (or, with a negative number, back).
    pub(crate) fn advance(&self, seconds: i64) {
        self.ahead_seconds.fetch_add(seconds, Ordering::SeqCst);
    }
}
