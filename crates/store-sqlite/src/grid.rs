//! The grid: people × connections.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserKind, CrmUserProfile, CrmUserState, OrganizationId, Page,
    PageRequest, PersonId,
};
use counterpart_store::grid::{CellUser, GridCell, GridQuery, GridRow};
use counterpart_store::standings::Standings;
use counterpart_store::{Grid, Result};
use rusqlite::{Connection, Row};

use crate::query::{Query, key};
use crate::{SqliteStore, fault, grid_rows, rows, standings};

fn list(
    db: &Connection,
    organization: OrganizationId,
    wanted: &GridQuery,
    request: &PageRequest,
) -> fault::Result<Page<GridRow>> {
    let people = grid_rows::people(db, organization, wanted, request)?;
    let items = people.items.into_iter().map(|person| {
        let cells = cells(db, organization, person.id, wanted.shown_connection())?;
        Ok(GridRow { person, cells })
    });
    Ok(Page {
        items: items.collect::<fault::Result<_>>()?,
        next: people.next,
    })
}

fn cells(
    db: &Connection,
    organization: OrganizationId,
    person: PersonId,
    connection: Option<ConnectionId>,
) -> fault::Result<Vec<GridCell>> {
    let mut query = Query::new(
        "SELECT situation.connection_id, situation.situation, situation.mapping_id, \
         mapping.version, situation.crm_user_id, crm_user.profile, \
         crm_user.gone_since IS NOT NULL, situation.score, situation.certain, \
         situation.candidates, \
         crm_user.missing_since IS NOT NULL AND crm_user.gone_since IS NULL \
         FROM situation JOIN connection USING (organization_id, connection_id) \
         LEFT JOIN mapping ON mapping.organization_id = situation.organization_id \
         AND mapping.mapping_id = situation.mapping_id \
         LEFT JOIN crm_user ON crm_user.organization_id = situation.organization_id \
         AND crm_user.connection_id = situation.connection_id \
         AND crm_user.crm_user_id = situation.crm_user_id \
         WHERE situation.organization_id = ? AND situation.person_id = ?",
    );
    query
        .bind(key(organization).to_vec())
        .bind(key(person).to_vec());
    if let Some(connection) = connection {
        query.with("AND situation.connection_id = ?", key(connection).to_vec());
    }
    query.text("ORDER BY connection.created_at, connection.connection_id");
    query.all(db, cell)
}

fn cell(row: &Row<'_>) -> fault::Result<GridCell> {
    let version: Option<i64> = row.get(3)?;
    let version = version.and_then(|version| u64::try_from(version).ok());
    let user: Option<String> = row.get(4)?;
    let profile = rows::maybe_json(row, 5)?;
    let absence = (row.get(6)?, row.get(10)?);
    Ok(GridCell {
        connection_id: rows::id(row, 0)?,
        situation: rows::word(row, 1)?,
        // A mapping that was taken away since the last refresh has no version any more.
        mapping: rows::maybe_id(row, 2)?.zip(version),
        crm_user: user.map(|id| cell_user(CrmUserId(id), profile, absence)),
        score: row.get(7)?,
        certain: row.get(8)?,
        candidates: rows::count(row, 9)?,
    })
}

/// A CRM user that no run ever saw is shown by its id, as one that is gone.
fn cell_user(
    id: CrmUserId,
    profile: Option<CrmUserProfile>,
    (gone, missing): (bool, bool),
) -> CellUser {
    match profile {
        Some(profile) => CellUser {
            id,
            display_name: profile.display_name,
            state: profile.state,
            kind: profile.kind,
            gone,
            missing,
        },
        None => CellUser {
            display_name: id.0.clone(),
            id,
            state: CrmUserState::Inactive,
            kind: CrmUserKind::Person,
            gone: true,
            missing: false,
        },
    }
}

#[async_trait]
impl Grid for SqliteStore {
    async fn list_grid(
        &self,
        organization: OrganizationId,
        query: &GridQuery,
        page: &PageRequest,
    ) -> Result<Page<GridRow>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list(db, organization, &query, &page))
            .await
    }

    async fn cells_of(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<GridCell>> {
        self.read(move |db| cells(db, organization, person, None))
            .await
    }

    async fn standings(&self, organization: OrganizationId) -> Result<Standings> {
        self.read(move |db| standings::read(db, organization)).await
    }
}
