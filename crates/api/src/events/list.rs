//! `GET /events`

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::Event;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::paging::Paging;

/// Which part of the log is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters that `Paging` reads")]
pub(super) struct LogParams {
    /// How many events at most, 1 to 1000; 100 when nothing is said.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// Behind which sequence; from the oldest event that is kept when nothing is said.
    after: Option<u64>,
}

/// A part of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventPage {
    /// The events, oldest first.
    items: Vec<Event>,
    /// What to send as `after` to go on, now or when something has happened.
    cursor: u64,
    /// Whether there is more already.
    more: bool,
}

/// Events behind a cursor, oldest first, kept for 30 days.
///
/// Ask again with the `cursor` of the answer, at once when there is `more`. Fails with
/// `event.cursor_unknown` when the cursor lies outside of what is kept, so that nothing is missed
/// unnoticed.
#[utoipa::path(
    get,
    path = "/events",
    tag = "Events",
    params(LogParams),
    responses((status = 200, description = "A part of the log", body = EventPage))
)]
pub(super) async fn list_events(caller: Caller, paging: Paging) -> Result<Response> {
    let after = paging.request.after.as_ref().map(|cursor| {
        cursor.0.parse::<u64>().map_err(|_| {
            Failure::malformed(format!("after: `{}` is no sequence of an event", cursor.0))
        })
    });
    let page = caller
        .service
        .list_events(&caller.actor, after.transpose()?, paging.request.limit())
        .await?;
    let organization = caller.actor.organization();
    let events = page.events.into_iter();
    let link = page.more.then(|| paging.link(&page.cursor.to_string()));
    let body = EventPage {
        items: events.map(|event| Event::of(organization, event)).collect(),
        cursor: page.cursor,
        more: page.more,
    };
    Ok((
        link.flatten()
            .into_iter()
            .collect::<axum::http::HeaderMap>(),
        Json(body),
    )
        .into_response())
}
