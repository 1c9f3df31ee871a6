//! Runs until their last page is staged, and for reading.

use async_trait::async_trait;
use counterpart_model::run::RunFailure;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserProfile, CrmUserState, OrganizationId, Page, PageRequest, Run,
    RunId, RunMode, RunReport, RunState, Timestamp,
};
use counterpart_store::runs::{Begun, NewRun, RunChange, RunChangeKind, UserPage};
use counterpart_store::{Result, Runs};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::absent::{list_absent, stage_looked_up};
use crate::fault::Fault;
use crate::query::{Query, after, execute, exists, first, key, limit, number, page};
use crate::{SqliteStore, fault, rows};

/// The run of an id.
pub(crate) fn find(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
) -> fault::Result<Option<Run>> {
    let sql = format!(
        "SELECT {} FROM run WHERE organization_id = ? AND run_id = ?",
        rows::RUN
    );
    first(db, &sql, [key(organization), key(id)], rows::run)
}

/// The run of an id, which must be in one of `states`.
pub(crate) fn get(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    states: &[RunState],
) -> fault::Result<Run> {
    let run =
        find(db, organization, id)?.ok_or_else(|| Fault::misuse("the run does not exist here"))?;
    if states.contains(&run.state) {
        Ok(run)
    } else {
        Err(Fault::misuse(format!("the run is {}", run.state.as_str())))
    }
}

/// Writes what changes of a run.
pub(crate) fn put(db: &Connection, organization: OrganizationId, run: &Run) -> fault::Result<()> {
    let sql = "UPDATE run SET state = ?, finished_at = ?, pages = ?, cursor = ?, pulled = ?, \
        expected = ?, report = ?, failure = ?, lease_until = ?, held_until = ? \
        WHERE organization_id = ? AND run_id = ?";
    let failure = run.failure.as_ref().map(serde_json::to_string);
    let values = params![
        run.state.as_str(),
        run.finished_at.map(Timestamp::as_micros),
        number(run.pages),
        run.cursor,
        run.pulled,
        run.expected.map(number),
        serde_json::to_string(&run.report)?,
        failure.transpose()?,
        run.lease_until.as_micros(),
        run.held_until.map(Timestamp::as_micros),
        key(organization),
        key(run.id)
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// Drops what a run staged.
pub(crate) fn drop_staged(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
) -> fault::Result<()> {
    // Mostly nothing else is staged. Emptying the table then takes no time, while taking its rows
    // out one by one costs as much as putting them there.
    let sql = if is_alone(db, organization, id)? {
        "DELETE FROM staged_user"
    } else {
        "DELETE FROM staged_user WHERE organization_id = ? AND run_id = ?"
    };
    let mut statement = db.prepare_cached(sql)?;
    match statement.parameter_count() {
        0 => statement.execute([])?,
        _ => statement.execute([key(organization), key(id)])?,
    };
    Ok(())
}

/// Whether nothing is staged but of one run: the first and the last row in order are its.
fn is_alone(db: &Connection, organization: OrganizationId, id: RunId) -> fault::Result<bool> {
    let end_is_its = |order: &str| {
        let sql = format!(
            "SELECT organization_id, run_id FROM staged_user \
             ORDER BY organization_id {order}, run_id {order} LIMIT 1"
        );
        let end = first(db, &sql, [], |row| {
            Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, [u8; 16]>(1)?))
        });
        end.map(|end| end == Some((key(organization), key(id))))
    };
    Ok(end_is_its("ASC")? && end_is_its("DESC")?)
}

fn begin(db: &Connection, organization: OrganizationId, new: &NewRun) -> fault::Result<Begun> {
    let connection = [key(organization), key(new.connection_id)];
    let sql = "SELECT 1 FROM connection WHERE organization_id = ? AND connection_id = ?";
    if !exists(db, sql, connection)? {
        return Err(Fault::misuse("the run's connection does not exist here"));
    }
    let in_state = |state: RunState| {
        let sql = format!(
            "SELECT {} FROM run WHERE organization_id = ? AND connection_id = ? AND state = ?",
            rows::RUN
        );
        let values = params![connection[0], connection[1], state.as_str()];
        first(db, &sql, values, rows::run)
    };
    if let Some(mut pulling) = in_state(RunState::Pulling)? {
        if pulling.lease_until > new.now {
            return Ok(Begun::Busy(pulling));
        }
        pulling.lease_until = new.lease_until;
        put(db, organization, &pulling)?;
        return Ok(Begun::Resumed(pulling));
    }
    if let Some(mut held) = in_state(RunState::Held)? {
        held.state = RunState::Rejected;
        held.finished_at = Some(new.now);
        put(db, organization, &held)?;
        drop_staged(db, organization, held.id)?;
    }
    insert(db, organization, new).map(Begun::Started)
}

