//! Turning what somebody wants for some cells into the lines of one change set.

use std::collections::HashMap;

use counterpart_model::{
    ChangeLine, Code, Connection, ConnectionId, CrmUserId, Decision, DecisionId, DecisionKind,
    DraftEdit, Mapping, MappingId, MappingOrigin, Period, PersonId, Timestamp,
};
use counterpart_store::mappings::MappingQuery;

use crate::{Actor, Error, Result, Service};

/// What somebody wants for a person in a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEdit {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// For whom.
    pub person_id: PersonId,
    /// What is wanted.
    pub edit: DraftEdit,
    /// The mapping that stood there when it was wanted; `None` to take what stands there now.
    pub based_on: Option<Option<(MappingId, u64)>>,
    /// When a new mapping is to hold. Where nothing is said it holds for good, since always or
    /// since either side was last mapped otherwise, and what has ended stays as it was: it is
    /// history, and about the present nothing wrong.
    pub period: Option<Period>,
    /// How a new mapping comes to be, where it is not an accepted proposal.
    pub origin: MappingOrigin,
}

impl CellEdit {
    /// The edit of a cell as it stands now, by hand.
    pub fn new(connection_id: ConnectionId, person_id: PersonId, edit: DraftEdit) -> Self {
        Self {
            connection_id,
            person_id,
            edit,
            based_on: None,
            period: None,
            origin: MappingOrigin::Manual,
        }
    }

    /// Whether it is about a mapping of its cell: one that overlaps its period, or without one
    /// has not ended.
    pub(super) fn concerns(&self, mapping: &Mapping, now: Timestamp) -> bool {
        match &self.period {
            Some(period) => mapping.period.overlaps(period),
            None => mapping.period.to() > now,
        }
    }
}

impl Service {
    /// The lines that make `edits` true. Edits that are true already make none.
    pub(super) async fn lines_of(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
    ) -> Result<Vec<ChangeLine>> {
        let connections: HashMap<ConnectionId, Connection> = self
            .store()
            .list_connections(actor.organization())
            .await?
            .into_iter()
            .map(|connection| (connection.id, connection))
            .collect();
        let mut lines = Vec::new();
        for edit in edits {
            let connection = connections.get(&edit.connection_id).ok_or_else(|| {
                Error::new(
                    Code::RequestNotFound,
                    format!("there is no connection {}", edit.connection_id),
                )
            })?;
            self.lines_of_edit(actor, connection, edit, &mut lines)
                .await?;
        }
        Ok(lines)
    }

    async fn lines_of_edit(
        &self,
        actor: &Actor,
        connection: &Connection,
        edit: &CellEdit,
        lines: &mut Vec<ChangeLine>,
    ) -> Result<()> {
        match &edit.edit {
            DraftEdit::Map {
                crm_user_id,
                accepted,
            } => {
                self.lines_to_map(actor, connection, edit, crm_user_id, *accepted, lines)
                    .await
            }
            DraftEdit::Unmap => {
                let standing = self.standing(actor, edit).await?;
                lines.extend(standing.into_iter().map(ChangeLine::remove_mapping));
                Ok(())
            }
            DraftEdit::NoAccount { reason, expires_at } => {
                let standing = self.standing(actor, edit).await?;
                lines.extend(standing.into_iter().map(ChangeLine::remove_mapping));
                let kind = DecisionKind::NoAccount {
                    person_id: edit.person_id,
                };
                let line = self
                    .line_to_decide(actor, edit, kind, reason.clone(), *expires_at)
                    .await?;
                lines.extend(line);
                Ok(())
            }
            DraftEdit::HasAccount => {
                lines.extend(self.lines_to_forget_no_account(actor, edit).await?);
                Ok(())
            }
            DraftEdit::Reject { crm_user_id } => {
                let crm_user = self.crm_user(actor, connection.id, crm_user_id).await?;
                let kind = DecisionKind::NotThisPair {
                    person_id: edit.person_id,
                    crm_user_id: crm_user.id,
                };
                let line = self
                    .line_to_decide(actor, edit, kind, None, Timestamp::FOREVER)
                    .await?;
                lines.extend(line);
                Ok(())
            }
        }
    }

