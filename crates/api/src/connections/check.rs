//! `POST /connections/{connection_id}/check`

use axum::Json;

use super::Check;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;

/// Checks a connection as it is stored, and notes how it is.
///
/// Fails with what the CRM answered (502) when nothing at all can be said.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/check",
    tag = "Connections",
    responses((status = 200, description = "What the check showed", body = Check))
)]
pub(super) async fn check_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Json<Check>> {
    let report = caller
        .service
        .check_connection(&caller.actor, path.connection_id)
        .await?;
    Ok(Json(report.into()))
}
