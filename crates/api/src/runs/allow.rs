//! `POST /runs/{run_id}/allow`

use axum::Json;

use super::Run;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::RunPath;

/// Lets a run that a brake held go on: what it found becomes known.
///
/// Fails with `run.not_held` when the run does not wait for a decision.
#[utoipa::path(
    post,
    path = "/runs/{run_id}/allow",
    tag = "Runs",
    responses((status = 200, description = "The run as it is now", body = Run))
)]
pub(super) async fn allow_run(caller: Caller, Path(path): Path<RunPath>) -> Result<Json<Run>> {
    let run = caller.service.allow_run(&caller.actor, path.run_id).await?;
    Ok(Json(run.into()))
}
