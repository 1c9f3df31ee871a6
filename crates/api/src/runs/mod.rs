//! Runs: one pull of a connection's users each.

mod allow;
mod changes;
mod get;
mod list;
mod reject;

use counterpart_model::{Run as ModelRun, RunMode};
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;
use crate::words::RunState;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_runs))
        .routes(routes!(get::get_run))
        .routes(routes!(changes::list_run_changes))
        .routes(routes!(allow::allow_run))
        .routes(routes!(reject::reject_run))
}

/// One pull of a connection's users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Run {
    /// Its id.
    id: Uuid,
    /// Of which connection.
    connection_id: Uuid,
    /// What it asks for: `full`, every user; `changed`, those changed since `since`.
    mode: &'static str,
    /// Since when, by the CRM's clock; `null` for a full run.
    since: Option<Moment>,
    /// How far it is.
    state: RunState,
    /// When it began.
    started_at: Moment,
    /// When it ended.
    finished_at: Option<Moment>,
    /// Until when a held run waits for `allow` or `reject`; then it counts as rejected.
    held_until: Option<Moment>,
    /// How many pages are staged.
    pages: u64,
    /// How many users the CRM said there are, if it says.
    expected: Option<u64>,
    /// What it found; complete only when the run is.
    report: RunReport,
    /// Why it stopped, if it did.
    failure: Option<RunFailure>,
}

/// What a run found, in numbers of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunReport {
    /// Read from the CRM.
    read: u64,
    /// Never seen before.
    new: u64,
    /// Different from what was known.
    changed: u64,
    /// Of the changed ones: could be worked with before, and no longer.
    deactivated: u64,
    /// Not found for the first time. They count as gone when they stay away for as long as the
    /// connection's policy waits.
    missing: u64,
    /// No longer there.
    gone: u64,
    /// Left out by the list although they are there, as a read of their id showed. With one of
    /// them nobody counts as missing.
    found: u64,
    /// There again.
    returned: u64,
    /// Could not be read and were left as they were.
    failed: u64,
    /// Usable users known before the run.
    usable_before: u64,
    /// Of those: how many the run takes away.
    lost: u64,
}

/// Why a run stopped.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunFailure {
    /// The code.
    code: String,
    /// What happened, to which thing.
    detail: String,
    /// What to do about it.
    remedy: &'static str,
}

impl From<ModelRun> for Run {
    fn from(run: ModelRun) -> Self {
        let report = run.report;
        Self {
            id: run.id.into(),
            connection_id: run.connection_id.into(),
            mode: run.mode.as_str(),
            since: match run.mode {
                RunMode::Full => None,
                RunMode::Changed { since } => Some(since.into()),
            },
            state: run.state.into(),
            started_at: run.started_at.into(),
            finished_at: run.finished_at.map(Moment::from),
            held_until: run.held_until.map(Moment::from),
            pages: run.pages,
            expected: run.expected,
            report: RunReport {
                read: report.read,
                new: report.new,
                changed: report.changed,
                deactivated: report.deactivated,
                missing: report.missing,
                gone: report.gone,
                found: report.found,
                returned: report.returned,
                failed: report.failed,
                usable_before: report.usable_before,
                lost: report.lost,
            },
            failure: run.failure.map(|failure| RunFailure {
                code: failure.code.to_string(),
                detail: failure.detail,
                remedy: failure.code.remedy(),
            }),
        }
    }
}
