//! Witnesses: what is known of both sides when a pair is made or confirmed.

use std::collections::{BTreeSet, HashMap};

use counterpart_model::{
    ChangeLine, Connection, ConnectionId, CrmUser, CrmUserId, Identity, Mapping, OrganizationId,
    Person, PersonId, Witness,
};

use crate::{Result, Service};

impl Service {
    /// The witness of a person and a CRM user as both are known now.
    pub(crate) fn witness_of(
        &self,
        connection: &Connection,
        crm_user: &CrmUser,
        person: &Person,
        identities: &[Identity],
    ) -> Witness {
        let remote_org = connection.remote_org.as_ref().map(|org| org.id.as_str());
        Witness::of(
            &crm_user.profile,
            person,
            identities,
            remote_org,
            self.now(),
        )
    }

    /// Gives the new mappings among `lines` that have none the witness of what is known of both
    /// sides now. People and identities that come with the same lines are known by them. A
    /// mapping to a CRM user that no run has seen yet stays without.
    pub(crate) async fn add_witnesses(
        &self,
        organization: OrganizationId,
        lines: &mut [ChangeLine],
    ) -> Result<()> {
        let mut people: BTreeSet<PersonId> = BTreeSet::new();
        let mut users: HashMap<ConnectionId, Vec<CrmUserId>> = HashMap::new();
        for mapping in lines.iter_mut().filter_map(unwitnessed) {
            people.insert(mapping.person_id);
            let ids = users.entry(mapping.connection_id).or_default();
            ids.push(mapping.crm_user_id.clone());
        }
        if people.is_empty() {
            return Ok(());
        }
        let people: Vec<PersonId> = people.into_iter().collect();
        let pairs = self.store().find_people(organization, &people).await?;
        let mut known: HashMap<PersonId, Person> = pairs
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let mut identities: HashMap<PersonId, Vec<Identity>> = HashMap::new();
        for identity in self.store().list_identities(organization, &people).await? {
            identities
                .entry(identity.person_id)
                .or_default()
                .push(identity);
        }
        for line in lines.iter() {
            match line {
                ChangeLine::Person {
                    after: Some(person),
                    ..
                } => {
                    known.insert(person.id, (**person).clone());
                }
                ChangeLine::Identity {
                    before: None,
                    after: Some(identity),
                } => {
                    let theirs = identities.entry(identity.person_id).or_default();
                    theirs.push((**identity).clone());
                }
                _ => {}
            }
        }
        let mut seen: HashMap<(ConnectionId, CrmUserId), CrmUser> = HashMap::new();
        let connections = self.store().list_connections(organization).await?;
        for connection in &connections {
            let Some(ids) = users.get(&connection.id) else {
                continue;
            };
            let found = self
                .store()
                .find_crm_users(organization, connection.id, ids);
            let found = found.await?.into_iter();
            seen.extend(found.map(|user| ((connection.id, user.id.clone()), user)));
        }
        for mapping in lines.iter_mut().filter_map(unwitnessed) {
            let user = seen.get(&(mapping.connection_id, mapping.crm_user_id.clone()));
            let connection = connections.iter().find(|it| it.id == mapping.connection_id);
            let person = known.get(&mapping.person_id);
            let Some(((user, connection), person)) = user.zip(connection).zip(person) else {
                continue;
            };
            let theirs = identities
                .get(&mapping.person_id)
                .map_or(&[][..], Vec::as_slice);
            let witness = self.witness_of(connection, user, person, theirs);
            mapping.witness = Some(Box::new(witness));
        }
        Ok(())
    }
}

/// The mapping that a line makes, if it has no witness.
fn unwitnessed(line: &mut ChangeLine) -> Option<&mut Mapping> {
    match line {
        ChangeLine::Mapping {
            before: None,
            after: Some(after),
        } if after.witness.is_none() => Some(after),
        _ => None,
    }
}
