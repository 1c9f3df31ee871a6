//! Drafts.

use async_trait::async_trait;
use counterpart_model::{
    AccountId, ConnectionId, Draft, MappingId, OrganizationId, Page, PageRequest, PersonId,
};
use counterpart_store::{Drafts, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::{PostgresStore, cursor};

fn draft_of(row: &Row) -> Result<Draft> {
    let mapping: Option<MappingId> = row.read("based_on")?;
    let version: Option<u64> = row.read("based_on_version")?;
    Ok(Draft {
        account_id: row.read("account_id")?,
        connection_id: row.read("connection_id")?,
        person_id: row.read("person_id")?,
        edit: row.json("edit")?,
        based_on: mapping.zip(version),
        updated_at: row.read("updated_at")?,
    })
}

#[async_trait]
impl Drafts for PostgresStore {
    async fn put_drafts(&self, organization: OrganizationId, drafts: &[Draft]) -> Result<()> {
        let transaction = self.transaction().await?;
        for draft in drafts {
            let (based_on, version) = draft.based_on.unzip();
            sql::execute(
                &transaction,
                "INSERT INTO draft
                    (organization_id, account_id, connection_id, person_id, edit, based_on,
                     based_on_version, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (organization_id, account_id, connection_id, person_id)
                 DO UPDATE SET
                    edit = excluded.edit, based_on = excluded.based_on,
                    based_on_version = excluded.based_on_version,
                    updated_at = excluded.updated_at",
                &params![
                    organization,
                    draft.account_id,
                    draft.connection_id,
                    draft.person_id,
                    to_json(&draft.edit)?,
                    based_on,
                    version,
                    draft.updated_at,
                ],
            )
            .await?;
        }
        transaction.commit().await
    }

    async fn delete_draft(
        &self,
        organization: OrganizationId,
        account: AccountId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "DELETE FROM draft
             WHERE organization_id = $1 AND account_id = $2 AND connection_id = $3
               AND person_id = $4",
            &params![organization, account, connection, person],
        )
        .await?;
        Ok(())
    }

    async fn clear_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "DELETE FROM draft WHERE organization_id = $1 AND account_id = $2",
            &params![organization, account],
        )
        .await?;
        Ok(())
    }

    async fn list_drafts(
        &self,
        organization: OrganizationId,
        account: AccountId,
        page: &PageRequest,
    ) -> Result<Page<Draft>> {
        let (connection, person) = cursor::after::<(ConnectionId, PersonId)>(page)?.unzip();
        let drafts = sql::query(
            &*self.client().await?,
            "SELECT * FROM draft
             WHERE organization_id = $1 AND account_id = $2
               AND ($3::uuid IS NULL OR (connection_id, person_id) > ($3, $4))
             ORDER BY connection_id, person_id
             LIMIT $5",
            &params![
                organization,
                account,
                connection,
                person,
                cursor::limit(page)
            ],
        )
        .await?
        .iter()
        .map(draft_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, drafts, |draft| (draft.connection_id, draft.person_id))
    }

    async fn drafts_about(
        &self,
        organization: OrganizationId,
        account: AccountId,
        people: &[PersonId],
    ) -> Result<Vec<Draft>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM draft
             WHERE organization_id = $1 AND account_id = $2 AND person_id = ANY($3)
             ORDER BY connection_id, person_id",
            &params![organization, account, people.to_vec()],
        )
        .await?
        .iter()
        .map(draft_of)
        .collect()
    }

    async fn count_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<u64> {
        sql::get(
            &*self.client().await?,
            "SELECT count(*) AS n FROM draft WHERE organization_id = $1 AND account_id = $2",
            &params![organization, account],
        )
        .await?
        .read("n")
    }
}
