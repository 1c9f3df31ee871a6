//! `PATCH /webhooks/{webhook_id}`

use counterpart_model::EventKind;
use counterpart_service::webhooks::WebhookChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Webhook;
use crate::caller::Caller;
use crate::events::EventType;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::WebhookPath;
use crate::version::{IfMatch, IfMatchParam, Versioned};

/// What is to be different.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookPatch {
    /// What it is for, in 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Where events are to be sent.
    url: Option<String>,
    /// Which events, at least one type.
    types: Option<Vec<EventType>>,
    /// `false` pauses it; `true` resumes it where it stopped, also after it was disabled.
    active: Option<bool>,
}

/// Changes, pauses or resumes a webhook: what is left out stays as it is. Admins and owners only.
///
/// Fails with 412 when `If-Match` names another version than the one that stands there.
#[utoipa::path(
    patch,
    path = "/webhooks/{webhook_id}",
    tag = "Events",
    params(IfMatchParam),
    request_body = WebhookPatch,
    responses((status = 200, description = "The webhook as it is now", body = Webhook))
)]
pub(super) async fn change_webhook(
    caller: Caller,
    Path(path): Path<WebhookPath>,
    if_match: IfMatch,
    Body(input): Body<WebhookPatch>,
) -> Result<Versioned<Webhook>> {
    let Caller { service, actor } = &caller;
    let standing = service.webhook(actor, path.webhook_id).await?;
    if_match.require(standing.webhook.version)?;
    let types = input.types;
    let change = WebhookChange {
        name: input.name,
        url: input.url,
        kinds: types.map(|types| types.into_iter().map(EventKind::from).collect()),
        active: input.active,
        version: Some(standing.webhook.version),
    };
    service
        .change_webhook(actor, path.webhook_id, change)
        .await
        .map_err(|error| if_match.failed(error))?;
    let view = service.webhook(actor, path.webhook_id).await?;
    Ok(Versioned {
        version: view.webhook.version,
        body: view.into(),
    })
}
