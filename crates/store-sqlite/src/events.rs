//! The log of events.

use async_trait::async_trait;
use counterpart_model::{EventKind, LoggedEvent, NewEvent, OrganizationId, Timestamp};
use counterpart_store::events::EventSpan;
use counterpart_store::{Events, Result};
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::query::{all, execute, first, key, number};
use crate::{SqliteStore, fault, rows};

const COLUMNS: &str = "event.sequence, event.at, event.kind, event.data";

fn event(row: &Row<'_>) -> fault::Result<LoggedEvent> {
    Ok(LoggedEvent {
        sequence: rows::count(row, 0)?,
        at: rows::time(row, 1)?,
        kind: rows::word(row, 2)?,
        data: rows::json(row, 3)?,
    })
}

/// Adds events behind the last one.
pub(crate) fn append(
    db: &Connection,
    organization: OrganizationId,
    events: &[NewEvent],
    now: Timestamp,
) -> fault::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let id = key(organization);
    let count = number(u64::try_from(events.len()).unwrap_or(u64::MAX));
    let sql = "UPDATE organization_head SET event_sequence = event_sequence + ? \
        WHERE organization_id = ? RETURNING event_sequence";
    let last: Option<i64> = first(db, sql, params![count, id], |row| Ok(row.get(0)?))?;
    let last = last.ok_or_else(|| Fault::misuse("the organization does not exist"))?;
    let sql = "INSERT INTO event (organization_id, sequence, at, kind, data) \
        VALUES (?, ?, ?, ?, ?)";
    for (sequence, event) in (last - count + 1..).zip(events) {
        let data = serde_json::to_string(event)?;
        let values = params![id, sequence, now.as_micros(), event.kind().as_str(), data];
        execute(db, sql, values)?;
    }
    Ok(())
}

/// At most `most` events of some kinds behind `after`.
pub(crate) fn behind(
    db: &Connection,
    organization: OrganizationId,
    after: u64,
    kinds: &[EventKind],
    most: u32,
) -> fault::Result<Vec<LoggedEvent>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM event WHERE organization_id = ? AND sequence > ? \
         AND kind IN (SELECT value FROM json_each(?)) ORDER BY sequence LIMIT ?"
    );
    let kinds = serde_json::to_string(kinds)?;
    let values = params![key(organization), number(after), kinds, most];
    all(db, &sql, values, event)
}

/// The sequence of the newest event there ever was.
pub(crate) fn newest(db: &Connection, organization: OrganizationId) -> fault::Result<u64> {
    let sql = "SELECT event_sequence FROM organization_head WHERE organization_id = ?";
    let newest = first(db, sql, [key(organization)], |row| rows::count(row, 0))?;
    Ok(newest.unwrap_or(0))
}

#[async_trait]
impl Events for SqliteStore {
    async fn list_events(
        &self,
        organization: OrganizationId,
        after: u64,
        most: u32,
    ) -> Result<Vec<LoggedEvent>> {
        self.read(move |db| behind(db, organization, after, &EventKind::ALL, most))
            .await
    }

    async fn event_span(&self, organization: OrganizationId) -> Result<EventSpan> {
        self.read(move |db| {
            let sql = "SELECT sequence FROM event WHERE organization_id = ? \
                ORDER BY sequence LIMIT 1";
            Ok(EventSpan {
                oldest: first(db, sql, [key(organization)], |row| rows::count(row, 0))?,
                newest: newest(db, organization)?,
            })
        })
        .await
    }

    async fn forget_events(&self, organization: OrganizationId, before: Timestamp) -> Result<u64> {
        self.write(move |db| {
            let values = params![key(organization), before.as_micros()];
            let sql = "DELETE FROM webhook_attempt WHERE organization_id = ? AND at < ?";
            execute(db, sql, values)?;
            let sql = "DELETE FROM event WHERE organization_id = ? AND at < ?";
            let forgotten = execute(db, sql, values)?;
            Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
        })
        .await
    }
}
