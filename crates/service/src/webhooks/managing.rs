//! Who is told: adding, changing, pausing, replaying, removing webhooks.

use counterpart_model::webhook::{Attempt, OLD_SECRET_SIGNS, OldSecret};
use counterpart_model::{
    Code, EventKind, Page, PageRequest, Role, Webhook, WebhookId, WebhookState,
};
use counterpart_outbound::Url;
use counterpart_store::webhooks::SaveWebhook;
use secrecy::SecretString;

use super::reading::refuse_outside;
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// The longest address, in characters.
const LONGEST_URL: usize = 2_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// A webhook that is wanted.
#[derive(Debug, Clone, Default)]
pub struct WebhookInput {
    /// What it is for.
    pub name: String,
    /// Where events are to be sent.
    pub url: String,
    /// Which events; all kinds when nothing is said.
    pub kinds: Vec<EventKind>,
    /// The cursor behind which events are sent; those from now on when nothing is said.
    pub after: Option<u64>,
}

/// What is to be different about a webhook; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// What it is for.
    pub name: Option<String>,
    /// Where events are to be sent.
    pub url: Option<String>,
    /// Which events.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether it is told of events.
    pub active: Option<bool>,
    /// The version that was changed; the present one when nothing is said.
    pub version: Option<u64>,
}

/// A webhook whose secret is new.
#[derive(Debug)]
pub struct NewWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// What its messages are signed with. Nobody can show it again.
    pub secret: SecretString,
}

/// A webhook and how far it is.
#[derive(Debug, Clone)]
pub struct WebhookView {
    /// The webhook.
    pub webhook: Webhook,
    /// How many events lie behind its cursor, of whatever kind.
    pub behind: u64,
}

impl Service {
    /// Adds a webhook. Admins and owners only.
    pub async fn create_webhook(&self, actor: &Actor, input: WebhookInput) -> Result<NewWebhook> {
        actor.require(Role::Admin)?;
        let organization = actor.organization();
        let kinds = if input.kinds.is_empty() {
            EventKind::ALL.to_vec()
        } else {
            input.kinds
        };
        let (name, url, kinds) = self.checked(&input.name, &input.url, &kinds).await?;
        let span = self.store().event_span(organization).await?;
        let cursor = input.after.unwrap_or(span.newest);
        refuse_outside(span, cursor)?;
        let id = WebhookId::generate(self.clock(), self.entropy());
        let (secret, sealed) = self.new_secret(organization, id).await?;
        let webhook = Webhook {
            id,
            name,
            url,
            kinds,
            state: WebhookState::Active,
            disabled_because: None,
            secret: sealed,
            old_secret: None,
            cursor,
            failed_attempts: 0,
            next_at: self.now(),
            created_at: self.now(),
            version: 0,
        };
        let webhook = self.keep_webhook(actor, webhook, "webhook.created").await?;
        Ok(NewWebhook { webhook, secret })
    }

    /// The webhooks, by time of making. Admins and owners only: addresses often hold a secret.
    pub async fn list_webhooks(&self, actor: &Actor) -> Result<Vec<WebhookView>> {
        actor.require(Role::Admin)?;
        let organization = actor.organization();
        let webhooks = self.store().list_webhooks(organization).await?;
        let newest = self.store().event_span(organization).await?.newest;
        let views = webhooks.into_iter().map(|webhook| WebhookView {
            behind: newest.saturating_sub(webhook.cursor),
            webhook,
        });
        Ok(views.collect())
    }

    /// The webhook of an id. Admins and owners only.
    pub async fn webhook(&self, actor: &Actor, id: WebhookId) -> Result<WebhookView> {
        let webhook = self.known_webhook(actor, id).await?;
        let span = self.store().event_span(actor.organization()).await?;
        Ok(WebhookView {
            behind: span.newest.saturating_sub(webhook.cursor),
            webhook,
        })
    }

    /// Changes, pauses or resumes a webhook. One that is resumed goes on where it stopped.
    pub async fn change_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook> {
        let mut webhook = self.known_webhook(actor, id).await?;
        if change.version.is_some_and(|seen| seen != webhook.version) {
            return Err(stale(&webhook));
        }
        let moved = change.url.is_some() || change.name.is_some() || change.kinds.is_some();
        if moved {
            let name = change.name.unwrap_or(webhook.name);
            let url = change.url.unwrap_or(webhook.url);
            let kinds = change.kinds.unwrap_or(webhook.kinds);
            (webhook.name, webhook.url, webhook.kinds) = self.checked(&name, &url, &kinds).await?;
        }
        match change.active {
            Some(true) if webhook.state != WebhookState::Active => {
                webhook.state = WebhookState::Active;
                webhook.disabled_because = None;
                webhook.failed_attempts = 0;
                webhook.next_at = self.now();
            }
            Some(false) if webhook.state == WebhookState::Active => {
                webhook.state = WebhookState::Paused;
            }
            _ => {}
        }
        self.keep_webhook(actor, webhook, "webhook.changed").await
    }

