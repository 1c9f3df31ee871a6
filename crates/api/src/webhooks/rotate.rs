//! `POST /webhooks/{webhook_id}/secret`

use axum::Json;
use secrecy::ExposeSecret as _;

use super::WebhookWithSecret;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::WebhookPath;

/// Gives a webhook another secret, which is shown this once. Admins and owners only.
///
/// For a day messages carry two signatures, one by the secret that was replaced.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook_id}/secret",
    tag = "Events",
    responses((status = 200, description = "The webhook, with its new secret", body = WebhookWithSecret))
)]
pub(super) async fn rotate_webhook_secret(
    caller: Caller,
    Path(path): Path<WebhookPath>,
) -> Result<Json<WebhookWithSecret>> {
    let Caller { service, actor } = &caller;
    let made = service
        .rotate_webhook_secret(actor, path.webhook_id)
        .await?;
    let view = service.webhook(actor, path.webhook_id).await?;
    Ok(Json(WebhookWithSecret {
        webhook: view.into(),
        secret: made.secret.expose_secret().to_owned(),
    }))
}
