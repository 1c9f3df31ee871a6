//! `DELETE /saved-views/{view_id}`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ViewPath;

/// Forgets a shared view.
#[utoipa::path(
    delete,
    path = "/saved-views/{view_id}",
    tag = "Mapping",
    responses((status = 204, description = "It is forgotten"))
)]
pub(super) async fn delete_view(caller: Caller, Path(path): Path<ViewPath>) -> Result<StatusCode> {
    caller
        .service
        .delete_view(&caller.actor, path.view_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
