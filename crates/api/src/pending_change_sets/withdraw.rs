//! `POST /pending-change-sets/{number}/withdraw`

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PendingChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{OptionalBody, Path};
use crate::path::ChangeSetPath;

/// Why a change set that waits is withdrawn.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdraw {
    /// Why.
    reason: Option<String>,
}

/// Takes a change set that waits back: by whoever wanted it, or by a token that the same account
/// made.
///
/// Fails with `pending.decided` when somebody has decided about it. Withdrawing again answers the
/// same.
#[utoipa::path(
    post,
    path = "/pending-change-sets/{number}/withdraw",
    tag = "Changes",
    request_body = Option<Withdraw>,
    responses((status = 200, description = "What was withdrawn", body = PendingChangeSet))
)]
pub(super) async fn withdraw_pending_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    OptionalBody(input): OptionalBody<Withdraw>,
) -> Result<Json<PendingChangeSet>> {
    let withdrawn = caller
        .service
        .withdraw_pending(&caller.actor, path.number, input.reason)
        .await?;
    Ok(Json(withdrawn.into()))
}
