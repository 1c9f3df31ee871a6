//! Webhooks and the attempts to deliver to them.

use async_trait::async_trait;
use counterpart_model::audit::AuditEvent;
use counterpart_model::webhook::Attempt;
use counterpart_model::{
    Code, OrganizationId, Page, PageRequest, Timestamp, Webhook, WebhookId, WebhookState,
};
use counterpart_store::webhooks::{ClaimWebhook, ClaimedWebhook, RecordAttempt, SaveWebhook, Then};
use counterpart_store::{Result, Webhooks};
use rusqlite::{Connection, Row, params};

use crate::query::{Query, after, all, execute, first, key, limit, number, page};
use crate::{SqliteStore, audit, events, fault, rows};

const COLUMNS: &str = "webhook_id, name, url, kinds, state, disabled_because, secret, old_secret, \
    cursor, failed_attempts, next_at, created_at, version";

fn webhook(row: &Row<'_>) -> fault::Result<Webhook> {
    Ok(Webhook {
        id: rows::id(row, 0)?,
        name: row.get(1)?,
        url: row.get(2)?,
        kinds: rows::json(row, 3)?,
        state: rows::word(row, 4)?,
        disabled_because: row.get(5)?,
        secret: rows::json(row, 6)?,
        old_secret: rows::maybe_json(row, 7)?,
        cursor: rows::count(row, 8)?,
        failed_attempts: row.get(9)?,
        next_at: rows::time(row, 10)?,
        created_at: rows::time(row, 11)?,
        version: rows::count(row, 12)?,
    })
}

const ATTEMPT: &str = "number, sequence, message_id, kind, at, millis, outcome, status, code, \
    answer, next_at";

fn attempt(row: &Row<'_>) -> fault::Result<Attempt> {
    let sequence: Option<i64> = row.get(1)?;
    let kind: Option<String> = row.get(3)?;
    let code: Option<String> = row.get(8)?;
    let unreadable = |what: String| fault::Fault::corrupt(what);
    Ok(Attempt {
        number: rows::count(row, 0)?,
        sequence: sequence.and_then(|sequence| u64::try_from(sequence).ok()),
        message_id: row.get(2)?,
        kind: kind
            .map(|kind| kind.parse().map_err(|_| unreadable(kind)))
            .transpose()?,
        at: rows::time(row, 4)?,
        millis: rows::count(row, 5)?,
        outcome: rows::word(row, 6)?,
        status: row.get(7)?,
        code: code
            .map(|code| code.parse::<Code>().map_err(|_| unreadable(code)))
            .transpose()?,
        answer: row.get(9)?,
        next_at: rows::maybe_time(row, 10)?,
    })
}

fn find(
    db: &Connection,
    organization: OrganizationId,
    id: WebhookId,
) -> fault::Result<Option<Webhook>> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE organization_id = ? AND webhook_id = ?");
    first(db, &sql, [key(organization), key(id)], webhook)
}

fn save(db: &Connection, organization: OrganizationId, save: SaveWebhook) -> fault::Result<bool> {
    let wanted = &save.webhook;
    let standing = find(db, organization, wanted.id)?;
    if standing.as_ref().map_or(0, |standing| standing.version) != wanted.version {
        return Ok(false);
    }
    // Whoever becomes active has a clean record; nobody else's is touched here.
    let from = match &standing {
        Some(known)
            if known.state == WebhookState::Active || wanted.state != WebhookState::Active =>
        {
            known
        }
        _ => wanted,
    };
    let old_secret = wanted.old_secret.as_ref().map(serde_json::to_string);
    let values = params![
        key(organization),
        key(wanted.id),
        wanted.name,
        wanted.url,
        serde_json::to_string(&wanted.kinds)?,
        wanted.state.as_str(),
        wanted.disabled_because,
        serde_json::to_string(&wanted.secret)?,
        old_secret.transpose()?,
        number(wanted.cursor),
        from.failed_attempts,
        from.next_at.as_micros(),
        wanted.created_at.as_micros(),
        number(wanted.version + 1)
    ];
    let sql = "INSERT INTO webhook (organization_id, webhook_id, name, url, kinds, state, \
        disabled_because, secret, old_secret, cursor, failed_attempts, next_at, created_at, \
        version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (organization_id, webhook_id) DO UPDATE SET name = excluded.name, \
        url = excluded.url, kinds = excluded.kinds, state = excluded.state, \
        disabled_because = excluded.disabled_because, secret = excluded.secret, \
        old_secret = excluded.old_secret, failed_attempts = excluded.failed_attempts, \
        next_at = excluded.next_at, version = excluded.version";
    execute(db, sql, values)?;
    audit::append(db, organization, save.event)?;
    Ok(true)
}

