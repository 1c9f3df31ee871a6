//! What is in the way of an undo, or of a change that waited, in words.

use std::collections::HashMap;

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, DecisionKind, IdentityKind, PersonId, Thing,
};

use super::plan::Clash;
use crate::mapping::Names;

/// What is to be done with lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mapping) enum Purpose {
    /// A change set is to be undone.
    Undo,
    /// A change that waited is to be applied.
    Apply,
}

/// The names that sentences need.
pub(in crate::mapping) struct Words {
    pub(in crate::mapping) purpose: Purpose,
    pub(in crate::mapping) names: Names,
    /// The addresses of members, by the people that they are.
    pub(in crate::mapping) members: HashMap<PersonId, String>,
}

impl Words {
    /// What is in the way of reversing a line: a sentence in lower case, without a full stop.
    pub(super) fn clash(&self, clash: &Clash, line: &ChangeLine) -> String {
        let (before, after) = line.clone().into_sides();
        match clash {
            Clash::Changed(Some(standing)) => {
                let again = self.either("again ", "");
                format!("changed {again}since: now {}", self.thing(standing))
            }
            Clash::Changed(None) => match after.or(before) {
                Some(thing) => format!("taken away since: {}", self.thing(&thing)),
                None => "taken away since".to_owned(),
            },
            Clash::InTheWay(standing) => match before {
                Some(back) => format!(
                    "{} cannot {}: {}",
                    self.thing(&back),
                    self.either("come back", "become true"),
                    self.thing(standing)
                ),
                None => self.thing(standing),
            },
            Clash::StillUsed(standing) => format!(
                "the person is used by what came later: {}",
                self.thing(standing)
            ),
            Clash::IsMember(person) => format!(
                "{} is the member {}",
                self.person(*person),
                self.members
                    .get(person)
                    .map_or("of somebody", String::as_str)
            ),
            Clash::PersonGone(person) => {
                format!("the person it is about is gone: {}", self.person(*person))
            }
            Clash::Together(_) => {
                let done = self.either("undone", "applied");
                format!("belongs together with another line of the person, which cannot be {done}")
            }
        }
    }

    const fn either(&self, undoing: &'static str, applying: &'static str) -> &'static str {
        match self.purpose {
            Purpose::Undo => undoing,
            Purpose::Apply => applying,
        }
    }

    /// A thing as a clause.
    pub(in crate::mapping) fn thing(&self, thing: &Thing) -> String {
        match thing {
            Thing::Person(person) => {
                let name = &person.profile.display_name;
                match &person.external_id {
                    Some(external_id) => format!("{name} (external id {external_id})"),
                    None => name.clone(),
                }
            }
            Thing::Identity(identity) => format!(
                "{} has {} {}",
                self.person(identity.person_id),
                kind(identity.kind),
                identity.value
            ),
            Thing::Mapping(mapping) => format!(
                "{} is mapped to {} in {}",
                self.person(mapping.person_id),
                self.user(mapping.connection_id, &mapping.crm_user_id),
                self.connection(mapping.connection_id)
            ),
            Thing::MatchingSettings(settings) => match settings.connection_id {
                Some(connection) => {
                    format!("the matching settings of {}", self.connection(connection))
                }
                None => "the matching settings".to_owned(),
            },
            Thing::Decision(decision) => {
                let connection = decision.connection_id;
                let place = self.connection(connection);
                match &decision.kind {
                    DecisionKind::NotThisPair {
                        person_id,
                        crm_user_id,
                    } => format!(
                        "{} is not {} in {place}",
                        self.person(*person_id),
                        self.user(connection, crm_user_id)
                    ),
                    DecisionKind::NoAccount { person_id } => {
                        format!("{} has no account in {place}", self.person(*person_id))
                    }
                    DecisionKind::NotAPerson { crm_user_id } => format!(
                        "{} is not a person in {place}",
                        self.user(connection, crm_user_id)
                    ),
                    DecisionKind::SharedSeat { crm_user_id } => format!(
                        "{} is a shared seat in {place}",
                        self.user(connection, crm_user_id)
                    ),
                }
            }
        }
    }

    /// A person's name, or id.
    pub(in crate::mapping) fn person(&self, id: PersonId) -> String {
        let name = self.names.people.get(&id);
        name.cloned().unwrap_or_else(|| format!("person {id}"))
    }

    fn user(&self, connection: ConnectionId, id: &CrmUserId) -> String {
        match self.names.crm_users.get(&(connection, id.clone())) {
            Some(name) => format!("{name} ({id})"),
            None => format!("user {id}"),
        }
    }

    fn connection(&self, id: ConnectionId) -> String {
        let name = self.names.connections.get(&id);
        name.cloned().unwrap_or_else(|| format!("connection {id}"))
    }
}

const fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Extension => "extension",
        IdentityKind::Number => "number",
        IdentityKind::Device => "device",
        IdentityKind::PlatformUser => "platform user",
        IdentityKind::Email => "address",
    }
}