fn insert(db: &Connection, organization: OrganizationId, new: &NewRun) -> fault::Result<Run> {
    let run = Run {
        id: new.id,
        connection_id: new.connection_id,
        mode: new.mode,
        state: RunState::Pulling,
        started_at: new.now,
        finished_at: None,
        pages: 0,
        cursor: None,
        pulled: false,
        expected: None,
        report: RunReport::default(),
        failure: None,
        lease_until: new.lease_until,
        held_until: None,
    };
    let since = match run.mode {
        RunMode::Full => None,
        RunMode::Changed { since } => Some(since.as_micros()),
    };
    let sql = "INSERT INTO run (organization_id, run_id, connection_id, mode, since, state, \
        started_at, pages, pulled, measured, lost, report, lease_until) \
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?)";
    let values = params![
        key(organization),
        key(run.id),
        key(run.connection_id),
        run.mode.as_str(),
        since,
        run.state.as_str(),
        run.started_at.as_micros(),
        serde_json::to_string(&run.report)?,
        run.lease_until.as_micros()
    ];
    execute(db, sql, values)?;
    Ok(run)
}

fn stage(db: &Connection, organization: OrganizationId, page: &UserPage) -> fault::Result<Run> {
    let mut run = get(db, organization, page.run_id, &[RunState::Pulling])?;
    if page.number <= run.pages {
        return Ok(run);
    }
    if run.pulled || page.number > run.pages + 1 {
        return Err(Fault::misuse(format!(
            "page {} cannot follow page {}{}",
            page.number,
            run.pages,
            if run.pulled {
                ", which was the last"
            } else {
                ""
            }
        )));
    }
    let first_times = stage_users(db, organization, run.id, &page.users)?;
    run.report.read += first_times.len() as u64;
    run.pages = page.number;
    run.pulled = page.next.is_none();
    run.cursor.clone_from(&page.next);
    run.expected = page.expected.or(run.expected);
    run.report.failed += page.failed;
    run.lease_until = page.lease_until;
    put(db, organization, &run)?;
    Ok(run)
}

pub(crate) const fn is_usable(state: CrmUserState) -> bool {
    matches!(state, CrmUserState::Active | CrmUserState::Invited)
}

/// Keeps users, each in place of one that came before; the states of those who had not come
/// before.
pub(crate) fn stage_users(
    db: &Connection,
    organization: OrganizationId,
    run: RunId,
    users: &[(CrmUserId, CrmUserProfile)],
) -> fault::Result<Vec<CrmUserState>> {
    let mut insert = db.prepare_cached(
        "INSERT INTO staged_user (organization_id, run_id, crm_user_id, \
         sort_key, search_text, profile, usable, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         ON CONFLICT (organization_id, run_id, crm_user_id) DO NOTHING",
    )?;
    let mut replace = db.prepare_cached(
        "UPDATE staged_user SET sort_key = ?4, search_text = ?5, profile = ?6, usable = ?7, \
         kind = ?8 WHERE organization_id = ?1 AND run_id = ?2 AND crm_user_id = ?3",
    )?;
    let mut first_times = Vec::with_capacity(users.len());
    for (id, profile) in users {
        let usable = is_usable(profile.state);
        let (sort_key, search_text) = (profile.sort_key(), profile.search_text(id));
        let json = serde_json::to_string(profile)?;
        let values = params![
            key(organization),
            key(run),
            id.0,
            sort_key,
            search_text,
            json,
            usable,
            profile.kind.as_str()
        ];
        if insert.execute(values)? == 1 {
            first_times.push(profile.state);
        } else {
            replace.execute(values)?;
        }
    }
    Ok(first_times)
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    request: &PageRequest,
) -> fault::Result<Page<Run>> {
    let mut query = Query::new("SELECT");
    query.text(rows::RUN);
    query.with(
        "FROM run WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    query.with("AND connection_id = ?", key(connection).to_vec());
    if let Some((started_at, id)) = after::<(i64, Uuid)>(request)? {
        query.with("AND (started_at, run_id) < (?, ?)", started_at);
        query.bind(key(id).to_vec());
    }
    query.with(
        "ORDER BY started_at DESC, run_id DESC LIMIT ?",
        limit(request),
    );
    let runs = query.all(db, rows::run)?;
    page(request, runs, |run| {
        (run.started_at.as_micros(), Uuid::from(run.id))
    })
}

/// The number by which changes of a kind are kept, which is their order in lists.
pub(crate) fn kind_number(kind: RunChangeKind) -> i64 {
    match kind {
        RunChangeKind::New => 0,
        RunChangeKind::Changed => 1,
        RunChangeKind::Deactivated => 2,
        RunChangeKind::Gone => 3,
        RunChangeKind::Returned => 4,
        RunChangeKind::Missing => 5,
    }
}

fn list_changes(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    kind: Option<RunChangeKind>,
    request: &PageRequest,
) -> fault::Result<Page<RunChange>> {
    let mut query = Query::new(
        "SELECT kind, crm_user_id, before, after FROM run_change WHERE organization_id = ?",
    );
    query.bind(key(organization).to_vec());
    query.with("AND run_id = ?", key(id).to_vec());
    if let Some(kind) = kind {
        query.with("AND kind = ?", kind_number(kind));
    }
    if let Some((kind, user)) = after::<(i64, String)>(request)? {
        query.with("AND (kind, crm_user_id) > (?, ?)", kind);
        query.bind(user);
    }
    query.with("ORDER BY kind, crm_user_id LIMIT ?", limit(request));
    let changes = query.all(db, |row| {
        let number: i64 = row.get(0)?;
        let mut kinds = RunChangeKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind_number(*kind) == number);
        Ok(RunChange {
            crm_user_id: CrmUserId(row.get(1)?),
            kind: kind.ok_or_else(|| Fault::corrupt("the kind of a run's change"))?,
            before: rows::maybe_json(row, 2)?,
            after: rows::maybe_json(row, 3)?,
        })
    })?;
    page(request, changes, |change| {
        (kind_number(change.kind), change.crm_user_id.0.clone())
    })
}

