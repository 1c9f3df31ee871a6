//! A connection that fails is tried less and less often, and not at all where only a person can
//! mend it.

use std::time::Duration;

use counterpart_connector::ConnectorError;
use counterpart_model::connection::{Health, Retry};
use counterpart_model::{Code, ConnectionState, Timestamp, entropy};

use super::pulling::Pull;
use crate::connections::health_after;
use crate::{Error, Kind, Result, Service};

/// After the first failure, in seconds.
const FIRST_WAIT: i64 = 15 * 60;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 24 * 60 * 60;

impl Service {
    /// Notes that a pull failed, and when the schedule may try again.
    pub(super) async fn note_failed_pull(&self, pull: &Pull, error: &ConnectorError) -> Result<()> {
        let mut health = health_after(error, self.now());
        health.retry = Some(self.retry(pull, error.code(), error.retry_after()));
        self.note(pull.organization, pull.connection.id, &health, None)
            .await
    }

    /// Notes trouble that passes, or that the CRM did not call a failure.
    pub(super) async fn note_trouble(&self, pull: &Pull, code: Code, detail: String) -> Result<()> {
        let mut health = Health::because(ConnectionState::Troubled, self.now(), code, detail);
        health.retry = Some(self.retry(pull, code, None));
        self.note(pull.organization, pull.connection.id, &health, None)
            .await
    }

    /// Notes that a connection could not even be opened. What is ours to mend says nothing of it.
    pub(super) async fn note_unopened(&self, pull: &Pull, error: &Error) -> Result<()> {
        if error.kind() == Kind::Internal {
            return Ok(());
        }
        let mut health = Health::because(
            ConnectionState::Broken,
            self.now(),
            error.code(),
            error.detail().to_owned(),
        );
        health.retry = Some(self.retry(pull, error.code(), None));
        self.note(pull.organization, pull.connection.id, &health, None)
            .await
    }

    fn retry(&self, pull: &Pull, code: Code, asked: Option<Duration>) -> Retry {
        let before = pull
            .connection
            .health
            .retry
            .filter(|retry| retry.failures > 0);
        let counted = before.filter(|_| pull.scheduled);
        let failures = counted.map_or(0, |retry| retry.failures).saturating_add(1);
        let now = self.now();
        let asked = asked.map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
        let jitter = u16::from_le_bytes(entropy::bytes(self.entropy()));
        let wait = wait(failures, jitter).max(asked.min(LONGEST_WAIT));
        Retry {
            failures,
            since: before.map_or(now, |retry| retry.since),
            next: (!needs_somebody(code)).then(|| now.plus_seconds(wait)),
        }
    }
}

/// Whether nothing but a person's doing makes it work again, so that every further try only
/// costs: it may lock the connecting user out.
const fn needs_somebody(code: Code) -> bool {
    matches!(
        code,
        Code::ConnectionUnauthorized
            | Code::ConnectionOtherOrg
            | Code::ConnectionSettingsInvalid
            | Code::ConnectionProviderUnknown
    )
}

/// How long to wait after so many failures in a row, in seconds: doubling, and up to a tenth
/// longer so that connections which failed together do not come back together.
fn wait(failures: u32, jitter: u16) -> i64 {
    let doublings = failures.saturating_sub(1).min(16);
    let wait = (FIRST_WAIT << doublings).min(LONGEST_WAIT);
    wait + wait / 10 * i64::from(jitter) / i64::from(u16::MAX)
}

/// Whether a failing connection may be tried again at `now`.
pub(super) fn may_try(health: &Health, now: Timestamp) -> bool {
    health.next_try().is_some_and(|next| next <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_quarter_of_an_hour_to_a_day() {
        let minutes = [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440];
        for (failures, expected) in (1..).zip(minutes) {
            assert_eq!(wait(failures, 0), expected * 60, "after {failures}");
        }
        assert_eq!(wait(u32::MAX, 0), LONGEST_WAIT);
    }

    #[test]
    fn jitter_adds_a_tenth_at_the_most() {
        assert_eq!(wait(1, u16::MAX), FIRST_WAIT + FIRST_WAIT / 10);
        assert_eq!(wait(30, u16::MAX), LONGEST_WAIT + LONGEST_WAIT / 10);
    }
}
