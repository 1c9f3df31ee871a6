//! People made out of CRM users: ticked in a list, added and mapped in one change set.

use counterpart_model::{
    ChangeLine, ChangeSet, Code, ConnectionId, CrmUser, CrmUserId, Mapping, MappingId,
    MappingOrigin, Page, PageRequest, Period, Role,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::mappings::MappingQuery;

use super::PersonInput;
use crate::mapping::{strangers, words};
use crate::{Actor, Error, Result, Service};

impl Service {
    /// The CRM users of a connection that fit a search.
    pub async fn list_crm_users(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        search: &str,
        filter: &CrmUserQuery,
        page: &PageRequest,
    ) -> Result<Page<CrmUser>> {
        self.connection(actor, connection).await?;
        let query = CrmUserQuery {
            words: words(search),
            ..filter.clone()
        };
        Ok(self
            .store()
            .list_crm_users(actor.organization(), connection, &query, page)
            .await?)
    }

    /// The CRM users of a connection that are nobody's: human, usable, and not mapped now.
    pub async fn list_strangers(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        search: &str,
        page: &PageRequest,
    ) -> Result<Page<CrmUser>> {
        let filter = strangers(self.now());
        self.list_crm_users(actor, connection, search, &filter, page)
            .await
    }

    /// Adds a person for each of some CRM users and maps them, all in one change set.
    pub async fn people_from_crm_users(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, connection).await?;
        let directory = self.directory(actor).await?;
        let mut lines = Vec::new();
        for id in ids {
            let user = self.crm_user(actor, connection.id, id).await?;
            self.refuse_mapped(actor, &connection.name, &user).await?;
            let checked = input_of(&user).checked().map_err(|problems| {
                let error = Error::with_fields(Code::PersonInvalid, problems);
                Error::new(
                    Code::PersonInvalid,
                    format!(
                        "{} ({}): {}",
                        user.profile.display_name,
                        user.id,
                        error.detail()
                    ),
                )
            })?;
            let (person, added) = self.lines_to_add(directory, checked);
            lines.extend(added);
            lines.push(ChangeLine::add_mapping(Mapping {
                id: MappingId::generate(self.clock(), self.entropy()),
                connection_id: connection.id,
                person_id: person.id,
                crm_user_id: user.id,
                period: Period::ALL,
                person_exclusive: connection.cardinality.person_exclusive(),
                crm_user_exclusive: connection.cardinality.crm_user_exclusive(),
                origin: MappingOrigin::Provisioned,
                evidence: Vec::new(),
                witness: None,
                created_at: self.now(),
                version: 1,
            }));
        }
        let reason = Some(format!("people added from {}", connection.name));
        self.apply(actor, lines, reason, false).await
    }

    async fn refuse_mapped(&self, actor: &Actor, connection: &str, user: &CrmUser) -> Result<()> {
        let query = MappingQuery {
            connection_id: Some(user.connection_id),
            crm_user_id: Some(user.id.clone()),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let standing = self.all_mappings(actor.organization(), &query).await?;
        let Some(mapping) = standing.first() else {
            return Ok(());
        };
        let person = self.person(actor, mapping.person_id).await?;
        Err(Error::new(
            Code::MappingOverlap,
            format!(
                "{} ({}) in {connection} is mapped to {} already",
                user.profile.display_name, user.id, person.profile.display_name
            ),
        ))
    }
}

/// What is known of a CRM user as a person's form. Numbers of the CRM's own are left out: an
/// extension there need not be one of the platform.
pub(super) fn input_of(user: &CrmUser) -> PersonInput {
    let profile = user.profile.clone();
    let text = Option::unwrap_or_default;
    PersonInput {
        external_id: String::new(),
        display_name: profile.display_name,
        given_name: text(profile.given_name),
        family_name: text(profile.family_name),
        emails: profile
            .emails
            .into_iter()
            .filter(|email| counterpart_model::folding::fold_email(email).is_some())
            .collect(),
        username: String::new(),
        extension: String::new(),
        phones: profile.phones,
        employee_number: text(profile.employee_number),
        title: text(profile.title),
        department: text(profile.department),
    }
}
