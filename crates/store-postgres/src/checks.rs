//! System checks that were made.

use async_trait::async_trait;
use counterpart_model::{
    OrganizationId, Page, PageRequest, PersonId, SystemCheck, SystemCheckId, Timestamp,
};
use counterpart_store::checks::{CheckQuery, CheckSubject, KeepChecks};
use counterpart_store::{Checks, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::{PostgresStore, cursor};

fn check_of(row: &Row) -> Result<SystemCheck> {
    Ok(SystemCheck {
        id: row.read("check_id")?,
        connection_id: row.read("connection_id")?,
        person_id: row.read::<Option<PersonId>>("person_id")?,
        trigger: row.word("cause")?,
        started_at: row.read("started_at")?,
        took_millis: row.read("took_millis")?,
        result: row.word("result")?,
        checks: row.json("checks")?,
    })
}

#[async_trait]
impl Checks for PostgresStore {
    async fn keep_system_check(
        &self,
        organization: OrganizationId,
        check: &SystemCheck,
        keep: KeepChecks,
    ) -> Result<()> {
        // All parts of a statement see the table as it was before it: one place is the new one's.
        sql::execute(
            &*self.client().await?,
            "WITH kept AS (
                INSERT INTO check_report (organization_id, check_id, connection_id, person_id,
                    cause, started_at, took_millis, result, checks)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             )
             DELETE FROM check_report
             WHERE organization_id = $1 AND connection_id = $3
               AND person_id IS NOT DISTINCT FROM $4
               AND (started_at < $10 OR check_id NOT IN (
                    SELECT check_id FROM check_report
                    WHERE organization_id = $1 AND connection_id = $3
                      AND person_id IS NOT DISTINCT FROM $4
                    ORDER BY started_at DESC, check_id DESC LIMIT $11))",
            &params![
                organization,
                check.id,
                check.connection_id,
                check.person_id,
                check.trigger.as_str(),
                check.started_at,
                check.took_millis,
                check.result.as_str(),
                to_json(&check.checks)?,
                keep.since,
                i64::from(keep.most) - 1,
            ],
        )
        .await?;
        Ok(())
    }

    async fn find_system_check(
        &self,
        organization: OrganizationId,
        id: SystemCheckId,
    ) -> Result<Option<SystemCheck>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM check_report WHERE organization_id = $1 AND check_id = $2",
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(check_of)
        .transpose()
    }

    async fn list_system_checks(
        &self,
        organization: OrganizationId,
        query: &CheckQuery,
        page: &PageRequest,
    ) -> Result<Page<SystemCheck>> {
        let (at, id) = cursor::after::<(Timestamp, SystemCheckId)>(page)?.unzip();
        let (itself, person) = match query.subject {
            CheckSubject::All => (false, None),
            CheckSubject::Connection => (true, None),
            CheckSubject::Person(person) => (false, Some(person)),
        };
        let checks = sql::query(
            &*self.client().await?,
            "SELECT * FROM check_report
             WHERE organization_id = $1
               AND ($2::uuid IS NULL OR connection_id = $2)
               AND (NOT $3 OR person_id IS NULL)
               AND ($4::uuid IS NULL OR person_id = $4)
               AND ($5::bigint IS NULL OR (started_at, check_id) < ($5, $6))
             ORDER BY started_at DESC, check_id DESC
             LIMIT $7",
            &params![
                organization,
                query.connection_id,
                itself,
                person,
                at,
                id,
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(check_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, checks, |check| (check.started_at, check.id))
    }

    async fn newest_system_checks(&self, organization: OrganizationId) -> Result<Vec<SystemCheck>> {
        sql::query(
            &*self.client().await?,
            "SELECT newest.* FROM connection
             CROSS JOIN LATERAL (
                SELECT * FROM check_report
                WHERE check_report.organization_id = $1
                  AND check_report.connection_id = connection.connection_id
                  AND check_report.person_id IS NULL
                ORDER BY started_at DESC, check_id DESC LIMIT 1
             ) AS newest
             WHERE connection.organization_id = $1
             ORDER BY newest.connection_id",
            &params![organization],
        )
        .await?
        .iter()
        .map(check_of)
        .collect()
    }
}
