//! One pull, from its beginning to the last page.

use std::time::Duration;

use counterpart_connector::{Access, ConnectorError, ErrorClass, ListScope, UserPage};
use counterpart_model::run::RunFailure;
use counterpart_model::{
    Code, Connection, ConnectionId, ConnectionState, OrganizationId, Role, Run, RunId, RunMode,
    Timestamp,
};
use counterpart_store::runs::NewRun;

use crate::connections::{Opened, begun};
use crate::{Actor, Error, Event, Result, Service};

/// How much to ask the CRM for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncMode {
    /// Every user.
    Full,
    /// Only what changed, where the CRM can tell and everything was asked for within a day.
    Quick,
}

/// For how long a worker is believed to be alive after its last sign of life.
const LEASE_SECONDS: i64 = 90;
/// How often a worker that waits for a page gives a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How old a run that was left behind may be for its pages to be worth something.
const STALE_AFTER_SECONDS: i64 = 12 * 60 * 60;
/// How often at least every user is asked for, because only that finds who is gone.
const FULL_EVERY_SECONDS: i64 = 24 * 60 * 60;

/// A pull that has begun.
pub(super) struct Pull {
    pub(super) organization: OrganizationId,
    pub(super) actor: Actor,
    pub(super) connection: Connection,
    pub(super) run: Run,
    pub(super) resumed: bool,
    /// Whether the schedule began it; somebody who asks begins to count failures anew.
    pub(super) scheduled: bool,
    /// Whether it began anew already, because the CRM no longer knew its cursor.
    pub(super) restarted: bool,
    /// What the CRM's clock said when the pull began, if it says.
    pub(super) server_time: Option<Timestamp>,
}

/// What became of a page.
struct Staged {
    run: Run,
    server_time: Option<Timestamp>,
}

impl Pull {
    /// Goes on behind a page that was staged.
    fn go_on_with(&mut self, staged: Staged) {
        self.run = staged.run;
        self.server_time = staged.server_time.or(self.server_time);
        self.resumed = false;
    }
}

/// What to ask the CRM for in a run.
const fn scope(mode: RunMode) -> ListScope {
    match mode {
        RunMode::Full => ListScope::Full,
        RunMode::Changed { since } => ListScope::ChangedSince(since),
    }
}

impl Service {
    /// Pulls a connection's users to the end.
    ///
    /// The run in the answer is complete, or held by a brake. When the pull fails, the error says
    /// why and what was known stays as it is; when the cause may pass, the next sync goes on
    /// where this one stopped.
    pub async fn sync(&self, actor: &Actor, id: ConnectionId, mode: SyncMode) -> Result<Run> {
        let pull = self.begin_sync(actor, id, mode).await?;
        self.pull(pull).await
    }

    /// Pulls a connection's users to the end because it is time to.
    pub(super) async fn sync_by_schedule(&self, actor: &Actor, id: ConnectionId) -> Result<Run> {
        let mut pull = self.begin_sync(actor, id, SyncMode::Quick).await?;
        pull.scheduled = true;
        self.pull(pull).await
    }

    /// Begins a pull and goes on with it in the background; listeners hear how far it is.
    pub async fn start_sync(&self, actor: &Actor, id: ConnectionId, mode: SyncMode) -> Result<Run> {
        let pull = self.begin_sync(actor, id, mode).await?;
        let run = pull.run.clone();
        let service = self.clone();
        tokio::spawn(async move {
            let connection = pull.connection.name.clone();
            match service.pull(pull).await {
                Ok(run) => tracing::info!(connection, run = %run.id, "sync ended"),
                Err(error) => {
                    tracing::warn!(connection, code = %error.code(), %error, "sync failed");
                }
            }
        });
        Ok(run)
    }

