//! What an evaluation leaves behind, beside what it found.

use counterpart_model::{ConnectionId, CrmUserId, OrganizationId, PersonId, Timestamp};
use counterpart_store::Result;
use counterpart_store::evaluations::Evaluated;
use counterpart_store::unit_of_work::Concerning;
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _};

/// `$1` organization, `$2` connection, `$3` now, `$4` people and `$5` CRM users, or NULL.
const WITHDRAW: &str = "
DELETE FROM proposal AS p
WHERE p.organization_id = $1 AND p.connection_id = $2
  AND ($4::uuid[] IS NULL OR p.person_id = ANY($4) OR p.crm_user_id = ANY($5::text[]))
  AND (
    EXISTS (
        SELECT FROM mapping AS m
        WHERE m.organization_id = $1 AND m.connection_id = $2 AND m.person_id = p.person_id
          AND m.valid_from <= $3 AND $3 < m.valid_to
    )
    OR EXISTS (
        SELECT FROM mapping AS m
        WHERE m.organization_id = $1 AND m.connection_id = $2 AND m.crm_user_id = p.crm_user_id
          AND m.valid_from <= $3 AND $3 < m.valid_to
    )
    OR EXISTS (
        SELECT FROM person
        WHERE person.organization_id = $1 AND person.person_id = p.person_id
          AND NOT person.active
    )
    OR EXISTS (
        SELECT FROM decision AS d
        WHERE d.organization_id = $1 AND d.connection_id = $2 AND d.expires_at > $3
          AND d.person_id = p.person_id
          AND (d.kind = 'no_account'
            OR d.kind = 'not_this_pair' AND d.crm_user_id = p.crm_user_id)
    )
    OR EXISTS (
        SELECT FROM decision AS d
        WHERE d.organization_id = $1 AND d.connection_id = $2 AND d.expires_at > $3
          AND d.kind IN ('not_a_person', 'shared_seat') AND d.person_id IS NULL
          AND d.crm_user_id = p.crm_user_id
    )
  )
RETURNING p.person_id";

/// Forgets proposals that cannot be accepted: all of them, or those that a change concerns.
pub(super) async fn withdraw(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    concerning: Option<Concerning<'_>>,
    now: Timestamp,
) -> Result<Vec<PersonId>> {
    let people = concerning.map(|concerning| concerning.people.to_vec());
    let users = concerning.map(|concerning| {
        let users = concerning.crm_users.iter();
        users.collect::<Vec<&CrmUserId>>()
    });
    let params = params![organization, connection, now, people, users];
    people_of(&sql::query(client, WITHDRAW, &params).await?)
}

/// Lets no proposal of a connection be certain.
pub(super) async fn doubt(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<Vec<PersonId>> {
    let sql = "UPDATE proposal SET certain = false
         WHERE organization_id = $1 AND connection_id = $2 AND certain
         RETURNING person_id";
    people_of(&sql::query(client, sql, &params![organization, connection]).await?)
}

fn people_of(rows: &[Row]) -> Result<Vec<PersonId>> {
    let mut people = rows
        .iter()
        .map(|row| row.read("person_id"))
        .collect::<Result<Vec<PersonId>>>()?;
    people.sort_unstable();
    Ok(people)
}

/// Notes that something changed in some connections.
pub(super) async fn note_change(
    client: &Client,
    organization: OrganizationId,
    connections: &[ConnectionId],
    now: Timestamp,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO evaluation (organization_id, connection_id, stale_since, open_changes)
         SELECT $1, changed, $3, 1 FROM unnest($2::uuid[]) AS changed
         ON CONFLICT (organization_id, connection_id) DO UPDATE SET
            stale_since = coalesce(evaluation.stale_since, excluded.stale_since),
            open_changes = evaluation.open_changes + 1",
        &params![organization, connections.to_vec(), now],
    )
    .await?;
    Ok(())
}

/// Notes that changes were looked at.
pub(super) async fn note_evaluation(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    done: Evaluated,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO evaluation (organization_id, connection_id, evaluated_at, open_changes)
         VALUES ($1, $2, $3, 0)
         ON CONFLICT (organization_id, connection_id) DO UPDATE SET
            evaluated_at = coalesce(excluded.evaluated_at, evaluation.evaluated_at),
            stale_since = CASE WHEN evaluation.open_changes > $4
                THEN evaluation.stale_since END,
            open_changes = greatest(evaluation.open_changes - $4, 0)",
        &params![organization, connection, done.everybody_at, done.changes],
    )
    .await?;
    Ok(())
}
