//! What edits are made from, read together for all of them: many people are mapped by as many
//! questions to the database as one.

use std::collections::{BTreeSet, HashMap, HashSet};

use counterpart_model::{
    Code, Connection, ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, DraftEdit, Mapping,
    MappingId, Period, Person, PersonId, Proposal, Thing, Timestamp,
};

use super::{CellEdit, mapping_of};
use crate::{Actor, Error, Result, Service};

/// A person in a connection.
type Cell = (ConnectionId, PersonId);
/// A CRM user of a connection.
type Seat = (ConnectionId, CrmUserId);

/// What is known about the people, connections and CRM users that some edits are about.
#[derive(Debug, Default)]
pub(in crate::mapping) struct Known {
    connections: HashMap<ConnectionId, Connection>,
    people: HashMap<PersonId, Person>,
    /// By the id that an edit writes, in whatever form.
    crm_users: HashMap<Seat, CrmUser>,
    mappings: HashMap<Cell, Vec<Mapping>>,
    /// Of the CRM users that edits want somebody mapped to.
    mappings_of_users: HashMap<Seat, Vec<Mapping>>,
    decisions: HashMap<Cell, Vec<Decision>>,
    shared: HashSet<Seat>,
    proposals: HashMap<Cell, Proposal>,
}

impl Service {
    /// Reads what `edits` are about. What is not there is found out when it is asked for.
    pub(in crate::mapping) async fn known_about(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
    ) -> Result<Known> {
        let organization = actor.organization();
        let people: BTreeSet<PersonId> = edits.iter().map(|edit| edit.person_id).collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let connections = self.store().list_connections(organization).await?;
        let mut known = Known {
            connections: connections.into_iter().map(|it| (it.id, it)).collect(),
            ..Known::default()
        };
        let found = self.store().find_people(organization, &people).await?;
        known.people = found.into_iter().map(|it| (it.id, it)).collect();
        for thing in self.store().about_people(organization, &people).await? {
            known.add(thing);
        }
        self.know_crm_users(actor, edits, &mut known).await?;
        self.know_who_else(actor, edits, &mut known).await?;
        self.know_proposals(actor, edits, &mut known).await?;
        Ok(known)
    }

