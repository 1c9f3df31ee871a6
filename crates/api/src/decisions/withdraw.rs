//! `DELETE /decisions/{decision_id}`

use axum::Json;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::Path;
use crate::path::DecisionPath;

/// Withdraws a decision.
///
/// A `shared_seat` stays while several people are mapped to it at one time: `mapping.overlap`
/// names them.
#[utoipa::path(
    delete,
    path = "/decisions/{decision_id}",
    tag = "Mapping",
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn withdraw_decision(
    caller: Caller,
    Path(path): Path<DecisionPath>,
) -> Result<Json<ChangeSet>> {
    let change_set = caller
        .service
        .withdraw_decision(&caller.actor, path.decision_id)
        .await?;
    Ok(Json(change_set.into()))
}
