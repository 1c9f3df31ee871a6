//! What is kept of the last look at everybody of a connection.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use counterpart_matching::{Around, Board, MatchResult, Options, Tied};
use counterpart_model::{Connection, CrmUserId, Identity, Person, PersonId, Timestamp};

use super::records::record_of_person;
use super::schedule::EVERYBODY_EVERY;
use crate::drift::Acquaintances;

/// People who may change before everybody is looked at anew: each makes every answer a little
/// slower.
const MOST_CHANGED: usize = 256;

/// The last look at everybody of a connection, kept to look at some of them again.
#[derive(Debug)]
pub(super) struct Memory {
    board: Box<Board>,
    /// By their place on the left side of the board.
    pub(super) people: Vec<PersonId>,
    places: HashMap<PersonId, usize>,
    /// By their place on the right side.
    pub(super) users: Vec<CrmUserId>,
    user_places: HashMap<CrmUserId, usize>,
    /// Who was tied when last looked at. It only says how far a change reaches; what is so now is
    /// read.
    tied: Tied,
    pub(super) acquaintances: Arc<Acquaintances>,
    /// The run after which it was, and the settings by which.
    synced_at: Option<Timestamp>,
    version: u64,
    options: Options,
    evaluated_at: Timestamp,
    /// The newest change set that has been looked at.
    pub(super) number: u64,
    changed: usize,
}

/// What a look at everybody leaves to be kept.
pub(super) struct Kept {
    pub(super) board: Box<Board>,
    pub(super) people: Vec<PersonId>,
    pub(super) users: Vec<CrmUserId>,
    pub(super) tied: Tied,
    pub(super) acquaintances: Acquaintances,
    /// Those of the settings, without anything that is decided about anybody.
    pub(super) options: Options,
    pub(super) evaluated_at: Timestamp,
    pub(super) number: u64,
}

impl Memory {
    pub(super) fn new(connection: &Connection, kept: Kept) -> Self {
        fn places<T: Clone + Eq + std::hash::Hash>(all: &[T]) -> HashMap<T, usize> {
            let each = all.iter().cloned().zip(0..);
            each.collect()
        }
        Self {
            places: places(&kept.people),
            user_places: places(&kept.users),
            board: kept.board,
            people: kept.people,
            users: kept.users,
            tied: kept.tied,
            acquaintances: Arc::new(kept.acquaintances),
            synced_at: connection.synced_at,
            version: connection.version,
            options: kept.options,
            evaluated_at: kept.evaluated_at,
            number: kept.number,
            changed: 0,
        }
    }

    /// Whether it still serves: the CRM's users and all settings are the same, and it is not so
    /// old that what was learned should be learned anew. What change sets tell is followed.
    pub(super) fn serves(
        &self,
        connection: &Connection,
        options: &Options,
        now: Timestamp,
    ) -> bool {
        self.synced_at == connection.synced_at
            && self.version == connection.version
            && self.options == *options
            && now.seconds_since(self.evaluated_at) < EVERYBODY_EVERY
    }

    /// How many records it holds.
    pub(super) fn records(&self) -> usize {
        self.people.len() + self.users.len()
    }

    /// Where a person stands.
    pub(super) fn place(&self, person: PersonId) -> Option<usize> {
        self.places.get(&person).copied()
    }

    /// Where a CRM user stands.
    pub(super) fn user_place(&self, user: &CrmUserId) -> Option<usize> {
        self.user_places.get(user).copied()
    }

    /// Whom a change of some people and CRM users concerns.
    pub(super) fn around<'a>(
        &self,
        people: impl Iterator<Item = &'a PersonId>,
        users: impl Iterator<Item = &'a CrmUserId>,
    ) -> Around {
        let left: Vec<usize> = people.filter_map(|id| self.place(*id)).collect();
        let right: Vec<usize> = users.filter_map(|id| self.user_place(id)).collect();
        self.board.around(&left, &right, &self.tied)
    }

    /// Decides about them.
    pub(super) fn decide(&self, around: &Around, options: &Options) -> MatchResult {
        self.board.decide(around, &self.tied, options)
    }

    /// Notes who of those that were looked at is tied now.
    pub(super) fn note_tied(&mut self, around: &Around, options: &Options) {
        fn note(all: &mut HashSet<usize>, seen: &[usize], tied: &[usize]) {
            for place in seen {
                all.remove(place);
            }
            all.extend(tied);
        }
        note(&mut self.tied.left, &around.left, &options.taken_left);
        note(&mut self.tied.right, &around.right, &options.taken_right);
    }

    /// Whether so many people may change yet.
    pub(super) fn may_change(&self, people: usize) -> bool {
        self.changed + people <= MOST_CHANGED
    }

    /// Takes a person off, and puts them on again as they are now, if they work here.
    pub(super) fn change(&mut self, id: PersonId, now: Option<(&Person, &[Identity])>) {
        self.changed += 1;
        if let Some(place) = self.places.remove(&id) {
            self.board.take_off(place);
        }
        if let Some((person, identities)) = now {
            let place = self.board.put(record_of_person(person, identities));
            debug_assert_eq!(
                place,
                self.people.len(),
                "the board and the people go together"
            );
            self.people.push(id);
            self.places.insert(id, place);
        }
    }
}
