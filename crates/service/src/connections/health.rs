//! How connections are: checking, pausing, resuming.

use counterpart_connector::{Allowance, CheckReport, ConnectorError, ErrorClass, ProbeOutcome};
use counterpart_model::connection::{Health, RemoteOrg};
use counterpart_model::{
    Code, Connection, ConnectionId, ConnectionState, OrganizationId, Role, Timestamp,
};

use crate::{Actor, Error, Event, Result, Service};

impl Service {
    /// Checks a stored connection and notes how it is.
    pub async fn check_connection(&self, actor: &Actor, id: ConnectionId) -> Result<CheckReport> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        let opened = self.open(actor.organization(), &connection).await?;
        let check = opened.connector.check(&opened.access()).await;
        if let Ok(report) = &check
            && let Some(found) = &report.org
        {
            self.refuse_moved(actor.organization(), &connection, found)
                .await?;
        }
        if connection.health.state != ConnectionState::Paused {
            let health = health_of(&check, self.now());
            let org = check.as_ref().ok().and_then(|report| report.org.as_ref());
            self.note(actor.organization(), id, &health, org).await?;
        }
        Ok(check?)
    }

    /// How many requests a connection may still send; `None` where the provider does not say.
    /// Asks the provider.
    pub async fn connection_allowance(
        &self,
        actor: &Actor,
        id: ConnectionId,
    ) -> Result<Option<Allowance>> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        let opened = self.open(actor.organization(), &connection).await?;
        match opened.connector.allowance(&opened.access()).await {
            Err(error) if *error.class() == ErrorClass::Unsupported => Ok(None),
            answer => Ok(answer?),
        }
    }

    /// Fails, and notes it, when a connection leads to another organization of the vendor.
    pub(crate) async fn refuse_moved(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        found: &RemoteOrg,
    ) -> Result<()> {
        let Some(known) = connection
            .remote_org
            .as_ref()
            .filter(|known| known.id != found.id)
        else {
            return Ok(());
        };
        let detail = format!(
            "{} leads to {} now; its users and mappings belong to {}",
            connection.name,
            found.name.as_deref().unwrap_or(&found.id),
            known.name.as_deref().unwrap_or(&known.id)
        );
        let health = Health {
            state: ConnectionState::Broken,
            since: self.now(),
            code: Some(Code::ConnectionOtherOrg),
            detail: Some(detail.clone()),
        };
        self.note(organization, connection.id, &health, None)
            .await?;
        Err(Error::new(Code::ConnectionOtherOrg, detail))
    }

    /// Switches a connection off: no calls to the CRM until it is resumed. Mappings stay.
    pub async fn pause_connection(&self, actor: &Actor, id: ConnectionId) -> Result<()> {
        self.switch(actor, id, ConnectionState::Paused, "connection.paused")
            .await
    }

    /// Switches a paused connection on again.
    pub async fn resume_connection(&self, actor: &Actor, id: ConnectionId) -> Result<()> {
        self.switch(actor, id, ConnectionState::New, "connection.resumed")
            .await
    }

    async fn switch(
        &self,
        actor: &Actor,
        id: ConnectionId,
        state: ConnectionState,
        action: &str,
    ) -> Result<()> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        let health = Health {
            state,
            since: self.now(),
            code: None,
            detail: None,
        };
        self.note(actor.organization(), id, &health, None).await?;
        let event = self.audit_event(actor.account(), action, &connection.name);
        self.audit(actor.organization(), event).await
    }

    /// Notes how a connection is and tells whoever looks.
    pub(crate) async fn note(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        health: &Health,
        org: Option<&RemoteOrg>,
    ) -> Result<()> {
        self.store()
            .note_health(organization, id, health, org)
            .await?;
        self.tell(Event::Connection {
            organization_id: organization,
            connection_id: id,
        });
        Ok(())
    }
}

/// How a connection is after a check.
pub(super) fn health_of(
    check: &std::result::Result<CheckReport, ConnectorError>,
    now: Timestamp,
) -> Health {
    match check {
        Ok(report) => {
            let failed = report
                .probes
                .iter()
                .find(|probe| probe.outcome == ProbeOutcome::Failed);
            match failed {
                None => Health {
                    state: ConnectionState::Healthy,
                    since: now,
                    code: None,
                    detail: None,
                },
                Some(probe) => Health {
                    state: ConnectionState::Broken,
                    since: now,
                    code: Some(probe.code.unwrap_or(Code::ConnectionForbidden)),
                    detail: Some(match &probe.detail {
                        Some(detail) => format!("{}: {detail}", probe.title),
                        None => probe.title.clone(),
                    }),
                },
            }
        }
        Err(error) => health_after(error, now),
    }
}

/// How a connection is after a failure.
pub(crate) fn health_after(error: &ConnectorError, now: Timestamp) -> Health {
    Health {
        state: if error.is_passing() {
            ConnectionState::Troubled
        } else {
            ConnectionState::Broken
        },
        since: now,
        code: Some(error.code()),
        detail: Some(error.message().to_owned()),
    }
}
