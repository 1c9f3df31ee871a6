//! What of a change set can be undone, decided from what stands now. Pure: no I/O.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, DecisionKind, IdentityKind, PersonId, Subject, Thing,
    Timestamp,
};

use crate::mapping::clashes::forbids;

/// What stands now, as far as it matters to the undoing of a change set.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What the change set changed, what claims the places of what would come back, the people
    /// that it would be about, and what refers to people who would go.
    pub(super) standing: HashMap<Subject, Thing>,
    /// The people who are members of the organization.
    pub(super) members: HashSet<PersonId>,
    /// Since when decisions that forbid a mapping are in its way; `None` when none ever is,
    /// because what comes back was there before.
    pub(super) since: Option<Timestamp>,
    /// What was changed, or came, after the change set.
    pub(super) newer: HashSet<Subject>,
}

/// What becomes of one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// It is undone by this line.
    Undone(ChangeLine),
    /// It stands as it stood before the change set already.
    Already,
    /// Something is in the way.
    Clash(Clash),
}

/// What is in the way of undoing a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Clash {
    /// It is not as the change set left it: this stands there, or nothing.
    Changed(Option<Thing>),
    /// What would come back cannot stand beside this.
    InTheWay(Thing),
    /// The person would go, and this is about the person.
    StillUsed(Thing),
    /// The person would go, and is a member of the organization.
    IsMember(PersonId),
    /// What would come back is about this person, who is not there.
    PersonGone(PersonId),
    /// It belongs together with this line, which cannot be undone.
    Together(usize),
}

/// The fate of every line of a change set, by its place. What is `Undone` can be applied together.
pub(super) fn plan(lines: &[ChangeLine], facts: &Facts) -> Vec<Fate> {
    let cells = cells(facts);
    let mut fates: Vec<Fate> = lines
        .iter()
        .map(|line| first_fate(line, facts, &cells))
        .collect();
    let groups = groups(lines);
    // What is left alone stays in the way of others, so that one clash may bring the next.
    loop {
        let world = World::after(&fates, facts);
        for fate in &mut fates {
            if let Fate::Undone(line) = fate
                && let Some(clash) = world.clash(line, facts)
            {
                *fate = Fate::Clash(clash);
            }
        }
        keep_together(&mut fates, &groups);
        if count_undone(&fates) == world.undone {
            return fates;
        }
    }
}

fn count_undone(fates: &[Fate]) -> usize {
    let undone = fates.iter().filter(|fate| matches!(fate, Fate::Undone(_)));
    undone.count()
}

/// The mappings that stand, by connection and person.
type Cells<'a> = HashMap<(ConnectionId, PersonId), Vec<&'a Thing>>;

fn cells(facts: &Facts) -> Cells<'_> {
    let mut cells = Cells::new();
    for thing in facts.standing.values() {
        if let Thing::Mapping(mapping) = thing {
            let cell = (mapping.connection_id, mapping.person_id);
            cells.entry(cell).or_default().push(thing);
        }
    }
    cells
}

/// What becomes of a line, looking at nothing but what it changed.
fn first_fate(line: &ChangeLine, facts: &Facts, cells: &Cells<'_>) -> Fate {
    let standing = line
        .subject()
        .and_then(|subject| facts.standing.get(&subject));
    let (before, after) = line.clone().into_sides();
    if same(standing, before.as_ref()) {
        return match after.and_then(|after| replacement(&after, cells)) {
            Some(other) if before.is_none() => Fate::Clash(Clash::Changed(Some(other))),
            _ => Fate::Already,
        };
    }
    if !same(standing, after.as_ref()) {
        return Fate::Clash(Clash::Changed(standing.cloned()));
    }
    ChangeLine::between(standing.cloned(), before).map_or(Fate::Already, Fate::Undone)
}

/// The mapping that the person was given in place of `gone`: then the person is not as before,
/// although `gone` is not there.
fn replacement(gone: &Thing, cells: &Cells<'_>) -> Option<Thing> {
    let Thing::Mapping(gone) = gone else {
        return None;
    };
    let cell = cells.get(&(gone.connection_id, gone.person_id))?;
    let mut others = cell.iter().filter(
        |other| matches!(other, Thing::Mapping(other) if other.id != gone.id && other.clashes_with(gone)),
    );
    others.next().map(|other| (*other).clone())
}

