//! Runs: pages are staged as they come, and nothing changes before the end.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserProfile, OrganizationId, Page, PageRequest, Run, RunId,
    RunMode, Timestamp, run::RunFailure,
};
use serde::{Deserialize, Serialize};

use crate::Result;

/// A run that is wanted.
#[derive(Debug, Clone, Copy)]
pub struct NewRun {
    /// Its id, if it becomes one.
    pub id: RunId,
    /// Of which connection.
    pub connection_id: ConnectionId,
    /// What it asks for.
    pub mode: RunMode,
    /// The present instant.
    pub now: Timestamp,
    /// Until when its worker will be believed to be alive.
    pub lease_until: Timestamp,
}

/// What became of a wanted run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It has begun. A run of the connection that a brake held is rejected by that.
    Started(Run),
    /// Another one was left behind by a dead worker; it is ours now, with its staged pages.
    Resumed(Run),
    /// Another one is under way.
    Busy(Run),
}

/// A page to be staged.
#[derive(Debug, Clone)]
pub struct UserPage {
    /// Of which run.
    pub run_id: RunId,
    /// The page's number, from 1: one more than the run has. A page that is staged already is
    /// taken as done, so that a repeated call changes nothing.
    pub number: u64,
    /// The users on it. A user that came on an earlier page of the run replaces the earlier one.
    pub users: Vec<(CrmUserId, CrmUserProfile)>,
    /// How many records on it could not be read.
    pub failed: u64,
    /// Where the next page begins; `None` when this was the last one.
    pub next: Option<String>,
    /// How many users the CRM says there are.
    pub expected: Option<u64>,
    /// Until when the worker will be believed to be alive.
    pub lease_until: Timestamp,
}

/// What a run means for one CRM user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunChangeKind {
    /// Never seen before.
    New,
    /// Different from what was known.
    Changed,
    /// Could be worked with before, and no longer.
    Deactivated,
    /// No longer there.
    Gone,
    /// There again, gone or only missing before.
    Returned,
    /// Not found for the first time.
    Missing,
}

impl RunChangeKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Changed,
        Self::Deactivated,
        Self::Gone,
        Self::Returned,
        Self::Missing,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Deactivated => "deactivated",
            Self::Gone => "gone",
            Self::Returned => "returned",
            Self::Missing => "missing",
        }
    }
}

/// One row of what a run changes, or would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunChange {
    /// Whom.
    pub crm_user_id: CrmUserId,
    /// How.
    pub kind: RunChangeKind,
    /// As it was known; `None` for a new one.
    pub before: Option<CrmUserProfile>,
    /// As it came; `None` for one that is gone or missing.
    pub after: Option<CrmUserProfile>,
}

/// When a user that a full run no longer finds counts as gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The present instant, since which the newly missing are missing.
    pub now: Timestamp,
    /// Who is missing since then or longer is gone. `now` itself waits for nothing.
    pub gone_before: Timestamp,
}

impl Absence {
    /// Who is not found is gone.
    pub const fn at_once(now: Timestamp) -> Self {
        Self {
            now,
            gone_before: now,
        }
    }

    /// Who is not found is missing, for `seconds`.
    pub const fn after(now: Timestamp, seconds: i64) -> Self {
        Self {
            now,
            gone_before: now.plus_seconds(-seconds),
        }
    }
}

/// Runs. They end in a unit of work: see [`crate::UnitOfWork`].
#[async_trait]
pub trait Runs {
    /// Begins a run, or takes over the one a dead worker left behind.
    async fn begin_run(&self, organization: OrganizationId, new: &NewRun) -> Result<Begun>;

    /// Stages a page and moves the run's cursor behind it, both or neither. Fails with
    /// [`crate::StoreError::Misuse`] when the run is not pulling or a page is left out.
    async fn stage_user_page(&self, organization: OrganizationId, page: UserPage) -> Result<Run>;

    /// The ids of usable users whom a full run did not bring although its last page is staged,
    /// and about whom that would change something: nobody missed them before, or they have been
    /// missing since `gone_before`. By id, `limit` at the most.
    async fn list_absent(
        &self,
        organization: OrganizationId,
        id: RunId,
        gone_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CrmUserId>>;

    /// Stages users whom the list of a run left out and who were read by their id, behind its
    /// last page; one that is staged already stays as it is, and of one that comes twice the last
    /// word counts. Counts them in the run's report as
    /// [`counterpart_model::RunReport::looked_up`], and those who are usable as
    /// [`counterpart_model::RunReport::found`].
    async fn stage_looked_up(
        &self,
        organization: OrganizationId,
        id: RunId,
        users: &[(CrmUserId, CrmUserProfile)],
    ) -> Result<Run>;

    /// Prolongs a pulling run's lease.
    async fn renew_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        lease_until: Timestamp,
    ) -> Result<()>;

    /// Leaves a pulling run behind as if its worker had died, so that the next one resumes it.
    async fn release_run(&self, organization: OrganizationId, id: RunId) -> Result<()>;

    /// Gives a pulling run up and drops what it staged.
    async fn fail_run(
        &self,
        organization: OrganizationId,
        id: RunId,
        failure: &RunFailure,
        at: Timestamp,
    ) -> Result<Run>;

    /// The run of an id.
    async fn find_run(&self, organization: OrganizationId, id: RunId) -> Result<Option<Run>>;

    /// A connection's runs, newest first.
    async fn list_runs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        page: &PageRequest,
    ) -> Result<Page<Run>>;

    /// What a measured run changes or has changed, by kind (in the order of
    /// [`RunChangeKind::ALL`]) and id.
    async fn list_run_changes(
        &self,
        organization: OrganizationId,
        id: RunId,
        kind: Option<RunChangeKind>,
        page: &PageRequest,
    ) -> Result<Page<RunChange>>;
}
