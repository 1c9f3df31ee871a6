//! Runs until their last page is staged. They end in a unit of work.

use async_trait::async_trait;
use counterpart_model::run::RunFailure;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserProfile, CrmUserState, OrganizationId, Page, PageRequest, Run,
    RunId, RunMode, RunReport, RunState, Timestamp,
};
use counterpart_store::runs::{Begun, NewRun, RunChange, RunChangeKind, UserPage};
use counterpart_store::{Result, Runs, StoreError};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, LONGEST_SORT_KEY, ReadRow as _, indexable, to_json};
use crate::transaction::Transaction;
use crate::{PostgresStore, cursor, error};

pub(crate) fn run_of(row: &Row) -> Result<Run> {
    let mode: String = row.read("mode")?;
    let since: Option<Timestamp> = row.read("since")?;
    let mode = match (mode.as_str(), since) {
        ("full", None) => RunMode::Full,
        ("changed", Some(since)) => RunMode::Changed { since },
        _ => return Err(error::unreadable("mode", mode)),
    };
    Ok(Run {
        id: row.read("run_id")?,
        connection_id: row.read("connection_id")?,
        mode,
        state: row.word("state")?,
        started_at: row.read("started_at")?,
        finished_at: row.read("finished_at")?,
        pages: row.read("pages")?,
        cursor: row.read("cursor")?,
        pulled: row.read("pulled")?,
        expected: row.read("expected")?,
        report: row.json("report")?,
        failure: row.json_opt("failure")?,
        lease_until: row.read("lease_until")?,
    })
}

/// The place of a kind of change in lists, which is how it is kept.
pub(crate) fn place_of(kind: RunChangeKind) -> i16 {
    match kind {
        RunChangeKind::New => 0,
        RunChangeKind::Changed => 1,
        RunChangeKind::Deactivated => 2,
        RunChangeKind::Gone => 3,
        RunChangeKind::Returned => 4,
    }
}

fn kind_of(place: i16) -> Result<RunChangeKind> {
    RunChangeKind::ALL
        .into_iter()
        .find(|kind| place_of(*kind) == place)
        .ok_or_else(|| error::unreadable("kind", place))
}

/// The run of an id, locked until the transaction ends.
pub(crate) async fn lock_run(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
) -> Result<Row> {
    sql::find(
        client,
        "SELECT * FROM run WHERE organization_id = $1 AND run_id = $2 FOR UPDATE",
        &params![organization, id],
    )
    .await?
    .ok_or_else(|| StoreError::Misuse(format!("there is no run {id}")))
}

/// Drops what a run staged.
pub(crate) async fn drop_staged(
    client: &Client,
    organization: OrganizationId,
    id: RunId,
) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM staged_user WHERE organization_id = $1 AND run_id = $2",
        &params![organization, id],
    )
    .await?;
    Ok(())
}

/// Fails unless a run is still being pulled.
fn expect_pulling(run: &Run) -> Result<()> {
    if run.state == RunState::Pulling {
        return Ok(());
    }
    Err(StoreError::Misuse(format!(
        "run {} is {}, not pulling",
        run.id,
        run.state.as_str()
    )))
}

/// Whether somebody can work with an account in this state.
fn is_usable(state: CrmUserState) -> bool {
    matches!(state, CrmUserState::Active | CrmUserState::Invited)
}

#[async_trait]
impl Runs for PostgresStore {
    async fn begin_run(&self, organization: OrganizationId, new: &NewRun) -> Result<Begun> {
        let transaction = self.transaction().await?;
        // Two nodes that begin at once meet here.
        let connection = sql::find(
            &transaction,
            "SELECT FROM connection WHERE organization_id = $1 AND connection_id = $2
             FOR NO KEY UPDATE",
            &params![organization, new.connection_id],
        )
        .await?;
        if connection.is_none() {
            return Err(StoreError::Misuse(format!(
                "there is no connection {}",
                new.connection_id
            )));
        }
        let under_way = sql::find(
            &transaction,
            "SELECT * FROM run
             WHERE organization_id = $1 AND connection_id = $2 AND state = 'pulling'
             FOR UPDATE",
            &params![organization, new.connection_id],
        )
        .await?;
        let begun = match under_way {
            Some(row) => resume(&transaction, organization, run_of(&row)?, new).await?,
            None => start(&transaction, organization, new).await?,
        };
        transaction.commit().await?;
        Ok(begun)
    }

