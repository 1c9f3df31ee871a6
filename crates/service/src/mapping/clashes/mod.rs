//! Two at once: which of somebody's edits clash with what was changed since they were made, who
//! changed it, and applying those that do not.

mod assess;

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    ChangeSet, Code, Connection, ConnectionId, Decision, DecisionKind, DraftEdit, Mapping,
    MappingId, Period, PersonId, Role, Subject, Thing, Timestamp,
};

use self::assess::{Clash, Facts, Fate, assess};
use super::edits::mapping_of;
use super::undo::{Purpose, Words};
use super::{CellEdit, ChangeSetView, Unnamed};
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// How many clashes an error names one by one.
const NAMED: usize = 20;

/// What becomes of edits that clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditScope {
    /// Nothing is applied when one of the edits clashes.
    Everything,
    /// Those that clash are left, the others are applied.
    Clear,
}

/// An edit cannot be applied because of what was changed since it was made.
#[derive(Debug, Clone)]
pub struct EditClash {
    /// The edit's place in the list.
    pub index: usize,
    /// Why.
    pub cause: EditClashCause,
    /// What stands there now; `None` when nothing does any more.
    pub standing: Option<Thing>,
    /// What happened, in names; lower case, without a full stop.
    pub detail: String,
    /// The change set that put it there, or took it away.
    pub changed_by: Option<ChangeSetView>,
}

/// Why an edit cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditClashCause {
    /// The person's mapping is another than the one the edit was made from.
    Changed,
    /// Something was decided about the person since.
    Decided,
    /// Somebody else is mapped to the CRM user.
    Taken,
}

/// Edits were applied.
#[derive(Debug, Clone)]
pub struct AppliedEdits {
    /// The change set.
    pub change_set: ChangeSet,
    /// The edits that were left.
    pub left: Vec<EditClash>,
}

/// An edit with the time at which it was made, where that is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MadeEdit {
    pub(super) edit: CellEdit,
    pub(super) made_at: Option<Timestamp>,
}

impl Service {
    /// Makes `edits` true in one change set, like [`Service::apply_edits`]; with
    /// [`EditScope::Clear`] without those that clash. What clashes is named with who changed it.
    pub async fn apply_clear_edits(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
        reason: Option<String>,
        scope: EditScope,
    ) -> Result<AppliedEdits> {
        let made: Vec<MadeEdit> = edits
            .iter()
            .map(|edit| MadeEdit {
                edit: edit.clone(),
                made_at: None,
            })
            .collect();
        let wanted = self.clear_of(actor, &made, scope).await?;
        let lines = self.lines_of(actor, &wanted.edits).await?;
        let change_set = self.apply(actor, lines, reason, false).await?;
        Ok(AppliedEdits {
            change_set,
            left: wanted.left,
        })
    }

    /// The edits of `made` that are not true yet and can be applied. With
    /// [`EditScope::Everything`] a clash is an error.
    pub(super) async fn clear_of(
        &self,
        actor: &Actor,
        made: &[MadeEdit],
        scope: EditScope,
    ) -> Result<Clear> {
        actor.require(Role::Admin)?;
        let fates = self.fates_of_edits(actor, made).await?;
        let left = self.told_clashes(actor, made, &fates).await?;
        if scope == EditScope::Everything && !left.is_empty() {
            return Err(refusal(&left));
        }
        let clear = made.iter().zip(&fates);
        let edits: Vec<CellEdit> = clear
            .filter(|(_, fate)| matches!(fate, Fate::Clear))
            .map(|(made, _)| made.edit.clone())
            .collect();
        if edits.is_empty() && !left.is_empty() {
            return Err(refusal(&left));
        }
        Ok(Clear { edits, left })
    }

    /// The clashes of some edits, with names and makers.
    pub(super) async fn clashes_of(
        &self,
        actor: &Actor,
        made: &[MadeEdit],
    ) -> Result<Vec<EditClash>> {
        let fates = self.fates_of_edits(actor, made).await?;
        self.told_clashes(actor, made, &fates).await
    }

    async fn fates_of_edits(&self, actor: &Actor, made: &[MadeEdit]) -> Result<Vec<Fate>> {
        let organization = actor.organization();
        let connections: HashMap<ConnectionId, Connection> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .map(|connection| (connection.id, connection))
            .collect();
        let unknown = made
            .iter()
            .map(|made| made.edit.connection_id)
            .find(|id| !connections.contains_key(id));
        if let Some(id) = unknown {
            return Err(Error::new(
                Code::RequestNotFound,
                format!("there is no connection {id}"),
            ));
        }
        let people: HashSet<PersonId> = made.iter().map(|made| made.edit.person_id).collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let mut wanted: Vec<Option<Mapping>> = made
            .iter()
            .map(|made| self.wanted_mapping(&connections, &made.edit))
            .collect();
        let places: Vec<Thing> = wanted
            .iter()
            .flatten()
            .map(|mapping| Thing::Mapping(Box::new(mapping.clone())))
            .collect();
        let mut found = self.store().about_people(organization, &people).await?;
        found.extend(self.store().rivals(organization, &places).await?);
        let facts = Facts::of(found, self.now());
        for (made, wanted) in made.iter().zip(&mut wanted) {
            if let (None, Some(wanted)) = (made.edit.period, wanted) {
                wanted.period = facts.since_free(wanted);
            }
        }
        Ok(assess(made, &wanted, &facts))
    }

