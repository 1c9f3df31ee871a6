//! Drift: replaced at every evaluation.

use counterpart_model::{ConnectionId, Drift, OrganizationId, PersonId};
use counterpart_store::{Result, StoreError};
use tokio_postgres::Client;

use crate::params::params;
use crate::sql;

/// Replaces the drift of a connection: of all people, or of some. What goes on keeps its *since*.
pub(super) async fn replace(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    drift: &[Drift],
) -> Result<()> {
    let elsewhere = |drift: &&Drift| {
        drift.connection_id != connection
            || people.is_some_and(|people| !people.contains(&drift.person_id))
    };
    if let Some(drift) = drift.iter().find(elsewhere) {
        return Err(StoreError::Misuse(format!(
            "drift of mapping {} in connection {} is outside of what is replaced",
            drift.mapping_id, drift.connection_id
        )));
    }
    let (mut mappings, mut causes, mut persons) = (Vec::new(), Vec::new(), Vec::new());
    let (mut primary, mut since) = (Vec::new(), Vec::new());
    let (mut details, mut others) = (Vec::new(), Vec::new());
    for drift in drift {
        mappings.push(drift.mapping_id);
        causes.push(drift.cause.as_str());
        persons.push(drift.person_id);
        primary.push(drift.primary);
        since.push(drift.since);
        details.push(drift.detail.clone());
        others.push(drift.other.as_ref());
    }
    sql::execute(
        client,
        "DELETE FROM drift AS d
         WHERE d.organization_id = $1 AND d.connection_id = $2
           AND ($3::uuid[] IS NULL OR d.person_id = ANY($3))
           AND NOT EXISTS (
                SELECT FROM unnest($4::uuid[], $5::text[]) AS found (mapping_id, cause)
                WHERE found.mapping_id = d.mapping_id AND found.cause = d.cause
           )",
        &params![
            organization,
            connection,
            people.map(<[_]>::to_vec),
            mappings.clone(),
            causes.clone(),
        ],
    )
    .await?;
    sql::execute(
        client,
        "INSERT INTO drift
            (organization_id, connection_id, mapping_id, cause, person_id, is_primary, since,
             detail, other_user_id)
         SELECT $1, $2, found.*
         FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::bool[], $7::bigint[], $8::text[],
                     $9::text[]) AS found
         ON CONFLICT (organization_id, mapping_id, cause) DO UPDATE SET
            connection_id = excluded.connection_id, person_id = excluded.person_id,
            is_primary = excluded.is_primary, detail = excluded.detail,
            other_user_id = excluded.other_user_id",
        &params![
            organization,
            connection,
            mappings,
            causes,
            persons,
            primary,
            since,
            details,
            others,
        ],
    )
    .await?;
    Ok(())
}
