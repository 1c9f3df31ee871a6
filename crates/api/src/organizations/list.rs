//! `GET /organizations`

use axum::Json;

use super::Organization;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The organizations that the token opens.
///
/// A token belongs to one organization, so there is one item.
#[utoipa::path(
    get,
    path = "/organizations",
    tag = "Organizations",
    responses((status = 200, description = "The organizations", body = PageOf<Organization>))
)]
pub(super) async fn list_organizations(caller: Caller) -> Result<Json<PageOf<Organization>>> {
    let organization = caller.service.organization(&caller.actor).await?;
    Ok(Json(PageOf::all([Organization::new(
        organization,
        &caller.actor,
    )])))
}
