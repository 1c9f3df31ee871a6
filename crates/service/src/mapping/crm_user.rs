//! One CRM user: who it is, was and may be.

use counterpart_model::{
    Code, Connection, ConnectionId, CrmUser, CrmUserId, Drift, Inconsistency, PageRequest, Run,
    paging::LARGEST_PAGE,
};
use counterpart_store::mappings::MappingQuery;

use super::{MappingView, PivotRow};
use crate::{Actor, Error, Result, Service};

/// A CRM user with everything that is known.
#[derive(Debug, Clone)]
pub struct CrmUserView {
    /// In which connection.
    pub connection: Connection,
    /// The CRM's id of it.
    pub id: CrmUserId,
    /// The CRM user, with who is who now; `None` where no run ever saw it.
    pub row: Option<PivotRow>,
    /// Its mappings, past and future ones too, by their beginning.
    pub mappings: Vec<MappingView>,
    /// Where it is in the CRM.
    pub link: Option<String>,
    /// The run that saw it last.
    pub last_run: Option<Run>,
    /// Why its mappings may be true no longer.
    pub drift: Vec<Drift>,
    /// What disagrees with it in other connections.
    pub inconsistencies: Vec<Inconsistency>,
}

impl Service {
    /// One CRM user with everything that is known, by its id in any form the provider knows.
    pub async fn crm_user_view(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<CrmUserView> {
        let connection = self.connection(actor, connection).await?;
        let user = match self.crm_user(actor, connection.id, id).await {
            Ok(user) => Some(user),
            Err(error) if error.code() == Code::CrmUserNotFound => None,
            Err(error) => return Err(error),
        };
        let id = user
            .as_ref()
            .map_or_else(|| id.clone(), |user| user.id.clone());
        let mappings = self.mappings_to(actor, connection.id, &id).await?;
        if user.is_none() && mappings.is_empty() {
            return Err(Error::new(
                Code::CrmUserNotFound,
                format!(
                    "{} has no user {id}; resync it, or search by name",
                    connection.name
                ),
            ));
        }
        let connector = self.connectors().get(&connection.provider);
        let link = connector.and_then(|known| known.user_link(&connection.settings, &id));
        let (drift, inconsistencies) = self.problems_of(actor, &connection, &id, &mappings).await?;
        Ok(CrmUserView {
            last_run: self.last_run_of(actor, user.as_ref()).await?,
            row: self
                .pivot_rows(actor, connection.id, user.into_iter().collect())
                .await?
                .pop(),
            link,
            drift,
            inconsistencies,
            mappings,
            id,
            connection,
        })
    }

    /// Every mapping to a CRM user, of any time, by its beginning.
    async fn mappings_to(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<Vec<MappingView>> {
        let query = MappingQuery {
            connection_id: Some(connection),
            crm_user_id: Some(id.clone()),
            ..MappingQuery::default()
        };
        let page = PageRequest::first(LARGEST_PAGE);
        let mut found = self.list_mappings(actor, &query, &page).await?.items;
        found.sort_by_key(|view| (view.mapping.period.from(), view.mapping.id));
        Ok(found)
    }

    async fn problems_of(
        &self,
        actor: &Actor,
        connection: &Connection,
        id: &CrmUserId,
        mappings: &[MappingView],
    ) -> Result<(Vec<Drift>, Vec<Inconsistency>)> {
        let now = self.now();
        let mut drift = Vec::new();
        let mut inconsistencies = Vec::new();
        let held = mappings.iter().map(|view| &view.mapping);
        for mapping in held.filter(|mapping| mapping.period.contains(now)) {
            drift.extend(self.drift_of_mapping(actor, mapping.id).await?);
            let found = self
                .inconsistencies_of(actor, &[mapping.person_id])
                .await?
                .remove(&mapping.person_id)
                .unwrap_or_default();
            inconsistencies.extend(
                found
                    .into_iter()
                    .filter(|one| one.is_about(connection.id, id)),
            );
        }
        Ok((drift, inconsistencies))
    }

    async fn last_run_of(&self, actor: &Actor, user: Option<&CrmUser>) -> Result<Option<Run>> {
        match user {
            Some(user) => Ok(self
                .store()
                .find_run(actor.organization(), user.last_run_id)
                .await?),
            None => Ok(None),
        }
    }
}
