//! Slows down whoever guesses passwords: per address, and per place the attempts come from.

use std::time::Duration;

use counterpart_model::{Code, folding};

use crate::{Error, Result, Service};

/// How far back failures count, in seconds.
const WINDOW: i64 = 15 * 60;
/// How many failures are free for one account.
const FREE_PER_ACCOUNT: u64 = 5;
/// How many are free for one place: a whole office may sit behind one address.
const FREE_PER_PLACE: u64 = 30;

impl Service {
    /// Fails while somebody who failed too often has to wait.
    pub(super) async fn throttle(&self, email: &str, place: &str) -> Result<()> {
        for (key, free) in keys(email, place) {
            let now = self.now();
            let (failures, last) = self
                .store()
                .sign_in_failures(&key, now.plus_seconds(-WINDOW))
                .await?;
            let Some(last) = last.filter(|_| failures >= free) else {
                continue;
            };
            // 2, 4, 8 … seconds after the last failure, at most the window.
            let wait = 1_i64 << (failures - free + 1).min(10);
            let left = last.plus_seconds(wait.min(WINDOW)).seconds_since(now);
            if left > 0 {
                let wait = Duration::from_secs(left.unsigned_abs());
                return Err(Error::new(
                    Code::AuthThrottled,
                    format!("too many attempts to sign in; wait {left} s"),
                )
                .retry_after(wait));
            }
        }
        Ok(())
    }

    /// Notes that an attempt failed.
    pub(super) async fn note_failure(&self, email: &str, place: &str) -> Result<()> {
        for (key, _) in keys(email, place) {
            self.store().note_sign_in_failure(&key, self.now()).await?;
        }
        Ok(())
    }

    /// Forgets the failures of an account that has signed in; those of the place stay.
    pub(super) async fn forget_failures(&self, email: &str) -> Result<()> {
        Ok(self
            .store()
            .clear_sign_in_failures(&account_key(email))
            .await?)
    }
}

fn account_key(email: &str) -> String {
    format!(
        "account {}",
        folding::fold_email(email).unwrap_or_else(|| email.to_lowercase())
    )
}

fn keys(email: &str, place: &str) -> [(String, u64); 2] {
    [
        (account_key(email), FREE_PER_ACCOUNT),
        (format!("place {place}"), FREE_PER_PLACE),
    ]
}
