//! The grid: people × connections, and the numbers above it.

mod list;
mod overview;

use counterpart_model::{
    Drift, Inconsistency as ModelInconsistency, MappingId, Situation as ModelSituation,
};
use counterpart_service::Service;
use counterpart_service::mapping::ConnectionCounts;
use counterpart_store::grid::GridCell;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::connections::CrmUserBrief;
use crate::drift::DriftFound;
use crate::time::Moment;
use crate::words::Situation;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_grid))
        .routes(routes!(overview::get_overview))
}

/// One person in one connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cell {
    /// In which connection.
    connection_id: Uuid,
    /// How it stands there.
    situation: Situation,
    /// The mapping that holds now.
    mapping: Option<MappingVersion>,
    /// The CRM user it is mapped to, or the one proposed.
    crm_user: Option<CrmUserBrief>,
    /// How probable the proposal is, 0 to 1.
    score: Option<f64>,
    /// Whether the proposal is certain.
    certain: bool,
    /// How many CRM users fit about as well, where that is why nothing is proposed.
    candidates: u64,
    /// Why the mapping may be true no longer, where it is drifted: the most specific cause.
    drift: Option<DriftFound>,
}

/// A mapping as somebody saw it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MappingVersion {
    /// Which.
    mapping_id: Uuid,
    /// In which version.
    version: u64,
}

impl MappingVersion {
    /// A mapping in a version.
    pub(crate) fn new(id: MappingId, version: u64) -> Self {
        Self {
            mapping_id: id.into(),
            version,
        }
    }
}

/// Two CRM users of one person, in two connections, that seem to be two human beings.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inconsistency {
    /// In which connection one of them is.
    connection_id: Uuid,
    /// The user there.
    crm_user_id: String,
    /// In which connection the other is.
    other_connection_id: Uuid,
    /// The user there.
    other_user_id: String,
    /// What disagrees, in words.
    detail: String,
    /// Since when it is known.
    since: Moment,
}

impl From<ModelInconsistency> for Inconsistency {
    fn from(one: ModelInconsistency) -> Self {
        Self {
            connection_id: one.connection_id.into(),
            crm_user_id: one.crm_user_id.0,
            other_connection_id: one.other_connection_id.into(),
            other_user_id: one.other_user_id.0,
            detail: one.detail,
            since: one.since.into(),
        }
    }
}

impl Cell {
    /// A cell with what is known of its drift.
    pub(crate) fn new(cell: GridCell, drift: Option<&Drift>) -> Self {
        Self {
            drift: drift.map(DriftFound::from),
            connection_id: cell.connection_id.into(),
            situation: cell.situation.into(),
            mapping: cell
                .mapping
                .map(|(id, version)| MappingVersion::new(id, version)),
            crm_user: cell.crm_user.map(CrmUserBrief::from),
            score: cell.score,
            certain: cell.certain,
            candidates: cell.candidates,
        }
    }
}

/// How many people are in which situation in a connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionNumbers {
    /// The connection.
    connection_id: Uuid,
    /// Its name.
    name: String,
    /// People by situation.
    people: PeopleBySituation,
    /// How many people are mapped of how many should be.
    coverage: Coverage,
    /// CRM users that are there.
    crm_users: u64,
    /// Of those: no longer found by full runs, and gone if they stay away.
    missing_crm_users: u64,
    /// CRM users that can be chosen for the present.
    usable_crm_users: u64,
}

impl From<&ConnectionCounts> for ConnectionNumbers {
    fn from(counts: &ConnectionCounts) -> Self {
        Self {
            connection_id: counts.connection.id.into(),
            name: counts.connection.name.clone(),
            people: PeopleBySituation::new(|situation| counts.in_situation(situation)),
            coverage: Coverage::new(counts.coverage()),
            crm_users: counts.crm_users.present,
            missing_crm_users: counts.crm_users.missing,
            usable_crm_users: counts.crm_users.usable,
        }
    }
}

/// How far a connection is mapped. A mapping that drifts does not count.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Coverage {
    /// People who are mapped.
    mapped: u64,
    /// People who should be: all but those without an account by decision.
    of: u64,
}

impl Coverage {
    fn new((mapped, of): (u64, u64)) -> Self {
        Self { mapped, of }
    }
}

/// How many people are in which situation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeopleBySituation {
    /// A mapping holds now.
    mapped: u64,
    /// The matcher suggests one CRM user.
    proposed: u64,
    /// Several CRM users fit about as well.
    ambiguous: u64,
    /// Nothing is known.
    unmapped: u64,
    /// Somebody decided that there is no account.
    ignored: u64,
    /// A mapping holds now but may be true no longer.
    drifted: u64,
    /// A brake holds back what is known.
    held: u64,
}

impl PeopleBySituation {
    fn new(count: impl Fn(ModelSituation) -> u64) -> Self {
        Self {
            mapped: count(ModelSituation::Mapped),
            proposed: count(ModelSituation::Proposed),
            ambiguous: count(ModelSituation::Ambiguous),
            unmapped: count(ModelSituation::Unmapped),
            ignored: count(ModelSituation::Ignored),
            drifted: count(ModelSituation::Drifted),
            held: count(ModelSituation::Held),
        }
    }
}
