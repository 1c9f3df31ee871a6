//! CRM users, for reading. They are written when runs end.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, CrmUser, CrmUserId, OrganizationId, Page, PageRequest};
use counterpart_store::crm_users::{CrmUserCount, CrmUserQuery, CrmUserSubset, ProposedAt};
use counterpart_store::{CrmUsers, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::people::{SortKey, sorted_page};
use crate::sql::{self, ReadRow as _, with_words};
use crate::{PostgresStore, cursor};

pub(crate) fn crm_user_of(row: &Row) -> Result<CrmUser> {
    Ok(CrmUser {
        connection_id: row.read("connection_id")?,
        id: row.read("crm_user_id")?,
        profile: row.json("profile")?,
        first_seen_at: row.read("first_seen_at")?,
        last_run_id: row.read("last_run_id")?,
        missing_since: row.read("missing_since")?,
        gone_since: row.read("gone_since")?,
    })
}

/// The condition of a subset.
fn only(subset: CrmUserSubset) -> String {
    let in_situation = |situation: &str| {
        format!(
            "AND EXISTS (
                SELECT FROM situation AS s
                WHERE s.organization_id = u.organization_id
                  AND s.connection_id = u.connection_id
                  AND s.crm_user_id = u.crm_user_id
                  AND s.situation = '{situation}'
            )"
        )
    };
    match subset {
        CrmUserSubset::Unusable => "AND NOT (usable AND gone_since IS NULL)".to_owned(),
        CrmUserSubset::NotPeople => "AND kind <> 'person'".to_owned(),
        CrmUserSubset::Drifted => in_situation("drifted"),
        CrmUserSubset::Proposed => in_situation("proposed"),
    }
}

#[async_trait]
impl CrmUsers for PostgresStore {
    async fn find_crm_user(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<Option<CrmUser>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM crm_user
             WHERE organization_id = $1 AND connection_id = $2 AND crm_user_id = $3",
            &params![organization, connection, id],
        )
        .await?
        .as_ref()
        .map(crm_user_of)
        .transpose()
    }

    async fn find_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<CrmUser>> {
        let ids: Vec<_> = ids.iter().collect();
        sql::query(
            &*self.client().await?,
            "SELECT * FROM crm_user
             WHERE organization_id = $1 AND connection_id = $2 AND crm_user_id = ANY($3)",
            &params![organization, connection, ids],
        )
        .await?
        .iter()
        .map(crm_user_of)
        .collect()
    }

    async fn list_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        query: &CrmUserQuery,
        page: &PageRequest,
    ) -> Result<Page<CrmUser>> {
        let (key, id) = cursor::after::<SortKey<CrmUserId>>(page)?.unzip();
        let mut params = Vec::from(params![
            organization,
            connection,
            query.usable_only,
            query.people_only,
            query.unmapped_at,
            key,
            id.as_ref(),
            cursor::limit(page),
            query.missing_only,
        ]);
        let with_words = with_words(&query.words, &mut params);
        let only = query.subset.map(only).unwrap_or_default();
        let sql = format!(
            "SELECT * FROM crm_user AS u
             WHERE organization_id = $1 AND connection_id = $2
               AND (NOT $3 OR (usable AND gone_since IS NULL))
               AND (NOT $9 OR (missing_since IS NOT NULL AND gone_since IS NULL))
               AND (NOT $4 OR kind = 'person')
               AND ($5::bigint IS NULL OR NOT EXISTS (
                    SELECT FROM mapping
                    WHERE mapping.organization_id = u.organization_id
                      AND mapping.connection_id = u.connection_id
                      AND mapping.crm_user_id = u.crm_user_id
                      AND mapping.valid_from <= $5 AND $5 < mapping.valid_to
               ))
               AND ($6::text IS NULL OR (sort_key, crm_user_id) > ($6, $7))
               {only}
               {with_words}
             ORDER BY sort_key, crm_user_id
             LIMIT $8"
        );
        let rows = sql::query(&*self.client().await?, &sql, &params).await?;
        sorted_page::<_, CrmUserId>(page, &rows, "crm_user_id", crm_user_of)
    }

    async fn proposed_at(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<ProposedAt>> {
        let ids: Vec<_> = ids.iter().collect();
        sql::query(
            &*self.client().await?,
            "SELECT crm_user_id, person_id, coalesce(score, 0) AS score, certain FROM situation
             WHERE organization_id = $1 AND connection_id = $2 AND crm_user_id = ANY($3)
               AND situation = 'proposed'
             ORDER BY crm_user_id, person_id",
            &params![organization, connection, ids],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(ProposedAt {
                crm_user_id: row.read("crm_user_id")?,
                person_id: row.read("person_id")?,
                score: row.read("score")?,
                certain: row.read("certain")?,
            })
        })
        .collect()
    }

    async fn count_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<CrmUserCount> {
        let row = sql::find(
            &*self.client().await?,
            "SELECT known, present, usable, missing FROM crm_user_count
             WHERE organization_id = $1 AND connection_id = $2",
            &params![organization, connection],
        )
        .await?;
        let Some(row) = row else {
            return Ok(CrmUserCount::default());
        };
        Ok(CrmUserCount {
            known: row.read("known")?,
            present: row.read("present")?,
            usable: row.read("usable")?,
            missing: row.read("missing")?,
        })
    }
}
