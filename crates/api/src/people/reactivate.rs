//! `POST /people/{person_id}/reactivate`

use axum::Json;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::Path;
use crate::path::PersonPath;

/// Notes that a person works here again.
///
/// Mappings that had ended stay ended.
#[utoipa::path(
    post,
    path = "/people/{person_id}/reactivate",
    tag = "People",
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn reactivate_person(
    caller: Caller,
    Path(path): Path<PersonPath>,
) -> Result<Json<ChangeSet>> {
    let change_set = caller
        .service
        .reactivate_person(&caller.actor, path.person_id)
        .await?;
    Ok(Json(change_set.into()))
}
