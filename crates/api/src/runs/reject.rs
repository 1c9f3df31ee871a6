//! `POST /runs/{run_id}/reject`

use axum::Json;

use super::Run;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::RunPath;

/// Drops what a run that a brake held has found; what was known stays.
///
/// Fails with `run.not_held` when the run does not wait for a decision.
#[utoipa::path(
    post,
    path = "/runs/{run_id}/reject",
    tag = "Runs",
    responses((status = 200, description = "The run as it is now", body = Run))
)]
pub(super) async fn reject_run(caller: Caller, Path(path): Path<RunPath>) -> Result<Json<Run>> {
    let run = caller
        .service
        .reject_run(&caller.actor, path.run_id)
        .await?;
    Ok(Json(run.into()))
}
