//! `POST /connections/{connection_id}/explain-absence`

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Findings;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ConnectionPath;

/// Who is looked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sought {
    /// A name, an e-mail address or an id, as the CRM has it.
    user: String,
}

/// Says why somebody is not among a connection's users, or cannot be chosen.
///
/// Of everybody who fits, whether and why; when nobody does, what a read of the id shows, whether
/// the last sync read everybody, and whether the settings leave some out.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/explain-absence",
    tag = "System checks",
    request_body = Sought,
    responses((status = 200, description = "What was looked at, and what it showed", body = Findings))
)]
pub(super) async fn explain_absence(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Body(sought): Body<Sought>,
) -> Result<Json<Findings>> {
    let checks = caller
        .service
        .explain_absence(&caller.actor, path.connection_id, &sought.user)
        .await?;
    Ok(Json(checks.into()))
}
