//! `GET /change-sets/{number}`

use axum::Json;
use counterpart_model::PageRequest;

use super::ChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ChangeSetPath;

/// One change set. Its lines are a list of their own.
#[utoipa::path(
    get,
    path = "/change-sets/{number}",
    tag = "Changes",
    responses((status = 200, description = "The change set", body = ChangeSet))
)]
pub(super) async fn get_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
) -> Result<Json<ChangeSet>> {
    let (change_set, _) = caller
        .service
        .change_set(&caller.actor, path.number, &PageRequest::first(1))
        .await?;
    Ok(Json(change_set.into()))
}
