//! `GET /healthz`

use axum::Json;
use axum::extract::State;
use counterpart_service::Service;

use super::Health;
use crate::failure::Result;

/// Whether the process runs and its database answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "Health",
    security(()),
    responses((status = 200, description = "It works", body = Health))
)]
pub(super) async fn healthz(State(service): State<Service>) -> Result<Json<Health>> {
    service.ping().await?;
    Ok(Json(Health::OK))
}
