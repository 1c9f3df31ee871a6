//! `POST /pending-change-sets/{number}/approve`

use axum::Json;
use counterpart_service::mapping::EditScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::{OptionalBody, Path};
use crate::path::ChangeSetPath;
use crate::version::Created;

/// How a change set that waits is approved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approve {
    /// Whether lines that clash with what was changed since are left for good, and the others
    /// applied. If nothing is said, one clash refuses all.
    #[serde(default)]
    leave_clashing: bool,
    /// Why.
    reason: Option<String>,
}

/// The change set that came of one that waited.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApprovedChangeSet {
    #[serde(flatten)]
    change_set: ChangeSet,
    /// How many lines were left because something is in the way.
    skipped: u64,
}

/// Approves a change set that waits, and applies it against what stands now.
///
/// Not by whoever wanted it: a token counts as whoever made it (`pending.own`). Fails with
/// `pending.conflict` when something that was changed since is in the way, unless `leave_clashing`
/// says otherwise; `errors` names up to 20 lines. Fails with `pending.decided` when somebody else
/// was first, or when it has expired. Approving again what one has approved answers the same.
#[utoipa::path(
    post,
    path = "/pending-change-sets/{number}/approve",
    tag = "Changes",
    request_body = Option<Approve>,
    responses((status = 201, description = "The change set that came of it", body = ApprovedChangeSet))
)]
pub(super) async fn approve_pending_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    OptionalBody(input): OptionalBody<Approve>,
) -> Result<Created<Json<ApprovedChangeSet>>> {
    let scope = if input.leave_clashing {
        EditScope::Clear
    } else {
        EditScope::Everything
    };
    let approved = caller
        .service
        .approve_pending(&caller.actor, path.number, scope, input.reason)
        .await?;
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", approved.change_set.number)),
        body: Json(ApprovedChangeSet {
            change_set: approved.change_set.into(),
            skipped: approved.skipped,
        }),
    })
}
