//! Drafts.

use async_trait::async_trait;
use counterpart_model::{
    AccountId, ConnectionId, Draft, OrganizationId, Page, PageRequest, PersonId,
};
use counterpart_store::{Drafts, Result};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::query::{KEYS, Query, after, all, execute, first, key, keys, limit, number, page};
use crate::{SqliteStore, fault, rows};

/// Drops all edits of an account.
pub(crate) fn clear(
    db: &Connection,
    organization: OrganizationId,
    account: AccountId,
) -> fault::Result<()> {
    let sql = "DELETE FROM draft WHERE organization_id = ? AND account_id = ?";
    execute(db, sql, [key(organization), key(account)])?;
    Ok(())
}

fn put(db: &Connection, organization: OrganizationId, draft: &Draft) -> fault::Result<()> {
    let sql = "INSERT OR REPLACE INTO draft (organization_id, account_id, connection_id, \
        person_id, edit, based_on, based_on_version, updated_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        key(organization),
        key(draft.account_id),
        key(draft.connection_id),
        key(draft.person_id),
        serde_json::to_string(&draft.edit)?,
        draft.based_on.map(|(mapping, _)| key(mapping)),
        draft.based_on.map(|(_, version)| number(version)),
        draft.updated_at.as_micros()
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    account: AccountId,
    request: &PageRequest,
) -> fault::Result<Page<Draft>> {
    let mut query = Query::new("SELECT");
    query.text(rows::DRAFT);
    query.with(
        "FROM draft WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    query.with("AND account_id = ?", key(account).to_vec());
    if let Some((connection, person)) = after::<(Uuid, Uuid)>(request)? {
        query.with(
            "AND (connection_id, person_id) > (?, ?)",
            key(connection).to_vec(),
        );
        query.bind(key(person).to_vec());
    }
    query.with("ORDER BY connection_id, person_id LIMIT ?", limit(request));
    let drafts = query.all(db, rows::draft)?;
    page(request, drafts, |draft| {
        (Uuid::from(draft.connection_id), Uuid::from(draft.person_id))
    })
}

#[async_trait]
impl Drafts for SqliteStore {
    async fn put_drafts(&self, organization: OrganizationId, drafts: &[Draft]) -> Result<()> {
        let drafts = drafts.to_vec();
        self.write(move |db| {
            drafts
                .iter()
                .try_for_each(|draft| put(db, organization, draft))
        })
        .await
    }

    async fn delete_draft(
        &self,
        organization: OrganizationId,
        account: AccountId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<()> {
        self.write(move |db| {
            let sql = "DELETE FROM draft WHERE organization_id = ? AND account_id = ? \
                AND connection_id = ? AND person_id = ?";
            let cell = [
                key(organization),
                key(account),
                key(connection),
                key(person),
            ];
            execute(db, sql, cell)?;
            Ok(())
        })
        .await
    }

    async fn clear_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<()> {
        self.write(move |db| clear(db, organization, account)).await
    }

    async fn list_drafts(
        &self,
        organization: OrganizationId,
        account: AccountId,
        page: &PageRequest,
    ) -> Result<Page<Draft>> {
        let page = page.clone();
        self.read(move |db| list(db, organization, account, &page))
            .await
    }

    async fn drafts_about(
        &self,
        organization: OrganizationId,
        account: AccountId,
        people: &[PersonId],
    ) -> Result<Vec<Draft>> {
        let people = keys(people);
        let sql = format!(
            "SELECT {} FROM draft WHERE organization_id = ? AND account_id = ? \
             AND person_id IN {KEYS} ORDER BY connection_id, person_id",
            rows::DRAFT
        );
        self.read(move |db| {
            let values = params![key(organization), key(account), people];
            all(db, &sql, values, rows::draft)
        })
        .await
    }

    async fn count_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<u64> {
        let sql = "SELECT count(*) FROM draft WHERE organization_id = ? AND account_id = ?";
        let counted = self.read(move |db| {
            first(db, sql, [key(organization), key(account)], |row| {
                rows::count(row, 0)
            })
        });
        Ok(counted.await?.unwrap_or(0))
    }
}