    async fn stage_user_page(&self, organization: OrganizationId, page: &UserPage) -> Result<Run> {
        let transaction = self.transaction().await?;
        let run = run_of(&lock_run(&transaction, organization, page.run_id).await?)?;
        expect_pulling(&run)?;
        if page.number <= run.pages {
            return Ok(run);
        }
        if run.pulled || page.number != run.pages + 1 {
            return Err(StoreError::Misuse(format!(
                "page {} of run {} cannot follow page {}{}",
                page.number,
                run.id,
                run.pages,
                if run.pulled { ", the last one" } else { "" }
            )));
        }
        stage(&transaction, organization, page).await?;
        let run = turn_page(&transaction, organization, run, page).await?;
        transaction.commit().await?;
        Ok(run)
    }

    async fn renew_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        lease_until: Timestamp,
    ) -> Result<()> {
        let renewed = sql::execute(
            &*self.client().await?,
            "UPDATE run SET lease_until = $3
             WHERE organization_id = $1 AND run_id = $2 AND state = 'pulling'",
            &params![organization, id, lease_until],
        )
        .await?;
        if renewed == 0 {
            return Err(StoreError::Misuse(format!("run {id} is not pulling")));
        }
        Ok(())
    }

    async fn release_run(&self, organization: OrganizationId, id: RunId) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "UPDATE run SET lease_until = $3
             WHERE organization_id = $1 AND run_id = $2 AND state = 'pulling'",
            &params![organization, id, Timestamp::ALWAYS],
        )
        .await?;
        Ok(())
    }

    async fn fail_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        failure: &RunFailure,
        at: Timestamp,
    ) -> Result<Run> {
        let transaction = self.transaction().await?;
        let run = run_of(&lock_run(&transaction, organization, id).await?)?;
        expect_pulling(&run)?;
        drop_staged(&transaction, organization, id).await?;
        let row = sql::get(
            &transaction,
            "UPDATE run SET state = 'failed', finished_at = $3, failure = $4
             WHERE organization_id = $1 AND run_id = $2 RETURNING *",
            &params![organization, id, at, to_json(failure)?],
        )
        .await?;
        let run = run_of(&row)?;
        transaction.commit().await?;
        Ok(run)
    }

    async fn find_run(&self, organization: OrganizationId, id: RunId) -> Result<Option<Run>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM run WHERE organization_id = $1 AND run_id = $2",
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(run_of)
        .transpose()
    }

    async fn list_runs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        page: &PageRequest,
    ) -> Result<Page<Run>> {
        let (started_at, id) = cursor::after::<(i64, RunId)>(page)?.unzip();
        let runs = sql::query(
            &*self.client().await?,
            "SELECT * FROM run
             WHERE organization_id = $1 AND connection_id = $2
               AND ($3::bigint IS NULL OR (started_at, run_id) < ($3, $4))
             ORDER BY started_at DESC, run_id DESC
             LIMIT $5",
            &params![
                organization,
                connection,
                started_at,
                id,
                cursor::limit(page)
            ],
        )
        .await?
        .iter()
        .map(run_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, runs, |run| (run.started_at.as_micros(), run.id))
    }

    async fn list_run_changes(
        &self,
        organization: OrganizationId,
        id: RunId,
        kind: Option<RunChangeKind>,
        page: &PageRequest,
    ) -> Result<Page<RunChange>> {
        let (place, user) = cursor::after::<(i16, CrmUserId)>(page)?.unzip();
        let changes = sql::query(
            &*self.client().await?,
            "SELECT * FROM run_change
             WHERE organization_id = $1 AND run_id = $2
               AND ($3::smallint IS NULL OR kind = $3)
               AND ($4::smallint IS NULL OR (kind, crm_user_id) > ($4, $5))
             ORDER BY kind, crm_user_id
             LIMIT $6",
            &params![
                organization,
                id,
                kind.map(place_of),
                place,
                user.as_ref(),
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(RunChange {
                crm_user_id: row.read("crm_user_id")?,
                kind: kind_of(row.read("kind")?)?,
                before: row.json_opt("before")?,
                after: row.json_opt("after")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, changes, |c| (place_of(c.kind), c.crm_user_id.clone()))
    }
}

/// Takes over the run that is under way, if its worker is dead.
async fn resume(
    transaction: &Transaction,
    organization: OrganizationId,
    run: Run,
    new: &NewRun,
) -> Result<Begun> {
    if run.lease_until > new.now {
        return Ok(Begun::Busy(run));
    }
    let row = sql::get(
        transaction,
        "UPDATE run SET lease_until = $3 WHERE organization_id = $1 AND run_id = $2 RETURNING *",
        &params![organization, run.id, new.lease_until],
    )
    .await?;
    Ok(Begun::Resumed(run_of(&row)?))
}

/// Begins a run where none is under way, and rejects those that a brake held.
async fn start(
    transaction: &Transaction,
    organization: OrganizationId,
    new: &NewRun,
) -> Result<Begun> {
    let rejected = sql::query(
        transaction,
        "UPDATE run SET state = 'rejected', finished_at = $3
         WHERE organization_id = $1 AND connection_id = $2 AND state = 'held'
         RETURNING run_id",
        &params![organization, new.connection_id, new.now],
    )
    .await?;
    for row in &rejected {
        drop_staged(transaction, organization, row.read("run_id")?).await?;
    }
    let since = match new.mode {
        RunMode::Full => None,
        RunMode::Changed { since } => Some(since),
    };
    let row = sql::get(
        transaction,
        "INSERT INTO run
            (organization_id, run_id, connection_id, mode, since, state, started_at, pages,
             pulled, measured, lost, report, lease_until)
         VALUES ($1, $2, $3, $4, $5, 'pulling', $6, 0, false, false, 0, $7, $8)
         RETURNING *",
        &params![
            organization,
            new.id,
            new.connection_id,
            new.mode.as_str(),
            since,
            new.now,
            to_json(&RunReport::default())?,
            new.lease_until,
        ],
    )
    .await?;
    Ok(Begun::Started(run_of(&row)?))
}

/// Keeps the users of a page, each in place of one that came before.
async fn stage(
    transaction: &Transaction,
    organization: OrganizationId,
    page: &UserPage,
) -> Result<()> {
    let mut last_words: Vec<&(CrmUserId, CrmUserProfile)> = Vec::with_capacity(page.users.len());
    let mut seen = std::collections::HashSet::new();
    for user in page.users.iter().rev() {
        if seen.insert(&user.0) {
            last_words.push(user);
        }
    }
    let (mut ids, mut keys, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut profiles, mut usable, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (id, profile) in last_words {
        ids.push(id);
        keys.push(indexable(profile.sort_key(), LONGEST_SORT_KEY));
        texts.push(indexable(profile.search_text(id), usize::MAX));
        profiles.push(to_json(profile)?);
        usable.push(is_usable(profile.state));
        kinds.push(profile.kind.as_str());
    }
    sql::execute(
        transaction,
        "INSERT INTO staged_user
            (organization_id, run_id, crm_user_id, sort_key, search_text, profile, usable, kind)
         SELECT $1, $2, page.*
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[])
            AS page
         ON CONFLICT (organization_id, run_id, crm_user_id) DO UPDATE SET
            sort_key = excluded.sort_key, search_text = excluded.search_text,
            profile = excluded.profile, usable = excluded.usable, kind = excluded.kind",
        &params![
            organization,
            page.run_id,
            ids,
            keys,
            texts,
            profiles,
            usable,
            kinds
        ],
    )
    .await?;
    Ok(())
}

/// Moves a run's cursor behind a page that was staged.
async fn turn_page(
    transaction: &Transaction,
    organization: OrganizationId,
    run: Run,
    page: &UserPage,
) -> Result<Run> {
    let staged = sql::get(
        transaction,
        "SELECT count(*) AS n FROM staged_user WHERE organization_id = $1 AND run_id = $2",
        &params![organization, run.id],
    )
    .await?;
    let report = RunReport {
        read: staged.read("n")?,
        failed: run.report.failed + page.failed,
        ..run.report
    };
    let row = sql::get(
        transaction,
        "UPDATE run SET
            pages = $3, cursor = $4, pulled = $4::text IS NULL, expected = coalesce($5, expected),
            report = $6, lease_until = $7
         WHERE organization_id = $1 AND run_id = $2
         RETURNING *",
        &params![
            organization,
            run.id,
            page.number,
            page.next.as_deref(),
            page.expected,
            to_json(&report)?,
            page.lease_until,
        ],
    )
    .await?;
    run_of(&row)
}
