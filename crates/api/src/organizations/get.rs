//! `GET /organizations/{organization_id}`

use axum::Json;

use super::Organization;
use crate::caller::Caller;
use crate::failure::Result;

/// One organization.
#[utoipa::path(
    get,
    path = "/",
    tag = "Organizations",
    responses((status = 200, description = "The organization", body = Organization))
)]
pub(super) async fn get_organization(caller: Caller) -> Result<Json<Organization>> {
    let organization = caller.service.organization(&caller.actor).await?;
    Ok(Json(Organization::new(organization, &caller.actor)))
}
