//! What a connector is given to work with: settings, credentials, the guarded client, and
//! somebody who keeps sessions.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use counterpart_model::{Clock, Timestamp};
use counterpart_outbound::{Client, Pace};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::ConnectorError;

/// Everything a call to a provider needs. Borrowed for the call, kept by nobody.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// The connection's settings, normalised, with the defaults of the manifest filled in.
    pub settings: &'a BTreeMap<String, String>,
    /// Its credentials, opened.
    pub credentials: &'a Credentials,
    /// The way out.
    pub client: &'a Client,
    /// How fast requests may follow each other; `None`: as fast as answers come.
    pub pace: Option<&'a Pace>,
    /// Who keeps the session.
    pub sessions: &'a dyn SessionKeeper,
    /// Tells the time.
    pub clock: &'a dyn Clock,
    /// Waits, between repetitions.
    pub pause: &'a dyn Pause,
}

impl fmt::Debug for Access<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("settings", &self.settings)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Waits. Tests pass one that does not, and remember for how long it was asked to.
#[async_trait]
pub trait Pause: Send + Sync {
    /// Waits for `length`.
    async fn pause(&self, length: Duration);
}

/// Waits by Tokio's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioPause;

#[async_trait]
impl Pause for TokioPause {
    async fn pause(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }
}

/// The credentials of a connection by the names of its manifest. `Debug` shows the names only;
/// the values are zeroed when dropped.
#[derive(Clone, Default)]
pub struct Credentials(BTreeMap<String, SecretString>);

impl Credentials {
    /// No credentials.
    pub fn new() -> Self {
        Self::default()
    }

    /// The credential of this name.
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    /// Sets a credential, in place of an earlier one of that name.
    pub fn insert(&mut self, name: impl Into<String>, value: SecretString) {
        self.0.insert(name.into(), value);
    }

    /// Removes a credential.
    pub fn remove(&mut self, name: &str) -> Option<SecretString> {
        self.0.remove(name)
    }

    /// Names and values, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, SecretString)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (String, SecretString)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What signing in yielded. All of it is secret: kept sealed, as one text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionState {
    /// The values by the names of the manifest.
    pub(crate) values: BTreeMap<String, String>,
    /// When it was obtained, by our clock.
    pub(crate) obtained_at: Timestamp,
    /// From when on it should not be used any more; `None`: until it is refused.
    pub(crate) expires_at: Option<Timestamp>,
}

impl SessionState {
    /// A session with these values.
    pub const fn new(
        values: BTreeMap<String, String>,
        obtained_at: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Self {
        Self {
            values,
            obtained_at,
            expires_at,
        }
    }

    /// The value of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// When it was obtained, by our clock.
    pub const fn obtained_at(&self) -> Timestamp {
        self.obtained_at
    }

    /// Whether it should not be used any more.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// The session as one secret text, to be sealed.
    pub fn to_secret(&self) -> SecretString {
        serde_json::json!(self).to_string().into()
    }

    /// The session of such a text; `None` if it is none, for example of another version: then
    /// it is to be signed in again.
    pub fn from_secret(secret: &SecretString) -> Option<Self> {
        serde_json::from_str(secret.expose_secret()).ok()
    }
}

impl fmt::Debug for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionState")
            .field("values", &self.values.keys().collect::<Vec<_>>())
            .field("obtained_at", &self.obtained_at)
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

/// The right to renew a session; given back when dropped.
pub struct SessionGuard {
    _held: Box<dyn Send>,
}

impl SessionGuard {
    /// A guard that keeps `held` until it is dropped.
    pub fn new(held: impl Send + 'static) -> Self {
        Self {
            _held: Box::new(held),
        }
    }
}

impl fmt::Debug for SessionGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionGuard")
    }
}

/// Keeps the session of one connection, sealed, so that one sign-in serves every process.
///
/// A session, and a refresh token that the provider replaced, are stored *before* they are used:
/// whoever crashes in between loses nothing.
#[async_trait]
pub trait SessionKeeper: Send + Sync {
    /// The session as it was stored last; also one stored by another process.
    async fn load(&self) -> Result<Option<SessionState>, ConnectorError>;

    /// Stores a session. When this returns, it is kept.
    async fn store(&self, session: &SessionState) -> Result<(), ConnectorError>;

    /// Forgets the session.
    async fn clear(&self) -> Result<(), ConnectorError>;

    /// Waits for the right to sign in or renew. Whoever gets it loads the session again first:
    /// somebody else may have renewed it meanwhile.
    async fn lock(&self) -> Result<SessionGuard, ConnectorError>;

    /// Replaces a credential that the provider changed, for example a rotated refresh token.
    async fn store_credential(
        &self,
        name: &str,
        value: &SecretString,
    ) -> Result<(), ConnectorError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_credentials_nor_sessions_show_their_values() {
        let mut credentials = Credentials::new();
        credentials.insert("client_secret", "hunter2".to_owned().into());
        let values = [("access_token".to_owned(), "hunter2".to_owned())].into();
        let session = SessionState::new(values, Timestamp::from_micros(0), None);
        let shown = format!("{credentials:?} {session:?}");
        assert!(shown.contains("client_secret") && shown.contains("access_token"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_session_survives_sealing() {
        let values = [("access_token".to_owned(), "t".to_owned())].into();
        let session = SessionState::new(values, Timestamp::from_micros(7), None);
        assert_eq!(
            SessionState::from_secret(&session.to_secret()),
            Some(session)
        );
        assert_eq!(SessionState::from_secret(&"other".to_owned().into()), None);
    }
}
