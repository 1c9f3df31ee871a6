//! `GET /connections/{connection_id}`

use super::ConnectionDetail;
use crate::caller::Caller;
use crate::failure::Result;
use crate::grid::ConnectionNumbers;
use crate::input::Path;
use crate::path::ConnectionPath;
use crate::runs::Run;
use crate::version::Versioned;

/// A connection, with how its mapping stands and its newest run.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}",
    tag = "Connections",
    responses((status = 200, description = "The connection", body = ConnectionDetail))
)]
pub(super) async fn get_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Versioned<ConnectionDetail>> {
    let view = caller
        .service
        .connection_view(&caller.actor, path.connection_id)
        .await?;
    Ok(Versioned {
        version: view.connection.version,
        body: ConnectionDetail {
            connection: view.connection.into(),
            numbers: view.counts.as_ref().map(ConnectionNumbers::from),
            last_run: view.last_run.map(Run::from),
        },
    })
}
