//! The mapping seen from the CRM's side: CRM users, and who they are.

mod get;
mod list;

use counterpart_service::Service;
use counterpart_service::mapping::{PivotRow as ModelRow, PivotSeat as ModelSeat, Standing};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::connections::CrmUser;
use crate::decisions::Decision;
use crate::drift::DriftFound;
use crate::grid::MappingVersion;
use crate::mappings::PersonBrief;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_pivot))
        .routes(routes!(get::get_crm_user))
}

/// A CRM user and who it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PivotRow {
    /// The CRM user.
    crm_user: CrmUser,
    /// The people who are it now, then those to whom it is proposed.
    people: Vec<PivotSeat>,
    /// What is decided about it: `not_a_person`, `shared_seat`.
    decisions: Vec<Decision>,
}

/// A person at a CRM user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PivotSeat {
    /// Who.
    person: PersonBrief,
    /// The mapping that holds now; `null` where it is only proposed.
    mapping: Option<MappingVersion>,
    /// How probable the proposal is, 0 to 1; `null` where it is mapped.
    score: Option<f64>,
    /// Whether the proposal is certain.
    certain: bool,
    /// Why the mapping may be true no longer: the most specific cause.
    drift: Option<DriftFound>,
}

impl From<ModelRow> for PivotRow {
    fn from(row: ModelRow) -> Self {
        Self {
            crm_user: row.crm_user.into(),
            people: row.seats.into_iter().filter_map(seat).collect(),
            decisions: row.decisions.into_iter().map(Decision::from).collect(),
        }
    }
}

/// A seat; `None` for one that is only in somebody's draft.
fn seat(seat: ModelSeat) -> Option<PivotSeat> {
    let person = seat.person.into();
    Some(match seat.standing {
        Standing::Mapped { mapping, drift } => PivotSeat {
            person,
            mapping: Some(MappingVersion::new(mapping.id, mapping.version)),
            score: None,
            certain: false,
            drift: drift.as_deref().map(DriftFound::from),
        },
        Standing::Proposed { score, certain } => PivotSeat {
            person,
            mapping: None,
            score: Some(score),
            certain,
            drift: None,
        },
        Standing::Drafted => return None,
    })
}
