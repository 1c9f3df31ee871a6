//! CRM users, for reading.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, CrmUser, CrmUserId, OrganizationId, Page, PageRequest};
use counterpart_store::crm_users::{CrmUserCount, CrmUserQuery, CrmUserSubset, ProposedAt};
use counterpart_store::{CrmUsers, Result};
use rusqlite::{Connection, params};

use crate::query::{Query, after, all, first, key, limit, page, search};
use crate::{SqliteStore, fault, rows};

/// Adds the condition of a subset.
fn only(query: &mut Query, subset: CrmUserSubset) {
    let in_situation = |situation: &str| {
        format!(
            "AND EXISTS (SELECT 1 FROM situation \
             WHERE situation.organization_id = crm_user.organization_id \
             AND situation.connection_id = crm_user.connection_id \
             AND situation.crm_user_id = crm_user.crm_user_id \
             AND situation.crm_user_id IS NOT NULL AND situation.situation = '{situation}')"
        )
    };
    match subset {
        CrmUserSubset::Unusable => query.text("AND NOT (usable AND gone_since IS NULL)"),
        CrmUserSubset::NotPeople => query.text("AND kind <> 'person'"),
        CrmUserSubset::Drifted => query.text(&in_situation("drifted")),
        CrmUserSubset::Proposed => query.text(&in_situation("proposed")),
    };
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    wanted: &CrmUserQuery,
    request: &PageRequest,
) -> fault::Result<Page<CrmUser>> {
    let mut query = Query::new("SELECT");
    query.text(rows::CRM_USER);
    query.with(
        "FROM crm_user WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    query.with("AND connection_id = ?", key(connection).to_vec());
    if wanted.usable_only {
        query.text("AND usable AND gone_since IS NULL");
    }
    if wanted.missing_only {
        query.text("AND missing_since IS NOT NULL AND gone_since IS NULL");
    }
    if wanted.people_only {
        query.text("AND kind = 'person'");
    }
    if let Some(at) = wanted.unmapped_at {
        query.with(
            "AND NOT EXISTS (SELECT 1 FROM mapping \
             WHERE mapping.organization_id = crm_user.organization_id \
             AND mapping.connection_id = crm_user.connection_id \
             AND mapping.crm_user_id = crm_user.crm_user_id \
             AND mapping.valid_from <= ? AND mapping.valid_to > ?)",
            at.as_micros(),
        );
        query.bind(at.as_micros());
    }
    if let Some(subset) = wanted.subset {
        only(&mut query, subset);
    }
    search(&mut query, "crm_user", &wanted.words);
    if let Some((sort_key, id)) = after::<(String, String)>(request)? {
        query.with("AND (sort_key, crm_user_id) > (?, ?)", sort_key);
        query.bind(id);
    }
    query.with("ORDER BY sort_key, crm_user_id LIMIT ?", limit(request));
    let users = query.all(db, rows::crm_user)?;
    page(request, users, |user| {
        (user.profile.sort_key(), user.id.0.clone())
    })
}

#[async_trait]
impl CrmUsers for SqliteStore {
    async fn find_crm_user(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<Option<CrmUser>> {
        let users = self.find_crm_users(organization, connection, std::slice::from_ref(id));
        Ok(users.await?.pop())
    }

    async fn find_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<CrmUser>> {
        let ids = serde_json::to_string(ids).map_err(fault::Fault::from)?;
        let sql = format!(
            "SELECT {} FROM crm_user WHERE organization_id = ? AND connection_id = ? \
             AND crm_user_id IN (SELECT value FROM json_each(?))",
            rows::CRM_USER
        );
        self.read(move |db| {
            let values = params![key(organization), key(connection), ids];
            all(db, &sql, values, rows::crm_user)
        })
        .await
    }

    async fn list_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        query: &CrmUserQuery,
        page: &PageRequest,
    ) -> Result<Page<CrmUser>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list(db, organization, connection, &query, &page))
            .await
    }

    async fn proposed_at(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<ProposedAt>> {
        let ids = serde_json::to_string(ids).map_err(fault::Fault::from)?;
        let sql = "SELECT crm_user_id, person_id, coalesce(score, 0.0), certain FROM situation \
            WHERE organization_id = ? AND connection_id = ? AND crm_user_id IS NOT NULL \
            AND crm_user_id IN (SELECT value FROM json_each(?)) AND situation = 'proposed' \
            ORDER BY crm_user_id, person_id";
        self.read(move |db| {
            let values = params![key(organization), key(connection), ids];
            all(db, sql, values, |row| {
                Ok(ProposedAt {
                    crm_user_id: CrmUserId(row.get(0)?),
                    person_id: rows::id(row, 1)?,
                    score: row.get(2)?,
                    certain: row.get(3)?,
                })
            })
        })
        .await
    }

    async fn count_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<CrmUserCount> {
        let sql = "SELECT known, present, usable, missing FROM crm_user_count \
            WHERE organization_id = ? AND connection_id = ?";
        let counted = self.read(move |db| {
            first(db, sql, [key(organization), key(connection)], |row| {
                Ok(CrmUserCount {
                    known: rows::count(row, 0)?,
                    present: rows::count(row, 1)?,
                    usable: rows::count(row, 2)?,
                    missing: rows::count(row, 3)?,
                })
            })
        });
        Ok(counted.await?.unwrap_or_default())
    }
}
