//! The mapping grid: people × connections.

use std::collections::HashMap;

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserKind, CrmUserProfile, CrmUserState, MappingId, OrganizationId,
    Page, PageRequest, PersonId, SituationSet, Timestamp,
};
use counterpart_store::grid::{CellUser, GridCell, GridQuery, GridRow};
use counterpart_store::standings::{SituationCount, Standings};
use counterpart_store::{Grid, Result};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, error, grid_rows};

#[async_trait]
impl Grid for PostgresStore {
    async fn list_grid(
        &self,
        organization: OrganizationId,
        query: &GridQuery,
        page: &PageRequest,
    ) -> Result<Page<GridRow>> {
        let client = self.client().await?;
        let people = grid_rows::people(&client, organization, query, page).await?;
        let ids: Vec<_> = people.items.iter().map(|person| person.id).collect();
        let mut cells = cells_of(&client, organization, query.shown_connection(), ids).await?;
        Ok(people.map(|person| GridRow {
            cells: cells.remove(&person.id).unwrap_or_default(),
            person,
        }))
    }

    async fn cells_of(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<GridCell>> {
        let client = self.client().await?;
        let mut cells = cells_of(&client, organization, None, vec![person]).await?;
        Ok(cells.remove(&person).unwrap_or_default())
    }

    async fn standings(&self, organization: OrganizationId) -> Result<Standings> {
        let client = self.client().await?;
        let cells = sql::query(
            &client,
            "SELECT c.connection_id, c.situation, c.people, c.certain
             FROM situation_count AS c
             JOIN connection USING (organization_id, connection_id)
             WHERE c.organization_id = $1 AND c.people > 0
             ORDER BY connection.created_at, c.connection_id, c.situation",
            &params![organization],
        )
        .await?;
        let people = sql::query(
            &client,
            "SELECT situations, people FROM standing_count
             WHERE organization_id = $1 AND people > 0 ORDER BY situations",
            &params![organization],
        )
        .await?;
        Ok(Standings {
            cells: cells.iter().map(count_of).collect::<Result<_>>()?,
            people: people.iter().map(people_of).collect::<Result<_>>()?,
        })
    }
}

fn count_of(row: &Row) -> Result<SituationCount> {
    Ok(SituationCount {
        connection_id: row.read("connection_id")?,
        situation: row.word("situation")?,
        people: row.read("people")?,
        certain: row.read("certain")?,
    })
}

fn people_of(row: &Row) -> Result<(SituationSet, u64)> {
    let bits: i16 = row.read("situations")?;
    let bits = u8::try_from(bits).map_err(|why| error::unreadable("situations", why))?;
    Ok((SituationSet::from_bits(bits), row.read("people")?))
}

/// The cells of some people, by person, each in the order of the connections' making.
async fn cells_of(
    client: &Client,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Vec<PersonId>,
) -> Result<HashMap<PersonId, Vec<GridCell>>> {
    let rows = sql::query(
        client,
        "SELECT s.*, m.version, u.profile, u.gone_since, u.missing_since, u.crm_user_id IS NOT NULL AS known
         FROM situation AS s
         JOIN connection AS c USING (organization_id, connection_id)
         LEFT JOIN mapping AS m USING (organization_id, mapping_id)
         LEFT JOIN crm_user AS u
            ON u.organization_id = s.organization_id
           AND u.connection_id = s.connection_id
           AND u.crm_user_id = s.crm_user_id
         WHERE s.organization_id = $1 AND s.person_id = ANY($2)
           AND ($3::uuid IS NULL OR s.connection_id = $3)
         ORDER BY c.created_at, c.connection_id",
        &params![organization, people, connection],
    )
    .await?;
    let mut cells: HashMap<PersonId, Vec<GridCell>> = HashMap::new();
    for row in &rows {
        cells
            .entry(row.read("person_id")?)
            .or_default()
            .push(cell_of(row)?);
    }
    Ok(cells)
}

fn cell_of(row: &Row) -> Result<GridCell> {
    let mapping: Option<MappingId> = row.read("mapping_id")?;
    let version: Option<u64> = row.read("version")?;
    Ok(GridCell {
        connection_id: row.read("connection_id")?,
        situation: row.word("situation")?,
        mapping: mapping.zip(version),
        crm_user: user_of(row)?,
        score: row.read("score")?,
        certain: row.read("certain")?,
        candidates: row.read("candidates")?,
    })
}

/// The CRM user of a cell. One that no run ever saw is shown by its id, as gone.
fn user_of(row: &Row) -> Result<Option<CellUser>> {
    let Some(id) = row.read::<Option<CrmUserId>>("crm_user_id")? else {
        return Ok(None);
    };
    if !row.read::<bool>("known")? {
        return Ok(Some(CellUser {
            display_name: id.0.clone(),
            id,
            state: CrmUserState::Inactive,
            kind: CrmUserKind::Person,
            gone: true,
            missing: false,
        }));
    }
    let profile: CrmUserProfile = row.json("profile")?;
    let gone = row.read::<Option<Timestamp>>("gone_since")?.is_some();
    Ok(Some(CellUser {
        id,
        display_name: profile.display_name,
        state: profile.state,
        kind: profile.kind,
        gone,
        missing: !gone && row.read::<Option<Timestamp>>("missing_since")?.is_some(),
    }))
}
