//! `POST /change-sets/{number}/undo`

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{OptionalBody, Path};
use crate::path::ChangeSetPath;
use crate::version::Created;
use crate::words::UndoScope;

/// How a change set is to be undone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Undo {
    /// How much of it; `everything` if nothing is said.
    scope: Option<UndoScope>,
    /// Why.
    reason: Option<String>,
}

/// The change set that undid another one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Undone {
    #[serde(flatten)]
    change_set: ChangeSet,
    /// How many lines of the other one were left because something is in the way.
    skipped: u64,
}

/// Undoes a change set by a new one, which can be undone as well.
///
/// What other change sets changed since is left alone. Fails with `change_set.conflict` when
/// something is in the way and `everything` is to be undone; its `errors` name up to 20 lines. Fails
/// with `change_set.empty` when nothing is left to undo.
#[utoipa::path(
    post,
    path = "/change-sets/{number}/undo",
    tag = "Changes",
    request_body = Option<Undo>,
    responses((status = 201, description = "The change set that undid it", body = Undone))
)]
pub(super) async fn undo_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    OptionalBody(input): OptionalBody<Undo>,
) -> Result<Created<Json<Undone>>> {
    let scope = input.scope.unwrap_or(UndoScope::Everything).into();
    let undone = caller
        .service
        .undo(&caller.actor, path.number, scope, input.reason)
        .await?;
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", undone.change_set.number)),
        body: Json(Undone {
            change_set: undone.change_set.into(),
            skipped: undone.skipped,
        }),
    })
}