    async fn lines_to_map(
        &self,
        actor: &Actor,
        connection: &Connection,
        edit: &CellEdit,
        crm_user_id: &CrmUserId,
        accepted: bool,
        lines: &mut Vec<ChangeLine>,
    ) -> Result<()> {
        let crm_user = self.crm_user(actor, connection.id, crm_user_id).await?;
        let standing = self.standing(actor, edit).await?;
        let period = match edit.period {
            Some(period) => period,
            None => self.since_free(actor, edit, &crm_user.id).await?,
        };
        if standing
            .iter()
            .any(|mapping| mapping.crm_user_id == crm_user.id && mapping.period == period)
        {
            return Ok(());
        }
        self.person(actor, edit.person_id).await?;
        let evidence = if accepted {
            self.store()
                .find_proposal(actor.organization(), connection.id, edit.person_id)
                .await?
                .filter(|proposal| proposal.crm_user_id == crm_user.id)
                .map(|proposal| proposal.evidence)
                .unwrap_or_default()
        } else {
            Vec::new()
        };
        let replaced = standing.into_iter().filter(|mapping| {
            connection.cardinality.person_exclusive() && mapping.period.overlaps(&period)
        });
        lines.extend(replaced.map(ChangeLine::remove_mapping));
        lines.extend(self.lines_to_forget_no_account(actor, edit).await?);
        lines.extend(
            self.lines_to_forget_rejection(actor, edit, &crm_user.id)
                .await?,
        );
        let shared = self
            .shared_seat(actor, connection.id, &crm_user.id)
            .await?
            .is_some();
        let id = MappingId::generate(self.clock(), self.entropy());
        let mapping = mapping_of(id, connection, edit, period, crm_user.id, accepted);
        lines.push(ChangeLine::add_mapping(Mapping {
            evidence,
            crm_user_exclusive: mapping.crm_user_exclusive && !shared,
            created_at: self.now(),
            ..mapping
        }));
        Ok(())
    }

    /// When a mapping holds of which nothing is said.
    async fn since_free(
        &self,
        actor: &Actor,
        edit: &CellEdit,
        crm_user_id: &CrmUserId,
    ) -> Result<Period> {
        let of_person = MappingQuery {
            connection_id: Some(edit.connection_id),
            person_id: Some(edit.person_id),
            ..MappingQuery::default()
        };
        let of_user = MappingQuery {
            connection_id: Some(edit.connection_id),
            crm_user_id: Some(crm_user_id.clone()),
            ..MappingQuery::default()
        };
        let organization = actor.organization();
        let mut mappings = self.all_mappings(organization, &of_person).await?;
        mappings.extend(self.all_mappings(organization, &of_user).await?);
        let pair = (edit.person_id, crm_user_id);
        Ok(since_free(mappings.iter(), pair, self.now()))
    }

    /// The mappings of the edit's cell that the edit is about; fails when the one that holds now
    /// is not the one on which the edit was based.
    async fn standing(&self, actor: &Actor, edit: &CellEdit) -> Result<Vec<Mapping>> {
        let query = MappingQuery {
            connection_id: Some(edit.connection_id),
            person_id: Some(edit.person_id),
            ..MappingQuery::default()
        };
        let all = self.all_mappings(actor.organization(), &query).await?;
        let now = self.now();
        if let Some(based_on) = edit.based_on {
            let holding = all
                .iter()
                .find(|mapping| mapping.period.contains(now))
                .map(|mapping| (mapping.id, mapping.version));
            if holding != based_on {
                let person = self.person(actor, edit.person_id).await?;
                return Err(Error::new(
                    Code::MappingStale,
                    format!(
                        "the mapping of {} was changed meanwhile",
                        person.profile.display_name
                    ),
                ));
            }
        }
        Ok(all
            .into_iter()
            .filter(|mapping| edit.concerns(mapping, now))
            .collect())
    }

