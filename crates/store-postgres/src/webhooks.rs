//! Webhooks and the attempts to deliver to them.

use async_trait::async_trait;
use counterpart_model::audit::AuditEvent;
use counterpart_model::webhook::Attempt;
use counterpart_model::{
    Code, EventKind, OrganizationId, Page, PageRequest, Timestamp, Webhook, WebhookId, WebhookState,
};
use counterpart_store::webhooks::{ClaimWebhook, ClaimedWebhook, RecordAttempt, SaveWebhook, Then};
use counterpart_store::{Result, StoreError, Webhooks};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json, word};
use crate::transaction::append_audit;
use crate::{PostgresStore, cursor, events};

fn webhook_of(row: &Row) -> Result<Webhook> {
    Ok(Webhook {
        id: row.read("webhook_id")?,
        name: row.read("name")?,
        url: row.read("url")?,
        kinds: row.json("kinds")?,
        state: row.word("state")?,
        disabled_because: row.read("disabled_because")?,
        secret: row.json("secret")?,
        old_secret: row.json_opt("old_secret")?,
        cursor: row.read("cursor")?,
        failed_attempts: narrow(row.read("failed_attempts")?)?,
        next_at: row.read("next_at")?,
        created_at: row.read("created_at")?,
        version: row.read("version")?,
    })
}

fn attempt_of(row: &Row) -> Result<Attempt> {
    let kind: Option<String> = row.read("kind")?;
    let code: Option<String> = row.read("code")?;
    let status: Option<u64> = row.read("status")?;
    Ok(Attempt {
        number: row.read("number")?,
        sequence: row.read("sequence")?,
        message_id: row.read("message_id")?,
        kind: kind.map(|kind| word("kind", &kind)).transpose()?,
        at: row.read("at")?,
        millis: row.read("millis")?,
        outcome: row.word("outcome")?,
        status: status.map(narrow).transpose()?,
        code: code.map(|code| word("code", &code)).transpose()?,
        answer: row.read("answer")?,
        next_at: row.read("next_at")?,
    })
}

fn narrow<T: TryFrom<u64>>(number: u64) -> Result<T> {
    T::try_from(number).map_err(|_| StoreError::Corrupt(format!("the number {number}")))
}

async fn find(
    client: &Client,
    organization: OrganizationId,
    id: WebhookId,
) -> Result<Option<Webhook>> {
    sql::find(
        client,
        "SELECT * FROM webhook WHERE organization_id = $1 AND webhook_id = $2",
        &params![organization, id],
    )
    .await?
    .as_ref()
    .map(webhook_of)
    .transpose()
}

/// Writes a webhook with one version more. `fresh` says whether it starts with a clean record.
async fn upsert(
    client: &Client,
    organization: OrganizationId,
    webhook: &Webhook,
    fresh: bool,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO webhook AS known
            (organization_id, webhook_id, name, url, kinds, state, disabled_because, secret,
             old_secret, cursor, failed_attempts, next_at, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (organization_id, webhook_id) DO UPDATE SET
            name = excluded.name, url = excluded.url, kinds = excluded.kinds,
            state = excluded.state, disabled_because = excluded.disabled_because,
            secret = excluded.secret, old_secret = excluded.old_secret,
            failed_attempts =
                CASE WHEN $15 THEN excluded.failed_attempts ELSE known.failed_attempts END,
            next_at = CASE WHEN $15 THEN excluded.next_at ELSE known.next_at END,
            version = excluded.version",
        &params![
            organization,
            webhook.id,
            webhook.name.as_str(),
            webhook.url.as_str(),
            to_json(&webhook.kinds)?,
            webhook.state.as_str(),
            webhook.disabled_because.as_deref(),
            to_json(&webhook.secret)?,
            webhook.old_secret.as_ref().map(to_json).transpose()?,
            webhook.cursor,
            u64::from(webhook.failed_attempts),
            webhook.next_at,
            webhook.created_at,
            webhook.version + 1,
            fresh,
        ],
    )
    .await?;
    Ok(())
}

