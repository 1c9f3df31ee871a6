//! What stands, as the oracle sees it: three plain lists, and what follows from them.

use counterpart_model::{
    ConnectionId, Decision, DecisionKind, Mapping, Person, PersonId, Timestamp,
};

use super::operation::Place;
use crate::standing::Standing;

/// The connections, by their places.
pub(super) type Places = [ConnectionId; 2];

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worker {
    pub(super) external_id: String,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) active: bool,
}

/// A mapping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tie {
    pub(super) place: Place,
    pub(super) person: PersonId,
    pub(super) user: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    /// Whether the CRM user may be others' meanwhile.
    pub(super) shared: bool,
    pub(super) origin: &'static str,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ruling {
    pub(super) place: Place,
    pub(super) kind: &'static str,
    pub(super) person: Option<PersonId>,
    pub(super) user: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
}

pub(super) const NOT_THIS_PAIR: &str = "not_this_pair";
pub(super) const NO_ACCOUNT: &str = "no_account";
pub(super) const NOT_A_PERSON: &str = "not_a_person";
pub(super) const SHARED_SEAT: &str = "shared_seat";

/// Everything that stands. In order, so that two can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Books {
    pub(super) workers: Vec<Worker>,
    pub(super) ties: Vec<Tie>,
    pub(super) rulings: Vec<Ruling>,
}

impl Tie {
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    pub(super) fn overlaps(&self, from: Timestamp, to: Timestamp) -> bool {
        self.from < to && from < self.to
    }

    pub(super) fn is_of(&self, place: Place, person: PersonId) -> bool {
        self.place == place && self.person == person
    }

    pub(super) fn is_on(&self, place: Place, user: &str) -> bool {
        self.place == place && self.user == user
    }

    /// Whether both cannot be true: a person has one CRM user at a time, and a CRM user one
    /// person, unless both ties share it, or one does and the seat is called shared.
    fn excludes(&self, other: &Self, is_seat: bool) -> bool {
        let shared = (self.shared && other.shared) || (is_seat && (self.shared || other.shared));
        let same_user = self.user == other.user && !shared;
        self.place == other.place
            && self.overlaps(other.from, other.to)
            && (self.person == other.person || same_user)
    }

    /// What is left of it when it ends at an instant.
    pub(super) fn ended(self, at: Timestamp) -> Option<Self> {
        if self.from >= at && self.to > at {
            return None;
        }
        Some(Self {
            to: self.to.min(at),
            ..self
        })
    }
}

impl Ruling {
    pub(super) fn is_in_force(&self, at: Timestamp) -> bool {
        at < self.until
    }

    pub(super) fn is_about(&self, other: &Self) -> bool {
        (self.place, self.kind, self.person, &self.user)
            == (other.place, other.kind, other.person, &other.user)
    }
}

impl Books {
    pub(super) fn of(standing: &Standing, places: &Places) -> Self {
        let place = |id: ConnectionId| {
            let found = places.iter().position(|place| *place == id);
            found.expect("nothing stands elsewhere")
        };
        let tie = |mapping: &Mapping| Tie {
            place: place(mapping.connection_id),
            person: mapping.person_id,
            user: mapping.crm_user_id.0.clone(),
            from: mapping.period.from(),
            to: mapping.period.to(),
            shared: !mapping.crm_user_exclusive,
            origin: mapping.origin.as_str(),
        };
        let books = Self {
            workers: standing.people.iter().map(worker).collect(),
            ties: standing.mappings.iter().map(tie).collect(),
            rulings: standing
                .decisions
                .iter()
                .map(|decision| ruling(decision, place(decision.connection_id)))
                .collect(),
        };
        books.in_order()
    }

    pub(super) fn in_order(mut self) -> Self {
        self.workers.sort();
        self.ties.sort();
        self.rulings.sort();
        self
    }

    pub(super) fn is_shared(&self, place: Place, user: &str, now: Timestamp) -> bool {
        self.rulings.iter().any(|ruling| {
            ruling.place == place
                && ruling.kind == SHARED_SEAT
                && ruling.user.as_deref() == Some(user)
                && ruling.is_in_force(now)
        })
    }

    /// Two ties that cannot both be true.
    pub(super) fn contradiction(&self) -> Option<(&Tie, &Tie)> {
        self.ties.iter().enumerate().find_map(|(at, one)| {
            let mut others = self.ties[at + 1..].iter();
            let is_seat = self.rulings.iter().any(|it| {
                it.kind == SHARED_SEAT
                    && it.place == one.place
                    && it.user.as_ref() == Some(&one.user)
            });
            let excluded = others.find(|other| one.excludes(other, is_seat));
            excluded.map(|other| (one, other))
        })
    }

    /// Whom a person is mapped to at an instant.
    pub(super) fn users_of(&self, place: Place, person: PersonId, at: Timestamp) -> Vec<&str> {
        let mut found: Vec<&str> = self
            .ties
            .iter()
            .filter(|tie| tie.is_of(place, person) && tie.holds(at))
            .map(|tie| tie.user.as_str())
            .collect();
        found.sort_unstable();
        found
    }

    /// Who is mapped to a CRM user at an instant.
    pub(super) fn people_of(&self, place: Place, user: &str, at: Timestamp) -> Vec<PersonId> {
        let mut found: Vec<PersonId> = self
            .ties
            .iter()
            .filter(|tie| tie.is_on(place, user) && tie.holds(at))
            .map(|tie| tie.person)
            .collect();
        found.sort_unstable();
        found
    }

    /// Whether somebody had decided by an instant that nobody is to be mapped.
    pub(super) fn is_ignored(
        &self,
        place: Place,
        kind: &str,
        who: (Option<PersonId>, Option<&str>),
        at: Timestamp,
    ) -> bool {
        self.rulings.iter().any(|ruling| {
            ruling.place == place
                && ruling.kind == kind
                && (ruling.person, ruling.user.as_deref()) == who
                && ruling.since <= at
                && ruling.is_in_force(at)
        })
    }
}

fn worker(person: &Person) -> Worker {
    Worker {
        external_id: person.external_id.clone().unwrap_or_default(),
        name: person.profile.display_name.clone(),
        title: person.profile.title.clone(),
        active: person.active,
    }
}

fn ruling(decision: &Decision, place: Place) -> Ruling {
    Ruling {
        place,
        kind: match decision.kind {
            DecisionKind::NotThisPair { .. } => NOT_THIS_PAIR,
            DecisionKind::NoAccount { .. } => NO_ACCOUNT,
            DecisionKind::NotAPerson { .. } => NOT_A_PERSON,
            DecisionKind::SharedSeat { .. } => SHARED_SEAT,
        },
        person: decision.kind.person_id(),
        user: decision.kind.crm_user_id().map(|id| id.0.clone()),
        reason: decision.reason.clone(),
        since: decision.created_at,
        until: decision.expires_at,
    }
}
