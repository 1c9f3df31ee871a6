//! Finding the drift of some people's mappings, by what concerns these mappings alone.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use counterpart_matching::Address;
use counterpart_model::{
    Connection, CrmUser, CrmUserId, Drift, Identity, IdentityKind, Mapping, OrganizationId, Person,
    PersonId,
};
use counterpart_store::resolve::{MappedAt, MappedSide};

use super::finding::Judging;
use super::look::mailboxes;
use super::{Acquaintances, Scene, Seen};
use crate::reconcile::Staff;
use crate::{Error, Result, Service};

impl Service {
    /// The drift of the mappings of some people that hold now in a connection. What is to be
    /// ignored is left out. Those who share an address, an id or an extension with them are looked
    /// up in `whole`.
    pub(crate) async fn find_drift_of(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        people: &[PersonId],
        whole: &Arc<Acquaintances>,
    ) -> Result<Vec<Drift>> {
        let own = people.iter();
        let own = own.map(|person| MappedSide::Person(*person, Some(connection.id)));
        let wanted = self.mappings_now(organization, own).await?;
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let judging = self
            .judging_some(organization, connection, &wanted, whole)
            .await?;
        let (whole, rooms) = (Arc::clone(whole), Arc::clone(&self.rooms));
        tokio::task::spawn_blocking(move || {
            let judge = rooms.judge();
            let known = judging.known();
            let scene = Scene::of_some(&known, &judge, &whole);
            judging.drift_in(&scene, &wanted)
        })
        .await
        .map_err(Error::internal)
    }

    async fn judging_some(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        wanted: &[Mapping],
        whole: &Acquaintances,
    ) -> Result<Judging> {
        let store = self.store();
        let now = self.now();
        let ids: Vec<CrmUserId> = wanted.iter().map(|it| it.crm_user_id.clone()).collect();
        let mut users = store
            .find_crm_users(organization, connection.id, &ids)
            .await?;
        let people: BTreeSet<PersonId> = wanted.iter().map(|it| it.person_id).collect();
        let known = self.people_now(organization, people).await?;
        let beside = beside(wanted, &users, &known, whole);
        let further: Vec<CrmUserId> = beside
            .users
            .iter()
            .filter(|id| !ids.contains(id))
            .cloned()
            .collect();
        let further = store
            .find_crm_users(organization, connection.id, &further)
            .await?;
        users.extend(further);
        let sides = users
            .iter()
            .map(|user| MappedSide::CrmUser(connection.id, user.id.clone()));
        let mut mappings = self.mappings_now(organization, sides).await?;
        let of_users: Vec<_> = users
            .iter()
            .map(|user| (connection.id, user.id.clone()))
            .collect();
        let mut decisions = store.decisions_on(organization, &[], &of_users).await?;
        decisions.retain(|decision| decision.expires_at > now);
        for mapping in wanted {
            if !mappings.iter().any(|known| known.id == mapping.id) {
                mappings.push(mapping.clone());
            }
        }
        let everybody = mappings.iter().map(|mapping| mapping.person_id);
        let everybody = everybody.chain(beside.people).collect();
        let Known { people, identities } = self.people_now(organization, everybody).await?;
        Ok(Judging {
            connection: connection.clone(),
            staff: Arc::new(Staff {
                people: Vec::new(),
                identities: HashMap::new(),
            }),
            seen: Seen {
                users,
                mappings,
                decisions,
            },
            former: people,
            identities,
            policies: store.drift_policies(organization, connection.id).await?,
            now,
        })
    }

    /// The mappings of some sides that hold now, each once.
    async fn mappings_now(
        &self,
        organization: OrganizationId,
        sides: impl Iterator<Item = MappedSide>,
    ) -> Result<Vec<Mapping>> {
        let at = self.now();
        let asked: Vec<MappedAt> = sides.map(|side| MappedAt { side, at }).collect();
        let found = self.store().mappings_at(organization, &asked).await?;
        let mut mappings: Vec<Mapping> = Vec::new();
        for (_, mapping) in found {
            if !mappings.iter().any(|known| known.id == mapping.id) {
                mappings.push(mapping);
            }
        }
        Ok(mappings)
    }

    /// Some people with the identities that they have now.
    async fn people_now(
        &self,
        organization: OrganizationId,
        people: BTreeSet<PersonId>,
    ) -> Result<Known> {
        let ids: Vec<PersonId> = people.into_iter().collect();
        let now = self.now();
        let mut identities = self.store().list_identities(organization, &ids).await?;
        identities.retain(|identity| identity.period.contains(now));
        Ok(Known {
            people: self.store().find_people(organization, &ids).await?,
            identities,
        })
    }
}

/// People, and what they are called by now.
struct Known {
    people: Vec<Person>,
    identities: Vec<Identity>,
}

/// Who may say something about some mappings, beside their own two sides.
struct Beside {
    users: BTreeSet<CrmUserId>,
    people: BTreeSet<PersonId>,
}

fn beside(wanted: &[Mapping], users: &[CrmUser], known: &Known, whole: &Acquaintances) -> Beside {
    let mut beside = Beside {
        users: BTreeSet::new(),
        people: BTreeSet::new(),
    };
    for mapping in wanted {
        let mut theirs: Vec<Address> = Vec::new();
        let person = known.people.iter().find(|it| it.id == mapping.person_id);
        theirs.extend(person.iter().flat_map(|it| mailboxes(&it.profile.emails)));
        let of_person = known.identities.iter();
        let of_person = of_person
            .filter(|it| it.person_id == mapping.person_id && it.kind == IdentityKind::Email);
        theirs.extend(of_person.filter_map(|it| Address::read(&it.value)));
        if let Some(witness) = &mapping.witness {
            theirs.extend(mailboxes(&witness.crm_user.emails));
        }
        let user = users.iter().find(|user| user.id == mapping.crm_user_id);
        let profile = user.map(|user| &user.profile);
        let now = profile.map_or_else(Vec::new, |profile| mailboxes(&profile.emails));
        let extension = profile.and_then(|profile| profile.extension.as_deref());
        beside.people.extend(whole.people(&now, extension));
        theirs.extend(now);
        beside
            .users
            .extend(whole.users(&theirs, &mapping.crm_user_id));
    }
    beside
}
