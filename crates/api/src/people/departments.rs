//! `GET /departments`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::failure::Result;

/// The departments of an organization's people.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Departments {
    /// Each in one spelling, by name; at most 200.
    departments: Vec<String>,
}

/// The departments there are, to narrow the grid to one.
#[utoipa::path(
    get,
    path = "/departments",
    tag = "People",
    responses((status = 200, description = "The departments", body = Departments))
)]
pub(super) async fn list_departments(caller: Caller) -> Result<Json<Departments>> {
    let departments = caller.service.list_departments(&caller.actor).await?;
    Ok(Json(Departments { departments }))
}
