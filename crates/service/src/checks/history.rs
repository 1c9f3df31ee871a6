//! Keeping system checks, and looking at those that were kept.

use counterpart_model::check::{KEPT_DAYS, KEPT_MOST};
use counterpart_model::{Code, Page, PageRequest, SystemCheck, SystemCheckId};
use counterpart_store::checks::{CheckQuery, KeepChecks};

use crate::{Actor, Error, Event, Result, Service};

impl Service {
    /// Keeps a check and tells whoever looks.
    pub(super) async fn keep_check(&self, actor: &Actor, check: &SystemCheck) -> Result<()> {
        let keep = KeepChecks {
            since: self.now().plus_seconds(-KEPT_DAYS * 24 * 60 * 60),
            most: KEPT_MOST,
        };
        self.store()
            .keep_system_check(actor.organization(), check, keep)
            .await?;
        self.tell(Event::Connection {
            organization_id: actor.organization(),
            connection_id: check.connection_id,
        });
        Ok(())
    }

    /// The system check of an id.
    pub async fn system_check(&self, actor: &Actor, id: SystemCheckId) -> Result<SystemCheck> {
        self.store()
            .find_system_check(actor.organization(), id)
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::RequestNotFound,
                    format!("there is no system check {id}; they are kept for {KEPT_DAYS} days"),
                )
            })
    }

    /// The system checks that fit, newest first.
    pub async fn list_system_checks(
        &self,
        actor: &Actor,
        query: &CheckQuery,
        page: &PageRequest,
    ) -> Result<Page<SystemCheck>> {
        if let Some(connection) = query.connection_id {
            self.connection(actor, connection).await?;
        }
        Ok(self
            .store()
            .list_system_checks(actor.organization(), query, page)
            .await?)
    }

    /// The newest system check of each connection itself.
    pub async fn newest_system_checks(&self, actor: &Actor) -> Result<Vec<SystemCheck>> {
        Ok(self
            .store()
            .newest_system_checks(actor.organization())
            .await?)
    }
}
