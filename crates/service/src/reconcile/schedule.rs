//! What is left for later: connections too large to be looked at while somebody waits, and
//! everybody once a day.

use std::time::Duration;

use counterpart_model::{Connection, OrganizationId};
use counterpart_store::evaluations::Evaluation;

use super::full::Wanted;
use crate::{Event, Result, Service};

/// How often to look for what is due when nothing wakes.
const LOOK: Duration = Duration::from_secs(20);

/// After how long everybody is looked at anew though nothing seems to have changed, in seconds:
/// mappings and decisions begin and end by themselves, and what was decided teaches.
pub(super) const EVERYBODY_EVERY: i64 = 24 * 60 * 60;

impl Service {
    /// Looks at what is left for later as it comes, until the task is dropped. Several nodes may
    /// do it at once: a connection is one node's at a time.
    pub async fn keep_reconciled(&self) {
        loop {
            if let Err(error) = self.reconcile_due().await {
                tracing::warn!(code = %error.code(), %error, "proposals not looked at anew");
            }
            tokio::select! {
                () = self.reconciling.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Looks at everything that is due now: where something changed that nobody looked at, and
    /// where nobody has looked for a day.
    pub async fn reconcile_due(&self) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let id = organization.id;
            let evaluations = self.store().list_evaluations(id).await?;
            for connection in self.evaluable(id).await? {
                let mut known = evaluations.iter();
                let known = known.find(|known| known.connection_id == connection.id);
                let known = known.copied().unwrap_or(Evaluation::none(connection.id));
                if let Err(error) = self.reconcile_if_due(id, &connection, known).await {
                    tracing::warn!(
                        connection = connection.name,
                        code = %error.code(),
                        %error,
                        "proposals not looked at anew"
                    );
                }
            }
        }
        Ok(())
    }

    async fn reconcile_if_due(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        known: Evaluation,
    ) -> Result<()> {
        let since = |at| self.now().seconds_since(at);
        if known.open_changes > 0 {
            self.evaluate_fully(organization, connection, Wanted::IfStale)
                .await?;
        } else if known
            .evaluated_at
            .is_none_or(|at| since(at) >= EVERYBODY_EVERY)
        {
            self.evaluate_fully(organization, connection, Wanted::Now)
                .await?;
        } else {
            return Ok(());
        }
        self.tell(Event::Mapping {
            organization_id: organization,
        });
        Ok(())
    }
}
