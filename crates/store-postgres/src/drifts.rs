//! Drift, for reading, and what is to happen then. Drift is written in a unit of work.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, Drift, DriftCause, DriftPolicies, MappingId, OrganizationId, Page, PageRequest,
    PersonId,
};
use counterpart_store::drift::{DriftCount, DriftQuery};
use counterpart_store::{Drifts, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, cursor};

fn drift_of(row: &Row) -> Result<Drift> {
    Ok(Drift {
        connection_id: row.read("connection_id")?,
        mapping_id: row.read("mapping_id")?,
        person_id: row.read("person_id")?,
        cause: row.word("cause")?,
        primary: row.read("is_primary")?,
        since: row.read("since")?,
        detail: row.read("detail")?,
        other: row.read("other_user_id")?,
    })
}

#[async_trait]
impl Drifts for PostgresStore {
    async fn list_drift(
        &self,
        organization: OrganizationId,
        query: &DriftQuery,
        page: &PageRequest,
    ) -> Result<Page<Drift>> {
        let (mapping, cause) = cursor::after::<(MappingId, String)>(page)?.unzip();
        let drift = sql::query(
            &*self.client().await?,
            "SELECT drift.* FROM drift
             JOIN mapping USING (organization_id, mapping_id)
             WHERE drift.organization_id = $1
               AND ($2::uuid IS NULL OR drift.connection_id = $2)
               AND ($3::uuid IS NULL OR drift.person_id = $3)
               AND ($4::uuid IS NULL OR drift.mapping_id = $4)
               AND ($5::text IS NULL OR drift.cause = $5)
               AND (NOT $6 OR drift.is_primary)
               AND ($7::uuid IS NULL OR (drift.mapping_id, drift.cause) > ($7, $8))
             ORDER BY drift.mapping_id, drift.cause
             LIMIT $9",
            &params![
                organization,
                query.connection_id,
                query.person_id,
                query.mapping_id,
                query.cause.map(DriftCause::as_str),
                query.primary_only,
                mapping,
                cause,
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(drift_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, drift, |it| {
            (it.mapping_id, it.cause.as_str().to_owned())
        })
    }

    async fn drift_of_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Drift>> {
        sql::query(
            &*self.client().await?,
            "SELECT drift.* FROM drift
             JOIN mapping USING (organization_id, mapping_id)
             WHERE drift.organization_id = $1 AND drift.person_id = ANY($2)
             ORDER BY drift.mapping_id, drift.cause",
            &params![organization, people.to_vec()],
        )
        .await?
        .iter()
        .map(drift_of)
        .collect()
    }

    async fn count_drift(&self, organization: OrganizationId) -> Result<Vec<DriftCount>> {
        sql::query(
            &*self.client().await?,
            "SELECT drift.connection_id, drift.cause, count(*) AS mappings FROM drift
             JOIN mapping USING (organization_id, mapping_id)
             WHERE drift.organization_id = $1 AND drift.is_primary
             GROUP BY drift.connection_id, drift.cause
             ORDER BY drift.connection_id, drift.cause",
            &params![organization],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(DriftCount {
                connection_id: row.read("connection_id")?,
                cause: row.word("cause")?,
                mappings: row.read("mappings")?,
            })
        })
        .collect()
    }

    async fn drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<DriftPolicies> {
        sql::query(
            &*self.client().await?,
            "SELECT cause, policy FROM drift_policy
             WHERE organization_id = $1 AND connection_id = $2",
            &params![organization, connection],
        )
        .await?
        .iter()
        .map(|row| Ok((row.word("cause")?, row.word("policy")?)))
        .collect()
    }

    async fn set_drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        policies: &DriftPolicies,
    ) -> Result<()> {
        let (causes, wanted): (Vec<_>, Vec<_>) = policies
            .named()
            .map(|(cause, policy)| (cause.as_str(), policy.as_str()))
            .unzip();
        sql::execute(
            &*self.client().await?,
            "WITH wanted AS (
                SELECT * FROM unnest($3::text[], $4::text[]) AS wanted (cause, policy)
             ),
             withdrawn AS (
                DELETE FROM drift_policy
                WHERE organization_id = $1 AND connection_id = $2
                  AND cause NOT IN (SELECT cause FROM wanted)
             )
             INSERT INTO drift_policy (organization_id, connection_id, cause, policy)
             SELECT $1, $2, cause, policy FROM wanted
             ON CONFLICT (organization_id, connection_id, cause)
             DO UPDATE SET policy = excluded.policy",
            &params![organization, connection, causes, wanted],
        )
        .await?;
        Ok(())
    }
}
