//! Runs from measuring to their end, inside a unit of work.

use counterpart_model::run::RunFailure;
use counterpart_model::{
    ConnectionId, OrganizationId, Run, RunId, RunMode, RunReport, RunState, Timestamp,
};
use counterpart_store::runs::{Absence, RunChangeKind};
use rusqlite::{Connection, params};

use crate::fault::{Fault, Result};
use crate::open;
use crate::query::{execute, exists, first, key};
use crate::rows::count;
use crate::runs::{drop_staged, get, kind_number, put};
use crate::standings;

/// What a run can still be measured, held and applied in.
const OPEN: [RunState; 2] = [RunState::Pulling, RunState::Held];

/// From how many new users on they are indexed in large batches.
const MANY: u64 = 5_000;
/// In bytes, see [`index_in_batches_of`]; the usual one is FTS5's own.
const LARGE_BATCH: i64 = 16 * 1_024 * 1_024;
const USUAL_BATCH: i64 = 1_024 * 1_024;

/// Compares what a run staged with what is known; keeps and counts the differences.
pub(crate) fn measure(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    absence: Absence,
) -> Result<RunReport> {
    open::before_run_end(db)?;
    let mut run = get(db, organization, id, &OPEN)?;
    if !run.pulled {
        return Err(Fault::misuse("the last page of the run is not staged"));
    }
    let ids = [key(organization), key(id)];
    let sql = "DELETE FROM run_change WHERE organization_id = ? AND run_id = ?";
    execute(db, sql, ids)?;
    keep_differences(db, organization, &run)?;
    let staged = count_of(
        db,
        "SELECT count(*) FROM staged_user WHERE organization_id = ? AND run_id = ?",
        ids,
    )?;
    // A record that could not be read, or did not come, may be anybody's.
    let complete = run.mode == RunMode::Full
        && run.report.failed == 0
        && run.report.found == 0
        && run
            .expected
            .is_none_or(|expected| expected + run.report.looked_up == staged);
    if complete {
        keep_absent(db, organization, &run, absence)?;
    }
    run.report = report(db, organization, &run, staged)?;
    put(db, organization, &run)?;
    let lost = i64::try_from(run.report.lost).unwrap_or(i64::MAX);
    let sql = "UPDATE run SET measured = 1, lost = ? WHERE organization_id = ? AND run_id = ?";
    execute(db, sql, params![lost, ids[0], ids[1]])?;
    Ok(run.report)
}

/// How many usable users the differences take away. Who was missing already is no loss any more.
fn lost(db: &Connection, organization: OrganizationId, run: &Run) -> Result<u64> {
    let sql = "SELECT count(*) FROM run_change JOIN crm_user USING (organization_id, crm_user_id) \
        WHERE run_change.organization_id = ? AND run_change.run_id = ? \
        AND run_change.kind IN (?, ?, ?) AND crm_user.connection_id = ? AND crm_user.usable \
        AND crm_user.missing_since IS NULL";
    let [deactivated, gone, missing] = [
        RunChangeKind::Deactivated,
        RunChangeKind::Gone,
        RunChangeKind::Missing,
    ]
    .map(kind_number);
    let ids = (key(organization), key(run.id), key(run.connection_id));
    let values = params![ids.0, ids.1, deactivated, gone, missing, ids.2];
    count_of(db, sql, values)
}