fn claim(
    db: &Connection,
    organization: OrganizationId,
    claim: &ClaimWebhook,
) -> fault::Result<Option<ClaimedWebhook>> {
    let sql = format!(
        "UPDATE webhook SET lease_holder = ?1, lease_until = ?2 \
         WHERE organization_id = ?3 AND webhook_id = ?4 AND state = 'active' \
         AND next_at <= ?5 AND lease_until <= ?5 RETURNING {COLUMNS}"
    );
    let ids = [key(organization), key(claim.id)];
    let values = params![
        claim.holder,
        claim.until.as_micros(),
        ids[0],
        ids[1],
        claim.now.as_micros()
    ];
    let Some(webhook) = first(db, &sql, values, webhook)? else {
        return Ok(None);
    };
    let newest = events::newest(db, organization)?;
    let events = events::behind(db, organization, webhook.cursor, &webhook.kinds, claim.most)?;
    if events.is_empty() {
        let sql = "UPDATE webhook SET cursor = max(cursor, ?), lease_until = 0 \
            WHERE organization_id = ? AND webhook_id = ?";
        execute(db, sql, params![number(newest), ids[0], ids[1]])?;
        return Ok(None);
    }
    Ok(Some(ClaimedWebhook { webhook, events }))
}

fn record(
    db: &Connection,
    organization: OrganizationId,
    record: &RecordAttempt,
) -> fault::Result<bool> {
    let ids = [key(organization), key(record.webhook_id)];
    let sql = "UPDATE webhook SET attempt_number = attempt_number + 1 \
        WHERE organization_id = ? AND webhook_id = ? RETURNING attempt_number";
    let Some(place) = first(db, sql, ids, |row| rows::count(row, 0))? else {
        // It was removed meanwhile, and its attempts with it.
        return Ok(false);
    };
    let attempt = &record.attempt;
    let sql = "INSERT INTO webhook_attempt (organization_id, webhook_id, number, sequence, \
        message_id, kind, at, millis, outcome, status, code, answer, next_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        ids[0],
        ids[1],
        number(place),
        attempt.sequence.map(number),
        attempt.message_id,
        attempt.kind.map(counterpart_model::EventKind::as_str),
        attempt.at.as_micros(),
        number(attempt.millis),
        attempt.outcome.as_str(),
        attempt.status,
        attempt.code.map(Code::as_str),
        attempt.answer,
        attempt.next_at.map(Timestamp::as_micros)
    ];
    execute(db, sql, values)?;
    follow(db, organization, ids, record)
}

fn follow(
    db: &Connection,
    organization: OrganizationId,
    ids: [[u8; 16]; 2],
    record: &RecordAttempt,
) -> fault::Result<bool> {
    const HELD: &str = "WHERE organization_id = ? AND webhook_id = ? AND lease_holder = ? \
        AND lease_until > 0";
    let held = match &record.then {
        Then::Nothing => 1,
        Then::Advance(until) => {
            let sql = format!(
                "UPDATE webhook SET cursor = ?, failed_attempts = 0, next_at = ?, \
                 lease_until = ? {HELD}"
            );
            let values = params![
                record.attempt.sequence.map(number),
                record.attempt.at.as_micros(),
                until.as_micros(),
                ids[0],
                ids[1],
                record.holder
            ];
            execute(db, &sql, values)?
        }
        Then::Retry(at) => {
            let sql = format!(
                "UPDATE webhook SET failed_attempts = failed_attempts + 1, next_at = ?, \
                 lease_until = 0 {HELD}"
            );
            execute(
                db,
                &sql,
                params![at.as_micros(), ids[0], ids[1], record.holder],
            )?
        }
        Then::Disable { because, event } => {
            let sql = format!(
                "UPDATE webhook SET failed_attempts = failed_attempts + 1, lease_until = 0, \
                 state = 'disabled', disabled_because = ?, version = version + 1 {HELD}"
            );
            let disabled = execute(db, &sql, params![because, ids[0], ids[1], record.holder])?;
            if disabled == 1 {
                audit::append(db, organization, event.clone())?;
            }
            disabled
        }
    };
    Ok(held == 1)
}

