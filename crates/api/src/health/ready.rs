//! `GET /readyz`

use axum::Json;
use axum::extract::State;
use counterpart_service::Service;

use super::Health;
use crate::failure::Result;

/// Whether requests may be sent here.
///
/// A node is ready when its database answers; it keeps nothing of its own that would have to
/// warm up.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "Health",
    security(()),
    responses((status = 200, description = "Send requests", body = Health))
)]
pub(super) async fn readyz(State(service): State<Service>) -> Result<Json<Health>> {
    service.ping().await?;
    Ok(Json(Health::OK))
}