fn same(one: Option<&Thing>, other: Option<&Thing>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.says_the_same_as(other),
        _ => false,
    }
}

/// What lines are undone together or not at all: those of a person in a connection, because half
/// of a change would be nobody's wish, those of a person and the person's identities, and those by
/// which a seat is shared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Group {
    Cell(ConnectionId, PersonId),
    Person(PersonId),
    Seat(ConnectionId, CrmUserId),
}

/// The places of the lines of each group.
fn groups(lines: &[ChangeLine]) -> Vec<Vec<usize>> {
    let mut groups: HashMap<Group, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let (before, after) = line.clone().into_sides();
        if let Some(seat) = seat_of(before.as_ref(), after.as_ref()) {
            groups.entry(seat).or_default().push(at);
        }
        let Some(thing) = after.or(before) else {
            continue;
        };
        let Some(person) = thing.person_id() else {
            continue;
        };
        let group = match &thing {
            Thing::Person(_) | Thing::Identity(_) => Group::Person(person),
            Thing::Mapping(mapping) => Group::Cell(mapping.connection_id, person),
            Thing::Decision(decision) => Group::Cell(decision.connection_id, person),
            Thing::MatchingSettings(_) => continue,
        };
        groups.entry(group).or_default().push(at);
    }
    groups.into_values().filter(|of| of.len() > 1).collect()
}

