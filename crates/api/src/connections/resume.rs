//! `POST /connections/{connection_id}/resume`

use super::Connection;
use super::create::shown;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;
use crate::version::Versioned;

/// Switches a paused connection on again.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/resume",
    tag = "Connections",
    responses((status = 200, description = "The connection as it is now", body = Connection))
)]
pub(super) async fn resume_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Versioned<Connection>> {
    let Caller { service, actor } = &caller;
    service.resume_connection(actor, path.connection_id).await?;
    let view = service.connection_view(actor, path.connection_id).await?;
    Ok(shown(view.connection))
}
