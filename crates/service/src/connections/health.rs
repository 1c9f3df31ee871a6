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
        self.note_tested(actor.organization(), &connection, &check)
            .await?;
        Ok(check?)
    }

    /// Notes how a connection is after a test of it; one that is paused or held stays so. One that
    /// leads to another organization now does not work, whatever else the test showed.
    pub(crate) async fn note_tested(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        tested: &std::result::Result<CheckReport, ConnectorError>,
    ) -> Result<()> {
        let state = connection.health.state;
        if matches!(state, ConnectionState::Paused | ConnectionState::Held) {
            return Ok(());
        }
        let org = tested.as_ref().ok().and_then(|report| report.org.as_ref());
        if let Some(found) = org
            && let Err(moved) = self.refuse_moved(organization, connection, found).await
        {
            return match moved.code() {
                Code::ConnectionOtherOrg => Ok(()),
                _ => Err(moved),
            };
        }
        let mut health = health_of(tested, self.now());
        if health.code.is_some() {
            // That somebody looked does not change when the schedule tries again.
            health.retry = connection.health.retry;
        }
        self.note(organization, connection.id, &health, org).await
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
        let health = Health::because(
            ConnectionState::Broken,
            self.now(),
            Code::ConnectionOtherOrg,
            detail.clone(),
        );
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
        let health = Health::plain(state, self.now());
        self.note(actor.organization(), id, &health, None).await?;
        let event = self.audit_event(actor.account(), action, &connection.name);
        self.audit(actor.organization(), event).await
    }

    /// Notes how a connection is and tells whoever looks. That it begins to fail, fails in
    /// another way or works again joins the audit chain: once for each change, not for each try.
    pub(crate) async fn note(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        health: &Health,
        org: Option<&RemoteOrg>,
    ) -> Result<()> {
        let before = self.store().find_connection(organization, id).await?;
        let event = before
            .and_then(|before| state_told(&before, health))
            .map(|(action, details)| self.audit_event(None, action, details));
        self.store()
            .note_health(organization, id, health, org, event)
            .await?;
        self.tell(Event::Connection {
            organization_id: organization,
            connection_id: id,
        });
        Ok(())
    }
}

/// What the audit chain says when a connection comes into another state; nothing where somebody's
/// own entry says it.
fn state_told(before: &Connection, health: &Health) -> Option<(&'static str, String)> {
    let failing = |state| matches!(state, ConnectionState::Troubled | ConnectionState::Broken);
    let detail = health.detail.as_deref().unwrap_or_default();
    match health.state {
        state if state == before.health.state => None,
        ConnectionState::Troubled => Some(("connection.troubled", detail)),
        ConnectionState::Broken => Some(("connection.broken", detail)),
        ConnectionState::Healthy if failing(before.health.state) => {
            Some(("connection.recovered", ""))
        }
        _ => None,
    }
    .map(|(action, detail)| {
        let details = match detail {
            "" => before.name.clone(),
            detail => format!("{}: {detail}", before.name),
        };
        (action, details)
    })
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
                None => Health::healthy(now),
                Some(probe) => Health::because(
                    ConnectionState::Broken,
                    now,
                    probe.code.unwrap_or(Code::ConnectionForbidden),
                    match &probe.detail {
                        Some(detail) => format!("{}: {detail}", probe.title),
                        None => probe.title.clone(),
                    },
                ),
            }
        }
        Err(error) => health_after(error, now),
    }
}

/// How a connection is after a failure.
pub(crate) fn health_after(error: &ConnectorError, now: Timestamp) -> Health {
    let state = if error.is_passing() {
        ConnectionState::Troubled
    } else {
        ConnectionState::Broken
    };
    Health::because(state, now, error.code(), error.message().to_owned())
}