/// Notes an attempt under the webhook's next number; `false` when the webhook is gone.
async fn note(
    client: &Client,
    organization: OrganizationId,
    record: &RecordAttempt,
) -> Result<bool> {
    let attempt = &record.attempt;
    let noted = sql::execute(
        client,
        "WITH numbered AS (
            UPDATE webhook SET attempt_number = attempt_number + 1
            WHERE organization_id = $1 AND webhook_id = $2
            RETURNING attempt_number
         )
         INSERT INTO webhook_attempt
            (organization_id, webhook_id, number, sequence, message_id, kind, at, millis, outcome,
             status, code, answer, next_at)
         SELECT $1, $2, attempt_number, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM numbered",
        &params![
            organization,
            record.webhook_id,
            attempt.sequence,
            attempt.message_id.as_str(),
            attempt.kind.map(EventKind::as_str),
            attempt.at,
            attempt.millis,
            attempt.outcome.as_str(),
            attempt.status.map(u64::from),
            attempt.code.map(Code::as_str),
            attempt.answer.as_str(),
            attempt.next_at,
        ],
    )
    .await?;
    Ok(noted == 1)
}

/// Does what follows from an attempt, if the claim is still the webhook's. Whether it was.
async fn follow(
    client: &Client,
    organization: OrganizationId,
    record: &RecordAttempt,
) -> Result<bool> {
    let id = record.webhook_id;
    let holder = record.holder.as_str();
    let held = match &record.then {
        Then::Nothing => 1,
        Then::Advance(until) => {
            sql::execute(
                client,
                "UPDATE webhook SET
                    cursor = $4, failed_attempts = 0, next_at = $5, lease_until = $6
                 WHERE organization_id = $1 AND webhook_id = $2
                   AND lease_holder = $3 AND lease_until > 0",
                &params![
                    organization,
                    id,
                    holder,
                    record.attempt.sequence,
                    record.attempt.at,
                    *until,
                ],
            )
            .await?
        }
        Then::Retry(at) => {
            sql::execute(
                client,
                "UPDATE webhook SET
                    failed_attempts = failed_attempts + 1, next_at = $4, lease_until = 0
                 WHERE organization_id = $1 AND webhook_id = $2
                   AND lease_holder = $3 AND lease_until > 0",
                &params![organization, id, holder, *at],
            )
            .await?
        }
        Then::Disable { because, event } => {
            let disabled = sql::execute(
                client,
                "UPDATE webhook SET
                    failed_attempts = failed_attempts + 1, lease_until = 0, state = 'disabled',
                    disabled_because = $4, version = version + 1
                 WHERE organization_id = $1 AND webhook_id = $2
                   AND lease_holder = $3 AND lease_until > 0",
                &params![organization, id, holder, because.as_str()],
            )
            .await?;
            if disabled == 1 {
                append_audit(client, organization, event.clone()).await?;
            }
            disabled
        }
    };
    Ok(held == 1)
}

#[async_trait]
impl Webhooks for PostgresStore {
    async fn find_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<Webhook>> {
        find(&*self.client().await?, organization, id).await
    }

