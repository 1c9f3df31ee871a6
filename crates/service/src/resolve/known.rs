//! What was read for all questions, and the answer to each that follows from it.

use std::collections::{BTreeSet, HashMap};

use counterpart_model::{
    Connection, ConnectionId, ConnectionState, CrmUser, CrmUserId, Decision, DecisionKind, Mapping,
    Person, PersonId, Proposal, Timestamp, folding,
};

use super::answer::{Choice, Outcome, Resolution, Unknown};
use super::key::{Asked, Lead, Place};
use crate::mapping::MappingView;

/// The connection of an id or a name.
pub(super) fn named(connections: &[Connection], text: &str) -> Option<ConnectionId> {
    let key = folding::fold(text);
    let id: Option<ConnectionId> = text.parse().ok();
    connections
        .iter()
        .find(|connection| Some(connection.id) == id || folding::fold(&connection.name) == key)
        .map(|connection| connection.id)
}

/// What was read.
pub(super) struct Known {
    pub(super) now: Timestamp,
    /// Those with CRM users.
    connections: Vec<Connection>,
    /// What holds, by question.
    mappings: Vec<Vec<Mapping>>,
    pub(super) decisions: Vec<Decision>,
    pub(super) proposals: Vec<Proposal>,
    people: HashMap<PersonId, Person>,
    crm_users: HashMap<(ConnectionId, CrmUserId), CrmUser>,
}

impl Known {
    pub(super) fn new(now: Timestamp, connections: Vec<Connection>) -> Self {
        Self {
            now,
            connections,
            mappings: Vec::new(),
            decisions: Vec::new(),
            proposals: Vec::new(),
            people: HashMap::new(),
            crm_users: HashMap::new(),
        }
    }

    pub(super) fn connection_named(&self, text: &str) -> Option<ConnectionId> {
        named(&self.connections, text)
    }

    pub(super) fn provider_of(&self, id: ConnectionId) -> Option<&str> {
        let mut connections = self.connections.iter();
        let found = connections.find(|connection| connection.id == id);
        found.map(|connection| connection.provider.as_str())
    }

    pub(super) fn put_mappings(
        &mut self,
        questions: usize,
        holding: impl Iterator<Item = (usize, Mapping)>,
    ) {
        self.mappings = vec![Vec::new(); questions];
        for (question, mapping) in holding {
            self.mappings[question].push(mapping);
        }
    }

    pub(super) fn put_crm_users(&mut self, found: Vec<CrmUser>) {
        let found = found.into_iter();
        self.crm_users
            .extend(found.map(|user| ((user.connection_id, user.id.clone()), user)));
    }

    pub(super) fn put_people(&mut self, found: Vec<Person>) {
        self.people
            .extend(found.into_iter().map(|person| (person.id, person)));
    }

    pub(super) fn is_mapped(&self, question: usize) -> bool {
        !self.mappings[question].is_empty()
    }

    /// Every CRM user that an answer may mention.
    pub(super) fn crm_users_mentioned(&self, asked: &[Asked]) -> Vec<(ConnectionId, CrmUserId)> {
        let mapped = self.mappings.iter().flatten();
        let mapped = mapped.map(|mapping| (mapping.connection_id, mapping.crm_user_id.clone()));
        let asked = asked.iter().flat_map(|asked| asked.crm_users.clone());
        let proposed = self.proposals.iter().flat_map(choices_of);
        let mentioned: BTreeSet<_> = mapped.chain(asked).chain(proposed).collect();
        mentioned.into_iter().collect()
    }

    /// The people of mappings.
    pub(super) fn people_missing(&self) -> Vec<PersonId> {
        let mapped = self.mappings.iter().flatten();
        let people: BTreeSet<_> = mapped.map(|mapping| mapping.person_id).collect();
        people.into_iter().collect()
    }

    /// The answer to the question of an index.
    pub(super) fn answer(&self, index: usize, asked: &Asked) -> Resolution {
        let mut crm_users = asked.crm_users.iter();
        Resolution {
            at: asked.at,
            connection: match asked.place {
                Place::In(connection) => Some(connection),
                Place::Anywhere | Place::Nowhere => None,
            },
            person: asked.person().cloned(),
            crm_user: crm_users.find_map(|key| self.crm_users.get(key)).cloned(),
            outcome: self.outcome(index, asked),
        }
    }

    fn outcome(&self, index: usize, asked: &Asked) -> Outcome {
        if asked.place == Place::Nowhere {
            return Outcome::Unknown(Unknown::Connection);
        }
        match &asked.people {
            Lead::NoPlatform => return Outcome::Unknown(Unknown::Platform),
            Lead::People(people) if people.is_empty() => return Outcome::Unknown(Unknown::Person),
            Lead::People(people) if people.len() > 1 => {
                return Outcome::Ambiguous(Choice::People(people.clone()));
            }
            Lead::People(_) | Lead::CrmUser => {}
        }
        let mapped = &self.mappings[index];
        if !mapped.is_empty() {
            return Outcome::Mapped(mapped.iter().map(|mapping| self.view(mapping)).collect());
        }
        match asked.person() {
            Some(person) => self.why_no_crm_user(person.id, asked),
            None => self.why_nobody(asked),
        }
    }

