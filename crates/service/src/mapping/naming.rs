//! The names behind ids, for whoever shows change sets and drafts.

use std::collections::{HashMap, HashSet};

use counterpart_model::{ChangeLine, ConnectionId, CrmUserId, PersonId, Thing};

use crate::{Actor, Result, Service};

/// Names by the ids that were asked for. What has no name any more is left out.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Names of people.
    pub people: HashMap<PersonId, String>,
    /// Names of CRM users.
    pub crm_users: HashMap<(ConnectionId, CrmUserId), String>,
    /// Names of connections: all of the organization.
    pub connections: HashMap<ConnectionId, String>,
}

/// What is to be named.
#[derive(Debug, Clone, Default)]
pub struct Unnamed {
    /// People.
    pub people: HashSet<PersonId>,
    /// CRM users.
    pub crm_users: HashSet<(ConnectionId, CrmUserId)>,
}

impl Unnamed {
    /// Everybody whom some lines of a change set are about.
    pub fn in_lines(lines: &[ChangeLine]) -> Self {
        let mut unnamed = Self::default();
        unnamed.add_lines(lines);
        unnamed
    }

    /// Adds everybody whom some lines of a change set are about.
    pub fn add_lines(&mut self, lines: &[ChangeLine]) {
        for line in lines {
            let (before, after) = line.clone().into_sides();
            self.add_things(before.iter().chain(&after));
        }
    }

    /// Adds everybody whom some things are about. A person's own name is known.
    pub fn add_things<'a>(&mut self, things: impl IntoIterator<Item = &'a Thing>) {
        for thing in things {
            match thing {
                Thing::Person(_) | Thing::MatchingSettings(_) => {}
                Thing::Identity(identity) => {
                    self.people.insert(identity.person_id);
                }
                Thing::Mapping(mapping) => {
                    self.people.insert(mapping.person_id);
                    self.crm_users
                        .insert((mapping.connection_id, mapping.crm_user_id.clone()));
                }
                Thing::Decision(decision) => {
                    self.people.extend(decision.kind.person_id());
                    self.crm_users.extend(
                        decision
                            .kind
                            .crm_user_id()
                            .map(|id| (decision.connection_id, id.clone())),
                    );
                }
            }
        }
    }
}

impl Service {
    /// The names of what is `unnamed`, in the actor's organization.
    pub async fn names(&self, actor: &Actor, unnamed: &Unnamed) -> Result<Names> {
        let organization = actor.organization();
        let people: Vec<PersonId> = unnamed.people.iter().copied().collect();
        let people = self
            .store()
            .find_people(organization, &people)
            .await?
            .into_iter()
            .map(|person| (person.id, person.profile.display_name))
            .collect();
        let connections: HashMap<ConnectionId, String> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .map(|connection| (connection.id, connection.name))
            .collect();
        let mut crm_users = HashMap::new();
        for connection in connections.keys() {
            let ids: Vec<CrmUserId> = unnamed
                .crm_users
                .iter()
                .filter(|(of, _)| of == connection)
                .map(|(_, id)| id.clone())
                .collect();
            if ids.is_empty() {
                continue;
            }
            let found = self
                .store()
                .find_crm_users(organization, *connection, &ids)
                .await?;
            crm_users.extend(
                found
                    .into_iter()
                    .map(|user| ((*connection, user.id.clone()), user.profile.display_name)),
            );
        }
        Ok(Names {
            people,
            crm_users,
            connections,
        })
    }
}
