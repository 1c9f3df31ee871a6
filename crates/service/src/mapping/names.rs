//! Reading things that must be there, and naming them in messages.

use counterpart_model::{
    Code, Connection, ConnectionId, CrmUser, CrmUserId, Mapping, OrganizationId, PageRequest,
    Person, PersonId, paging::LARGEST_PAGE,
};
use counterpart_store::{ApplyError, mappings::MappingQuery};

use crate::{Actor, Error, Result, Service};

impl Service {
    /// The person of an id, or the error that there is none.
    pub(crate) async fn person(&self, actor: &Actor, id: PersonId) -> Result<Person> {
        self.store()
            .find_person(actor.organization(), id)
            .await?
            .ok_or_else(|| Error::new(Code::PersonNotFound, format!("there is no person {id}")))
    }

    /// The connection of an id, or the error that there is none.
    pub(crate) async fn connection(&self, actor: &Actor, id: ConnectionId) -> Result<Connection> {
        self.store()
            .find_connection(actor.organization(), id)
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::RequestNotFound,
                    format!("there is no connection {id}"),
                )
            })
    }

    /// The CRM user of an id, in any form the provider knows, or the error that there is none.
    pub(crate) async fn crm_user(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<CrmUser> {
        let organization = actor.organization();
        if let Some(found) = self
            .store()
            .find_crm_user(organization, connection, id)
            .await?
        {
            return Ok(found);
        }
        let connection = self.connection(actor, connection).await?;
        let canonical = self
            .parts
            .connectors
            .get(&connection.provider)
            .and_then(|connector| connector.normalise_id(&id.0));
        if let Some(canonical) = canonical.filter(|canonical| canonical != id)
            && let Some(found) = self
                .store()
                .find_crm_user(organization, connection.id, &canonical)
                .await?
        {
            return Ok(found);
        }
        Err(Error::no_crm_user(&connection, id))
    }

    /// Every mapping that fits, over all pages.
    pub(crate) async fn all_mappings(
        &self,
        organization: OrganizationId,
        query: &MappingQuery,
    ) -> Result<Vec<Mapping>> {
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_mappings(organization, query, &request)
                .await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }

    /// The public error behind a change set that could not be applied, naming both sides of a
    /// clash.
    pub(crate) async fn explain_apply_error(&self, actor: &Actor, error: ApplyError) -> Error {
        let ApplyError::Overlap { wanted, standing } = &error else {
            return error.into();
        };
        match self.clash(actor, wanted, standing).await {
            Ok(detail) => Error::new(Code::MappingOverlap, detail),
            Err(_) => error.into(),
        }
    }

    async fn clash(&self, actor: &Actor, wanted: &Mapping, standing: &Mapping) -> Result<String> {
        let connection = self.connection(actor, wanted.connection_id).await?;
        let person = self
            .person(actor, wanted.person_id)
            .await?
            .profile
            .display_name;
        let other = self
            .person(actor, standing.person_id)
            .await?
            .profile
            .display_name;
        let name_of = async |mapping: &Mapping| {
            let found = self
                .crm_user(actor, mapping.connection_id, &mapping.crm_user_id)
                .await;
            found.map_or_else(
                |_| mapping.crm_user_id.to_string(),
                |user| format!("{} ({})", user.profile.display_name, user.id),
            )
        };
        Ok(format!(
            "{person} cannot be mapped to {} in {}: {other} is mapped to {} there",
            name_of(wanted).await,
            connection.name,
            name_of(standing).await,
        ))
    }
}

impl Error {
    /// A connection has no user of this id.
    pub(super) fn no_crm_user(connection: &Connection, id: &CrmUserId) -> Self {
        let name = &connection.name;
        let detail = format!("{name} has no user {id}; resync it, or search by name");
        Self::new(Code::CrmUserNotFound, detail)
    }
}
