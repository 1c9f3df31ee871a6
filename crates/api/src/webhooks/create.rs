//! `POST /webhooks`

use axum::Json;
use counterpart_model::EventKind;
use counterpart_service::webhooks::WebhookInput;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use utoipa::ToSchema;

use super::WebhookWithSecret;
use crate::caller::Caller;
use crate::events::EventType;
use crate::failure::Result;
use crate::input::Body;
use crate::version::Created;

/// A webhook that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// What it is for, in 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where events are to be sent: https, and not inside your network unless an operator allows
    /// it.
    #[schema(example = "https://hooks.example.com/counterpart")]
    url: String,
    /// Which events; all types when left out.
    #[serde(default)]
    types: Vec<EventType>,
    /// Behind which sequence of the log it begins; with what happens from now on when left out.
    after: Option<u64>,
}

/// Adds a webhook. Admins and owners only.
///
/// The answer holds the secret by which the receiver verifies messages; it is shown this once.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "Events",
    request_body = NewWebhook,
    responses((status = 201, description = "The webhook, with its secret", body = WebhookWithSecret))
)]
pub(super) async fn create_webhook(
    caller: Caller,
    Body(input): Body<NewWebhook>,
) -> Result<Created<Json<WebhookWithSecret>>> {
    let Caller { service, actor } = &caller;
    let input = WebhookInput {
        name: input.name,
        url: input.url,
        kinds: input.types.into_iter().map(EventKind::from).collect(),
        after: input.after,
    };
    let made = service.create_webhook(actor, input).await?;
    let view = service.webhook(actor, made.webhook.id).await?;
    Ok(Created {
        location: caller.address(&format!("webhooks/{}", made.webhook.id)),
        body: Json(WebhookWithSecret {
            webhook: view.into(),
            secret: made.secret.expose_secret().to_owned(),
        }),
    })
}
