//! `GET /runs/{run_id}`

use axum::Json;

use super::Run;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::RunPath;

/// One run.
#[utoipa::path(
    get,
    path = "/runs/{run_id}",
    tag = "Runs",
    responses((status = 200, description = "The run", body = Run))
)]
pub(super) async fn get_run(caller: Caller, Path(path): Path<RunPath>) -> Result<Json<Run>> {
    let run = caller.service.run(&caller.actor, path.run_id).await?;
    Ok(Json(run.into()))
}
