//! Inconsistencies: replaced at every evaluation.

use counterpart_model::{ConnectionId, Inconsistency, OrganizationId, PersonId};
use counterpart_store::{Result, StoreError};
use tokio_postgres::Client;

use crate::params::params;
use crate::sql;

/// Replaces the inconsistencies of which one side is in a connection: of all people, or of some.
/// What goes on keeps its *since*.
pub(super) async fn replace(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    found: &[Inconsistency],
) -> Result<()> {
    let elsewhere = |one: &&Inconsistency| {
        !one.is_in(connection) || people.is_some_and(|people| !people.contains(&one.person_id))
    };
    if let Some(one) = found.iter().find(elsewhere) {
        return Err(StoreError::Misuse(format!(
            "an inconsistency of person {} is outside of what is replaced",
            one.person_id
        )));
    }
    let (mut persons, mut connections) = (Vec::new(), Vec::new());
    let (mut others, mut users) = (Vec::new(), Vec::new());
    let (mut other_users, mut since, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for one in found {
        persons.push(one.person_id);
        connections.push(one.connection_id);
        others.push(one.other_connection_id);
        users.push(&one.crm_user_id);
        other_users.push(&one.other_user_id);
        since.push(one.since);
        details.push(one.detail.as_str());
    }
    sql::execute(
        client,
        "DELETE FROM inconsistency AS i
         WHERE i.organization_id = $1 AND $2 IN (i.connection_id, i.other_connection_id)
           AND ($3::uuid[] IS NULL OR i.person_id = ANY($3))
           AND NOT EXISTS (
                SELECT FROM unnest($4::uuid[], $5::uuid[], $6::uuid[])
                    AS found (person_id, connection_id, other_connection_id)
                WHERE found.person_id = i.person_id AND found.connection_id = i.connection_id
                  AND found.other_connection_id = i.other_connection_id
           )",
        &params![
            organization,
            connection,
            people.map(<[_]>::to_vec),
            persons.clone(),
            connections.clone(),
            others.clone(),
        ],
    )
    .await?;
    sql::execute(
        client,
        "INSERT INTO inconsistency AS known
            (organization_id, person_id, connection_id, other_connection_id, crm_user_id,
             other_user_id, since, detail)
         SELECT $1, found.*
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
                     $8::text[]) AS found
         ON CONFLICT (organization_id, person_id, connection_id, other_connection_id)
         DO UPDATE SET
            since = CASE WHEN known.crm_user_id = excluded.crm_user_id
                          AND known.other_user_id = excluded.other_user_id
                         THEN known.since ELSE excluded.since END,
            crm_user_id = excluded.crm_user_id, other_user_id = excluded.other_user_id,
            detail = excluded.detail",
        &params![
            organization,
            persons,
            connections,
            others,
            users,
            other_users,
            since,
            details,
        ],
    )
    .await?;
    Ok(())
}
