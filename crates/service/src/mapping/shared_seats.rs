//! Shared seats: CRM users that several people are at the same time.

use counterpart_model::{
    ChangeLine, ChangeSet, Code, ConnectionId, CrmUserId, Decision, DecisionId, DecisionKind,
    Mapping, Role, Timestamp,
};
use counterpart_store::mappings::MappingQuery;

use super::Unnamed;
use super::edits::forget;
use crate::{Actor, Error, Result, Service};

impl Service {
    /// The decision that several people use a CRM user, where there is one.
    pub(crate) async fn shared_seat(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_user: &CrmUserId,
    ) -> Result<Option<Decision>> {
        let now = self.now();
        let about = self
            .store()
            .decisions_on(actor.organization(), &[], &[(connection, crm_user.clone())])
            .await?;
        Ok(about.into_iter().find(|decision| {
            matches!(decision.kind, DecisionKind::SharedSeat { .. }) && now < decision.expires_at
        }))
    }

    /// The CRM users of a connection that several people use, with the decisions that say so.
    pub async fn shared_seats(
        &self,
        actor: &Actor,
        connection: ConnectionId,
    ) -> Result<Vec<(CrmUserId, DecisionId)>> {
        let now = self.now();
        let decisions = self.all_decisions(actor, Some(connection)).await?;
        let seats = decisions
            .into_iter()
            .filter(|decision| now < decision.expires_at)
            .filter_map(|decision| match decision.kind {
                DecisionKind::SharedSeat { crm_user_id } => Some((crm_user_id, decision.id)),
                _ => None,
            });
        Ok(seats.collect())
    }

    /// Records that several people use a CRM user: whoever is mapped to it stays, and more may
    /// be. Nothing to change is an error of its own ([`Code::ChangeSetEmpty`]).
    pub async fn decide_shared_seat(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_user: &CrmUserId,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let crm_user = self.crm_user(actor, connection, crm_user).await?;
        if self
            .shared_seat(actor, connection, &crm_user.id)
            .await?
            .is_some()
        {
            return self.apply(actor, Vec::new(), None, false).await;
        }
        let mut lines = vec![ChangeLine::Decision {
            before: None,
            after: Some(Box::new(Decision {
                id: DecisionId::generate(self.clock(), self.entropy()),
                connection_id: connection,
                kind: DecisionKind::SharedSeat {
                    crm_user_id: crm_user.id.clone(),
                },
                reason,
                expires_at: Timestamp::FOREVER,
                created_at: self.now(),
                version: 1,
            })),
        }];
        let seated = self.seated(actor, connection, &crm_user.id).await?;
        lines.extend(with_exclusivity(seated, false));
        let why = format!("{} is a shared seat", crm_user.profile.display_name);
        self.apply(actor, lines, Some(why), false).await
    }

    /// The lines that withdraw a shared seat: the decision goes, and its mappings are exclusive
    /// again unless the connection says otherwise. Refused, with the list, while several people
    /// are mapped to it at one time.
    pub(super) async fn lines_to_unshare(
        &self,
        actor: &Actor,
        decision: Decision,
    ) -> Result<Vec<ChangeLine>> {
        let DecisionKind::SharedSeat { crm_user_id } = &decision.kind else {
            return Ok(vec![forget(decision)]);
        };
        let connection = self.connection(actor, decision.connection_id).await?;
        if !connection.cardinality.crm_user_exclusive() {
            return Ok(vec![forget(decision)]);
        }
        let seated = self.seated(actor, connection.id, crm_user_id).await?;
        let lines: Vec<ChangeLine> = with_exclusivity(seated.clone(), true).collect();
        let together = self.at_one_time(actor, &seated, &lines).await?;
        if !together.is_empty() {
            return Err(Error::new(
                Code::MappingOverlap,
                format!(
                    "several people are mapped to {crm_user_id} in {} at one time: {}; end \
                     mappings until one is left at a time",
                    connection.name,
                    together.join(", ")
                ),
            ));
        }
        Ok([forget(decision)].into_iter().chain(lines).collect())
    }

    /// Every mapping to a CRM user, of any time.
    async fn seated(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_user: &CrmUserId,
    ) -> Result<Vec<Mapping>> {
        let query = MappingQuery {
            connection_id: Some(connection),
            crm_user_id: Some(crm_user.clone()),
            ..MappingQuery::default()
        };
        self.all_mappings(actor.organization(), &query).await
    }

    /// The names of people whose mappings overlap another one's.
    async fn at_one_time(
        &self,
        actor: &Actor,
        seated: &[Mapping],
        lines: &[ChangeLine],
    ) -> Result<Vec<String>> {
        let overlapping: Vec<&Mapping> = seated
            .iter()
            .filter(|one| {
                let mut others = seated.iter().filter(|other| other.id != one.id);
                others.any(|other| other.period.overlaps(&one.period))
            })
            .collect();
        if overlapping.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.names(actor, &Unnamed::in_lines(lines)).await?;
        let mut people: Vec<String> = overlapping
            .iter()
            .map(|mapping| {
                let name = names.people.get(&mapping.person_id);
                name.cloned()
                    .unwrap_or_else(|| mapping.person_id.to_string())
            })
            .collect();
        people.sort();
        people.dedup();
        Ok(people)
    }
}

/// The lines that make mappings exclusive on the CRM user's side, or shared; those that are so
/// already need none.
fn with_exclusivity(mappings: Vec<Mapping>, exclusive: bool) -> impl Iterator<Item = ChangeLine> {
    mappings
        .into_iter()
        .filter(move |mapping| mapping.crm_user_exclusive != exclusive)
        .map(move |mapping| {
            let after = Mapping {
                crm_user_exclusive: exclusive,
                ..mapping.clone()
            };
            ChangeLine::Mapping {
                before: Some(Box::new(mapping)),
                after: Some(Box::new(after)),
            }
        })
}
