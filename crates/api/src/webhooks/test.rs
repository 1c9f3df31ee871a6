//! `POST /webhooks/{webhook_id}/test`

use axum::Json;

use super::Attempt;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::WebhookPath;

/// Sends a signed test event of type `webhook.test`, and waits for the answer, at most 15 seconds.
/// Admins and owners only.
///
/// It is answered with 200 whatever the receiver says; `outcome` tells. A test is repeated by
/// nobody, and is not in the log of events.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook_id}/test",
    tag = "Events",
    responses((status = 200, description = "How it went", body = Attempt))
)]
pub(super) async fn test_webhook(
    caller: Caller,
    Path(path): Path<WebhookPath>,
) -> Result<Json<Attempt>> {
    let attempt = caller
        .service
        .test_webhook(&caller.actor, path.webhook_id)
        .await?;
    Ok(Json(attempt.into()))
}