    async fn list_webhooks(&self, organization: OrganizationId) -> Result<Vec<Webhook>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM webhook WHERE organization_id = $1 ORDER BY created_at, webhook_id",
            &params![organization],
        )
        .await?
        .iter()
        .map(webhook_of)
        .collect()
    }

    async fn save_webhook(&self, organization: OrganizationId, save: &SaveWebhook) -> Result<bool> {
        let wanted = &save.webhook;
        let (transaction, _turn) = self.exclusive(organization).await?;
        let standing = find(&transaction, organization, wanted.id).await?;
        if standing.as_ref().map_or(0, |standing| standing.version) != wanted.version {
            return Ok(false);
        }
        // Whoever becomes active has a clean record; nobody else's is touched here.
        let fresh = wanted.state == WebhookState::Active
            && standing.is_none_or(|standing| standing.state != WebhookState::Active);
        upsert(&transaction, organization, wanted, fresh).await?;
        append_audit(&transaction, organization, save.event.clone()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn remove_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        event: AuditEvent,
    ) -> Result<bool> {
        let (transaction, _turn) = self.exclusive(organization).await?;
        let sql = "DELETE FROM webhook WHERE organization_id = $1 AND webhook_id = $2";
        if sql::execute(&transaction, sql, &params![organization, id]).await? == 0 {
            return Ok(false);
        }
        append_audit(&transaction, organization, event).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn rewind_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        cursor: u64,
        now: Timestamp,
        event: AuditEvent,
    ) -> Result<bool> {
        let (transaction, _turn) = self.exclusive(organization).await?;
        let known = sql::execute(
            &transaction,
            "UPDATE webhook SET cursor = $3, failed_attempts = 0, next_at = $4, lease_until = 0
             WHERE organization_id = $1 AND webhook_id = $2",
            &params![organization, id, cursor, now],
        )
        .await?;
        if known == 0 {
            return Ok(false);
        }
        append_audit(&transaction, organization, event).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn due_webhooks(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<WebhookId>> {
        sql::query(
            &*self.client().await?,
            "SELECT webhook_id
             FROM webhook JOIN organization_head USING (organization_id)
             WHERE organization_id = $1 AND state = 'active' AND next_at <= $2
               AND lease_until <= $2 AND cursor < event_sequence
             ORDER BY next_at, webhook_id",
            &params![organization, now],
        )
        .await?
        .iter()
        .map(|row| row.read("webhook_id"))
        .collect()
    }

    async fn claim_webhook(
        &self,
        organization: OrganizationId,
        claim: &ClaimWebhook,
    ) -> Result<Option<ClaimedWebhook>> {
        let client = self.client().await?;
        let claimed = sql::find(
            &client,
            "UPDATE webhook SET lease_holder = $3, lease_until = $4
             WHERE organization_id = $1 AND webhook_id = $2 AND state = 'active'
               AND next_at <= $5 AND lease_until <= $5
             RETURNING *",
            &params![
                organization,
                claim.id,
                claim.holder.as_str(),
                claim.until,
                claim.now,
            ],
        )
        .await?;
        let Some(webhook) = claimed.as_ref().map(webhook_of).transpose()? else {
            return Ok(None);
        };
        // In this order: what is added in between is behind the newest.
        let newest = events::newest(&client, organization).await?;
        let (after, kinds) = (webhook.cursor, &webhook.kinds);
        let events = events::behind(&client, organization, after, kinds, claim.most).await?;
        if !events.is_empty() {
            return Ok(Some(ClaimedWebhook { webhook, events }));
        }
        sql::execute(
            &client,
            "UPDATE webhook SET cursor = greatest(cursor, $4), lease_until = 0
             WHERE organization_id = $1 AND webhook_id = $2
               AND lease_holder = $3 AND lease_until > 0",
            &params![organization, claim.id, claim.holder.as_str(), newest],
        )
        .await?;
        Ok(None)
    }

    async fn record_attempt(
        &self,
        organization: OrganizationId,
        record: &RecordAttempt,
    ) -> Result<bool> {
        // Only the audit chain needs the organization's lock.
        let (transaction, _turn) = if matches!(record.then, Then::Disable { .. }) {
            let (transaction, turn) = self.exclusive(organization).await?;
            (transaction, Some(turn))
        } else {
            (self.transaction().await?, None)
        };
        let held = note(&transaction, organization, record).await?
            && follow(&transaction, organization, record).await?;
        transaction.commit().await?;
        Ok(held)
    }

    async fn list_attempts(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        page: &PageRequest,
    ) -> Result<Page<Attempt>> {
        let before: Option<u64> = cursor::after(page)?;
        let attempts = sql::query(
            &*self.client().await?,
            "SELECT * FROM webhook_attempt
             WHERE organization_id = $1 AND webhook_id = $2 AND ($3::bigint IS NULL OR number < $3)
             ORDER BY number DESC LIMIT $4",
            &params![organization, id, before, cursor::limit(page)],
        )
        .await?
        .iter()
        .map(attempt_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, attempts, |attempt| attempt.number)
    }
}
