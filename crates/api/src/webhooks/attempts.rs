//! `GET /webhooks/{webhook_id}/attempts`

use super::Attempt;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::WebhookPath;

/// The delivery log: every attempt of the last 30 days, newest first. Admins and owners only.
#[utoipa::path(
    get,
    path = "/webhooks/{webhook_id}/attempts",
    tag = "Events",
    params(PagingParams),
    responses((status = 200, description = "A page of attempts", body = PageOf<Attempt>))
)]
pub(super) async fn list_webhook_attempts(
    caller: Caller,
    Path(path): Path<WebhookPath>,
    paging: Paging,
) -> Result<Listed<Attempt>> {
    let page = caller
        .service
        .list_webhook_attempts(&caller.actor, path.webhook_id, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
