//! Keeping sessions: sealed, stored before they are used, renewed by one at a time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use counterpart_connector::{
    ConnectorError, ErrorClass, SessionGuard, SessionKeeper, SessionState,
};
use counterpart_model::{ConnectionId, OrganizationId, sealed::WrappedKey};
use secrecy::SecretString;

use super::SESSION;
use crate::{Result, Service, access};

/// For how long one renewal may hold everybody else up.
const LEASE_SECONDS: i64 = 60;
/// How often somebody who waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// How often at most: twice as long as a lease lasts.
const LOOKS: u32 = 1_200;

/// Keeps the session of a stored connection.
pub(crate) struct StoredSession {
    service: Service,
    organization: OrganizationId,
    connection: ConnectionId,
    key: WrappedKey,
}

impl StoredSession {
    pub(super) const fn new(
        service: Service,
        organization: OrganizationId,
        connection: ConnectionId,
        key: WrappedKey,
    ) -> Self {
        Self {
            service,
            organization,
            connection,
            key,
        }
    }

    async fn keep(&self, name: &str, value: &SecretString) -> Result<()> {
        let sealed =
            self.service
                .seal(&self.key, self.organization, self.connection, name, value)?;
        let store = self.service.store();
        Ok(store
            .put_credential(self.organization, self.connection, name, &sealed)
            .await?)
    }
}

#[async_trait]
impl SessionKeeper for StoredSession {
    async fn load(&self) -> std::result::Result<Option<SessionState>, ConnectorError> {
        let kept = self
            .service
            .open_credential(&self.key, self.organization, self.connection, SESSION)
            .await
            .map_err(|error| not_kept(&error))?;
        Ok(kept.as_ref().and_then(SessionState::from_secret))
    }

    async fn store(&self, session: &SessionState) -> std::result::Result<(), ConnectorError> {
        self.keep(SESSION, &session.to_secret())
            .await
            .map_err(|error| not_kept(&error))
    }

    async fn clear(&self) -> std::result::Result<(), ConnectorError> {
        self.keep(SESSION, &String::new().into())
            .await
            .map_err(|error| not_kept(&error))
    }

    async fn lock(&self) -> std::result::Result<SessionGuard, ConnectorError> {
        let name = format!("session {}", self.connection);
        let holder = access::random_text(self.service.entropy());
        for _ in 0..LOOKS {
            let now = self.service.now();
            let taken = self
                .service
                .store()
                .take_lease(
                    self.organization,
                    &name,
                    &holder,
                    now,
                    now.plus_seconds(LEASE_SECONDS),
                )
                .await
                .map_err(|error| not_kept(&error.into()))?;
            if taken {
                return Ok(SessionGuard::new(Lease {
                    service: self.service.clone(),
                    organization: self.organization,
                    name,
                    holder,
                }));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(ConnectorError::new(
            ErrorClass::Transient,
            "another process has been signing in for too long; try again",
        ))
    }

    async fn store_credential(
        &self,
        name: &str,
        value: &SecretString,
    ) -> std::result::Result<(), ConnectorError> {
        self.keep(name, value)
            .await
            .map_err(|error| not_kept(&error))
    }
}

fn not_kept(error: &crate::Error) -> ConnectorError {
    ConnectorError::with_code(ErrorClass::Transient, error.code(), error.detail())
}

/// A lease that is given back when dropped; it ends by itself when that fails.
struct Lease {
    service: Service,
    organization: OrganizationId,
    name: String,
    holder: String,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let service = self.service.clone();
        let organization = self.organization;
        let (name, holder) = (
            std::mem::take(&mut self.name),
            std::mem::take(&mut self.holder),
        );
        runtime.spawn(async move {
            if let Err(error) = service
                .store()
                .release_lease(organization, &name, &holder)
                .await
            {
                tracing::warn!(%error, lease = name, "lease not given back; it ends by itself");
            }
        });
    }
}

/// Keeps the session of a connection that is not stored yet.
#[derive(Default)]
pub(super) struct UnsavedSession {
    session: Mutex<Option<SessionState>>,
    credentials: Mutex<Vec<(String, SecretString)>>,
}

impl UnsavedSession {
    /// The session there is, and the credentials that the provider replaced meanwhile.
    pub(super) fn into_parts(self) -> (Option<SessionState>, Vec<(String, SecretString)>) {
        let session = self
            .session
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let credentials = self
            .credentials
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        (session, credentials)
    }
}

#[async_trait]
impl SessionKeeper for UnsavedSession {
    async fn load(&self) -> std::result::Result<Option<SessionState>, ConnectorError> {
        Ok(self
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    async fn store(&self, session: &SessionState) -> std::result::Result<(), ConnectorError> {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.clone());
        Ok(())
    }

    async fn clear(&self) -> std::result::Result<(), ConnectorError> {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    async fn lock(&self) -> std::result::Result<SessionGuard, ConnectorError> {
        // One form is tested by one task; there is nobody to keep out.
        Ok(SessionGuard::new(()))
    }

    async fn store_credential(
        &self,
        name: &str,
        value: &SecretString,
    ) -> std::result::Result<(), ConnectorError> {
        self.credentials
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((name.to_owned(), value.clone()));
        Ok(())
    }
}
