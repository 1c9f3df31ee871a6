//! `POST /webhooks/{webhook_id}/replay`

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Webhook;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::WebhookPath;

/// From where on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replay {
    /// The sequence of the first event to be sent again.
    #[schema(minimum = 1)]
    from: u64,
}

/// Sends events again, from a sequence on, under the ids they had. Admins and owners only.
///
/// A webhook that is paused or disabled is told when it is resumed. Fails with
/// `event.cursor_unknown` when the event is not kept any more.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook_id}/replay",
    tag = "Events",
    request_body = Replay,
    responses((status = 200, description = "The webhook as it is now", body = Webhook))
)]
pub(super) async fn replay_webhook(
    caller: Caller,
    Path(path): Path<WebhookPath>,
    Body(input): Body<Replay>,
) -> Result<Json<Webhook>> {
    let view = caller
        .service
        .replay_webhook(&caller.actor, path.webhook_id, input.from)
        .await?;
    Ok(Json(view.into()))
}
