//! Checking by the clock: every connection once a day.

use std::time::Duration;

use counterpart_model::check::CheckTrigger;
use counterpart_model::connection::DIRECTORY;
use counterpart_model::{ChangeSetOrigin, Connection, ConnectionState, SystemCheck};

use crate::{Result, Service};

/// How often to look whether a connection is due.
const LOOK: Duration = Duration::from_mins(5);
/// How long after a check the next one follows, in seconds: a day.
const EVERY_SECONDS: i64 = 24 * 60 * 60;
/// How long one check may keep other nodes from making the same, in seconds.
const LEASE_SECONDS: i64 = 15 * 60;

impl Service {
    /// Checks every connection once a day, until the task is dropped. Several nodes may do it at
    /// once: a check is one node's.
    pub async fn keep_checked(&self) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if let Err(error) = self.check_due().await {
                tracing::warn!(code = %error.code(), %error, "scheduled system check not possible");
            }
        }
    }

    /// Checks every connection that is due now, one after the other.
    pub async fn check_due(&self) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let newest = self.store().newest_system_checks(organization.id).await?;
            for connection in self.store().list_connections(organization.id).await? {
                if !self.is_check_due(&connection, &newest) {
                    continue;
                }
                let now = self.now();
                let lease = format!("check {}", connection.id);
                let until = now.plus_seconds(LEASE_SECONDS);
                let taken = self
                    .store()
                    .take_lease(organization.id, &lease, &self.holder, now, until)
                    .await?;
                if !taken {
                    continue;
                }
                let actor = self.operator(organization.id, ChangeSetOrigin::Cli);
                let checked = self
                    .check_system_for(&actor, connection.id, CheckTrigger::Schedule)
                    .await;
                if let Err(error) = checked {
                    tracing::warn!(
                        connection = connection.name,
                        code = %error.code(),
                        %error,
                        "scheduled system check failed"
                    );
                }
            }
        }
        Ok(())
    }

    /// Whether it is time. One that nobody has tried yet, or that is switched off, waits for
    /// somebody.
    fn is_check_due(&self, connection: &Connection, newest: &[SystemCheck]) -> bool {
        let waits = matches!(
            connection.health.state,
            ConnectionState::New | ConnectionState::Paused
        );
        if waits || connection.provider == DIRECTORY {
            return false;
        }
        let last = newest
            .iter()
            .find(|check| check.connection_id == connection.id)
            .map_or(connection.created_at, |check| check.started_at);
        self.now().seconds_since(last) >= EVERY_SECONDS
    }
}