#[async_trait]
impl Webhooks for SqliteStore {
    async fn find_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<Webhook>> {
        self.read(move |db| find(db, organization, id)).await
    }

    async fn list_webhooks(&self, organization: OrganizationId) -> Result<Vec<Webhook>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook WHERE organization_id = ? \
             ORDER BY created_at, webhook_id"
        );
        self.read(move |db| all(db, &sql, [key(organization)], webhook))
            .await
    }

    async fn save_webhook(&self, organization: OrganizationId, save: &SaveWebhook) -> Result<bool> {
        let wanted = save.clone();
        self.write(move |db| self::save(db, organization, wanted))
            .await
    }

    async fn remove_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        event: AuditEvent,
    ) -> Result<bool> {
        self.write(move |db| {
            let sql = "DELETE FROM webhook WHERE organization_id = ? AND webhook_id = ?";
            let removed = execute(db, sql, [key(organization), key(id)])? == 1;
            if removed {
                audit::append(db, organization, event)?;
            }
            Ok(removed)
        })
        .await
    }

    async fn rewind_webhook(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        cursor: u64,
        now: Timestamp,
        event: AuditEvent,
    ) -> Result<bool> {
        self.write(move |db| {
            let sql = "UPDATE webhook SET cursor = ?, failed_attempts = 0, next_at = ?, \
                lease_until = 0 WHERE organization_id = ? AND webhook_id = ?";
            let values = params![number(cursor), now.as_micros(), key(organization), key(id)];
            let known = execute(db, sql, values)? == 1;
            if known {
                audit::append(db, organization, event)?;
            }
            Ok(known)
        })
        .await
    }

    async fn due_webhooks(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<WebhookId>> {
        self.read(move |db| {
            let sql = "SELECT webhook_id FROM webhook WHERE organization_id = ?1 \
                AND state = 'active' AND next_at <= ?2 AND lease_until <= ?2 \
                AND cursor < (SELECT event_sequence FROM organization_head \
                WHERE organization_id = ?1) ORDER BY next_at, webhook_id";
            let values = params![key(organization), now.as_micros()];
            all(db, sql, values, |row| rows::id(row, 0))
        })
        .await
    }

    async fn claim_webhook(
        &self,
        organization: OrganizationId,
        claim: &ClaimWebhook,
    ) -> Result<Option<ClaimedWebhook>> {
        let wanted = claim.clone();
        self.write(move |db| self::claim(db, organization, &wanted))
            .await
    }

    async fn record_attempt(
        &self,
        organization: OrganizationId,
        record: &RecordAttempt,
    ) -> Result<bool> {
        let made = record.clone();
        self.write(move |db| self::record(db, organization, &made))
            .await
    }

    async fn list_attempts(
        &self,
        organization: OrganizationId,
        id: WebhookId,
        request: &PageRequest,
    ) -> Result<Page<Attempt>> {
        let request = request.clone();
        self.read(move |db| {
            let sql = format!("SELECT {ATTEMPT} FROM webhook_attempt WHERE organization_id = ?");
            let mut query = Query::new(&sql);
            query.bind(key(organization).to_vec());
            query.with("AND webhook_id = ?", key(id).to_vec());
            if let Some(before) = after::<u64>(&request)? {
                query.with("AND number < ?", number(before));
            }
            query.with("ORDER BY number DESC LIMIT ?", limit(&request));
            page(&request, query.all(db, attempt)?, |attempt| attempt.number)
        })
        .await
    }
}