    async fn line_to_decide(
        &self,
        actor: &Actor,
        edit: &CellEdit,
        kind: DecisionKind,
        reason: Option<String>,
        expires_at: Timestamp,
    ) -> Result<Option<ChangeLine>> {
        self.person(actor, edit.person_id).await?;
        let known = self.decisions_of_cell(actor, edit).await?;
        let before = known.into_iter().find(|decision| decision.kind == kind);
        if before
            .as_ref()
            .is_some_and(|known| known.reason == reason && known.expires_at == expires_at)
        {
            return Ok(None);
        }
        let after = Decision {
            id: before.as_ref().map_or_else(
                || DecisionId::generate(self.clock(), self.entropy()),
                |before| before.id,
            ),
            connection_id: edit.connection_id,
            kind,
            reason,
            expires_at,
            created_at: self.now(),
            version: 1,
        };
        Ok(Some(ChangeLine::Decision {
            before: before.map(Box::new),
            after: Some(Box::new(after)),
        }))
    }

    async fn lines_to_forget_no_account(
        &self,
        actor: &Actor,
        edit: &CellEdit,
    ) -> Result<Vec<ChangeLine>> {
        let known = self.decisions_of_cell(actor, edit).await?;
        Ok(known
            .into_iter()
            .filter(|decision| matches!(decision.kind, DecisionKind::NoAccount { .. }))
            .map(forget)
            .collect())
    }

    /// Mapping a pair by hand withdraws an earlier "not this pair".
    async fn lines_to_forget_rejection(
        &self,
        actor: &Actor,
        edit: &CellEdit,
        crm_user_id: &CrmUserId,
    ) -> Result<Vec<ChangeLine>> {
        let known = self.decisions_of_cell(actor, edit).await?;
        Ok(known
            .into_iter()
            .filter(|decision| {
                matches!(decision.kind, DecisionKind::NotThisPair { .. })
                    && decision.kind.crm_user_id() == Some(crm_user_id)
            })
            .map(forget)
            .collect())
    }

    async fn decisions_of_cell(&self, actor: &Actor, edit: &CellEdit) -> Result<Vec<Decision>> {
        let about = self
            .store()
            .decisions_about(actor.organization(), edit.person_id)
            .await?;
        Ok(about
            .into_iter()
            .filter(|decision| decision.connection_id == edit.connection_id)
            .collect())
    }
}

/// From where the last mapping of either side ends that ended by now, for good; always if none did. `mappings` are those of the connection that have a side of the pair,
/// or more.
pub(super) fn since_free<'m>(
    mappings: impl Iterator<Item = &'m Mapping>,
    (person, crm_user): (PersonId, &CrmUserId),
    now: Timestamp,
) -> Period {
    let ended = mappings
        .filter(|it| (it.person_id == person && it.person_exclusive) || it.crm_user_id == *crm_user)
        .map(|it| it.period.to())
        .filter(|to| *to <= now)
        .max();
    ended
        .and_then(|from| Period::new(from, Timestamp::FOREVER).ok())
        .unwrap_or(Period::ALL)
}

/// The mapping that an edit makes, without its evidence and the time of its making.
pub(super) fn mapping_of(
    id: MappingId,
    connection: &Connection,
    edit: &CellEdit,
    period: Period,
    crm_user_id: CrmUserId,
    accepted: bool,
) -> Mapping {
    Mapping {
        id,
        connection_id: connection.id,
        person_id: edit.person_id,
        crm_user_id,
        period,
        person_exclusive: connection.cardinality.person_exclusive(),
        crm_user_exclusive: connection.cardinality.crm_user_exclusive(),
        origin: if accepted {
            MappingOrigin::Proposal
        } else {
            edit.origin
        },
        evidence: Vec::new(),
        witness: None,
        created_at: Timestamp::ALWAYS,
        version: 1,
    }
}

/// The line that withdraws a decision.
pub(super) fn forget(decision: Decision) -> ChangeLine {
    ChangeLine::Decision {
        before: Some(Box::new(decision)),
        after: None,
    }
}