/// The seat that a line begins to share, or to share no longer.
fn seat_of(before: Option<&Thing>, after: Option<&Thing>) -> Option<Group> {
    match (before, after) {
        (Some(Thing::Mapping(before)), Some(Thing::Mapping(after)))
            if before.crm_user_exclusive != after.crm_user_exclusive =>
        {
            Some(Group::Seat(after.connection_id, after.crm_user_id.clone()))
        }
        (Some(Thing::Decision(it)), None) | (None, Some(Thing::Decision(it))) => match &it.kind {
            DecisionKind::SharedSeat { crm_user_id } => {
                Some(Group::Seat(it.connection_id, crm_user_id.clone()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Lets no line be undone whose group clashes.
fn keep_together(fates: &mut [Fate], groups: &[Vec<usize>]) {
    for group in groups {
        let clash = group.iter().copied().find(
            |at| matches!(&fates[*at], Fate::Clash(clash) if !matches!(clash, Clash::Together(_))),
        );
        let Some(clash) = clash else {
            continue;
        };
        for at in group {
            if matches!(fates[*at], Fate::Undone(_)) {
                fates[*at] = Fate::Clash(Clash::Together(clash));
            }
        }
    }
}

/// A place that not everything can have at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    ExternalId(String),
    Handle(ConnectionId, IdentityKind, String),
    Person(ConnectionId, PersonId),
    CrmUser(ConnectionId, CrmUserId),
    Decision(
        ConnectionId,
        &'static str,
        Option<PersonId>,
        Option<CrmUserId>,
    ),
}

/// The places that a thing claims.
fn places(thing: &Thing) -> Vec<Place> {
    match thing {
        Thing::Person(person) => person
            .external_id
            .iter()
            .map(|id| Place::ExternalId(id.clone()))
            .collect(),
        Thing::Identity(identity) => vec![Place::Handle(
            identity.connection_id,
            identity.kind,
            identity.value.clone(),
        )],
        Thing::Mapping(mapping) => vec![
            Place::Person(mapping.connection_id, mapping.person_id),
            Place::CrmUser(mapping.connection_id, mapping.crm_user_id.clone()),
        ],
        Thing::Decision(decision) => vec![Place::Decision(
            decision.connection_id,
            decision.kind.as_str(),
            decision.kind.person_id(),
            decision.kind.crm_user_id().cloned(),
        )],
        // There is one of each scope, by its id.
        Thing::MatchingSettings(_) => Vec::new(),
    }
}

/// Whether two things that claim the same place cannot both be there.
fn excludes(one: &Thing, other: &Thing) -> bool {
    match (one, other) {
        (Thing::Mapping(one), Thing::Mapping(other)) => one.clashes_with(other),
        (Thing::Identity(one), Thing::Identity(other)) => one.period.overlaps(&other.period),
        _ => true,
    }
}

/// Whether of two mappings to a CRM user one has it alone and the other shares it. Who wrote both
/// so may have meant it; an undo must not bring it about.
fn is_half_shared(one: &Thing, other: &Thing) -> bool {
    let (Thing::Mapping(one), Thing::Mapping(other)) = (one, other) else {
        return false;
    };
    one.connection_id == other.connection_id
        && one.crm_user_id == other.crm_user_id
        && one.crm_user_exclusive != other.crm_user_exclusive
        && one.period.overlaps(&other.period)
}

/// What would stand if everything that is `Undone` so far were.
struct World {
    things: HashMap<Subject, Thing>,
    places: HashMap<Place, Vec<Subject>>,
    about: HashMap<PersonId, Vec<Subject>>,
    undone: usize,
}

impl World {
    fn after(fates: &[Fate], facts: &Facts) -> Self {
        let mut things = facts.standing.clone();
        for fate in fates {
            if let Fate::Undone(line) = fate {
                match line.clone().into_sides() {
                    (_, Some(after)) => {
                        things.insert(after.subject(), after);
                    }
                    (Some(before), None) => {
                        things.remove(&before.subject());
                    }
                    (None, None) => {}
                }
            }
        }
        let mut claimed: HashMap<Place, Vec<Subject>> = HashMap::new();
        let mut about: HashMap<PersonId, Vec<Subject>> = HashMap::new();
        for (subject, thing) in &things {
            for place in places(thing) {
                claimed.entry(place).or_default().push(*subject);
            }
            if !matches!(thing, Thing::Person(_))
                && let Some(person) = thing.person_id()
            {
                about.entry(person).or_default().push(*subject);
            }
        }
        Self {
            things,
            places: claimed,
            about,
            undone: count_undone(fates),
        }
    }

    /// What would be in the way of a line.
    fn clash(&self, line: &ChangeLine, facts: &Facts) -> Option<Clash> {
        match line.clone().into_sides() {
            (_, Some(after)) => self
                .clash_with(&after, facts)
                .or_else(|| self.forbidden(&after, facts.since?)),
            (Some(Thing::Person(person)), None) => self.clash_of_going(person.id, facts),
            _ => None,
        }
    }

    fn clash_with(&self, after: &Thing, facts: &Facts) -> Option<Clash> {
        if let Some(person) = after.person_id()
            && !self.things.contains_key(&Subject::Person(person))
        {
            return Some(Clash::PersonGone(person));
        }
        let rivals = places(after)
            .into_iter()
            .filter_map(|place| self.places.get(&place))
            .flatten()
            .filter(|subject| **subject != after.subject())
            .filter_map(|subject| self.things.get(subject));
        // The least, so that the same is named every time.
        rivals
            .filter(|rival| {
                excludes(after, rival)
                    || (facts.newer.contains(&rival.subject()) && is_half_shared(after, rival))
            })
            .min_by_key(|rival| rival.subject())
            .map(|rival| Clash::InTheWay(rival.clone()))
    }

    /// The decision made since then that forbids a mapping.
    fn forbidden(&self, after: &Thing, since: Timestamp) -> Option<Clash> {
        let Thing::Mapping(mapping) = after else {
            return None;
        };
        let about = self.about.get(&mapping.person_id)?.iter();
        let decided = about
            .filter_map(|subject| self.things.get(subject))
            .find(|thing| {
                matches!(thing, Thing::Decision(decision)
                if decision.connection_id == mapping.connection_id
                    && decision.created_at > since
                    && forbids(decision, mapping))
            });
        decided.map(|decided| Clash::InTheWay(decided.clone()))
    }

    fn clash_of_going(&self, person: PersonId, facts: &Facts) -> Option<Clash> {
        let used = self.about.get(&person).into_iter().flatten().min();
        if let Some(thing) = used.and_then(|subject| self.things.get(subject)) {
            return Some(Clash::StillUsed(thing.clone()));
        }
        facts
            .members
            .contains(&person)
            .then_some(Clash::IsMember(person))
    }
}

#[cfg(test)]
mod tests;
