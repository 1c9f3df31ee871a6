//! A stored connection, opened: everything its connector needs for a call.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use counterpart_connector::{Access, Connector, Credentials, TokioPause};
use counterpart_model::{Clock, Code, Connection, OrganizationId};
use counterpart_outbound::{Client, Pace, PaceLimit};

use super::sessions::StoredSession;
use crate::{Error, Result, Service};

/// A stored connection with its credentials opened. Lives as long as one job.
pub(crate) struct Opened {
    pub(crate) connector: Arc<dyn Connector>,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    session: StoredSession,
    client: Client,
    pace: Option<Pace>,
    clock: Arc<dyn Clock>,
}

impl Opened {
    /// What a call is given.
    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            settings: &self.settings,
            credentials: &self.credentials,
            client: &self.client,
            pace: self.pace.as_ref(),
            sessions: &self.session,
            clock: self.clock.as_ref(),
            pause: &TokioPause,
        }
    }
}

impl Service {
    /// The connector of a provider, or the error that there is none.
    pub(super) fn connector(&self, provider: &str) -> Result<Arc<dyn Connector>> {
        self.parts.connectors.get(provider).cloned().ok_or_else(|| {
            Error::new(
                Code::ConnectionProviderUnknown,
                format!("there is no connector `{provider}`"),
            )
        })
    }

    /// Opens a stored connection.
    pub(crate) async fn open(
        &self,
        organization: OrganizationId,
        connection: &Connection,
    ) -> Result<Opened> {
        let connector = self.connector(&connection.provider)?;
        let key = self.data_key(organization).await?;
        let credentials = self
            .open_credentials(&key, organization, connection.id)
            .await?;
        Ok(Opened {
            pace: pace_of(connector.as_ref()),
            connector,
            settings: connection.settings.clone(),
            credentials,
            session: StoredSession::new(self.clone(), organization, connection.id, key),
            client: self.parts.client.clone(),
            clock: Arc::clone(&self.parts.clock),
        })
    }
}

/// How fast a provider may be called, by its manifest.
pub(super) fn pace_of(connector: &dyn Connector) -> Option<Pace> {
    let rate = connector.manifest().rate.as_ref()?;
    Some(Pace::new(PaceLimit {
        calls: NonZeroU32::new(rate.requests)?,
        period: Duration::from_secs(rate.per_seconds.into()),
        at_once: NonZeroUsize::new(usize::try_from(rate.at_once).ok()?)?,
    }))
}
