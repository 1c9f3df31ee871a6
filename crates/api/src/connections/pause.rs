//! `POST /connections/{connection_id}/pause`

use super::Connection;
use super::create::shown;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;
use crate::version::Versioned;

/// Switches a connection off: no calls to the CRM until it is resumed. Mappings stay.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/pause",
    tag = "Connections",
    responses((status = 200, description = "The connection as it is now", body = Connection))
)]
pub(super) async fn pause_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Versioned<Connection>> {
    let Caller { service, actor } = &caller;
    service.pause_connection(actor, path.connection_id).await?;
    let view = service.connection_view(actor, path.connection_id).await?;
    Ok(shown(view.connection))
}
