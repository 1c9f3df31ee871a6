//! Syncing by the clock, without anybody pressing a button.

use std::time::Duration;

use counterpart_model::{ChangeSetOrigin, Code, Connection, ConnectionState};

use super::SyncMode;
use crate::mapping::has_crm_users;
use crate::{Result, Service};

/// How often to look whether a connection is due.
const LOOK: Duration = Duration::from_secs(20);

impl Service {
    /// Syncs every connection that works at least every `interval`, until the task is dropped.
    /// Several nodes may do it at once: a run is one node's.
    pub async fn keep_synced(&self, interval: Duration) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.sync_due(interval).await {
                tracing::warn!(code = %error.code(), %error, "scheduled sync not possible");
            }
        }
    }

    async fn sync_due(&self, interval: Duration) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let actor = self.operator(organization.id, ChangeSetOrigin::Cli);
            for connection in self.store().list_connections(organization.id).await? {
                if !self.is_due(&connection, interval) {
                    continue;
                }
                match self.sync(&actor, connection.id, SyncMode::Quick).await {
                    Ok(_) => {}
                    Err(error) if error.code() == Code::ConnectionBusy => {}
                    Err(error) => {
                        tracing::warn!(
                            connection = connection.name,
                            code = %error.code(),
                            %error,
                            "scheduled sync failed"
                        );
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether it is time: the last sync is long ago, and so is the last trouble.
    fn is_due(&self, connection: &Connection, interval: Duration) -> bool {
        let wait = i64::try_from(interval.as_secs()).unwrap_or(i64::MAX);
        let long_ago = |at| self.now().seconds_since(at) >= wait;
        has_crm_users(connection)
            && match connection.health.state {
                ConnectionState::Healthy => connection.synced_at.is_some_and(long_ago),
                ConnectionState::Troubled => long_ago(connection.health.since),
                // Somebody has to look first.
                ConnectionState::New
                | ConnectionState::Broken
                | ConnectionState::Held
                | ConnectionState::Paused => false,
            }
    }
}
