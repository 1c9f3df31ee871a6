//! Which edits clash, decided from what stands now. Pure: no I/O.

use std::collections::HashMap;

use counterpart_model::{
    ConnectionId, CrmUserId, Decision, DecisionKind, DraftEdit, Mapping, MappingId, Period,
    PersonId, Thing, Timestamp,
};

use super::{MadeEdit, forbids};
use crate::mapping::CellEdit;
use crate::mapping::edits::since_free;

/// A person in a connection.
type Cell = (ConnectionId, PersonId);

/// What stands now about the people whom edits are about, and in the places that they want.
#[derive(Debug)]
pub(super) struct Facts {
    mappings: HashMap<Cell, Vec<Mapping>>,
    by_user: HashMap<(ConnectionId, CrmUserId), Vec<Mapping>>,
    decisions: HashMap<Cell, Vec<Decision>>,
    now: Timestamp,
}

impl Facts {
    pub(super) fn of(things: Vec<Thing>, now: Timestamp) -> Self {
        let mut facts = Self {
            mappings: HashMap::new(),
            by_user: HashMap::new(),
            decisions: HashMap::new(),
            now,
        };
        for thing in things {
            match thing {
                Thing::Mapping(mapping) => facts.add_mapping(&mapping),
                Thing::Decision(decision) => {
                    if let Some(person) = decision.kind.person_id() {
                        let cell = (decision.connection_id, person);
                        facts.decisions.entry(cell).or_default().push(*decision);
                    }
                }
                Thing::Person(_) | Thing::Identity(_) | Thing::MatchingSettings(_) => {}
            }
        }
        facts
    }

    /// Something may be told twice.
    fn add_mapping(&mut self, mapping: &Mapping) {
        let add = |list: &mut Vec<Mapping>| {
            if !list.iter().any(|known| known.id == mapping.id) {
                list.push(mapping.clone());
            }
        };
        let cell = (mapping.connection_id, mapping.person_id);
        let seat = (mapping.connection_id, mapping.crm_user_id.clone());
        add(self.mappings.entry(cell).or_default());
        add(self.by_user.entry(seat).or_default());
    }

    fn mappings_of(&self, cell: Cell) -> &[Mapping] {
        self.mappings.get(&cell).map_or(&[], Vec::as_slice)
    }

    fn decisions_of(&self, cell: Cell) -> &[Decision] {
        self.decisions.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// When a mapping of a pair holds of which nothing is said.
    pub(super) fn since_free(&self, wanted: &Mapping) -> Period {
        let cell = (wanted.connection_id, wanted.person_id);
        let seat = (wanted.connection_id, wanted.crm_user_id.clone());
        let of_user = self.by_user.get(&seat).into_iter().flatten();
        let either = self.mappings_of(cell).iter().chain(of_user);
        let pair = (wanted.person_id, &wanted.crm_user_id);
        since_free(either, pair, self.now)
    }

    fn holding(&self, cell: Cell) -> Option<&Mapping> {
        let mut all = self.mappings_of(cell).iter();
        all.find(|mapping| mapping.period.contains(self.now))
    }
}

/// What becomes of an edit.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// It can be applied.
    Clear,
    /// It is true already.
    True,
    /// Something was changed since.
    Clash(Clash),
}

/// What stands against an edit.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Clash {
    /// Another mapping holds than when the edit was made.
    Changed {
        /// The one that holds now.
        standing: Option<Mapping>,
        /// The one that held.
        was: Option<MappingId>,
    },
    /// This was decided since.
    Decided(Decision),
    /// The CRM user is another person's.
    Taken(Mapping),
}

/// The fate of every edit; `wanted` is the mapping that each would make. What is `Clear` can be
/// applied together.
pub(super) fn assess(made: &[MadeEdit], wanted: &[Option<Mapping>], facts: &Facts) -> Vec<Fate> {
    let mut fates: Vec<Fate> = made
        .iter()
        .zip(wanted)
        .map(|(made, wanted)| first_fate(made, wanted.as_ref(), facts))
        .collect();
    // A seat is free when the edit of whoever has it is applied too; leaving that one may take
    // the seat from the next.
    loop {
        let freed = freed(made, &fates);
        let mut changed = false;
        for (fate, wanted) in fates.iter_mut().zip(wanted) {
            if *fate == Fate::Clear
                && let Some(taken) = wanted.as_ref().and_then(|it| taken(it, facts, &freed))
            {
                *fate = Fate::Clash(Clash::Taken(taken));
                changed = true;
            }
        }
        if !changed {
            return fates;
        }
    }
}

