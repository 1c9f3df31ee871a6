//! What happens at a drift by itself.

use counterpart_model::{
    ChangeSetOrigin, Code, ConnectionId, Drift, DriftPolicies, DriftPolicy, OrganizationId,
    PageRequest, Role, paging::LARGEST_PAGE,
};
use counterpart_store::drift::DriftQuery;

use super::RepairRequest;
use crate::{Actor, Error, Kind, Result, Service};

impl Service {
    /// What happens when a mapping of a connection drifts.
    pub async fn drift_policies(
        &self,
        actor: &Actor,
        connection: ConnectionId,
    ) -> Result<DriftPolicies> {
        self.connection(actor, connection).await?;
        Ok(self
            .store()
            .drift_policies(actor.organization(), connection)
            .await?)
    }

    /// Says what happens when a mapping of a connection drifts, and looks at it anew. A repair
    /// that would be a guess is never applied by itself.
    pub async fn set_drift_policies(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        policies: &DriftPolicies,
    ) -> Result<()> {
        actor.require(Role::Admin)?;
        let known = self.connection(actor, connection).await?;
        let guessing = policies
            .named()
            .find(|(cause, policy)| *policy == DriftPolicy::Act && !cause.may_act());
        if let Some((cause, _)) = guessing {
            return Err(Error::new(
                Code::DriftPolicyInvalid,
                format!("{cause} cannot be put right by itself, because that would be a guess"),
            ));
        }
        self.store()
            .set_drift_policies(actor.organization(), connection, policies)
            .await?;
        let details = policies
            .named()
            .map(|(cause, policy)| format!("{cause} {}", policy.as_str()))
            .collect::<Vec<_>>()
            .join(", ");
        let details = format!("{}: {details}", known.name);
        let event = self.audit_event(actor.account(), "connection.drift_policies", details);
        self.audit(actor.organization(), event).await?;
        self.evaluate(actor.organization(), Some(&[connection]))
            .await
    }

    /// Applies the primary repair of every drift of a connection where its policy says so and
    /// nothing is left to choose. Each is a change set of its own that names the cause.
    pub(crate) async fn act_on_drift(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<()> {
        let policies = self
            .store()
            .drift_policies(organization, connection)
            .await?;
        let acting = |drift: &Drift| {
            policies.of(drift.cause) == DriftPolicy::Act
                && drift.cause.may_act()
                && super::listing::repairs_of(drift).first() == Some(&drift.cause.primary_repair())
        };
        let query = DriftQuery {
            connection_id: Some(connection),
            primary_only: true,
            ..DriftQuery::default()
        };
        let mut wanted = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_drift(organization, &query, &request)
                .await?;
            wanted.extend(page.items.into_iter().filter(acting));
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => break,
            }
        }
        let actor = self.operator(organization, ChangeSetOrigin::Policy);
        for drift in wanted {
            let request = RepairRequest {
                reason: Some(format!("{}: {}", drift.cause, drift.detail)),
                ..RepairRequest::new(drift.mapping_id, drift.cause.primary_repair())
            };
            match self.repair_drift(&actor, &request).await {
                Ok(_) => {}
                // Somebody was quicker, or the other user is taken: it stays shown.
                Err(error) if error.kind() != Kind::Internal => {
                    tracing::info!(cause = %drift.cause, %error, "a drift is left as it is");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
