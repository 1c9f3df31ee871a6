//! The ends of runs: measured, then applied, held or rejected.

use counterpart_model::run::RunFailure;
use counterpart_model::{
    ConnectionId, OrganizationId, Run, RunId, RunMode, RunReport, RunState, Timestamp,
};
use counterpart_store::runs::{Absence, RunChangeKind};
use counterpart_store::{Result, StoreError};
use tokio_postgres::Client;

use crate::params::params;
use crate::runs::{drop_staged, lock_run, place_of, run_of};
use crate::sql::{self, ReadRow as _, to_json};

use super::standings;

/// A run that is locked until the unit ends.
struct Locked {
    run: Run,
    measured: bool,
}

/// Locks a run and its connection, in the order in which a beginning run does.
async fn lock(client: &Client, organization: OrganizationId, id: RunId) -> Result<Locked> {
    sql::query(
        client,
        "SELECT FROM connection
         WHERE organization_id = $1 AND connection_id = (
            SELECT connection_id FROM run WHERE organization_id = $1 AND run_id = $2
         )
         FOR NO KEY UPDATE",
        &params![organization, id],
    )
    .await?;
    let row = lock_run(client, organization, id).await?;
    Ok(Locked {
        run: run_of(&row)?,
        measured: row.read("measured")?,
    })
}

fn refuse(run: &Run, what: &str) -> StoreError {
    StoreError::Misuse(format!(
        "run {} is {} and cannot be {what}",
        run.id,
        run.state.as_str()
    ))
}

/// Whether a run's report can still change what is known.
fn is_open(run: &Run) -> bool {
    run.pulled && matches!(run.state, RunState::Pulling | RunState::Held)
}

/// Whether who did not come is gone. A record that could not be read may be anybody's, and when
/// the CRM counts otherwise it may have left somebody out.
fn finds_the_gone(run: &Run) -> bool {
    run.mode == RunMode::Full
        && run.report.failed == 0
        && run.report.found == 0
        && run
            .expected
            .is_none_or(|expected| run.report.read == expected + run.report.looked_up)
}

/// Works out what a run changes, and keeps it.
pub(super) async fn measure(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
    absence: Absence,
) -> Result<RunReport> {
    let Locked { run, .. } = lock(client, organization, id).await?;
    if !is_open(&run) {
        return Err(refuse(&run, "measured"));
    }
    sql::execute(
        client,
        "DELETE FROM run_change WHERE organization_id = $1 AND run_id = $2",
        &params![organization, id],
    )
    .await?;
    let row = sql::get(
        client,
        "WITH staged AS (
            SELECT * FROM staged_user WHERE organization_id = $1 AND run_id = $2
        ),
        known AS (
            SELECT * FROM crm_user WHERE organization_id = $1 AND connection_id = $3
        ),
        difference AS (
            SELECT coalesce(s.crm_user_id, k.crm_user_id) AS crm_user_id,
                   k.profile AS before, s.profile AS after,
                   k.usable AND k.missing_since IS NULL AS present,
                   CASE
                       WHEN k.crm_user_id IS NULL THEN $5
                       WHEN s.crm_user_id IS NULL AND coalesce(k.missing_since, $11) <= $12
                       THEN $8
                       WHEN s.crm_user_id IS NULL THEN $10
                       WHEN k.missing_since IS NOT NULL THEN $9
                       WHEN k.usable AND NOT s.usable THEN $7
                       ELSE $6
                   END AS kind
            FROM staged AS s FULL JOIN known AS k ON s.crm_user_id = k.crm_user_id
            WHERE k.crm_user_id IS NULL
               OR (s.crm_user_id IS NULL AND k.gone_since IS NULL AND $4
                   AND (k.missing_since IS NULL OR k.missing_since <= $12))
               OR (s.crm_user_id IS NOT NULL
                   AND (k.missing_since IS NOT NULL OR k.profile <> s.profile))
        ),
        kept AS (
            INSERT INTO run_change (organization_id, run_id, kind, crm_user_id, before, after)
            SELECT $1, $2, kind, crm_user_id, before, after FROM difference
        )
        SELECT (SELECT count(*) FROM staged) AS read,
               (SELECT count(*) FROM known
                WHERE usable AND gone_since IS NULL AND missing_since IS NULL) AS usable_before,
               count(*) FILTER (WHERE kind = $5) AS new,
               count(*) FILTER (WHERE kind IN ($6, $7)) AS changed,
               count(*) FILTER (WHERE kind = $7) AS deactivated,
               count(*) FILTER (WHERE kind = $8) AS gone,
               count(*) FILTER (WHERE kind = $9) AS returned,
               count(*) FILTER (WHERE kind = $10) AS missing,
               count(*) FILTER (WHERE kind IN ($7, $8, $10) AND present) AS lost
        FROM difference",
        &params![
            organization,
            id,
            run.connection_id,
            finds_the_gone(&run),
            place_of(RunChangeKind::New),
            place_of(RunChangeKind::Changed),
            place_of(RunChangeKind::Deactivated),
            place_of(RunChangeKind::Gone),
            place_of(RunChangeKind::Returned),
            place_of(RunChangeKind::Missing),
            absence.now,
            absence.gone_before,
        ],
    )
    .await?;
    let report = RunReport {
        read: row.read("read")?,
        new: row.read("new")?,
        changed: row.read("changed")?,
        deactivated: row.read("deactivated")?,
        missing: row.read("missing")?,
        gone: row.read("gone")?,
        found: run.report.found,
        looked_up: run.report.looked_up,
        returned: row.read("returned")?,
        failed: run.report.failed,
        usable_before: row.read("usable_before")?,
        lost: row.read("lost")?,
    };
    sql::execute(
        client,
        "UPDATE run SET measured = true, report = $3, lost = $4
         WHERE organization_id = $1 AND run_id = $2",
        &params![organization, id, to_json(&report)?, report.lost],
    )
    .await?;
    Ok(report)
}

