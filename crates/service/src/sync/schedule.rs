//! Syncing by the clock, without anybody pressing a button.

use std::time::Duration;

use counterpart_model::{ChangeSetOrigin, Code, Connection, ConnectionState};

use super::retrying::may_try;
use crate::mapping::has_crm_users;
use crate::{Actor, Result, Service};

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

    /// Syncs every connection that is due now, one after the other, and ends held runs about
    /// which nobody decided in time.
    pub async fn sync_due(&self, interval: Duration) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let actor = self.operator(organization.id, ChangeSetOrigin::Cli);
            for connection in self.store().list_connections(organization.id).await? {
                if connection.health.state == ConnectionState::Held {
                    self.expire_held(&actor, &connection).await?;
                    continue;
                }
                if !self.is_due(&connection, interval) {
                    continue;
                }
                match self.sync_by_schedule(&actor, connection.id).await {
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

    /// Ends the held run of a connection when its time is over.
    async fn expire_held(&self, actor: &Actor, connection: &Connection) -> Result<()> {
        let Some(run) = self.newest_held(actor, connection).await? else {
            return Ok(());
        };
        if run.held_until.is_some_and(|until| until <= self.now()) {
            self.expire_run(actor, &run).await?;
        }
        Ok(())
    }

    /// Whether it is time: the last sync is long ago, and a failing connection has waited.
    fn is_due(&self, connection: &Connection, interval: Duration) -> bool {
        let wait = i64::try_from(interval.as_secs()).unwrap_or(i64::MAX);
        let long_ago = |at| self.now().seconds_since(at) >= wait;
        has_crm_users(connection)
            && match connection.health.state {
                ConnectionState::Healthy => {
                    connection.synced_at.is_some_and(long_ago)
                        && connection
                            .health
                            .next_try()
                            .is_none_or(|next| next <= self.now())
                }
                ConnectionState::Troubled if connection.health.retry.is_none() => {
                    long_ago(connection.health.since)
                }
                ConnectionState::Troubled | ConnectionState::Broken => {
                    may_try(&connection.health, self.now())
                }
                // Somebody has to look first.
                ConnectionState::New | ConnectionState::Held | ConnectionState::Paused => false,
            }
    }
}
