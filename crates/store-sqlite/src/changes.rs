//! Change sets and the audit chain, for reading.

use async_trait::async_trait;
use counterpart_model::audit::AuditEntry;
use counterpart_model::{
    ChangeLine, ChangeSet, OrganizationId, Page, PageRequest, PersonId, Subject, Thing,
};
use counterpart_store::{Changes, Result};
use rusqlite::{Connection, Row, params};

use crate::query::{Query, after, first, key, limit, number, page};
use crate::{SqliteStore, fault, rows, things};

/// A page of `table`, newest first by `column`.
fn newest_first<T>(
    db: &Connection,
    organization: OrganizationId,
    (table, column, columns): (&str, &str, &str),
    request: &PageRequest,
    read: fn(&Row<'_>) -> fault::Result<T>,
    place: fn(&T) -> u64,
) -> fault::Result<Page<T>> {
    let sql = format!("SELECT {columns} FROM {table} WHERE organization_id = ?");
    let mut query = Query::new(&sql);
    query.bind(key(organization).to_vec());
    if let Some(before) = after::<u64>(request)? {
        query.with(&format!("AND {column} < ?"), number(before));
    }
    query.with(&format!("ORDER BY {column} DESC LIMIT ?"), limit(request));
    page(request, query.all(db, read)?, place)
}

/// The change sets about a person, newest first.
fn about(
    db: &Connection,
    organization: OrganizationId,
    person: PersonId,
    request: &PageRequest,
) -> fault::Result<Page<ChangeSet>> {
    let mut query = Query::new("SELECT");
    query.text(rows::CHANGE_SET);
    query.with(
        "FROM change_about JOIN change_set USING (organization_id, number) \
         WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    query.with("AND change_about.person_id = ?", key(person).to_vec());
    if let Some(before) = after::<u64>(request)? {
        query.with("AND number < ?", number(before));
    }
    query.with("ORDER BY number DESC LIMIT ?", limit(request));
    page(request, query.all(db, rows::change_set)?, |set| set.number)
}

fn lines(
    db: &Connection,
    organization: OrganizationId,
    of: u64,
    request: &PageRequest,
) -> fault::Result<Page<ChangeLine>> {
    let mut query = Query::new("SELECT ordinal, line FROM change_line WHERE organization_id = ?");
    query.bind(key(organization).to_vec());
    query.with("AND number = ?", number(of));
    if let Some(ordinal) = after::<u64>(request)? {
        query.with("AND ordinal > ?", number(ordinal));
    }
    query.with("ORDER BY ordinal LIMIT ?", limit(request));
    let lines = query.all(db, |row| Ok((rows::count(row, 0)?, rows::json(row, 1)?)))?;
    let lines = page(request, lines, |(ordinal, _)| *ordinal)?;
    Ok(lines.map(|(_, line)| line))
}

#[async_trait]
impl Changes for SqliteStore {
    async fn find_change_set(
        &self,
        organization: OrganizationId,
        of: u64,
    ) -> Result<Option<ChangeSet>> {
        let sql = format!(
            "SELECT {} FROM change_set WHERE organization_id = ? AND number = ?",
            rows::CHANGE_SET
        );
        self.read(move |db| {
            first(
                db,
                &sql,
                params![key(organization), number(of)],
                rows::change_set,
            )
        })
        .await
    }

    async fn list_change_sets(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>> {
        let page = page.clone();
        self.read(move |db| {
            let table = ("change_set", "number", rows::CHANGE_SET);
            newest_first(db, organization, table, &page, rows::change_set, |set| {
                set.number
            })
        })
        .await
    }

    async fn change_sets_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>> {
        let page = page.clone();
        self.read(move |db| about(db, organization, person, &page))
            .await
    }

    async fn list_change_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>> {
        let page = page.clone();
        self.read(move |db| lines(db, organization, number, &page))
            .await
    }

    async fn standing(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<Thing>> {
        let subjects = subjects.to_vec();
        self.read(move |db| things::standing(db, organization, &subjects))
            .await
    }

    async fn about_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Thing>> {
        let people = people.to_vec();
        self.read(move |db| things::about_people(db, organization, &people))
            .await
    }

    async fn rivals(&self, organization: OrganizationId, wanted: &[Thing]) -> Result<Vec<Thing>> {
        let wanted = wanted.to_vec();
        self.read(move |db| things::rivals(db, organization, &wanted))
            .await
    }

    async fn last_changed(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<(Subject, u64)>> {
        let subjects = subjects.to_vec();
        self.read(move |db| things::last_changed(db, organization, &subjects))
            .await
    }

    async fn list_audit(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>> {
        let page = page.clone();
        self.read(move |db| {
            let table = ("audit_entry", "sequence", rows::AUDIT_ENTRY);
            let place = |entry: &AuditEntry| entry.sequence;
            newest_first(db, organization, table, &page, rows::audit_entry, place)
        })
        .await
    }
}