/// How many usable users complete runs have taken away since an instant.
pub(super) async fn lost_since(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    since: Timestamp,
) -> Result<u64> {
    sql::get(
        client,
        "SELECT coalesce(sum(lost), 0)::bigint AS lost FROM run
         WHERE organization_id = $1 AND connection_id = $2 AND state = 'complete'
           AND finished_at >= $3",
        &params![organization, connection, since],
    )
    .await?
    .read("lost")
}

/// Makes what a run staged known.
pub(super) async fn apply(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
    changed_since: Option<Timestamp>,
    now: Timestamp,
) -> Result<Run> {
    let Locked { run, measured } = lock(client, organization, id).await?;
    if !is_open(&run) || !measured {
        return Err(refuse(&run, "applied before it is measured"));
    }
    sql::execute(
        client,
        "INSERT INTO crm_user
            (organization_id, connection_id, crm_user_id, sort_key, search_text, profile, usable,
             kind, first_seen_at, last_run_id)
         SELECT organization_id, $3, crm_user_id, sort_key, search_text, profile, usable, kind,
                $4, run_id
         FROM staged_user WHERE organization_id = $1 AND run_id = $2
         ON CONFLICT (organization_id, connection_id, crm_user_id) DO UPDATE SET
            sort_key = excluded.sort_key, search_text = excluded.search_text,
            profile = excluded.profile, usable = excluded.usable, kind = excluded.kind,
            last_run_id = excluded.last_run_id, missing_since = NULL, gone_since = NULL",
        &params![organization, id, run.connection_id, now],
    )
    .await?;
    mark_absent(client, organization, &run, now).await?;
    standings::count_crm_users(client, organization, run.connection_id).await?;
    let source = (run.connection_id, id);
    standings::renew_shown_texts_of_run(client, organization, source).await?;
    drop_staged(client, organization, id).await?;
    sql::execute(
        client,
        "UPDATE connection SET synced_at = $3, changed_since = $4
         WHERE organization_id = $1 AND connection_id = $2",
        &params![organization, run.connection_id, now, changed_since],
    )
    .await?;
    end(
        client,
        organization,
        id,
        RunState::Complete,
        Some(now),
        None,
    )
    .await
}

/// Marks who is missing since now, and who is gone. Arrays keep the server from joining: of users
/// that have only just been written it believes that there are none, and would compare each of
/// them with every change.
async fn mark_absent(
    client: &Client,
    organization: OrganizationId,
    run: &Run,
    now: Timestamp,
) -> Result<()> {
    let (missing, gone) = (RunChangeKind::Missing, RunChangeKind::Gone);
    for (column, kinds) in [
        ("missing_since", vec![place_of(missing), place_of(gone)]),
        ("gone_since", vec![place_of(gone)]),
    ] {
        let sql = format!(
            "UPDATE crm_user SET {column} = coalesce({column}, $4)
             WHERE organization_id = $1 AND connection_id = $2 AND crm_user_id = ANY (ARRAY(
                SELECT crm_user_id FROM run_change
                WHERE organization_id = $1 AND run_id = $3 AND kind = ANY($5)
             ))"
        );
        let values = params![organization, run.connection_id, run.id, now, kinds];
        sql::execute(client, &sql, &values).await?;
    }
    Ok(())
}

/// Keeps a measured run for somebody's word.
pub(super) async fn hold(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
    failure: &RunFailure,
    (now, until): (Timestamp, Timestamp),
) -> Result<Run> {
    let Locked { run, measured } = lock(client, organization, id).await?;
    if !is_open(&run) || !measured {
        return Err(refuse(&run, "held before it is measured"));
    }
    // Its worker has done its part: nobody has to be waited for.
    sql::execute(
        client,
        "UPDATE run SET lease_until = $3, held_until = $4
         WHERE organization_id = $1 AND run_id = $2",
        &params![organization, id, now, until],
    )
    .await?;
    end(
        client,
        organization,
        id,
        RunState::Held,
        None,
        Some(failure),
    )
    .await
}

/// Ends a held run without changing anything.
pub(super) async fn reject(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
    now: Timestamp,
) -> Result<Run> {
    let Locked { run, .. } = lock(client, organization, id).await?;
    if run.state != RunState::Held {
        return Err(refuse(&run, "rejected"));
    }
    drop_staged(client, organization, id).await?;
    let failure = run.failure.as_ref();
    end(
        client,
        organization,
        id,
        RunState::Rejected,
        Some(now),
        failure,
    )
    .await
}

async fn end(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
    state: RunState,
    finished_at: Option<Timestamp>,
    failure: Option<&RunFailure>,
) -> Result<Run> {
    let row = sql::get(
        client,
        "UPDATE run SET state = $3, finished_at = $4, failure = $5,
            held_until = CASE WHEN $3 = 'complete' THEN NULL ELSE held_until END
         WHERE organization_id = $1 AND run_id = $2 RETURNING *",
        &params![
            organization,
            id,
            state.as_str(),
            finished_at,
            failure.map(to_json).transpose()?,
        ],
    )
    .await?;
    run_of(&row)
}
