//! Telling: what is due, to each webhook by one node at a time, several webhooks at once.

use std::time::Duration;

use counterpart_model::event::EVENTS_KEPT;
use counterpart_model::webhook::{Attempt, AttemptOutcome};
use counterpart_model::{
    Code, LoggedEvent, OrganizationId, Role, Timestamp, Webhook, WebhookId, entropy,
};
use counterpart_signing::Secret;
use counterpart_store::webhooks::{ClaimWebhook, ClaimedWebhook, RecordAttempt, Then};
use serde_json::json;
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::PATIENCE;
use super::attempt::{Answer, Message, Next, next};
use crate::{Actor, Event, Result, Service, access};

/// How often to look for what is due when nothing wakes.
const LOOK: Duration = Duration::from_secs(5);
/// How many webhooks are delivered to at the same time.
const AT_ONCE: usize = 16;
/// How many events are sent under one claim at most.
const IN_ONE_CLAIM: u32 = 20;
/// For how long a claim holds without a sign of life, in seconds: longer than an attempt takes.
const LEASE_SECONDS: i64 = 60;
/// How often old events are forgotten, in seconds.
const FORGET_EVERY: i64 = 60 * 60;

impl Service {
    /// Delivers events as they come, until the task is dropped. Several nodes may do it at once:
    /// a webhook is one node's at a time.
    pub async fn keep_delivering(&self) {
        let mut events = self.events.subscribe();
        let mut under_way = JoinSet::new();
        let mut forgotten_at = Timestamp::ALWAYS;
        loop {
            if let Err(error) = self.take_up(&mut under_way).await {
                tracing::warn!(code = %error.code(), %error, "webhooks cannot be looked up");
            }
            if self.now().seconds_since(forgotten_at) >= FORGET_EVERY {
                forgotten_at = self.now();
                if let Err(error) = self.forget_old_events().await {
                    tracing::warn!(code = %error.code(), %error, "old events not forgotten");
                }
            }
            tokio::select! {
                Some(_) = under_way.join_next() => {}
                () = something(&mut events) => {}
                () = self.deliveries.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Delivers everything that is due now, and what becomes due by that.
    pub async fn deliver_due(&self) -> Result<()> {
        let mut under_way = JoinSet::new();
        loop {
            self.take_up(&mut under_way).await?;
            match under_way.join_next().await {
                Some(Ok(true)) => {}
                // What failed is due again when its lease ends, which is not now.
                Some(_) if !under_way.is_empty() => {}
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// Begins with what is due, as far as there is room.
    async fn take_up(&self, under_way: &mut JoinSet<bool>) -> Result<()> {
        for organization in self.store().list_organizations().await? {
            let id = organization.id;
            for webhook in self.store().due_webhooks(id, self.now()).await? {
                if under_way.len() >= AT_ONCE {
                    return Ok(());
                }
                let service = self.clone();
                under_way.spawn(async move { service.deliver_logged(id, webhook).await });
            }
        }
        Ok(())
    }

    /// Delivers to a webhook; whether it was done without a fault of our own.
    async fn deliver_logged(&self, organization: OrganizationId, id: WebhookId) -> bool {
        match self.deliver_to(organization, id).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(webhook = %id, code = %error.code(), %error, "not delivered");
                false
            }
        }
    }

    /// Delivers what is due to a webhook, unless somebody else does.
    async fn deliver_to(&self, organization: OrganizationId, id: WebhookId) -> Result<()> {
        let now = self.now();
        let claim = ClaimWebhook {
            id,
            holder: access::random_text(self.entropy()),
            now,
            until: now.plus_seconds(LEASE_SECONDS),
            most: IN_ONE_CLAIM,
        };
        let claimed = self.store().claim_webhook(organization, &claim).await?;
        let Some(ClaimedWebhook { webhook, events }) = claimed else {
            return Ok(());
        };
        let secrets = self.signing_secrets(organization, &webhook).await?;
        let mut failed = webhook.failed_attempts;
        for (place, event) in events.iter().enumerate() {
            let is_last = place + 1 == events.len();
            let (attempt, answer) = self
                .attempt(organization, &webhook, event, &secrets)
                .await?;
            let next = next(&answer, failed, self.now(), self.entropy());
            let goes_on = next == Next::Done && !is_last;
            let (attempt, then) = self.settled(&webhook, attempt, next, goes_on);
            let record = RecordAttempt {
                webhook_id: id,
                holder: claim.holder.clone(),
                attempt,
                then,
            };
            let is_ours = self.store().record_attempt(organization, &record).await?;
            if !(goes_on && is_ours) {
                return Ok(());
            }
            failed = 0;
        }
        Ok(())
    }

    /// Sends an event.
    async fn attempt(
        &self,
        organization: OrganizationId,
        webhook: &Webhook,
        event: &LoggedEvent,
        secrets: &[Secret],
    ) -> Result<(Attempt, Answer)> {
        let id = event.message_id(organization);
        let body = event.message(organization).to_string();
        let message = Message {
            url: &webhook.url,
            id: &id,
            body: &body,
            secrets,
        };
        let (mut attempt, answer) = self.send(&message).await?;
        attempt.sequence = Some(event.sequence);
        attempt.kind = Some(event.kind);
        Ok((attempt, answer))
    }

    async fn send(&self, message: &Message<'_>) -> Result<(Attempt, Answer)> {
        let at = self.now();
        let answer = self.post(message).await?;
        let micros = self.now().as_micros().saturating_sub(at.as_micros());
        let attempt = Attempt {
            number: 0,
            sequence: None,
            message_id: message.id.to_owned(),
            kind: None,
            at,
            millis: u64::try_from(micros / 1_000).unwrap_or(0),
            outcome: if answer.is_success() {
                AttemptOutcome::Delivered
            } else {
                AttemptOutcome::Failed
            },
            status: answer.status,
            code: answer.code,
            answer: answer.text.clone(),
            next_at: None,
        };
        Ok((attempt, answer))
    }

    /// The attempt with what follows from it.
    fn settled(
        &self,
        webhook: &Webhook,
        mut attempt: Attempt,
        next: Next,
        goes_on: bool,
    ) -> (Attempt, Then) {
        let then = match next {
            Next::Done => {
                let lease = if goes_on { LEASE_SECONDS } else { 0 };
                Then::Advance(self.now().plus_seconds(lease))
            }
            Next::Again(at) => {
                attempt.next_at = Some(at);
                Then::Retry(at)
            }
            Next::Never(because) => {
                attempt.outcome = AttemptOutcome::GivenUp;
                let code = Code::WebhookDisabled;
                tracing::warn!(webhook = webhook.name, %code, because, "webhook disabled");
                let details = format!("{}: {because}", webhook.name);
                let event = self.audit_event(None, "webhook.disabled", details);
                Then::Disable { because, event }
            }
        };
        (attempt, then)
    }

    /// Sends a test event to a webhook of any state, and waits for the answer. It is in the
    /// delivery log, but not in the log of events.
    pub async fn test_webhook(&self, actor: &Actor, id: WebhookId) -> Result<Attempt> {
        actor.require(Role::Admin)?;
        let webhook = self.known_webhook(actor, id).await?;
        let organization = actor.organization();
        let secrets = self.signing_secrets(organization, &webhook).await?;
        let random = Uuid::from_bytes(entropy::bytes(self.entropy()));
        let message_id = format!("test_{}", random.simple());
        let body = json!({
            "id": message_id,
            "type": "webhook.test",
            "version": counterpart_model::event::EVENT_VERSION,
            "timestamp": self.now(),
            "organization_id": organization,
            "sequence": null,
            "data": {"webhook_id": id, "name": webhook.name},
        });
        let message = Message {
            url: &webhook.url,
            id: &message_id,
            body: &body.to_string(),
            secrets: &secrets,
        };
        let (attempt, _) = self.send(&message).await?;
        let record = RecordAttempt {
            webhook_id: id,
            holder: String::new(),
            attempt,
            then: Then::Nothing,
        };
        self.store().record_attempt(organization, &record).await?;
        Ok(record.attempt)
    }

    /// Forgets events that are older than [`EVENTS_KEPT`] and the attempts to deliver them.
    pub async fn forget_old_events(&self) -> Result<()> {
        let before = self.now().plus_seconds(-EVENTS_KEPT);
        for organization in self.store().list_organizations().await? {
            self.store().forget_events(organization.id, before).await?;
        }
        Ok(())
    }

    /// Lets deliveries look at once whether something is due.
    pub(super) fn wake_deliveries(&self) {
        self.deliveries.notify_one();
    }
}

/// Waits for something that may have written an event.
async fn something(events: &mut broadcast::Receiver<Event>) {
    loop {
        match events.recv().await {
            // Runs write none until they end, which is told as another event.
            Ok(Event::Run { .. }) => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            // Cannot happen while the service, which holds the sender, is borrowed.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

const _: () = assert!(
    LEASE_SECONDS.unsigned_abs() > 2 * PATIENCE,
    "a claim outlives an attempt"
);
