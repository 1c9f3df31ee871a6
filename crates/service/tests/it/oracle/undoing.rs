//! What an undo makes of everything that stands.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{
    ChangeLine, Code, ConnectionId, CrmUserId, DecisionKind, Mapping, PersonId, Subject, Thing,
    Timestamp,
};

/// Everything that stands.
pub(super) type Things = BTreeMap<Subject, Thing>;

/// What is undone together or not at all.
#[derive(Clone, PartialEq, Eq)]
enum Bundle {
    Person(PersonId),
    Cell(ConnectionId, PersonId),
    /// Those by which a seat is shared, or no longer.
    Seat(ConnectionId, CrmUserId),
}

/// What of a change set can be undone, and what is in the way.
pub(super) struct Undoing {
    pub(super) after: Things,
    pub(super) undone: usize,
    pub(super) conflicts: usize,
}

impl Undoing {
    /// What stands afterwards, or why it is refused.
    pub(super) fn ruled(self, rest: bool) -> Result<Things, Code> {
        match (self.undone, self.conflicts) {
            (_, 1..) if !rest => Err(Code::ChangeSetConflict),
            (0, _) => Err(Code::ChangeSetEmpty),
            _ => Ok(self.after),
        }
    }
}

/// The largest part of a change set whose undoing leaves nothing contradictory.
/// Of what came or was changed later, `newer`, nothing is to have a CRM user alone beside one that
/// shares it.
pub(super) fn undo(standing: &Things, lines: &[ChangeLine], newer: &BTreeSet<Subject>) -> Undoing {
    let sides: Vec<_> = lines.iter().cloned().map(ChangeLine::into_sides).collect();
    let subjects: Vec<Subject> = lines.iter().filter_map(ChangeLine::subject).collect();
    let bundles: Vec<Vec<Bundle>> = sides.iter().map(bundles).collect();
    let mut wanted = Vec::new();
    let mut conflicts: Vec<usize> = Vec::new();
    for (at, (before, after)) in sides.iter().enumerate() {
        let now = standing.get(&subjects[at]);
        if same(now, before.as_ref()) {
            // Not there, as before; but the person has something else in its place.
            if before.is_none() && after.as_ref().is_some_and(|it| is_replaced(standing, it)) {
                conflicts.push(at);
            }
        } else if same(now, after.as_ref()) {
            wanted.push(at);
        } else {
            conflicts.push(at);
        }
    }
    loop {
        // What is in the way of one line is in the way of its bundle.
        while let Some(stays) = wanted.iter().position(|at| {
            let together = |it: &usize| bundles[*it].iter().any(|one| bundles[*at].contains(one));
            conflicts.iter().any(together)
        }) {
            conflicts.push(wanted.remove(stays));
        }
        let mut after = standing.clone();
        for at in &wanted {
            match &sides[*at].0 {
                Some(before) => after.insert(subjects[*at], before.clone()),
                None => after.remove(&subjects[*at]),
            };
        }
        let stuck: Vec<usize> = wanted
            .iter()
            .copied()
            .filter(|at| !fits(&after, sides[*at].0.as_ref(), &subjects[*at], newer))
            .collect();
        if stuck.is_empty() {
            return Undoing {
                after,
                undone: wanted.len(),
                conflicts: conflicts.len(),
            };
        }
        wanted.retain(|at| !stuck.contains(at));
        conflicts.extend(stuck);
    }
}

fn bundles((before, after): &(Option<Thing>, Option<Thing>)) -> Vec<Bundle> {
    let thing = after.as_ref().or(before.as_ref());
    let person = thing.and_then(Thing::person_id);
    let mut bundles = Vec::new();
    match (thing, person) {
        (Some(Thing::Person(_) | Thing::Identity(_)), Some(person)) => {
            bundles.push(Bundle::Person(person));
        }
        (Some(Thing::Mapping(it)), Some(person)) => {
            bundles.push(Bundle::Cell(it.connection_id, person));
        }
        (Some(Thing::Decision(it)), Some(person)) => {
            bundles.push(Bundle::Cell(it.connection_id, person));
        }
        (Some(Thing::Decision(it)), None) => {
            if let DecisionKind::SharedSeat { crm_user_id } = &it.kind {
                bundles.push(Bundle::Seat(it.connection_id, crm_user_id.clone()));
            }
        }
        _ => {}
    }
    if let (Some(Thing::Mapping(before)), Some(Thing::Mapping(after))) = (before, after)
        && before.crm_user_exclusive != after.crm_user_exclusive
    {
        bundles.push(Bundle::Seat(after.connection_id, after.crm_user_id.clone()));
    }
    bundles
}

fn same(one: Option<&Thing>, other: Option<&Thing>) -> bool {
    one.cloned().map(without_version) == other.cloned().map(without_version)
}

pub(super) fn without_version(mut thing: Thing) -> Thing {
    match &mut thing {
        Thing::Person(it) => it.version = 0,
        Thing::Mapping(it) => it.version = 0,
        Thing::Decision(it) => it.version = 0,
        Thing::MatchingSettings(it) => it.version = 0,
        Thing::Identity(_) => {}
    }
    thing
}

fn is_replaced(standing: &Things, gone: &Thing) -> bool {
    let Thing::Mapping(gone) = gone else {
        return false;
    };
    standing.values().any(|other| {
        matches!(other, Thing::Mapping(it) if it.person_id == gone.person_id && excludes(it, gone, false))
    })
}

/// Whether what an undo puts there, or takes away, leaves something that can be.
fn fits(after: &Things, put: Option<&Thing>, subject: &Subject, newer: &BTreeSet<Subject>) -> bool {
    let mut others = after.iter().filter(|(other, _)| *other != subject);
    match put {
        // Who is not there has nothing.
        None => match subject {
            Subject::Person(id) => !others.any(|(_, other)| other.person_id() == Some(*id)),
            _ => true,
        },
        Some(thing) => {
            let person = thing.person_id();
            person.is_none_or(|id| after.contains_key(&Subject::Person(id)))
                && !others.any(|(id, other)| cannot_both_be(thing, other, newer.contains(id)))
        }
    }
}

fn cannot_both_be(one: &Thing, other: &Thing, is_newer: bool) -> bool {
    match (one, other) {
        (Thing::Mapping(one), Thing::Mapping(other)) => excludes(one, other, is_newer),
        (Thing::Decision(one), Thing::Decision(other)) => {
            (one.connection_id, &one.kind) == (other.connection_id, &other.kind)
        }
        _ => false,
    }
}

fn excludes(one: &Mapping, other: &Mapping, is_newer: bool) -> bool {
    let (either, both) = (
        one.crm_user_exclusive || other.crm_user_exclusive,
        one.crm_user_exclusive && other.crm_user_exclusive,
    );
    let is_alone = both || (is_newer && either);
    let ends = |it: &Mapping| -> (Timestamp, Timestamp) { (it.period.from(), it.period.to()) };
    let (a, b) = (ends(one), ends(other));
    one.connection_id == other.connection_id
        && a.0 < b.1
        && b.0 < a.1
        && (one.person_id == other.person_id || (one.crm_user_id == other.crm_user_id && is_alone))
}
