//! `GET /saved-views`

use axum::Json;

use super::SavedView;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The views that the caller sees, by name: shared ones. All on one page.
#[utoipa::path(
    get,
    path = "/saved-views",
    tag = "Mapping",
    responses((status = 200, description = "The views", body = PageOf<SavedView>))
)]
pub(super) async fn list_views(caller: Caller) -> Result<Json<PageOf<SavedView>>> {
    let views = caller.service.list_views(&caller.actor).await?;
    Ok(Json(PageOf::all(views.into_iter().map(SavedView::from))))
}