    async fn begin_sync(&self, actor: &Actor, id: ConnectionId, mode: SyncMode) -> Result<Pull> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        if connection.health.state == ConnectionState::Paused {
            return Err(Error::new(
                Code::ConnectionPaused,
                format!("{} is paused; resume it first", connection.name),
            ));
        }
        let mode = self.run_mode(actor, &connection, mode).await?;
        let (run, resumed) = self.begin_run(actor.organization(), id, mode).await?;
        self.tell_run(actor.organization(), &run);
        Ok(Pull {
            organization: actor.organization(),
            actor: actor.clone(),
            connection,
            run,
            resumed,
            scheduled: false,
            restarted: false,
            server_time: None,
        })
    }

    async fn begin_run(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        mode: RunMode,
    ) -> Result<(Run, bool)> {
        let new = self.new_run(connection, mode);
        let (run, resumed) = begun(self.store().begin_run(organization, &new).await?)?;
        let age = self.now().seconds_since(run.started_at);
        if !resumed || age <= STALE_AFTER_SECONDS {
            return Ok((run, resumed));
        }
        self.give_up(
            organization,
            run.id,
            Code::ConnectionBrokenOff,
            "left behind too long ago",
        )
        .await?;
        begun(
            self.store()
                .begin_run(organization, &self.new_run(connection, mode))
                .await?,
        )
    }

    fn new_run(&self, connection_id: ConnectionId, mode: RunMode) -> NewRun {
        NewRun {
            id: RunId::generate(self.clock(), self.entropy()),
            connection_id,
            mode,
            now: self.now(),
            lease_until: self.lease_until(),
        }
    }

    fn lease_until(&self) -> Timestamp {
        self.now().plus_seconds(LEASE_SECONDS)
    }

    async fn run_mode(
        &self,
        actor: &Actor,
        connection: &Connection,
        mode: SyncMode,
    ) -> Result<RunMode> {
        let can = self
            .parts
            .connectors
            .get(&connection.provider)
            .is_some_and(|connector| {
                connector
                    .capabilities()
                    .has(counterpart_connector::Capability::ChangedUsers)
            });
        let Some(since) = connection
            .changed_since
            .filter(|_| can && mode == SyncMode::Quick)
        else {
            return Ok(RunMode::Full);
        };
        let full = self.last_full(actor, connection.id).await?;
        let recent = full.is_some_and(|at| self.now().seconds_since(at) < FULL_EVERY_SECONDS);
        if !recent {
            return Ok(RunMode::Full);
        }
        // How far the CRM lags behind itself is the connector's to know.
        Ok(RunMode::Changed { since })
    }

    /// Pulls page by page, then measures, brakes and applies.
    async fn pull(&self, mut pull: Pull) -> Result<Run> {
        let opened = match self.open(pull.organization, &pull.connection).await {
            Ok(opened) => opened,
            Err(error) => {
                self.give_up(pull.organization, pull.run.id, error.code(), error.detail())
                    .await?;
                self.note_unopened(&pull, &error).await?;
                return Err(error);
            }
        };
        self.recognise_org(&mut pull, &opened).await?;
        self.pull_pages(&mut pull, &opened).await?;
        self.look_up_absent(&mut pull, &opened).await?;
        self.finish(&pull).await
    }

    /// Pulls and stages until the last page is staged. A page is staged while the next one is on
    /// its way; each with the cursor behind it, so that a pull that breaks off goes on behind the
    /// last page that was staged.
    async fn pull_pages(&self, pull: &mut Pull, opened: &Opened) -> Result<()> {
        tracing::debug!(
            connection = pull.connection.name,
            "the first page is asked for"
        );
        let client = opened.access().client.reading_ahead();
        let mut came: Option<UserPage> = None;
        while came.is_some() || !pull.run.pulled {
            let cursor = match &came {
                Some(page) => page.next.clone(),
                None => pull.run.cursor.clone(),
            };
            let is_last = came.is_some() && cursor.is_none();
            let scope = scope(pull.run.mode);
            let access = Access {
                client: &client,
                ..opened.access()
            };
            let next = async {
                if is_last {
                    return Ok(None);
                }
                let page = opened
                    .connector
                    .list_users(&access, scope, cursor.as_deref());
                self.awaited(pull.organization, pull.run.id, page)
                    .await
                    .map(Some)
            };
            let staged = async {
                match came.take() {
                    Some(page) => self.stage(pull, page).await.map(Some),
                    None => Ok(None),
                }
            };
            let (next, staged) = tokio::join!(next, staged);
            if let Some(staged) = staged? {
                pull.go_on_with(staged);
                self.tell_run(pull.organization, &pull.run);
            }
            match next {
                Ok(page) => came = page,
                Err(error) => self.pull_failed(pull, error).await?,
            }
        }
        tracing::debug!(
            connection = pull.connection.name,
            pages = pull.run.pages,
            "the last page is staged"
        );
        Ok(())
    }

    /// Refuses to read users of another organization of the vendor into this connection.
    async fn recognise_org(&self, pull: &mut Pull, opened: &Opened) -> Result<()> {
        if pull.resumed {
            return Ok(());
        }
        match opened.connector.check(&opened.access()).await {
            Ok(report) => {
                let Some(found) = report.org else {
                    return Ok(());
                };
                let moved = self
                    .refuse_moved(pull.organization, &pull.connection, &found)
                    .await;
                if let Err(error) = moved {
                    self.give_up(pull.organization, pull.run.id, error.code(), error.detail())
                        .await?;
                    return Err(error);
                }
                let health = pull.connection.health.clone();
                self.note(pull.organization, pull.connection.id, &health, Some(&found))
                    .await
            }
            Err(error) => self.pull_failed(pull, error).await,
        }
    }

    /// What the CRM answers, with a sign of life every now and then while it takes its time.
    pub(super) async fn awaited<T>(
        &self,
        organization: OrganizationId,
        run: RunId,
        answer: impl Future<Output = T>,
    ) -> T {
        tokio::pin!(answer);
        let mut signs = tokio::time::interval(SIGN_OF_LIFE);
        signs.tick().await;
        loop {
            tokio::select! {
                answer = &mut answer => return answer,
                _ = signs.tick() => {
                    let renewed = self
                        .store()
                        .renew_run(organization, run, self.lease_until())
                        .await;
                    if let Err(error) = renewed {
                        tracing::warn!(%error, "lease of the run not renewed");
                    }
                }
            }
        }
    }

    async fn stage(&self, pull: &Pull, page: UserPage) -> Result<Staged> {
        for failure in &page.failures {
            tracing::warn!(
                connection = pull.connection.name,
                record = failure.record,
                code = %failure.code,
                "{}", failure.message
            );
        }
        let users = page.users.into_iter().map(|user| (user.id, user.profile));
        let staged = counterpart_store::runs::UserPage {
            run_id: pull.run.id,
            number: pull.run.pages + 1,
            users: users.collect(),
            failed: page.failures.len() as u64,
            next: page.next,
            expected: page.total,
            lease_until: self.lease_until(),
        };
        let run = self
            .store()
            .stage_user_page(pull.organization, staged)
            .await?;
        Ok(Staged {
            run,
            server_time: page.server_time,
        })
    }

    /// Deals with a failure: begins anew when what was left behind cannot be gone on with, leaves
    /// the pages for the next sync when the cause may pass, and gives up otherwise.
    pub(super) async fn pull_failed(&self, pull: &mut Pull, error: ConnectorError) -> Result<()> {
        let organization = pull.organization;
        if error.is_passing() {
            self.store().release_run(organization, pull.run.id).await?;
        } else {
            let failed = self
                .give_up(organization, pull.run.id, error.code(), error.message())
                .await?;
            let lost_its_place = pull.resumed || matches!(error.class(), ErrorClass::Conflict);
            if lost_its_place && failed.pages > 0 && !pull.restarted {
                // The CRM no longer knows the cursor of a pull that was interrupted.
                let mode = pull.run.mode;
                let (run, _) = self
                    .begin_run(organization, pull.connection.id, mode)
                    .await?;
                pull.run = run;
                pull.resumed = false;
                pull.restarted = true;
                return Ok(());
            }
        }
        self.note_failed_pull(pull, &error).await?;
        if let Some(run) = self.store().find_run(organization, pull.run.id).await? {
            self.tell_run(organization, &run);
        }
        Err(error.into())
    }

    /// Gives a run up; nothing of it is kept but its record.
    pub(super) async fn give_up(
        &self,
        organization: OrganizationId,
        run: RunId,
        code: Code,
        detail: &str,
    ) -> Result<Run> {
        let failure = RunFailure {
            code,
            detail: detail.to_owned(),
        };
        let run = self
            .store()
            .fail_run(organization, run, &failure, self.now())
            .await?;
        self.tell_run(organization, &run);
        Ok(run)
    }

    pub(super) fn tell_run(&self, organization: OrganizationId, run: &Run) {
        self.tell(Event::Run {
            organization_id: organization,
            run: Box::new(run.clone()),
        });
    }
}
