//! Turning what somebody wants for some cells into the lines of one change set.

mod known;

use counterpart_model::{
    ChangeLine, Code, Connection, ConnectionId, CrmUserId, Decision, DecisionId, DecisionKind,
    DraftEdit, Mapping, MappingId, MappingOrigin, Period, PersonId, Timestamp,
};

use self::known::Known;
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
        let known = self.known_about(actor, edits).await?;
        let mut lines = Vec::new();
        for edit in edits {
            self.lines_of_edit(&known, edit, &mut lines)?;
        }
        Ok(lines)
    }

    fn lines_of_edit(
        &self,
        known: &Known,
        edit: &CellEdit,
        lines: &mut Vec<ChangeLine>,
    ) -> Result<()> {
        match &edit.edit {
            DraftEdit::Map {
                crm_user_id,
                accepted,
            } => return self.lines_to_map(known, edit, crm_user_id, *accepted, lines),
            DraftEdit::Unmap => {
                let standing = self.standing(known, edit)?;
                lines.extend(standing.into_iter().map(ChangeLine::remove_mapping));
            }
            DraftEdit::NoAccount { reason, expires_at } => {
                let standing = self.standing(known, edit)?;
                lines.extend(standing.into_iter().map(ChangeLine::remove_mapping));
                let kind = DecisionKind::NoAccount {
                    person_id: edit.person_id,
                };
                lines.extend(self.line_to_decide(
                    known,
                    edit,
                    kind,
                    reason.clone(),
                    *expires_at,
                )?);
            }
            DraftEdit::HasAccount => lines.extend(lines_to_forget_no_account(known, edit)),
            DraftEdit::Reject { crm_user_id } => {
                let crm_user = known.crm_user(edit.connection_id, crm_user_id)?;
                let kind = DecisionKind::NotThisPair {
                    person_id: edit.person_id,
                    crm_user_id: crm_user.id.clone(),
                };
                let forever = Timestamp::FOREVER;
                lines.extend(self.line_to_decide(known, edit, kind, None, forever)?);
            }
        }
        Ok(())
    }

    fn lines_to_map(
        &self,
        known: &Known,
        edit: &CellEdit,
        crm_user_id: &CrmUserId,
        accepted: bool,
        lines: &mut Vec<ChangeLine>,
    ) -> Result<()> {
        let connection = known.connection(edit.connection_id)?;
        let crm_user = known.crm_user(edit.connection_id, crm_user_id)?;
        let standing = self.standing(known, edit)?;
        let period = edit.period.unwrap_or_else(|| {
            let mappings = known.mappings_of_pair(edit, &crm_user.id);
            since_free(mappings, (edit.person_id, &crm_user.id), self.now())
        });
        if standing
            .iter()
            .any(|mapping| mapping.crm_user_id == crm_user.id && mapping.period == period)
        {
            return Ok(());
        }
        known.person(edit.person_id)?;
        let evidence = known
            .proposal(edit)
            .filter(|proposal| accepted && proposal.crm_user_id == crm_user.id)
            .map(|proposal| proposal.evidence.clone())
            .unwrap_or_default();
        let replaced = standing.into_iter().filter(|mapping| {
            connection.cardinality.person_exclusive() && mapping.period.overlaps(&period)
        });
        lines.extend(replaced.map(ChangeLine::remove_mapping));
        lines.extend(lines_to_forget_no_account(known, edit));
        lines.extend(lines_to_forget_rejection(known, edit, &crm_user.id));
        let id = MappingId::generate(self.clock(), self.entropy());
        let mapping = mapping_of(id, connection, edit, period, crm_user.id.clone(), accepted);
        lines.push(ChangeLine::add_mapping(Mapping {
            evidence,
            crm_user_exclusive: mapping.crm_user_exclusive && !known.is_shared(edit, &crm_user.id),
            created_at: self.now(),
            ..mapping
        }));
        Ok(())
    }

    /// The mappings of the edit's cell that the edit is about; fails when the one that holds now
    /// is not the one on which the edit was based.
    fn standing(&self, known: &Known, edit: &CellEdit) -> Result<Vec<Mapping>> {
        let now = self.now();
        if let Some(based_on) = edit.based_on {
            let holding = known.holding(edit, now);
            if holding.map(|mapping| (mapping.id, mapping.version)) != based_on {
                let name = &known.person(edit.person_id)?.profile.display_name;
                let detail = format!("the mapping of {name} was changed meanwhile");
                return Err(Error::new(Code::MappingStale, detail));
            }
        }
        let all = known.mappings(edit).iter();
        Ok(all
            .filter(|mapping| edit.concerns(mapping, now))
            .cloned()
            .collect())
    }

    fn line_to_decide(
        &self,
        known: &Known,
        edit: &CellEdit,
        kind: DecisionKind,
        reason: Option<String>,
        expires_at: Timestamp,
    ) -> Result<Option<ChangeLine>> {
        known.connection(edit.connection_id)?;
        known.person(edit.person_id)?;
        let mut decisions = known.decisions(edit).iter();
        let before = decisions.find(|decision| decision.kind == kind).cloned();
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
}

fn lines_to_forget_no_account(known: &Known, edit: &CellEdit) -> impl Iterator<Item = ChangeLine> {
    let decisions = known.decisions(edit).iter();
    decisions
        .filter(|decision| matches!(decision.kind, DecisionKind::NoAccount { .. }))
        .cloned()
        .map(forget)
}

/// Mapping a pair by hand withdraws an earlier "not this pair".
fn lines_to_forget_rejection(
    known: &Known,
    edit: &CellEdit,
    crm_user_id: &CrmUserId,
) -> impl Iterator<Item = ChangeLine> {
    let decisions = known.decisions(edit).iter();
    decisions
        .filter(|decision| {
            matches!(decision.kind, DecisionKind::NotThisPair { .. })
                && decision.kind.crm_user_id() == Some(crm_user_id)
        })
        .cloned()
        .map(forget)
}

/// From where the last mapping of either side ends that ended by now, for good; always if none
/// did. `mappings` are those of the connection that have a side of the pair, or more.
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
