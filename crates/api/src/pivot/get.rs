//! `GET /connections/{connection_id}/crm-users/{crm_user_id}`

use axum::Json;
use counterpart_model::CrmUserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PivotRow;
use crate::caller::Caller;
use crate::drift::DriftFound;
use crate::failure::Result;
use crate::grid::Inconsistency;
use crate::input::Path;
use crate::mappings::Mapping;
use crate::path::CrmUserPath;

/// A CRM user with everything that is known.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CrmUserDetail {
    /// The CRM's id of it, in the form in which it is kept.
    id: String,
    /// The CRM user and who it is now; `null` where no run ever saw it.
    now: Option<PivotRow>,
    /// Its mappings, past and future ones too, by their beginning.
    mappings: Vec<Mapping>,
    /// Where it is in the CRM.
    link: Option<String>,
    /// The run that saw it last.
    last_run_id: Option<Uuid>,
    /// Why its mappings may be true no longer, the most specific cause first.
    drift: Vec<DriftFound>,
    /// What disagrees with it in other connections.
    inconsistencies: Vec<Inconsistency>,
}

/// A CRM user with everything that is known, by its id in any form that the vendor shows.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/crm-users/{crm_user_id}",
    tag = "Mapping",
    responses((status = 200, description = "The CRM user", body = CrmUserDetail))
)]
pub(super) async fn get_crm_user(
    caller: Caller,
    Path(path): Path<CrmUserPath>,
) -> Result<Json<CrmUserDetail>> {
    let view = caller
        .service
        .crm_user_view(
            &caller.actor,
            path.connection_id,
            &CrmUserId(path.crm_user_id),
        )
        .await?;
    Ok(Json(CrmUserDetail {
        id: view.id.0,
        now: view.row.map(PivotRow::from),
        mappings: view.mappings.into_iter().map(Mapping::from).collect(),
        link: view.link,
        last_run_id: view.last_run.map(|run| run.id.into()),
        drift: view.drift.iter().map(DriftFound::from).collect(),
        inconsistencies: view
            .inconsistencies
            .into_iter()
            .map(Inconsistency::from)
            .collect(),
    }))
}
