//! `PATCH /saved-views/{view_id}`

use axum::Json;
use counterpart_service::mapping::ViewChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SavedView;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ViewPath;

/// What is to be different.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ViewPatch {
    /// What it is called, once among the views that are seen.
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// What the page is asked, as it stands behind the question mark of its address.
    #[schema(max_length = 2000)]
    query: Option<String>,
}

/// Changes a shared view: what is left out stays as it is.
#[utoipa::path(
    patch,
    path = "/saved-views/{view_id}",
    tag = "Mapping",
    request_body = ViewPatch,
    responses((status = 200, description = "The view as it is now", body = SavedView))
)]
pub(super) async fn change_view(
    caller: Caller,
    Path(path): Path<ViewPath>,
    Body(input): Body<ViewPatch>,
) -> Result<Json<SavedView>> {
    let change = ViewChange {
        name: input.name,
        query: input.query,
        shared: None,
    };
    let view = caller
        .service
        .change_view(&caller.actor, path.view_id, change)
        .await?;
    Ok(Json(view.into()))
}
