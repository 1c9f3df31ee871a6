//! Webhooks: who is told of events, and how it went.

mod attempts;
mod change;
mod create;
mod get;
mod list;
mod remove;
mod replay;
mod rotate;
mod test;

use counterpart_service::Service;
use counterpart_service::webhooks::WebhookView;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::events::EventType;
use crate::time::Moment;
use crate::words::{AttemptOutcome, WebhookState};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_webhooks, create::create_webhook))
        .routes(routes!(
            get::get_webhook,
            change::change_webhook,
            remove::remove_webhook
        ))
        .routes(routes!(test::test_webhook))
        .routes(routes!(replay::replay_webhook))
        .routes(routes!(rotate::rotate_webhook_secret))
        .routes(routes!(attempts::list_webhook_attempts))
}

/// Somebody who is told of events, without the secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Its id.
    id: Uuid,
    /// What it is for, in its maker's words.
    name: String,
    /// Where events are sent.
    url: String,
    /// Which events.
    types: Vec<EventType>,
    /// Whether it is told. Events wait for one that is not.
    state: WebhookState,
    /// Why it was disabled, if it was.
    disabled_because: Option<String>,
    /// The sequence of the last event that arrived or was passed over.
    cursor: u64,
    /// How many events lie behind the cursor, of whatever type.
    behind: u64,
    /// How many attempts at the next event have failed.
    failed_attempts: u32,
    /// When the next attempt follows, if some have failed.
    next_attempt_at: Option<Moment>,
    /// Until when the secret that was replaced signs as well, if one does.
    old_secret_until: Option<Moment>,
    /// When it was made.
    created_at: Moment,
    /// Grows by one with every change.
    version: u64,
}

impl From<WebhookView> for Webhook {
    fn from(WebhookView { webhook, behind }: WebhookView) -> Self {
        let is_repeating =
            webhook.failed_attempts > 0 && webhook.state == counterpart_model::WebhookState::Active;
        Self {
            id: webhook.id.into(),
            name: webhook.name,
            url: webhook.url,
            types: webhook.kinds.into_iter().map(EventType::from).collect(),
            state: webhook.state.into(),
            disabled_because: webhook.disabled_because,
            cursor: webhook.cursor,
            behind,
            failed_attempts: webhook.failed_attempts,
            next_attempt_at: is_repeating.then(|| webhook.next_at.into()),
            old_secret_until: webhook.old_secret.map(|old| old.until.into()),
            created_at: webhook.created_at.into(),
            version: webhook.version,
        }
    }
}

/// A webhook with its secret. Shown here once and never again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookWithSecret {
    #[serde(flatten)]
    webhook: Webhook,
    /// What messages are signed with, after Standard Webhooks.
    #[schema(example = "whsec_…")]
    secret: String,
}

/// One attempt to deliver.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attempt {
    /// Its place among the webhook's attempts, from 1; 0 in the answer to a test.
    number: u64,
    /// The event; `null` for a test.
    sequence: Option<u64>,
    /// The id of the message, `webhook-id` in its headers.
    message_id: String,
    /// What the event tells of; `null` for a test.
    r#type: Option<EventType>,
    /// When it began.
    at: Moment,
    /// How long it took, in milliseconds.
    millis: u64,
    /// How it ended.
    outcome: AttemptOutcome,
    /// The status of the answer, if one came.
    status: Option<u16>,
    /// Why none came, as a stable code.
    code: Option<&'static str>,
    /// The beginning of the answer, or why none came; at most 1,024 characters.
    answer: String,
    /// When the next attempt follows, if one does.
    next_at: Option<Moment>,
}

impl From<counterpart_model::webhook::Attempt> for Attempt {
    fn from(attempt: counterpart_model::webhook::Attempt) -> Self {
        Self {
            number: attempt.number,
            sequence: attempt.sequence,
            message_id: attempt.message_id,
            r#type: attempt.kind.map(EventType::from),
            at: attempt.at.into(),
            millis: attempt.millis,
            outcome: attempt.outcome.into(),
            status: attempt.status,
            code: attempt.code.map(counterpart_model::Code::as_str),
            answer: attempt.answer,
            next_at: attempt.next_at.map(Moment::from),
        }
    }
}
