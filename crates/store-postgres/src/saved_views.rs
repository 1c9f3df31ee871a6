//! Views of the mapping that somebody keeps.

use async_trait::async_trait;
use counterpart_model::{AccountId, OrganizationId, SavedView, SavedViewId, folding};
use counterpart_store::{Result, SavedViews};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::params::params;
use crate::sql::{self, ReadRow as _};

fn view_of(row: &Row) -> Result<SavedView> {
    Ok(SavedView {
        id: row.read("view_id")?,
        account_id: row.read("account_id")?,
        name: row.read("name")?,
        page: row.word("page")?,
        query: row.read("query")?,
        shared: row.read("shared")?,
        created_at: row.read("created_at")?,
    })
}

#[async_trait]
impl SavedViews for PostgresStore {
    async fn put_view(&self, organization: OrganizationId, view: &SavedView) -> Result<()> {
        let name_key = folding::fold(&view.name);
        sql::execute(
            &*self.client().await?,
            "INSERT INTO saved_view
                (organization_id, view_id, account_id, name, name_key, page, query, shared,
                 created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (organization_id, view_id) DO UPDATE SET
                account_id = excluded.account_id, name = excluded.name,
                name_key = excluded.name_key, page = excluded.page, query = excluded.query,
                shared = excluded.shared, created_at = excluded.created_at",
            &params![
                organization,
                view.id,
                view.account_id,
                view.name.as_str(),
                name_key,
                view.page.as_str(),
                view.query.as_str(),
                view.shared,
                view.created_at
            ],
        )
        .await?;
        Ok(())
    }

    async fn find_view(
        &self,
        organization: OrganizationId,
        id: SavedViewId,
    ) -> Result<Option<SavedView>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM saved_view WHERE organization_id = $1 AND view_id = $2",
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(view_of)
        .transpose()
    }

    async fn list_views(
        &self,
        organization: OrganizationId,
        account: Option<AccountId>,
    ) -> Result<Vec<SavedView>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM saved_view
             WHERE organization_id = $1 AND (shared OR account_id = $2)
             ORDER BY name_key, view_id",
            &params![organization, account],
        )
        .await?
        .iter()
        .map(view_of)
        .collect()
    }

    async fn delete_view(&self, organization: OrganizationId, id: SavedViewId) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "DELETE FROM saved_view WHERE organization_id = $1 AND view_id = $2",
            &params![organization, id],
        )
        .await?;
        Ok(())
    }
}
