//! `GET /webhooks/{webhook_id}`

use super::Webhook;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::WebhookPath;
use crate::version::Versioned;

/// A webhook. Admins and owners only.
#[utoipa::path(
    get,
    path = "/webhooks/{webhook_id}",
    tag = "Events",
    responses((status = 200, description = "The webhook", body = Webhook))
)]
pub(super) async fn get_webhook(
    caller: Caller,
    Path(path): Path<WebhookPath>,
) -> Result<Versioned<Webhook>> {
    let view = caller
        .service
        .webhook(&caller.actor, path.webhook_id)
        .await?;
    Ok(Versioned {
        version: view.webhook.version,
        body: view.into(),
    })
}