    fn view(&self, mapping: &Mapping) -> MappingView {
        let crm_user = (mapping.connection_id, mapping.crm_user_id.clone());
        let mut connections = self.connections.iter();
        let connection = connections.find(|connection| connection.id == mapping.connection_id);
        MappingView {
            mapping: mapping.clone(),
            person: self.people.get(&mapping.person_id).cloned(),
            crm_user: self.crm_users.get(&crm_user).cloned(),
            connection: connection.map(|it| it.name.clone()).unwrap_or_default(),
        }
    }

    /// Why a person is mapped to nobody: see [`Outcome`] for how connections add up.
    fn why_no_crm_user(&self, person: PersonId, asked: &Asked) -> Outcome {
        let connections = self.connections.iter().filter(|connection| {
            asked.place == Place::Anywhere || asked.place == Place::In(connection.id)
        });
        connections
            .map(|connection| self.why_not_there(person, connection, asked.at))
            .min_by_key(rank)
            .unwrap_or(Outcome::Unmapped)
    }

    fn why_not_there(&self, person: PersonId, connection: &Connection, at: Timestamp) -> Outcome {
        let kind = DecisionKind::NoAccount { person_id: person };
        if let Some(ignored) = self.ignored(connection.id, &kind, at) {
            return ignored;
        }
        if let Some(since) = held_since(connection, at) {
            return Outcome::Held { since };
        }
        let mut proposals = self.proposals.iter();
        let proposal = proposals
            .find(|it| it.connection_id == connection.id && it.person_id == person)
            // A proposal is about the present; of the past it says nothing.
            .filter(|_| at >= self.now);
        match proposal {
            Some(proposal) => {
                let choices = choices_of(proposal).map(|(connection, id)| {
                    let user = self.crm_users.get(&(connection, id.clone())).cloned();
                    (connection, id, user)
                });
                Outcome::Ambiguous(Choice::CrmUsers(choices.collect()))
            }
            None => Outcome::Unmapped,
        }
    }

    /// Why nobody is mapped to a CRM user.
    fn why_nobody(&self, asked: &Asked) -> Outcome {
        let mut ids = asked.crm_users.iter();
        let ignored = ids.find_map(|(connection, id)| {
            let kind = DecisionKind::NotAPerson {
                crm_user_id: id.clone(),
            };
            self.ignored(*connection, &kind, asked.at)
        });
        if let Some(ignored) = ignored {
            return ignored;
        }
        let mut connections = self.connections.iter();
        let held = connections
            .find(|connection| asked.place == Place::In(connection.id))
            .and_then(|connection| held_since(connection, asked.at));
        if let Some(since) = held {
            return Outcome::Held { since };
        }
        let mut ids = asked.crm_users.iter();
        if ids.any(|key| self.crm_users.contains_key(key)) {
            Outcome::Unmapped
        } else {
            Outcome::Unknown(Unknown::CrmUser)
        }
    }

    /// The decision of a kind that holds at an instant, as an outcome.
    fn ignored(&self, at: ConnectionId, kind: &DecisionKind, when: Timestamp) -> Option<Outcome> {
        let mut decisions = self.decisions.iter();
        let decision = decisions.find(|it| {
            it.connection_id == at
                && it.kind == *kind
                && it.created_at <= when
                && when < it.expires_at
        })?;
        Some(Outcome::Ignored {
            until: decision.expires_at,
            reason: decision.reason.clone(),
        })
    }
}

/// Since when a brake holds a connection's last pull, if it does at `at`.
fn held_since(connection: &Connection, at: Timestamp) -> Option<Timestamp> {
    let health = &connection.health;
    (health.state == ConnectionState::Held && health.since <= at).then_some(health.since)
}

/// Which of two connections' outcomes speaks for both: the smaller.
fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Mapped(_) => 0,
        Outcome::Held { .. } => 1,
        Outcome::Ambiguous(_) => 2,
        Outcome::Unmapped | Outcome::Unknown(_) => 3,
        Outcome::Ignored { .. } => 4,
    }
}

fn choices_of(proposal: &Proposal) -> impl Iterator<Item = (ConnectionId, CrmUserId)> {
    let rivals = proposal.rivals.iter().map(|rival| &rival.crm_user_id);
    [&proposal.crm_user_id]
        .into_iter()
        .chain(rivals)
        .map(|id| (proposal.connection_id, id.clone()))
}
