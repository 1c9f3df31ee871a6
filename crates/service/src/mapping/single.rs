//! Mappings one by one: listing, adding, removing, exporting.

use std::collections::HashMap;

use counterpart_model::{
    ChangeLine, ChangeSet, Code, Connection, ConnectionId, CrmUser, CrmUserId, DraftEdit, Mapping,
    MappingId, MappingOrigin, Page, PageRequest, Period, Person, PersonId, Role,
};
use counterpart_store::mappings::MappingQuery;
use serde::Serialize;

use super::CellEdit;
use crate::{Actor, Error, Result, Service};

/// A mapping with the names to read it by.
#[derive(Debug, Clone)]
pub struct MappingView {
    /// The mapping.
    pub mapping: Mapping,
    /// Who.
    pub person: Option<Person>,
    /// Is whom; `None` when the CRM user was never synced.
    pub crm_user: Option<CrmUser>,
    /// The connection's name.
    pub connection: String,
}

/// A mapping as it is exported: names of connections, external ids and addresses of people, ids
/// of CRM users, so that it can be read by others and by people.
#[derive(Debug, Clone, Serialize)]
pub struct ExportRow {
    /// The connection's name.
    pub connection: String,
    /// The person's external id.
    pub person_external_id: String,
    /// The person's main e-mail address.
    pub person_email: String,
    /// The person's name.
    pub person_name: String,
    /// The CRM's id of the user.
    pub crm_user_id: String,
    /// The name in the CRM.
    pub crm_user_name: String,
    /// Since when: RFC 3339 or `always`.
    pub from: String,
    /// Until when: RFC 3339 or `forever`.
    pub to: String,
    /// How it came to be.
    pub origin: &'static str,
    /// Our own id of the person.
    pub person_id: String,
    /// Whether the person may have other mappings in the connection meanwhile.
    pub person_shared: bool,
    /// Whether the CRM user may have other mappings meanwhile.
    pub crm_user_shared: bool,
}

impl ExportRow {
    /// The names of its fields, in order: the header of a table.
    pub const COLUMNS: [&str; 12] = [
        "connection",
        "person_external_id",
        "person_email",
        "person_name",
        "crm_user_id",
        "crm_user_name",
        "from",
        "to",
        "origin",
        "person_id",
        "person_shared",
        "crm_user_shared",
    ];

    /// The row for a table that a spreadsheet may open: no cell is a formula.
    #[must_use]
    pub fn safe(&self) -> Self {
        let safe = |text: &String| counterpart_tabular::safe(text).into_owned();
        Self {
            connection: safe(&self.connection),
            person_external_id: safe(&self.person_external_id),
            person_email: safe(&self.person_email),
            person_name: safe(&self.person_name),
            crm_user_id: safe(&self.crm_user_id),
            crm_user_name: safe(&self.crm_user_name),
            ..self.clone()
        }
    }
}

impl From<&MappingView> for ExportRow {
    fn from(view: &MappingView) -> Self {
        let person = view.person.as_ref();
        Self {
            connection: view.connection.clone(),
            person_external_id: person
                .and_then(|person| person.external_id.clone())
                .unwrap_or_default(),
            person_email: person
                .and_then(|person| person.profile.emails.first().cloned())
                .unwrap_or_default(),
            person_name: person
                .map(|person| person.profile.display_name.clone())
                .unwrap_or_default(),
            crm_user_id: view.mapping.crm_user_id.0.clone(),
            crm_user_name: view
                .crm_user
                .as_ref()
                .map(|user| user.profile.display_name.clone())
                .unwrap_or_default(),
            from: view.mapping.period.from().to_string(),
            to: view.mapping.period.to().to_string(),
            origin: view.mapping.origin.as_str(),
            person_id: view.mapping.person_id.to_string(),
            person_shared: !view.mapping.person_exclusive,
            crm_user_shared: !view.mapping.crm_user_exclusive,
        }
    }
}

impl Service {
    /// The mappings that fit, with names.
    pub async fn list_mappings(
        &self,
        actor: &Actor,
        query: &MappingQuery,
        page: &PageRequest,
    ) -> Result<Page<MappingView>> {
        let organization = actor.organization();
        let found = self
            .store()
            .list_mappings(organization, query, page)
            .await?;
        let ids: Vec<PersonId> = found
            .items
            .iter()
            .map(|mapping| mapping.person_id)
            .collect();
        let people: HashMap<PersonId, Person> = self
            .store()
            .find_people(organization, &ids)
            .await?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let connections: HashMap<ConnectionId, Connection> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .map(|connection| (connection.id, connection))
            .collect();
        let mut users: HashMap<(ConnectionId, CrmUserId), CrmUser> = HashMap::new();
        for connection in connections.keys() {
            let ids: Vec<CrmUserId> = found
                .items
                .iter()
                .filter(|mapping| mapping.connection_id == *connection)
                .map(|mapping| mapping.crm_user_id.clone())
                .collect();
            if !ids.is_empty() {
                let found = self
                    .store()
                    .find_crm_users(organization, *connection, &ids)
                    .await?;
                users.extend(
                    found
                        .into_iter()
                        .map(|user| ((*connection, user.id.clone()), user)),
                );
            }
        }
        Ok(found.map(|mapping| MappingView {
            person: people.get(&mapping.person_id).cloned(),
            crm_user: users
                .get(&(mapping.connection_id, mapping.crm_user_id.clone()))
                .cloned(),
            connection: connections
                .get(&mapping.connection_id)
                .map(|connection| connection.name.clone())
                .unwrap_or_default(),
            mapping,
        }))
    }

    /// The mapping of an id, with names.
    pub async fn mapping(&self, actor: &Actor, id: MappingId) -> Result<MappingView> {
        let mapping = self.find_mapping(actor, id).await?;
        let connection = self.connection(actor, mapping.connection_id).await?;
        let organization = actor.organization();
        Ok(MappingView {
            person: self
                .store()
                .find_person(organization, mapping.person_id)
                .await?,
            crm_user: self
                .store()
                .find_crm_user(organization, connection.id, &mapping.crm_user_id)
                .await?,
            connection: connection.name,
            mapping,
        })
    }

    /// Maps a person to a CRM user during `period`, instead of whoever it is mapped to then.
    pub async fn add_mapping(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        crm_user: CrmUserId,
        period: Period,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        let edit = CellEdit {
            period: Some(period),
            origin: MappingOrigin::Manual,
            ..CellEdit::new(
                connection,
                person,
                DraftEdit::Map {
                    crm_user_id: crm_user,
                    accepted: false,
                },
            )
        };
        self.apply_edits(actor, &[edit], reason).await
    }

    /// Takes a mapping away as one that never was right. `version` is the one its reader saw.
    pub async fn remove_mapping(
        &self,
        actor: &Actor,
        id: MappingId,
        version: Option<u64>,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let mapping = self.find_mapping(actor, id).await?;
        if version.is_some_and(|version| version != mapping.version) {
            return Err(Error::new(
                Code::MappingStale,
                format!(
                    "mapping {id} was changed meanwhile; it has version {}",
                    mapping.version
                ),
            ));
        }
        self.apply(
            actor,
            vec![ChangeLine::remove_mapping(mapping)],
            reason,
            false,
        )
        .await
    }

    async fn find_mapping(&self, actor: &Actor, id: MappingId) -> Result<Mapping> {
        self.store()
            .find_mapping(actor.organization(), id)
            .await?
            .ok_or_else(|| Error::new(Code::MappingNotFound, format!("there is no mapping {id}")))
    }
}