    /// The mapping that an edit would make, since always where nothing is said; `None` for one
    /// that makes none.
    fn wanted_mapping(
        &self,
        connections: &HashMap<ConnectionId, Connection>,
        edit: &CellEdit,
    ) -> Option<Mapping> {
        let DraftEdit::Map {
            crm_user_id,
            accepted,
        } = &edit.edit
        else {
            return None;
        };
        let connection = connections.get(&edit.connection_id)?;
        let id = MappingId::generate(self.clock(), self.entropy());
        let period = edit.period.unwrap_or(Period::ALL);
        let mapping = mapping_of(id, connection, edit, period, crm_user_id.clone(), *accepted);
        Some(Mapping {
            created_at: self.now(),
            ..mapping
        })
    }

    async fn told_clashes(
        &self,
        actor: &Actor,
        made: &[MadeEdit],
        fates: &[Fate],
    ) -> Result<Vec<EditClash>> {
        let mut unnamed = Unnamed::default();
        let mut culprits = HashMap::new();
        for (at, fate) in fates.iter().enumerate() {
            let Fate::Clash(clash) = fate else {
                continue;
            };
            unnamed.people.insert(made[at].edit.person_id);
            unnamed.add_things(clash.standing().as_ref());
            if let Some(culprit) = clash.culprit() {
                culprits.insert(at, culprit);
            }
        }
        if unnamed.people.is_empty() {
            return Ok(Vec::new());
        }
        let makers = self.makers(actor, &culprits).await?;
        let words = Words {
            purpose: Purpose::Apply,
            names: self.names(actor, &unnamed).await?,
            members: HashMap::new(),
        };
        let told = fates.iter().enumerate().filter_map(|(index, fate)| {
            let Fate::Clash(clash) = fate else {
                return None;
            };
            Some(EditClash {
                index,
                cause: clash.cause(),
                standing: clash.standing(),
                detail: detail(clash, made[index].edit.person_id, &words),
                changed_by: makers.get(&index).cloned(),
            })
        });
        Ok(told.collect())
    }
}

/// Edits that can be applied together, and those that cannot.
pub(super) struct Clear {
    pub(super) edits: Vec<CellEdit>,
    pub(super) left: Vec<EditClash>,
}

fn detail(clash: &Clash, person: PersonId, words: &Words) -> String {
    match clash {
        Clash::Changed {
            standing: Some(standing),
            ..
        } => format!(
            "changed meanwhile: {}",
            words.thing(&Thing::Mapping(Box::new(standing.clone())))
        ),
        Clash::Changed { standing: None, .. } => {
            format!(
                "the mapping of {} was changed meanwhile",
                words.person(person)
            )
        }
        Clash::Decided(decision) => format!(
            "decided meanwhile: {}",
            words.thing(&Thing::Decision(Box::new(decision.clone())))
        ),
        Clash::Taken(standing) => format!(
            "{} cannot have this user: {}; free it first",
            words.person(person),
            words.thing(&Thing::Mapping(Box::new(standing.clone())))
        ),
    }
}

/// The error that names what clashes.
fn refusal(clashes: &[EditClash]) -> Error {
    let taken = clashes
        .iter()
        .all(|clash| clash.cause == EditClashCause::Taken);
    let code = if taken {
        Code::MappingOverlap
    } else {
        Code::MappingStale
    };
    let first = clashes
        .first()
        .map_or_else(String::new, |clash| clash.detail.clone());
    let more = clashes.len().saturating_sub(1);
    let detail = if more > 0 {
        format!("{first}; and {more} more")
    } else {
        first
    };
    let fields = clashes.iter().take(NAMED).map(|clash| FieldError {
        field: format!("edits[{}]", clash.index),
        message: clash.detail.clone(),
    });
    Error::new(code, detail).with(fields.collect())
}

impl Clash {
    fn standing(&self) -> Option<Thing> {
        match self {
            Self::Changed { standing, .. } => standing
                .clone()
                .map(|mapping| Thing::Mapping(Box::new(mapping))),
            Self::Taken(mapping) => Some(Thing::Mapping(Box::new(mapping.clone()))),
            Self::Decided(decision) => Some(Thing::Decision(Box::new(decision.clone()))),
        }
    }

    /// The thing whose last change is to blame.
    fn culprit(&self) -> Option<Subject> {
        match self {
            Self::Changed {
                standing: Some(standing),
                ..
            }
            | Self::Taken(standing) => Some(Subject::Mapping(standing.id)),
            Self::Changed {
                standing: None,
                was,
            } => was.map(Subject::Mapping),
            Self::Decided(decision) => Some(Subject::Decision(decision.id)),
        }
    }

    const fn cause(&self) -> EditClashCause {
        match self {
            Self::Changed { .. } => EditClashCause::Changed,
            Self::Decided(_) => EditClashCause::Decided,
            Self::Taken(_) => EditClashCause::Taken,
        }
    }
}

/// Whether a decision stands against mapping the pair.
pub(super) fn forbids(decision: &Decision, wanted: &Mapping) -> bool {
    match &decision.kind {
        DecisionKind::NoAccount { .. } => true,
        DecisionKind::NotThisPair { crm_user_id, .. } => *crm_user_id == wanted.crm_user_id,
        DecisionKind::NotAPerson { .. } | DecisionKind::SharedSeat { .. } => false,
    }
}
