//! Change sets and the audit chain, for reading.

use async_trait::async_trait;
use counterpart_model::audit::{AuditEntry, AuditEvent};
use counterpart_model::{
    ChangeLine, ChangeSet, OrganizationId, Page, PageRequest, PersonId, Subject, Thing,
};
use counterpart_store::{Changes, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, cursor, things};

fn change_set_of(row: &Row) -> Result<ChangeSet> {
    Ok(ChangeSet {
        number: row.read("number")?,
        account_id: row.read("account_id")?,
        origin: row.word("origin")?,
        reason: row.read("reason")?,
        applied_at: row.read("applied_at")?,
        undoes: row.read("undoes")?,
        undone_by: row.read("undone_by")?,
        approval: row.json_opt("approval")?,
        line_count: row.read("line_count")?,
    })
}

fn entry_of(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry {
        sequence: row.read("sequence")?,
        event: AuditEvent {
            at: row.read("at")?,
            account_id: row.read("account_id")?,
            action: row.read("action")?,
            details: row.read("details")?,
            salt: row.read("salt")?,
        },
        hash: row.read("hash")?,
    })
}

#[async_trait]
impl Changes for PostgresStore {
    async fn find_change_set(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<ChangeSet>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM change_set WHERE organization_id = $1 AND number = $2",
            &params![organization, number],
        )
        .await?
        .as_ref()
        .map(change_set_of)
        .transpose()
    }

    async fn list_change_sets(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>> {
        let before: Option<u64> = cursor::after(page)?;
        let sets = sql::query(
            &*self.client().await?,
            "SELECT * FROM change_set
             WHERE organization_id = $1 AND ($2::bigint IS NULL OR number < $2)
             ORDER BY number DESC LIMIT $3",
            &params![organization, before, cursor::limit(page)],
        )
        .await?
        .iter()
        .map(change_set_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, sets, |set| set.number)
    }

    async fn change_sets_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>> {
        let before: Option<u64> = cursor::after(page)?;
        let sets = sql::query(
            &*self.client().await?,
            "SELECT s.* FROM change_about AS a
             JOIN change_set AS s USING (organization_id, number)
             WHERE a.organization_id = $1 AND a.person_id = $2
               AND ($3::bigint IS NULL OR a.number < $3)
             ORDER BY a.number DESC LIMIT $4",
            &params![organization, person, before, cursor::limit(page)],
        )
        .await?
        .iter()
        .map(change_set_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, sets, |set| set.number)
    }

    async fn list_change_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>> {
        let after: Option<u64> = cursor::after(page)?;
        let rows = sql::query(
            &*self.client().await?,
            "SELECT ordinal, line FROM change_line
             WHERE organization_id = $1 AND number = $2 AND ($3::bigint IS NULL OR ordinal > $3)
             ORDER BY ordinal LIMIT $4",
            &params![organization, number, after, cursor::limit(page)],
        )
        .await?;
        let lines = rows
            .iter()
            .map(|row| Ok((row.read::<u64>("ordinal")?, row.json("line")?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(cursor::page(page, lines, |(ordinal, _)| *ordinal)?.map(|(_, line)| line))
    }

    async fn standing(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<Thing>> {
        things::standing(&*self.client().await?, organization, subjects).await
    }

    async fn about_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Thing>> {
        things::about_people(&*self.client().await?, organization, people).await
    }

    async fn rivals(&self, organization: OrganizationId, wanted: &[Thing]) -> Result<Vec<Thing>> {
        things::rivals(&*self.client().await?, organization, wanted).await
    }

    async fn last_changed(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<(Subject, u64)>> {
        things::last_changed(&*self.client().await?, organization, subjects).await
    }

    async fn list_audit(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>> {
        let before: Option<u64> = cursor::after(page)?;
        let entries = sql::query(
            &*self.client().await?,
            "SELECT * FROM audit_entry
             WHERE organization_id = $1 AND ($2::bigint IS NULL OR sequence < $2)
             ORDER BY sequence DESC LIMIT $3",
            &params![organization, before, cursor::limit(page)],
        )
        .await?
        .iter()
        .map(entry_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, entries, |entry| entry.sequence)
    }
}
