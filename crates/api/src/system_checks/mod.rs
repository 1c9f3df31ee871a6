//! System checks: what was looked at in connections and people's accounts there, and the usual
//! troubles of an organization.

mod absence;
mod get;
mod list;
mod newest;
mod run;
mod troubles;

use counterpart_model::SystemCheck as ModelSystemCheck;
use counterpart_model::check::{
    Check as ModelCheck, CheckResult as ModelResult, CheckTrigger as ModelTrigger, FixLink,
    FixPlace,
};
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(run::run_system_check))
        .routes(routes!(list::list_system_checks))
        .routes(routes!(newest::newest_system_checks))
        .routes(routes!(get::get_system_check))
        .routes(routes!(absence::explain_absence))
        .routes(routes!(troubles::find_troubles))
}

/// How a check ended: it is as it should be; it could not be looked at; somebody should look; it
/// does not work.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CheckResult {
    Pass,
    Skipped,
    Warn,
    Fail,
}

impl From<ModelResult> for CheckResult {
    fn from(result: ModelResult) -> Self {
        match result {
            ModelResult::Pass => Self::Pass,
            ModelResult::Skipped => Self::Skipped,
            ModelResult::Warn => Self::Warn,
            ModelResult::Fail => Self::Fail,
        }
    }
}

/// Who wanted a check: somebody, or the schedule.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CheckTrigger {
    Asked,
    Schedule,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
struct Finding {
    /// Its stable name: `reachable`, `permission.users`.
    name: String,
    /// What was looked at, in a few words.
    title: String,
    /// How it ended.
    result: CheckResult,
    /// What was seen; of a skipped one, why it was skipped.
    evidence: String,
    /// Why it matters.
    why: Option<String>,
    /// What to do about it.
    remedy: Option<String>,
    /// What is wrong, as a code.
    code: Option<String>,
    /// Where it can be put right.
    fix: Option<Fix>,
    /// How long looking took, in milliseconds.
    took_millis: u64,
}

/// Where something can be put right.
#[derive(Debug, Serialize, ToSchema)]
struct Fix {
    /// What is found there.
    title: String,
    /// The address of a page of the vendor's.
    vendor_url: Option<String>,
    /// The path of a page of the portal, below the organization.
    portal_path: Option<String>,
}

impl From<FixLink> for Fix {
    fn from(fix: FixLink) -> Self {
        let (vendor_url, portal_path) = match fix.place {
            FixPlace::Vendor(url) => (Some(url), None),
            FixPlace::Portal(path) => (None, Some(path)),
        };
        Self {
            title: fix.title,
            vendor_url,
            portal_path,
        }
    }
}

impl From<ModelCheck> for Finding {
    fn from(check: ModelCheck) -> Self {
        Self {
            name: check.name,
            title: check.title,
            result: check.result.into(),
            evidence: check.evidence,
            why: check.why,
            remedy: check.remedy,
            code: check.code.map(|code| code.to_string()),
            fix: check.fix.map(Fix::from),
            took_millis: check.took_millis,
        }
    }
}

/// One system check of a connection, or of a person's account there.
#[derive(Debug, Serialize, ToSchema)]
struct SystemCheck {
    /// Its id.
    id: Uuid,
    /// Of which connection.
    connection_id: Uuid,
    /// Of whose account; `null`: of the connection itself.
    person_id: Option<Uuid>,
    /// Who wanted it.
    trigger: CheckTrigger,
    /// When it began.
    started_at: Moment,
    /// How long it took, in milliseconds.
    took_millis: u64,
    /// What it comes to: the worst of its checks.
    result: CheckResult,
    /// What was looked at, in this order.
    checks: Vec<Finding>,
}

impl From<ModelSystemCheck> for SystemCheck {
    fn from(check: ModelSystemCheck) -> Self {
        Self {
            id: check.id.into(),
            connection_id: check.connection_id.into(),
            person_id: check.person_id.map(Uuid::from),
            trigger: match check.trigger {
                ModelTrigger::Asked => CheckTrigger::Asked,
                ModelTrigger::Schedule => CheckTrigger::Schedule,
            },
            started_at: check.started_at.into(),
            took_millis: check.took_millis,
            result: check.result.into(),
            checks: check.checks.into_iter().map(Finding::from).collect(),
        }
    }
}

/// Several things that were looked at.
#[derive(Debug, Serialize, ToSchema)]
struct Findings {
    /// What they come to: the worst of them.
    result: CheckResult,
    /// What was looked at, in this order.
    checks: Vec<Finding>,
}

impl From<Vec<ModelCheck>> for Findings {
    fn from(checks: Vec<ModelCheck>) -> Self {
        Self {
            result: counterpart_model::check::worst(&checks).into(),
            checks: checks.into_iter().map(Finding::from).collect(),
        }
    }
}
