//! Change sets that wait for a second person.

use async_trait::async_trait;
use counterpart_model::{
    Author, ChangeLine, NewPending, OrganizationId, Page, PageRequest, PendingChangeSet,
    PendingEnding, PendingState,
};
use counterpart_store::{Pendings, Result};
use rusqlite::{Connection, Row, params};

use crate::fault::{self, Fault};
use crate::query::{Query, after, execute, first, key, limit, number, page};
use crate::{SqliteStore, rows};

const COLUMNS: &str = "number, account_id, token_id, origin, reason, undoes, line_count, \
    created_at, expires_at, state, ending";

fn pending(row: &Row<'_>) -> fault::Result<PendingChangeSet> {
    let undoes: Option<i64> = row.get(5)?;
    Ok(PendingChangeSet {
        number: rows::count(row, 0)?,
        maker: Author {
            account_id: rows::maybe_id(row, 1)?,
            token_id: rows::maybe_id(row, 2)?,
        },
        origin: rows::word(row, 3)?,
        reason: row.get(4)?,
        undoes: undoes.and_then(|number| u64::try_from(number).ok()),
        line_count: rows::count(row, 6)?,
        created_at: rows::time(row, 7)?,
        expires_at: rows::time(row, 8)?,
        state: rows::word(row, 9)?,
        ending: rows::maybe_json(row, 10)?,
    })
}

fn find(
    db: &Connection,
    organization: OrganizationId,
    of: u64,
) -> fault::Result<Option<PendingChangeSet>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM pending_change_set WHERE organization_id = ? AND number = ?"
    );
    first(db, &sql, params![key(organization), number(of)], pending)
}

/// Keeps a change set under the organization's next number. Two at once are not possible: there
/// is one unit of work at a time.
pub(crate) fn keep(
    db: &Connection,
    organization: OrganizationId,
    new: &NewPending,
) -> fault::Result<PendingChangeSet> {
    if new.lines.is_empty() {
        return Err(Fault::misuse("a change set has no lines"));
    }
    let id = key(organization);
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM pending_change_set \
        WHERE organization_id = ?";
    let next = first(db, sql, [id], |row| rows::count(row, 0))?.unwrap_or(1);
    let sql = "INSERT INTO pending_change_set (organization_id, number, account_id, token_id, \
        origin, reason, undoes, line_count, created_at, expires_at, state) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        id,
        number(next),
        new.maker.account_id.map(key),
        new.maker.token_id.map(key),
        new.origin.as_str(),
        new.reason,
        new.undoes.map(number),
        number(u64::try_from(new.lines.len()).unwrap_or(u64::MAX)),
        new.created_at.as_micros(),
        new.expires_at.as_micros(),
        PendingState::Open.as_str()
    ];
    execute(db, sql, values)?;
    let sql = "INSERT INTO pending_change_line (organization_id, number, ordinal, line) \
        VALUES (?, ?, ?, ?)";
    for (ordinal, line) in (0_i64..).zip(&new.lines) {
        let line = serde_json::to_string(line)?;
        execute(db, sql, params![id, number(next), ordinal, line])?;
    }
    find(db, organization, next)?.ok_or_else(|| Fault::corrupt("a change set that was just kept"))
}

/// Ends one that waits; `false` when it does not wait any more.
pub(crate) fn end(
    db: &Connection,
    organization: OrganizationId,
    of: u64,
    state: PendingState,
    ending: &PendingEnding,
) -> fault::Result<bool> {
    let id = key(organization);
    let sql = "UPDATE pending_change_set SET state = ?, ending = ? \
        WHERE organization_id = ? AND number = ? AND state = 'open'";
    let values = params![
        state.as_str(),
        serde_json::to_string(ending)?,
        id,
        number(of)
    ];
    if execute(db, sql, values)? == 0 {
        return Ok(false);
    }
    if let Some((applied, approval)) = ending.change_set.zip(ending.approval_of(of)) {
        let approval = serde_json::to_string(&approval)?;
        let sql = "UPDATE change_set SET approval = ? WHERE organization_id = ? AND number = ?";
        let values = params![approval, id, number(applied)];
        if execute(db, sql, values)? == 0 {
            return Err(Fault::misuse(format!("there is no change set {applied}")));
        }
    }
    Ok(true)
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    state: Option<PendingState>,
    request: &PageRequest,
) -> fault::Result<Page<PendingChangeSet>> {
    let sql = format!("SELECT {COLUMNS} FROM pending_change_set WHERE organization_id = ?");
    let mut query = Query::new(&sql);
    query.bind(key(organization).to_vec());
    if let Some(state) = state {
        query.with("AND state = ?", state.as_str().to_owned());
    }
    if let Some(before) = after::<u64>(request)? {
        query.with("AND number < ?", number(before));
    }
    query.with("ORDER BY number DESC LIMIT ?", limit(request));
    page(request, query.all(db, pending)?, |pending| pending.number)
}

fn lines(
    db: &Connection,
    organization: OrganizationId,
    of: u64,
    request: &PageRequest,
) -> fault::Result<Page<ChangeLine>> {
    let sql = "SELECT ordinal, line FROM pending_change_line WHERE organization_id = ?";
    let mut query = Query::new(sql);
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
impl Pendings for SqliteStore {
    async fn find_pending(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<PendingChangeSet>> {
        self.read(move |db| find(db, organization, number)).await
    }

    async fn list_pending(
        &self,
        organization: OrganizationId,
        state: Option<PendingState>,
        page: &PageRequest,
    ) -> Result<Page<PendingChangeSet>> {
        let page = page.clone();
        self.read(move |db| list(db, organization, state, &page))
            .await
    }

    async fn count_pending(
        &self,
        organization: OrganizationId,
        state: PendingState,
    ) -> Result<u64> {
        let sql = "SELECT count(*) FROM pending_change_set WHERE organization_id = ?";
        let mut query = Query::new(sql);
        query.bind(key(organization).to_vec());
        query.with("AND state = ?", state.as_str().to_owned());
        self.read(move |db| query.count(db)).await
    }

    async fn list_pending_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>> {
        let page = page.clone();
        self.read(move |db| lines(db, organization, number, &page))
            .await
    }
}