#[async_trait]
impl Runs for SqliteStore {
    async fn begin_run(&self, organization: OrganizationId, new: &NewRun) -> Result<Begun> {
        let new = *new;
        self.write(move |db| begin(db, organization, &new)).await
    }

    async fn stage_user_page(&self, organization: OrganizationId, page: UserPage) -> Result<Run> {
        self.write(move |db| stage(db, organization, &page)).await
    }

    async fn list_absent(
        &self,
        organization: OrganizationId,
        id: RunId,
        gone_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CrmUserId>> {
        self.read(move |db| list_absent(db, organization, id, gone_before, limit))
            .await
    }

    async fn stage_looked_up(
        &self,
        organization: OrganizationId,
        id: RunId,
        users: &[(CrmUserId, CrmUserProfile)],
    ) -> Result<Run> {
        let users = users.to_vec();
        self.write(move |db| stage_looked_up(db, organization, id, &users))
            .await
    }

    async fn renew_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        lease_until: Timestamp,
    ) -> Result<()> {
        self.write(move |db| {
            let mut run = get(db, organization, id, &[RunState::Pulling])?;
            run.lease_until = lease_until;
            put(db, organization, &run)
        })
        .await
    }

    async fn release_run(&self, organization: OrganizationId, id: RunId) -> Result<()> {
        self.write(move |db| {
            let sql = "UPDATE run SET lease_until = ? \
                WHERE organization_id = ? AND run_id = ? AND state = 'pulling'";
            let dead = Timestamp::ALWAYS.as_micros();
            execute(db, sql, params![dead, key(organization), key(id)])?;
            Ok(())
        })
        .await
    }

    async fn fail_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        failure: &RunFailure,
        at: Timestamp,
    ) -> Result<Run> {
        let failure = failure.clone();
        self.write(move |db| {
            let mut run = get(db, organization, id, &[RunState::Pulling])?;
            run.state = RunState::Failed;
            run.finished_at = Some(at);
            run.failure = Some(failure);
            put(db, organization, &run)?;
            drop_staged(db, organization, id)?;
            Ok(run)
        })
        .await
    }

    async fn find_run(&self, organization: OrganizationId, id: RunId) -> Result<Option<Run>> {
        self.read(move |db| find(db, organization, id)).await
    }

    async fn list_runs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        page: &PageRequest,
    ) -> Result<Page<Run>> {
        let page = page.clone();
        self.read(move |db| list(db, organization, connection, &page))
            .await
    }

    async fn list_run_changes(
        &self,
        organization: OrganizationId,
        id: RunId,
        kind: Option<RunChangeKind>,
        page: &PageRequest,
    ) -> Result<Page<RunChange>> {
        let page = page.clone();
        self.read(move |db| list_changes(db, organization, id, kind, &page))
            .await
    }
}
