//! `GET /connections`

use axum::Json;

use super::Connection;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The connections, by the time they were made. All on one page.
#[utoipa::path(
    get,
    path = "/connections",
    tag = "Connections",
    responses((status = 200, description = "The connections", body = PageOf<Connection>))
)]
pub(super) async fn list_connections(caller: Caller) -> Result<Json<PageOf<Connection>>> {
    let connections = caller.service.list_connections(&caller.actor).await?;
    Ok(Json(PageOf::all(
        connections.into_iter().map(Connection::from),
    )))
}
