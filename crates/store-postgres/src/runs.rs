//! Runs until their last page is staged. They end in a unit of work.

use async_trait::async_trait;
use counterpart_model::run::RunFailure;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserProfile, OrganizationId, Page, PageRequest, Run, RunId,
    RunMode, RunState, Timestamp,
};
use counterpart_store::runs::{Begun, NewRun, RunChange, RunChangeKind, UserPage};
use counterpart_store::{Result, Runs, StoreError};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::staging::{resume, stage, stage_looked_up, start, turn_page};
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
        held_until: row.read("held_until")?,
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
        RunChangeKind::Missing => 5,
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

    async fn stage_user_page(&self, organization: OrganizationId, page: UserPage) -> Result<Run> {
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
        stage(&transaction, organization, &page).await?;
        let run = turn_page(&transaction, organization, run, &page).await?;
        transaction.commit().await?;
        Ok(run)
    }

    async fn list_absent(
        &self,
        organization: OrganizationId,
        id: RunId,
        gone_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CrmUserId>> {
        sql::query(
            &*self.client().await?,
            "SELECT known.crm_user_id FROM crm_user AS known
             JOIN run ON run.organization_id = known.organization_id
                AND run.connection_id = known.connection_id
             WHERE known.organization_id = $1 AND run.organization_id = $1 AND run.run_id = $2
               AND known.usable AND known.gone_since IS NULL
               AND (known.missing_since IS NULL OR known.missing_since <= $3)
               AND NOT EXISTS (
                    SELECT FROM staged_user AS staged
                    WHERE staged.organization_id = $1 AND staged.run_id = $2
                      AND staged.crm_user_id = known.crm_user_id
               )
             ORDER BY known.crm_user_id
             LIMIT $4",
            &params![organization, id, gone_before, i64::from(limit)],
        )
        .await?
        .iter()
        .map(|row| row.read("crm_user_id"))
        .collect()
    }

    async fn stage_looked_up(
        &self,
        organization: OrganizationId,
        id: RunId,
        users: &[(CrmUserId, CrmUserProfile)],
    ) -> Result<Run> {
        let transaction = self.transaction().await?;
        let run = run_of(&lock_run(&transaction, organization, id).await?)?;
        expect_pulling(&run)?;
        if !run.pulled {
            return Err(StoreError::Misuse(format!(
                "the last page of run {id} is not staged"
            )));
        }
        let run = stage_looked_up(&transaction, organization, &run, users).await?;
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