/// Who is new, returned, deactivated or otherwise changed.
fn keep_differences(db: &Connection, organization: OrganizationId, run: &Run) -> Result<()> {
    let sql = "INSERT INTO run_change (organization_id, run_id, kind, crm_user_id, before, after) \
        SELECT staged.organization_id, staged.run_id, CASE \
        WHEN known.crm_user_id IS NULL THEN ?1 \
        WHEN known.missing_since IS NOT NULL THEN ?2 \
        WHEN known.usable AND NOT staged.usable THEN ?3 \
        ELSE ?4 END, \
        staged.crm_user_id, known.profile, staged.profile \
        FROM staged_user AS staged LEFT JOIN crm_user AS known \
        ON known.organization_id = staged.organization_id AND known.connection_id = ?5 \
        AND known.crm_user_id = staged.crm_user_id \
        WHERE staged.organization_id = ?6 AND staged.run_id = ?7 \
        AND (known.crm_user_id IS NULL OR known.missing_since IS NOT NULL \
        OR known.profile <> staged.profile)";
    let values = params![
        kind_number(RunChangeKind::New),
        kind_number(RunChangeKind::Returned),
        kind_number(RunChangeKind::Deactivated),
        kind_number(RunChangeKind::Changed),
        key(run.connection_id),
        key(organization),
        key(run.id)
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// Who is known and did not come: missing at first, gone when missing for long enough.
fn keep_absent(
    db: &Connection,
    organization: OrganizationId,
    run: &Run,
    absence: Absence,
) -> Result<()> {
    let sql = "INSERT INTO run_change (organization_id, run_id, kind, crm_user_id, before, after) \
        SELECT known.organization_id, ?1, \
        CASE WHEN coalesce(known.missing_since, ?5) <= ?6 THEN ?2 ELSE ?7 END, \
        known.crm_user_id, known.profile, NULL \
        FROM crm_user AS known WHERE known.organization_id = ?3 AND known.connection_id = ?4 \
        AND known.gone_since IS NULL \
        AND (known.missing_since IS NULL OR known.missing_since <= ?6) AND NOT EXISTS (SELECT 1 FROM staged_user AS staged \
        WHERE staged.organization_id = known.organization_id AND staged.run_id = ?1 \
        AND staged.crm_user_id = known.crm_user_id)";
    let values = params![
        key(run.id),
        kind_number(RunChangeKind::Gone),
        key(organization),
        key(run.connection_id),
        absence.now.as_micros(),
        absence.gone_before.as_micros(),
        kind_number(RunChangeKind::Missing)
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn report(
    db: &Connection,
    organization: OrganizationId,
    run: &Run,
    staged: u64,
) -> Result<RunReport> {
    let of_kind = |kind: RunChangeKind| {
        let sql = "SELECT count(*) FROM run_change \
            WHERE organization_id = ? AND run_id = ? AND kind = ?";
        count_of(
            db,
            sql,
            params![key(organization), key(run.id), kind_number(kind)],
        )
    };
    let usable_before = count_of(
        db,
        "SELECT count(*) FROM crm_user \
         WHERE organization_id = ? AND connection_id = ? AND usable AND gone_since IS NULL \
         AND missing_since IS NULL",
        [key(organization), key(run.connection_id)],
    )?;
    let deactivated = of_kind(RunChangeKind::Deactivated)?;
    Ok(RunReport {
        read: staged,
        new: of_kind(RunChangeKind::New)?,
        changed: of_kind(RunChangeKind::Changed)? + deactivated,
        deactivated,
        missing: of_kind(RunChangeKind::Missing)?,
        gone: of_kind(RunChangeKind::Gone)?,
        found: run.report.found,
        looked_up: run.report.looked_up,
        returned: of_kind(RunChangeKind::Returned)?,
        failed: run.report.failed,
        usable_before,
        lost: lost(db, organization, run)?,
    })
}

fn count_of(db: &Connection, sql: &str, parameters: impl rusqlite::Params) -> Result<u64> {
    Ok(first(db, sql, parameters, |row| count(row, 0))?.unwrap_or(0))
}

/// How many usable users complete runs have taken away since `since`.
pub(crate) fn lost_since(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    since: Timestamp,
) -> Result<u64> {
    let sql = "SELECT coalesce(sum(lost), 0) FROM run \
        WHERE organization_id = ? AND connection_id = ? AND state = 'complete' \
        AND finished_at >= ?";
    let values = params![key(organization), key(connection), since.as_micros()];
    count_of(db, sql, values)
}

/// Makes what a measured run staged known.
pub(crate) fn apply(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    changed_since: Option<Timestamp>,
    now: Timestamp,
) -> Result<Run> {
    open::before_run_end(db)?;
    let mut run = get_measured(db, organization, id, &OPEN)?;
    take_over(db, organization, &run, now)?;
    mark_absent(db, organization, &run, now)?;
    standings::count_crm_users(db, organization, run.connection_id)?;
    standings::renew_shown_texts_of_run(db, organization, (run.connection_id, run.id))?;
    drop_staged(db, organization, id)?;
    let sql = "UPDATE connection SET synced_at = ?, changed_since = ? \
        WHERE organization_id = ? AND connection_id = ?";
    let values = params![
        now.as_micros(),
        changed_since.map(Timestamp::as_micros),
        key(organization),
        key(run.connection_id)
    ];
    execute(db, sql, values)?;
    run.state = RunState::Complete;
    run.finished_at = Some(now);
    run.failure = None;
    run.held_until = None;
    put(db, organization, &run)?;
    Ok(run)
}

/// Marks who is missing since now, and who is gone.
fn mark_absent(
    db: &Connection,
    organization: OrganizationId,
    run: &Run,
    now: Timestamp,
) -> Result<()> {
    let sql = "UPDATE crm_user SET missing_since = coalesce(missing_since, ?1), \
        gone_since = CASE WHEN change.kind = ?2 THEN ?1 END \
        FROM run_change AS change \
        WHERE crm_user.organization_id = ?4 AND crm_user.connection_id = ?5 \
        AND change.organization_id = ?4 AND change.run_id = ?6 AND change.kind IN (?2, ?3) \
        AND change.crm_user_id = crm_user.crm_user_id";
    let values = params![
        now.as_micros(),
        kind_number(RunChangeKind::Gone),
        kind_number(RunChangeKind::Missing),
        key(organization),
        key(run.connection_id),
        key(run.id)
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// Makes every staged user known: writes those that differ over what was known of them, and notes
/// of the others only that they were seen, which touches no index.
fn take_over(
    db: &Connection,
    organization: OrganizationId,
    run: &Run,
    now: Timestamp,
) -> Result<()> {
    let new_users = run.report.new;
    let (organization, connection, run) = (key(organization), key(run.connection_id), key(run.id));
    let changed = "UPDATE crm_user SET sort_key = staged.sort_key, \
        search_text = staged.search_text, profile = staged.profile, usable = staged.usable, \
        kind = staged.kind, missing_since = NULL, gone_since = NULL \
        FROM staged_user AS staged WHERE staged.organization_id = ?1 AND staged.run_id = ?3 \
        AND crm_user.organization_id = ?1 AND crm_user.connection_id = ?2 \
        AND crm_user.crm_user_id = staged.crm_user_id \
        AND (crm_user.profile <> staged.profile OR crm_user.missing_since IS NOT NULL \
        OR crm_user.search_text <> staged.search_text OR crm_user.sort_key <> staged.sort_key)";
    execute(db, changed, [organization, connection, run])?;
    let seen = "UPDATE crm_user SET last_run_id = ?3 \
        WHERE organization_id = ?1 AND connection_id = ?2 \
        AND EXISTS (SELECT 1 FROM staged_user AS staged WHERE staged.organization_id = ?1 \
        AND staged.run_id = ?3 AND staged.crm_user_id = crm_user.crm_user_id)";
    execute(db, seen, [organization, connection, run])?;
    let new = "INSERT INTO crm_user (organization_id, connection_id, crm_user_id, sort_key, \
        search_text, search_id, profile, usable, kind, first_seen_at, last_run_id, gone_since) \
        SELECT staged.organization_id, ?2, staged.crm_user_id, staged.sort_key, \
        staged.search_text, \
        (SELECT coalesce(max(search_id), 0) FROM crm_user) + row_number() OVER (), \
        staged.profile, staged.usable, staged.kind, ?4, staged.run_id, NULL \
        FROM run_change AS change JOIN staged_user AS staged \
        USING (organization_id, run_id, crm_user_id) \
        WHERE change.organization_id = ?1 AND change.run_id = ?3 AND change.kind = ?5";
    let values = params![
        organization,
        connection,
        run,
        now.as_micros(),
        kind_number(RunChangeKind::New)
    ];
    if new_users > MANY {
        index_in_batches_of(db, LARGE_BATCH)?;
    }
    execute(db, new, values)?;
    if new_users > MANY {
        index_in_batches_of(db, USUAL_BATCH)?;
    }
    Ok(())
}

/// How many bytes of new entries the search index collects before it writes them. Fewer and larger
/// batches leave less to merge, and are kept in memory meanwhile.
fn index_in_batches_of(db: &Connection, bytes: i64) -> Result<()> {
    let sql = "INSERT INTO crm_user_search (crm_user_search, rank) VALUES ('hashsize', ?)";
    execute(db, sql, [bytes])?;
    Ok(())
}

/// Keeps a measured run for somebody's word. Its worker has done its part, so its lease ends.
pub(crate) fn hold(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    failure: RunFailure,
    (now, until): (Timestamp, Timestamp),
) -> Result<Run> {
    let mut run = get_measured(db, organization, id, &OPEN)?;
    run.state = RunState::Held;
    run.held_until = Some(until);
    run.failure = Some(failure);
    run.lease_until = now;
    put(db, organization, &run)?;
    Ok(run)
}

/// Ends a held run without changing anything.
pub(crate) fn reject(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    now: Timestamp,
) -> Result<Run> {
    let mut run = get(db, organization, id, &[RunState::Held])?;
    run.state = RunState::Rejected;
    run.finished_at = Some(now);
    put(db, organization, &run)?;
    drop_staged(db, organization, id)?;
    Ok(run)
}

fn get_measured(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    states: &[RunState],
) -> Result<Run> {
    let run = get(db, organization, id, states)?;
    let sql = "SELECT 1 FROM run WHERE organization_id = ? AND run_id = ? AND measured";
    if exists(db, sql, [key(organization), key(id)])? {
        Ok(run)
    } else {
        Err(Fault::misuse("the run is not measured"))
    }
}
