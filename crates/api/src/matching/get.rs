//! `GET /matching-settings`, `GET /connections/{connection_id}/matching-settings`

use counterpart_model::ConnectionId;

use super::MatchingSettings;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;
use crate::version::Versioned;

/// What the matcher goes by in the organization.
#[utoipa::path(
    get,
    path = "/matching-settings",
    tag = "Mapping",
    responses((status = 200, description = "The settings", body = MatchingSettings))
)]
pub(super) async fn get_matching_settings(caller: Caller) -> Result<Versioned<MatchingSettings>> {
    look(&caller, None).await
}

/// What the matcher goes by in a connection.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/matching-settings",
    tag = "Mapping",
    responses((status = 200, description = "The settings", body = MatchingSettings))
)]
pub(super) async fn get_connection_matching_settings(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Versioned<MatchingSettings>> {
    look(&caller, Some(path.connection_id)).await
}

async fn look(
    caller: &Caller,
    connection: Option<ConnectionId>,
) -> Result<Versioned<MatchingSettings>> {
    let view = caller
        .service
        .matching_settings(&caller.actor, connection)
        .await?;
    Ok(Versioned {
        version: view.settings.version,
        body: view.into(),
    })
}
