//! The log of events.

use async_trait::async_trait;
use counterpart_model::{EventKind, LoggedEvent, NewEvent, OrganizationId, Timestamp};
use counterpart_store::events::EventSpan;
use counterpart_store::{Events, Result};
use tokio_postgres::{Client, Row};

use crate::PostgresStore;
use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};

fn event_of(row: &Row) -> Result<LoggedEvent> {
    Ok(LoggedEvent {
        sequence: row.read("sequence")?,
        at: row.read("at")?,
        kind: row.word("kind")?,
        data: row.json("data")?,
    })
}

/// Adds events behind the last one. The caller holds the organization's lock, so that sequences
/// become visible in their order and a reader passes none over.
pub(crate) async fn append(
    client: &Client,
    organization: OrganizationId,
    events: &[NewEvent],
    now: Timestamp,
) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let (mut kinds, mut data) = (Vec::new(), Vec::new());
    for event in events {
        kinds.push(event.kind().as_str());
        data.push(to_json(event)?);
    }
    let count = events.len() as u64;
    sql::execute(
        client,
        "WITH head AS (
            UPDATE organization_head SET event_sequence = event_sequence + $5
            WHERE organization_id = $1
            RETURNING event_sequence - $5 AS before
         )
         INSERT INTO event (organization_id, sequence, at, kind, data)
         SELECT $1, head.before + event.place, $2, event.kind, event.data
         FROM head, unnest($3::text[], $4::text[]) WITH ORDINALITY AS event (kind, data, place)",
        &params![organization, now, kinds, data, count],
    )
    .await?;
    Ok(())
}

/// At most `most` events of some kinds behind `after`.
pub(crate) async fn behind(
    client: &Client,
    organization: OrganizationId,
    after: u64,
    kinds: &[EventKind],
    most: u32,
) -> Result<Vec<LoggedEvent>> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    sql::query(
        client,
        "SELECT sequence, at, kind, data FROM event
         WHERE organization_id = $1 AND sequence > $2 AND kind = ANY($3)
         ORDER BY sequence LIMIT $4",
        &params![organization, after, kinds, i64::from(most)],
    )
    .await?
    .iter()
    .map(event_of)
    .collect()
}

/// The sequence of the newest event there ever was.
pub(crate) async fn newest(client: &Client, organization: OrganizationId) -> Result<u64> {
    let head = sql::find(
        client,
        "SELECT event_sequence FROM organization_head WHERE organization_id = $1",
        &params![organization],
    )
    .await?;
    head.map_or(Ok(0), |head| head.read("event_sequence"))
}

#[async_trait]
impl Events for PostgresStore {
    async fn list_events(
        &self,
        organization: OrganizationId,
        after: u64,
        most: u32,
    ) -> Result<Vec<LoggedEvent>> {
        let client = self.client().await?;
        behind(&client, organization, after, &EventKind::ALL, most).await
    }

    async fn event_span(&self, organization: OrganizationId) -> Result<EventSpan> {
        let client = self.client().await?;
        let oldest = sql::find(
            &client,
            "SELECT sequence FROM event WHERE organization_id = $1 ORDER BY sequence LIMIT 1",
            &params![organization],
        )
        .await?;
        Ok(EventSpan {
            oldest: oldest.map(|row| row.read("sequence")).transpose()?,
            newest: newest(&client, organization).await?,
        })
    }

    async fn forget_events(&self, organization: OrganizationId, before: Timestamp) -> Result<u64> {
        let client = self.client().await?;
        let attempts = "DELETE FROM webhook_attempt WHERE organization_id = $1 AND at < $2";
        sql::execute(&client, attempts, &params![organization, before]).await?;
        let events = "DELETE FROM event WHERE organization_id = $1 AND at < $2";
        sql::execute(&client, events, &params![organization, before]).await
    }
}
