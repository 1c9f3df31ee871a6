//! `POST /saved-views`

use axum::Json;
use counterpart_service::mapping::ViewInput;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SavedView;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Body;
use crate::version::Created;
use crate::words::ViewPage;

/// A view that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewView {
    /// What it is called, once among the views that are seen.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Of which page of the portal.
    page: ViewPage,
    /// What the page is asked, as it stands behind the question mark of its address.
    #[schema(max_length = 2000, example = "show=drifted&department=Sales")]
    query: String,
}

/// Shares a view of the mapping with everybody in the organization.
#[utoipa::path(
    post,
    path = "/saved-views",
    tag = "Mapping",
    request_body = NewView,
    responses((status = 201, description = "The view", body = SavedView))
)]
pub(super) async fn create_view(
    caller: Caller,
    Body(input): Body<NewView>,
) -> Result<Created<Json<SavedView>>> {
    let wanted = ViewInput {
        name: input.name,
        page: input.page.into(),
        query: input.query,
        shared: true,
    };
    let view = caller.service.save_view(&caller.actor, wanted).await?;
    Ok(Created {
        location: caller.address(&format!("saved-views/{}", view.id)),
        body: Json(view.into()),
    })
}
