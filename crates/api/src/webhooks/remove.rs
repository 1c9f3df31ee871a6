//! `DELETE /webhooks/{webhook_id}`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::WebhookPath;

/// Removes a webhook with its delivery log. Admins and owners only.
#[utoipa::path(
    delete,
    path = "/webhooks/{webhook_id}",
    tag = "Events",
    responses((status = 204, description = "It is gone"))
)]
pub(super) async fn remove_webhook(
    caller: Caller,
    Path(path): Path<WebhookPath>,
) -> Result<StatusCode> {
    caller
        .service
        .remove_webhook(&caller.actor, path.webhook_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
