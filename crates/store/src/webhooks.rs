//! Webhooks and the attempts to deliver events to them.

use async_trait::async_trait;
use counterpart_model::webhook::Attempt;
use counterpart_model::{
    LoggedEvent, OrganizationId, Page, PageRequest, Timestamp, Webhook, WebhookId,
    audit::AuditEvent,
};

use crate::Result;

/// A webhook to be kept.
#[derive(Debug, Clone)]
pub struct SaveWebhook {
    /// The webhook. Its version is the one its maker saw: 0 for a new one.
    pub webhook: Webhook,
    /// The audit entry about it.
    pub event: AuditEvent,
}

/// A wish to deliver to a webhook.
#[derive(Debug, Clone)]
pub struct ClaimWebhook {
    /// To which.
    pub id: WebhookId,
    /// Who wants to; another name for every claim, so that an earlier one ends with its lease.
    pub holder: String,
    /// When.
    pub now: Timestamp,
    /// Until when nobody else may.
    pub until: Timestamp,
    /// How many events at most.
    pub most: u32,
}

/// A webhook that is one's own for a while, and what is to be delivered to it.
#[derive(Debug, Clone)]
pub struct ClaimedWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// The events behind its cursor that it wants, in their order; at least one.
    pub events: Vec<LoggedEvent>,
}

/// What follows from an attempt.
#[derive(Debug, Clone)]
pub enum Then {
    /// The cursor moves to the attempt's event. The lease lasts until the instant, which is in
    /// the past for whoever is done.
    Advance(Timestamp),
    /// The same event is tried again at the instant. The lease ends.
    Retry(Timestamp),
    /// The webhook is disabled, in these words. The lease ends.
    Disable {
        /// Why.
        because: String,
        /// The audit entry about it.
        event: AuditEvent,
    },
    /// Nothing: it was a test.
    Nothing,
}

/// An attempt that was made.
#[derive(Debug, Clone)]
pub struct RecordAttempt {
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// Under whose claim.
    pub holder: String,
    /// How it went. Its number is given out by the store.
    pub attempt: Attempt,
    /// What follows.
    pub then: Then,
}

/// Webhooks.
#[async_trait]
pub trait Webhooks {
    /// The webhook of an id.
    async fn find_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<Webhook>>;

    /// The webhooks of an organization, by time of making.
    async fn list_webhooks(&self, organization: OrganizationId) -> Result<Vec<Webhook>>;

    /// Keeps a webhook, with one version more; `false` when it was changed meanwhile. Of a known
    /// one `cursor` and `created_at` are left as they stand, and so are `failed_attempts` and
    /// `next_at` unless it becomes active by this.
    async fn save_webhook(&self, organization: OrganizationId, save: &SaveWebhook) -> Result<bool>;

    /// Forgets a webhook with its attempts; `false` when there is none.
    async fn remove_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        event: AuditEvent,
    ) -> Result<bool>;

    /// Sets a webhook's cursor; `false` when there is none. What is just being delivered is
    /// delivered, but no longer moves the cursor. The next attempt may be made at once.
    async fn rewind_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        cursor: u64,
        now: Timestamp,
        event: AuditEvent,
    ) -> Result<bool>;

    /// The webhooks that are active, whose next attempt is due, that nobody delivers to, and
    /// behind whose cursor there are events.
    async fn due_webhooks(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<WebhookId>>;

    /// Takes a webhook that is due for oneself. `None` when it is not due (any more), or wants
    /// none of the events behind its cursor, over which the cursor moves then.
    async fn claim_webhook(
        &self,
        organization: OrganizationId,
        claim: &ClaimWebhook,
    ) -> Result<Option<ClaimedWebhook>>;

    /// Notes an attempt in any case; what follows from it only while the claim is still the
    /// webhook's. Whether it was.
    async fn record_attempt(
        &self,
        organization: OrganizationId,
        record: &RecordAttempt,
    ) -> Result<bool>;

    /// The attempts to deliver to a webhook, newest first.
    async fn list_attempts(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        page: &PageRequest,
    ) -> Result<Page<Attempt>>;
}
