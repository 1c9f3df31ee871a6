//! `GET /connections/{connection_id}/drift-policies`

use axum::Json;

use super::DriftPolicies;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;

/// What happens when a mapping of a connection drifts.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/drift-policies",
    tag = "Connections",
    responses((status = 200, description = "The policies", body = DriftPolicies))
)]
pub(super) async fn get_drift_policies(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Json<DriftPolicies>> {
    let found = caller
        .service
        .drift_policies(&caller.actor, path.connection_id)
        .await?;
    Ok(Json(found.into()))
}
