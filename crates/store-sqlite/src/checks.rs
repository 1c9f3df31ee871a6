//! System checks that were made.

use async_trait::async_trait;
use counterpart_model::{OrganizationId, Page, PageRequest, SystemCheck, SystemCheckId, Timestamp};
use counterpart_store::checks::{CheckQuery, CheckSubject, KeepChecks};
use counterpart_store::{Checks, Result};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::query::{Query, after, all, execute, first, key, limit, number, page};
use crate::{SqliteStore, fault, rows};

const CHECK: &str = "SELECT check_id, connection_id, person_id, cause, started_at, took_millis, \
    result, checks FROM check_report WHERE organization_id = ?";

fn check(row: &Row<'_>) -> fault::Result<SystemCheck> {
    Ok(SystemCheck {
        id: rows::id(row, 0)?,
        connection_id: rows::id(row, 1)?,
        person_id: rows::maybe_id(row, 2)?,
        trigger: rows::word(row, 3)?,
        started_at: rows::time(row, 4)?,
        took_millis: rows::count(row, 5)?,
        result: rows::word(row, 6)?,
        checks: rows::json(row, 7)?,
    })
}

fn keep(
    db: &Connection,
    organization: OrganizationId,
    check: &SystemCheck,
    keep: KeepChecks,
) -> fault::Result<()> {
    let person = check.person_id.map(key);
    let sql = "INSERT INTO check_report (organization_id, check_id, connection_id, person_id, \
        cause, started_at, took_millis, result, checks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        key(organization),
        key(check.id),
        key(check.connection_id),
        person,
        check.trigger.as_str(),
        check.started_at.as_micros(),
        number(check.took_millis),
        check.result.as_str(),
        serde_json::to_string(&check.checks)?
    ];
    execute(db, sql, values)?;
    let sql = "DELETE FROM check_report WHERE organization_id = ?1 AND connection_id = ?2 \
        AND person_id IS ?3 AND (started_at < ?4 OR check_id NOT IN (\
            SELECT check_id FROM check_report WHERE organization_id = ?1 \
            AND connection_id = ?2 AND person_id IS ?3 \
            ORDER BY started_at DESC, check_id DESC LIMIT ?5))";
    let values = params![
        key(organization),
        key(check.connection_id),
        person,
        keep.since.as_micros(),
        keep.most
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    wanted: CheckQuery,
    request: &PageRequest,
) -> fault::Result<Page<SystemCheck>> {
    let mut query = Query::new(CHECK);
    query.bind(key(organization).to_vec());
    if let Some(connection) = wanted.connection_id {
        query.with("AND connection_id = ?", key(connection).to_vec());
    }
    match wanted.subject {
        CheckSubject::All => {}
        CheckSubject::Connection => {
            query.text("AND person_id IS NULL");
        }
        CheckSubject::Person(person) => {
            query.with("AND person_id = ?", key(person).to_vec());
        }
    }
    if let Some((at, id)) = after::<(Timestamp, Uuid)>(request)? {
        query.with("AND (started_at, check_id) < (?, ?)", at.as_micros());
        query.bind(key(id).to_vec());
    }
    query.with(
        "ORDER BY started_at DESC, check_id DESC LIMIT ?",
        limit(request),
    );
    let found = query.all(db, check)?;
    page(request, found, |check| {
        (check.started_at, Uuid::from(check.id))
    })
}

#[async_trait]
impl Checks for SqliteStore {
    async fn keep_system_check(
        &self,
        organization: OrganizationId,
        check: &SystemCheck,
        keep: KeepChecks,
    ) -> Result<()> {
        let check = check.clone();
        self.write(move |db| self::keep(db, organization, &check, keep))
            .await
    }

    async fn find_system_check(
        &self,
        organization: OrganizationId,
        id: SystemCheckId,
    ) -> Result<Option<SystemCheck>> {
        let sql = format!("{CHECK} AND check_id = ?");
        self.read(move |db| first(db, &sql, params![key(organization), key(id)], check))
            .await
    }

    async fn list_system_checks(
        &self,
        organization: OrganizationId,
        query: &CheckQuery,
        page: &PageRequest,
    ) -> Result<Page<SystemCheck>> {
        let (query, page) = (*query, page.clone());
        self.read(move |db| list(db, organization, query, &page))
            .await
    }

    async fn newest_system_checks(&self, organization: OrganizationId) -> Result<Vec<SystemCheck>> {
        let sql = format!(
            "{CHECK} AND check_id IN (\
                SELECT (SELECT check_id FROM check_report AS newest \
                    WHERE newest.organization_id = connection.organization_id \
                    AND newest.connection_id = connection.connection_id \
                    AND newest.person_id IS NULL \
                    ORDER BY started_at DESC, check_id DESC LIMIT 1) \
                FROM connection WHERE organization_id = ?) \
             ORDER BY connection_id"
        );
        let id = key(organization);
        self.read(move |db| all(db, &sql, params![id, id], check))
            .await
    }
}
