//! Looking at drift.

use std::collections::HashMap;

use counterpart_model::drift::Repair;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Drift, Mapping, MappingId, OrganizationId, Page, PageRequest,
    Person, PersonId, paging::LARGEST_PAGE,
};
use counterpart_store::drift::{DriftCount, DriftQuery};

use crate::{Actor, Result, Service};

/// A drift with what it takes to read it and to put it right.
#[derive(Debug, Clone)]
pub struct DriftView {
    /// The drift.
    pub drift: Drift,
    /// The mapping.
    pub mapping: Mapping,
    /// Who.
    pub person: Option<Person>,
    /// Is whom; `None` where no run ever saw the CRM user.
    pub crm_user: Option<CrmUser>,
    /// The other CRM user it is about.
    pub other: Option<CrmUser>,
    /// The connection's name.
    pub connection: String,
}

impl DriftView {
    /// What puts it right, the likeliest first.
    pub fn repairs(&self) -> Vec<Repair> {
        repairs_of(&self.drift)
    }
}

/// What puts a drift right, the likeliest first. Nobody is moved to a user that is not known.
pub fn repairs_of(drift: &Drift) -> Vec<Repair> {
    let all = drift.cause.repairs().iter().copied();
    all.filter(|repair| *repair != Repair::Move || drift.other.is_some())
        .collect()
}

impl Service {
    /// The drift that fits, by mapping and cause.
    pub async fn list_drift(
        &self,
        actor: &Actor,
        query: &DriftQuery,
        page: &PageRequest,
    ) -> Result<Page<DriftView>> {
        let organization = actor.organization();
        let found = self.store().list_drift(organization, query, page).await?;
        let items = self.drift_views(organization, found.items).await?;
        Ok(Page {
            items,
            next: found.next,
        })
    }

    /// All drift of a mapping, the primary cause first; nothing where all is well.
    pub async fn drift_of_mapping(&self, actor: &Actor, id: MappingId) -> Result<Vec<Drift>> {
        let query = DriftQuery {
            mapping_id: Some(id),
            ..DriftQuery::default()
        };
        let page = PageRequest::first(LARGEST_PAGE);
        let organization = actor.organization();
        let mut found = self
            .store()
            .list_drift(organization, &query, &page)
            .await?
            .items;
        found.sort_by_key(|drift| (!drift.primary, drift.cause));
        Ok(found)
    }

    /// How many mappings drift, by connection and cause.
    pub async fn count_drift(&self, actor: &Actor) -> Result<Vec<DriftCount>> {
        Ok(self.store().count_drift(actor.organization()).await?)
    }

    /// The primary drift of some people, by connection and person.
    pub async fn drift_of_people(
        &self,
        actor: &Actor,
        people: &[PersonId],
    ) -> Result<HashMap<(ConnectionId, PersonId), Drift>> {
        if people.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self
            .store()
            .drift_of_people(actor.organization(), people)
            .await?;
        let primary = found.into_iter().filter(|drift| drift.primary);
        Ok(primary
            .map(|drift| ((drift.connection_id, drift.person_id), drift))
            .collect())
    }

    async fn drift_views(
        &self,
        organization: OrganizationId,
        drift: Vec<Drift>,
    ) -> Result<Vec<DriftView>> {
        let people: Vec<PersonId> = drift.iter().map(|drift| drift.person_id).collect();
        let people: HashMap<PersonId, Person> = self
            .store()
            .find_people(organization, &people)
            .await?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let connections: HashMap<ConnectionId, String> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .map(|connection| (connection.id, connection.name))
            .collect();
        let mut views = Vec::with_capacity(drift.len());
        for drift in drift {
            let found = self.store().find_mapping(organization, drift.mapping_id);
            // Taken away since the list was read.
            let Some(mapping) = found.await? else {
                continue;
            };
            let mut ids: Vec<CrmUserId> = vec![mapping.crm_user_id.clone()];
            ids.extend(drift.other.clone());
            let users = self
                .store()
                .find_crm_users(organization, drift.connection_id, &ids)
                .await?;
            let user = |id: &CrmUserId| users.iter().find(|user| user.id == *id).cloned();
            views.push(DriftView {
                person: people.get(&drift.person_id).cloned(),
                crm_user: user(&mapping.crm_user_id),
                other: drift.other.as_ref().and_then(user),
                connection: connections
                    .get(&drift.connection_id)
                    .cloned()
                    .unwrap_or_default(),
                mapping,
                drift,
            });
        }
        Ok(views)
    }
}
