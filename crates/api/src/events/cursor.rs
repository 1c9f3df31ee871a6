//! `GET /events/cursor`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::failure::Result;

/// A place in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventCursor {
    /// What to send as `after` for whatever happens from now on.
    cursor: u64,
}

/// The cursor behind everything that has happened until now.
///
/// For a first look: take the cursor, read what is true from the lists, then read the events
/// behind the cursor.
#[utoipa::path(
    get,
    path = "/events/cursor",
    tag = "Events",
    responses((status = 200, description = "The cursor", body = EventCursor))
)]
pub(super) async fn event_cursor(caller: Caller) -> Result<Json<EventCursor>> {
    let cursor = caller.service.event_cursor(&caller.actor).await?;
    Ok(Json(EventCursor { cursor }))
}
