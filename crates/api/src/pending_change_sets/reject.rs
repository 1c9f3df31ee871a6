//! `POST /pending-change-sets/{number}/reject`

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PendingChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ChangeSetPath;

/// Why a change set that waits is rejected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reject {
    /// Why, for whoever wanted it; 1 to 1000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Rejects a change set that waits: nothing of it is ever applied.
///
/// Not by whoever wanted it, who withdraws it instead. Fails with `pending.decided` when somebody
/// else was first. Rejecting again what one has rejected answers the same.
#[utoipa::path(
    post,
    path = "/pending-change-sets/{number}/reject",
    tag = "Changes",
    request_body = Reject,
    responses((status = 200, description = "What was rejected", body = PendingChangeSet))
)]
pub(super) async fn reject_pending_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    Body(input): Body<Reject>,
) -> Result<Json<PendingChangeSet>> {
    let rejected = caller
        .service
        .reject_pending(&caller.actor, path.number, input.reason)
        .await?;
    Ok(Json(rejected.into()))
}