fn first_fate(made: &MadeEdit, wanted: Option<&Mapping>, facts: &Facts) -> Fate {
    let edit = &made.edit;
    let cell = (edit.connection_id, edit.person_id);
    if is_true(edit, wanted, facts) {
        return Fate::True;
    }
    let standing = facts.holding(cell);
    let seen = standing.map(|mapping| (mapping.id, mapping.version));
    if let Some(based_on) = edit.based_on
        && based_on != seen
        && !matches!(edit.edit, DraftEdit::HasAccount | DraftEdit::Reject { .. })
    {
        return Fate::Clash(Clash::Changed {
            standing: standing.cloned(),
            was: based_on.map(|(id, _)| id),
        });
    }
    if let (Some(made_at), Some(wanted)) = (made.made_at, wanted) {
        let mut decisions = facts.decisions_of(cell).iter();
        let decided =
            decisions.find(|decision| decision.created_at > made_at && forbids(decision, wanted));
        if let Some(decision) = decided {
            return Fate::Clash(Clash::Decided(decision.clone()));
        }
    }
    Fate::Clear
}

/// Whether what somebody wants is so already.
fn is_true(edit: &CellEdit, wanted: Option<&Mapping>, facts: &Facts) -> bool {
    let cell = (edit.connection_id, edit.person_id);
    let mut mappings = facts.mappings_of(cell).iter();
    let decided = |kind: &DecisionKind| {
        let mut decisions = facts.decisions_of(cell).iter();
        decisions.find(|decision| decision.kind == *kind).cloned()
    };
    let no_account = DecisionKind::NoAccount { person_id: cell.1 };
    match &edit.edit {
        DraftEdit::Map { .. } => wanted.is_some_and(|wanted| {
            mappings.any(|it| it.crm_user_id == wanted.crm_user_id && it.period == wanted.period)
        }),
        DraftEdit::Unmap => !mappings.any(|it| edit.concerns(it, facts.now)),
        DraftEdit::NoAccount { reason, expires_at } => {
            decided(&no_account)
                .is_some_and(|it| it.reason == *reason && it.expires_at == *expires_at)
                && !mappings.any(|it| edit.concerns(it, facts.now))
        }
        DraftEdit::HasAccount => decided(&no_account).is_none(),
        DraftEdit::Reject { crm_user_id } => decided(&DecisionKind::NotThisPair {
            person_id: cell.1,
            crm_user_id: crm_user_id.clone(),
        })
        .is_some(),
    }
}

/// The edits that are applied and take away mappings, by their cells.
fn freed<'m>(made: &'m [MadeEdit], fates: &[Fate]) -> HashMap<Cell, &'m CellEdit> {
    let clear = made.iter().zip(fates);
    clear
        .filter(|(made, fate)| {
            **fate == Fate::Clear
                && !matches!(
                    made.edit.edit,
                    DraftEdit::HasAccount | DraftEdit::Reject { .. }
                )
        })
        .map(|(made, _)| {
            let cell = (made.edit.connection_id, made.edit.person_id);
            (cell, &made.edit)
        })
        .collect()
}

/// The mapping of somebody else that stays and cannot stand beside `wanted`.
fn taken(wanted: &Mapping, facts: &Facts, freed: &HashMap<Cell, &CellEdit>) -> Option<Mapping> {
    let seat = (wanted.connection_id, wanted.crm_user_id.clone());
    let mut others = facts.by_user.get(&seat)?.iter();
    let stays = |other: &Mapping| {
        let cell = (other.connection_id, other.person_id);
        !freed
            .get(&cell)
            .is_some_and(|edit| other.person_exclusive && edit.concerns(other, facts.now))
    };
    others
        .find(|other| {
            other.person_id != wanted.person_id && other.clashes_with(wanted) && stays(other)
        })
        .cloned()
}
