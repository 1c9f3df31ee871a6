//! Views of the mapping that somebody keeps.

use async_trait::async_trait;
use counterpart_model::{AccountId, OrganizationId, SavedView, SavedViewId, folding};
use counterpart_store::{Result, SavedViews};
use rusqlite::{Row, params};

use crate::query::{all, execute, first, key};
use crate::{SqliteStore, fault, rows};

const COLUMNS: &str = "view_id, account_id, name, page, query, shared, created_at";

fn view(row: &Row<'_>) -> fault::Result<SavedView> {
    Ok(SavedView {
        id: rows::id(row, 0)?,
        account_id: rows::maybe_id(row, 1)?,
        name: row.get(2)?,
        page: rows::word(row, 3)?,
        query: row.get(4)?,
        shared: row.get(5)?,
        created_at: rows::time(row, 6)?,
    })
}

#[async_trait]
impl SavedViews for SqliteStore {
    async fn put_view(&self, organization: OrganizationId, view: &SavedView) -> Result<()> {
        let view = view.clone();
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO saved_view (organization_id, view_id, account_id, \
                name, name_key, page, query, shared, created_at) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
            let values = params![
                key(organization),
                key(view.id),
                view.account_id.map(key),
                view.name,
                folding::fold(&view.name),
                view.page.as_str(),
                view.query,
                view.shared,
                view.created_at.as_micros()
            ];
            execute(db, sql, values)?;
            Ok(())
        })
        .await
    }

    async fn find_view(
        &self,
        organization: OrganizationId,
        id: SavedViewId,
    ) -> Result<Option<SavedView>> {
        let sql =
            format!("SELECT {COLUMNS} FROM saved_view WHERE organization_id = ? AND view_id = ?");
        self.read(move |db| first(db, &sql, [key(organization), key(id)], view))
            .await
    }

    async fn list_views(
        &self,
        organization: OrganizationId,
        account: Option<AccountId>,
    ) -> Result<Vec<SavedView>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM saved_view \
             WHERE organization_id = ? AND (shared OR account_id = ?) ORDER BY name_key, view_id"
        );
        self.read(move |db| {
            let values = params![key(organization), account.map(key)];
            all(db, &sql, values, view)
        })
        .await
    }

    async fn delete_view(&self, organization: OrganizationId, id: SavedViewId) -> Result<()> {
        self.write(move |db| {
            let sql = "DELETE FROM saved_view WHERE organization_id = ? AND view_id = ?";
            execute(db, sql, [key(organization), key(id)])?;
            Ok(())
        })
        .await
    }
}
