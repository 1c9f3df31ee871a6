//! `GET /webhooks`

use axum::Json;

use super::Webhook;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The webhooks, oldest first. Admins and owners only. All on one page.
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "Events",
    responses((status = 200, description = "The webhooks", body = PageOf<Webhook>))
)]
pub(super) async fn list_webhooks(caller: Caller) -> Result<Json<PageOf<Webhook>>> {
    let webhooks = caller.service.list_webhooks(&caller.actor).await?;
    Ok(Json(PageOf::all(webhooks.into_iter().map(Webhook::from))))
}