    /// Gives a webhook another secret. The one it has signs as well for a day.
    pub async fn rotate_webhook_secret(&self, actor: &Actor, id: WebhookId) -> Result<NewWebhook> {
        let mut webhook = self.known_webhook(actor, id).await?;
        let (secret, sealed) = self.new_secret(actor.organization(), id).await?;
        let replaced = std::mem::replace(&mut webhook.secret, sealed);
        webhook.old_secret = Some(OldSecret {
            sealed: replaced,
            until: self.now().plus_seconds(OLD_SECRET_SIGNS),
        });
        let webhook = self
            .keep_webhook(actor, webhook, "webhook.secret_rotated")
            .await?;
        Ok(NewWebhook { webhook, secret })
    }

    /// Removes a webhook with its delivery log.
    pub async fn remove_webhook(&self, actor: &Actor, id: WebhookId) -> Result<()> {
        let webhook = self.known_webhook(actor, id).await?;
        let event = self.audit_event(actor.account(), "webhook.removed", webhook.name);
        let removed = self
            .store()
            .remove_webhook(actor.organization(), id, event)
            .await?;
        if removed { Ok(()) } else { Err(unknown(id)) }
    }

    /// Sends the events from sequence `from` on again, under their old ids, as soon as the
    /// webhook is active.
    pub async fn replay_webhook(
        &self,
        actor: &Actor,
        id: WebhookId,
        from: u64,
    ) -> Result<WebhookView> {
        let webhook = self.known_webhook(actor, id).await?;
        let organization = actor.organization();
        let cursor = from.checked_sub(1).ok_or_else(|| {
            let message = "sequences begin at 1";
            Error::field(Code::RequestInvalid, "from", message)
        })?;
        refuse_outside(self.store().event_span(organization).await?, cursor)?;
        let details = format!("{}, from event {from}", webhook.name);
        let event = self.audit_event(actor.account(), "webhook.replayed", details);
        let rewound = self
            .store()
            .rewind_webhook(organization, id, cursor, self.now(), event)
            .await?;
        if !rewound {
            return Err(unknown(id));
        }
        self.wake_deliveries();
        self.webhook(actor, id).await
    }

    /// The attempts to deliver to a webhook, newest first.
    pub async fn list_webhook_attempts(
        &self,
        actor: &Actor,
        id: WebhookId,
        page: &PageRequest,
    ) -> Result<Page<Attempt>> {
        self.known_webhook(actor, id).await?;
        Ok(self
            .store()
            .list_attempts(actor.organization(), id, page)
            .await?)
    }

    pub(super) async fn known_webhook(&self, actor: &Actor, id: WebhookId) -> Result<Webhook> {
        actor.require(Role::Admin)?;
        let found = self.store().find_webhook(actor.organization(), id).await?;
        found.ok_or_else(|| unknown(id))
    }

    /// Keeps a webhook; as it is kept.
    async fn keep_webhook(
        &self,
        actor: &Actor,
        mut webhook: Webhook,
        action: &str,
    ) -> Result<Webhook> {
        let save = SaveWebhook {
            event: self.audit_event(actor.account(), action, &webhook.name),
            webhook: webhook.clone(),
        };
        let saved = self
            .store()
            .save_webhook(actor.organization(), &save)
            .await?;
        if !saved {
            return Err(stale(&webhook));
        }
        webhook.version += 1;
        self.wake_deliveries();
        Ok(webhook)
    }

    /// Name, address and kinds as they are kept, or what is wrong with them.
    async fn checked(
        &self,
        name: &str,
        url: &str,
        kinds: &[EventKind],
    ) -> Result<(String, String, Vec<EventKind>)> {
        let mut wrong = Vec::new();
        let mut refuse = |field: &str, message: String| {
            wrong.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let message = "say in 1 to 100 characters what the webhook is for";
            refuse("name", message.to_owned());
        }
        let mut kinds = kinds.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            refuse("types", "choose at least one type of event".to_owned());
        }
        let address = self.checked_address(url).await;
        if let Err(message) = &address {
            refuse("url", message.clone());
        }
        match address {
            Ok(url) if wrong.is_empty() => Ok((name.to_owned(), url, kinds)),
            _ => Err(Error::with_fields(Code::WebhookInvalid, wrong)),
        }
    }

    async fn checked_address(&self, url: &str) -> std::result::Result<String, String> {
        let url = url.trim();
        if url.chars().count() > LONGEST_URL {
            return Err(format!("an address has at most {LONGEST_URL} characters"));
        }
        let mut url = Url::parse(url).map_err(|_| {
            "enter an address like https://hooks.example.com/counterpart".to_owned()
        })?;
        url.set_fragment(None);
        let checked = self.parts.client.check_address(&url).await;
        checked.map_err(|error| error.to_string())?;
        Ok(url.into())
    }
}

fn unknown(id: WebhookId) -> Error {
    Error::new(Code::RequestNotFound, format!("there is no webhook {id}"))
}

fn stale(webhook: &Webhook) -> Error {
    let detail = format!("the webhook {} was changed meanwhile", webhook.name);
    Error::new(Code::WebhookStale, detail)
}
