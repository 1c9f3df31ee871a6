//! Proposals: replaced at every re-evaluation.

use counterpart_model::{ConnectionId, OrganizationId, PersonId, Proposal};
use counterpart_store::{Result, StoreError};
use tokio_postgres::Client;

use crate::params::params;
use crate::sql::{self, to_json};

/// How many CRM users fit about as well as the one that is proposed, it included.
fn candidates(proposal: &Proposal) -> u64 {
    if proposal.ambiguous {
        proposal.rivals.len() as u64 + 1
    } else {
        0
    }
}

/// Replaces the proposals of a connection: of all people, or of some.
pub(super) async fn replace(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    proposals: &[Proposal],
) -> Result<()> {
    let elsewhere = |proposal: &&Proposal| {
        proposal.connection_id != connection
            || people.is_some_and(|people| !people.contains(&proposal.person_id))
    };
    if let Some(proposal) = proposals.iter().find(elsewhere) {
        return Err(StoreError::Misuse(format!(
            "a proposal for person {} in connection {} is outside of what is replaced",
            proposal.person_id, proposal.connection_id
        )));
    }
    sql::execute(
        client,
        "DELETE FROM proposal
         WHERE organization_id = $1 AND connection_id = $2
           AND ($3::uuid[] IS NULL OR person_id = ANY($3))",
        &params![organization, connection, people.map(<[_]>::to_vec)],
    )
    .await?;
    let (mut people, mut users, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    let (mut certain, mut ambiguous, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut evidence, mut rivals) = (Vec::new(), Vec::new());
    for proposal in proposals {
        people.push(proposal.person_id);
        users.push(&proposal.crm_user_id);
        scores.push(proposal.score);
        certain.push(proposal.certain);
        ambiguous.push(proposal.ambiguous);
        counts.push(candidates(proposal));
        evidence.push(to_json(&proposal.evidence)?);
        rivals.push(to_json(&proposal.rivals)?);
    }
    sql::execute(
        client,
        "INSERT INTO proposal
            (organization_id, connection_id, person_id, crm_user_id, score, certain, ambiguous,
             candidates, evidence, rivals)
         SELECT $1, $2, proposal.*
         FROM unnest($3::uuid[], $4::text[], $5::float8[], $6::bool[], $7::bool[], $8::bigint[],
                     $9::text[], $10::text[]) AS proposal",
        &params![
            organization,
            connection,
            people,
            users,
            scores,
            certain,
            ambiguous,
            counts,
            evidence,
            rivals,
        ],
    )
    .await?;
    Ok(())
}
