//! Keepers for tests and single commands: everything in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use counterpart_model::{Clock, Timestamp};
use secrecy::SecretString;

use crate::{ConnectorError, Pause, SessionGuard, SessionKeeper, SessionState};

/// Keeps a session in memory.
#[derive(Debug, Default)]
pub struct MemorySessions {
    session: Mutex<Option<SessionState>>,
    credentials: Mutex<BTreeMap<String, SecretString>>,
    lease: Arc<tokio::sync::Mutex<()>>,
}

impl MemorySessions {
    /// A keeper without a session.
    pub fn new() -> Self {
        Self::default()
    }

    /// The credentials that the provider replaced.
    pub fn replaced_credentials(&self) -> BTreeMap<String, SecretString> {
        lock(&self.credentials).clone()
    }
}

#[async_trait]
impl SessionKeeper for MemorySessions {
    async fn load(&self) -> Result<Option<SessionState>, ConnectorError> {
        Ok(lock(&self.session).clone())
    }

    async fn store(&self, session: &SessionState) -> Result<(), ConnectorError> {
        *lock(&self.session) = Some(session.clone());
        Ok(())
    }

    async fn clear(&self) -> Result<(), ConnectorError> {
        *lock(&self.session) = None;
        Ok(())
    }

    async fn lock(&self) -> Result<SessionGuard, ConnectorError> {
        let lease = Arc::clone(&self.lease).lock_owned().await;
        Ok(SessionGuard::new(lease))
    }

    async fn store_credential(
        &self,
        name: &str,
        value: &SecretString,
    ) -> Result<(), ConnectorError> {
        lock(&self.credentials).insert(name.to_owned(), value.clone());
        Ok(())
    }
}

/// Does not wait, and remembers for how long it should have.
#[derive(Debug, Default)]
pub struct RecordedPause(Mutex<Vec<Duration>>);

impl RecordedPause {
    /// Nothing waited for yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long was waited, in order.
    pub fn lengths(&self) -> Vec<Duration> {
        lock(&self.0).clone()
    }
}

#[async_trait]
impl Pause for RecordedPause {
    async fn pause(&self, length: Duration) {
        lock(&self.0).push(length);
    }
}

/// A clock that stands where it is set.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// A clock that shows `now`.
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves it on.
    pub fn advance(&self, seconds: i64) {
        let mut now = lock(&self.0);
        *now = now.plus_seconds(seconds);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