    /// The CRM users that edits name, and which of them are shared seats.
    async fn know_crm_users(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
        known: &mut Known,
    ) -> Result<()> {
        let mut named: HashMap<ConnectionId, BTreeSet<CrmUserId>> = HashMap::new();
        for edit in edits {
            if let DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } =
                &edit.edit
                && known.connections.contains_key(&edit.connection_id)
            {
                let ids = named.entry(edit.connection_id).or_default();
                ids.insert(crm_user_id.clone());
            }
        }
        for (connection, ids) in named {
            let asked: Vec<CrmUserId> = ids.iter().cloned().collect();
            let found = self
                .store()
                .find_crm_users(actor.organization(), connection, &asked)
                .await?;
            for user in found {
                known.crm_users.insert((connection, user.id.clone()), user);
            }
            for id in ids {
                if known.crm_users.contains_key(&(connection, id.clone())) {
                    continue;
                }
                // An id may have been typed in another form than the CRM's own.
                match self.crm_user(actor, connection, &id).await {
                    Ok(user) => drop(known.crm_users.insert((connection, id), user)),
                    Err(error) if error.code() == Code::CrmUserNotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        let seats: Vec<Seat> = known
            .crm_users
            .iter()
            .map(|((connection, _), user)| (*connection, user.id.clone()))
            .collect();
        let now = self.now();
        let decided = self
            .store()
            .decisions_on(actor.organization(), &[], &seats)
            .await?;
        for decision in decided {
            if let DecisionKind::SharedSeat { crm_user_id } = decision.kind
                && now < decision.expires_at
            {
                known.shared.insert((decision.connection_id, crm_user_id));
            }
        }
        Ok(())
    }

    /// Who else is or was mapped to the CRM users that edits want.
    async fn know_who_else(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
        known: &mut Known,
    ) -> Result<()> {
        let mut places = Vec::new();
        for edit in edits {
            let DraftEdit::Map { crm_user_id, .. } = &edit.edit else {
                continue;
            };
            let Some(connection) = known.connections.get(&edit.connection_id) else {
                continue;
            };
            let seat = (edit.connection_id, crm_user_id.clone());
            let Some(user) = known.crm_users.get(&seat) else {
                continue;
            };
            let id = MappingId::generate(self.clock(), self.entropy());
            let wanted = mapping_of(id, connection, edit, Period::ALL, user.id.clone(), false);
            places.push(Thing::Mapping(Box::new(wanted)));
        }
        let organization = actor.organization();
        for thing in self.store().rivals(organization, &places).await? {
            if let Thing::Mapping(mapping) = thing {
                let seat = (mapping.connection_id, mapping.crm_user_id.clone());
                let theirs = known.mappings_of_users.entry(seat).or_default();
                theirs.push(*mapping);
            }
        }
        Ok(())
    }

    /// The proposals that edits accept.
    async fn know_proposals(
        &self,
        actor: &Actor,
        edits: &[CellEdit],
        known: &mut Known,
    ) -> Result<()> {
        let mut accepted: HashMap<ConnectionId, Vec<PersonId>> = HashMap::new();
        for edit in edits {
            if matches!(edit.edit, DraftEdit::Map { accepted: true, .. }) {
                let people = accepted.entry(edit.connection_id).or_default();
                people.push(edit.person_id);
            }
        }
        for (connection, people) in accepted {
            let proposals = self
                .store()
                .find_proposals(actor.organization(), connection, &people)
                .await?;
            let by_cell = proposals
                .into_iter()
                .map(|it| ((connection, it.person_id), it));
            known.proposals.extend(by_cell);
        }
        Ok(())
    }
}

impl Known {
    fn add(&mut self, thing: Thing) {
        match thing {
            Thing::Mapping(mapping) => {
                let cell = (mapping.connection_id, mapping.person_id);
                self.mappings.entry(cell).or_default().push(*mapping);
            }
            Thing::Decision(decision) => {
                if let Some(person) = decision.kind.person_id() {
                    let cell = (decision.connection_id, person);
                    self.decisions.entry(cell).or_default().push(*decision);
                }
            }
            Thing::Person(_) | Thing::Identity(_) | Thing::MatchingSettings(_) => {}
        }
    }

    /// The connection of an id, or the error that there is none.
    pub(in crate::mapping) fn connection(&self, id: ConnectionId) -> Result<&Connection> {
        self.connections.get(&id).ok_or_else(|| {
            let detail = format!("there is no connection {id}");
            Error::new(Code::RequestNotFound, detail)
        })
    }

    /// The person of an id, or the error that there is none.
    pub(in crate::mapping) fn person(&self, id: PersonId) -> Result<&Person> {
        let missing = || Error::new(Code::PersonNotFound, format!("there is no person {id}"));
        self.people.get(&id).ok_or_else(missing)
    }

    /// The CRM user of an id, in the form in which an edit writes it, or the error that there is
    /// none.
    pub(in crate::mapping) fn crm_user(
        &self,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<&CrmUser> {
        let found = self.crm_users.get(&(connection, id.clone()));
        match found {
            Some(found) => Ok(found),
            None => Err(Error::no_crm_user(self.connection(connection)?, id)),
        }
    }

    /// All mappings of an edit's cell, of any time.
    pub(super) fn mappings(&self, edit: &CellEdit) -> &[Mapping] {
        let cell = (edit.connection_id, edit.person_id);
        self.mappings.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// All mappings of an edit's cell, and those of anybody to a CRM user that an edit wants, of
    /// any time; some perhaps twice.
    pub(super) fn mappings_of_pair(
        &self,
        edit: &CellEdit,
        crm_user: &CrmUserId,
    ) -> impl Iterator<Item = &Mapping> {
        let seat = (edit.connection_id, crm_user.clone());
        let of_user = self.mappings_of_users.get(&seat).into_iter().flatten();
        self.mappings(edit).iter().chain(of_user)
    }

    /// The mapping of an edit's cell that holds at an instant.
    pub(in crate::mapping) fn holding(&self, edit: &CellEdit, at: Timestamp) -> Option<&Mapping> {
        let mut all = self.mappings(edit).iter();
        all.find(|mapping| mapping.period.contains(at))
    }

    /// The decisions about an edit's cell, expired ones included.
    pub(super) fn decisions(&self, edit: &CellEdit) -> &[Decision] {
        let cell = (edit.connection_id, edit.person_id);
        self.decisions.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// Whether several people use a CRM user at the same time, by decision.
    pub(super) fn is_shared(&self, edit: &CellEdit, id: &CrmUserId) -> bool {
        self.shared.contains(&(edit.connection_id, id.clone()))
    }

    /// Whether an edit accepts what is proposed now.
    pub(in crate::mapping) fn is_proposed(&self, edit: &CellEdit) -> bool {
        let DraftEdit::Map { crm_user_id, .. } = &edit.edit else {
            return false;
        };
        let proposal = self.proposal(edit);
        proposal.is_some_and(|proposal| proposal.crm_user_id == *crm_user_id)
    }

    /// What the matcher suggests for an edit's cell, where the edit accepts it.
    pub(super) fn proposal(&self, edit: &CellEdit) -> Option<&Proposal> {
        self.proposals.get(&(edit.connection_id, edit.person_id))
    }
}
