//! Mappings and decisions of a change set.

use std::collections::HashMap;

use counterpart_model::{Decision, DecisionId, Mapping, MappingId, OrganizationId};
use counterpart_store::{ApplyError, Result};
use tokio_postgres::Client;

use super::change_set::{Change, afters, ids_before};
use crate::mappings::{decision_of, mapping_of};
use crate::params::params;
use crate::sql::{self, to_json};

type Applied = std::result::Result<(), ApplyError>;

pub(super) async fn find_mappings(
    client: &Client,
    organization: OrganizationId,
    ids: Vec<MappingId>,
) -> Result<Vec<Mapping>> {
    sql::query(
        client,
        "SELECT * FROM mapping WHERE organization_id = $1 AND mapping_id = ANY($2)",
        &params![organization, ids],
    )
    .await?
    .iter()
    .map(mapping_of)
    .collect()
}

pub(super) async fn find_decisions(
    client: &Client,
    organization: OrganizationId,
    ids: Vec<DecisionId>,
) -> Result<Vec<Decision>> {
    sql::query(
        client,
        "SELECT * FROM decision WHERE organization_id = $1 AND decision_id = ANY($2)",
        &params![organization, ids],
    )
    .await?
    .iter()
    .map(decision_of)
    .collect()
}

pub(super) async fn take_mappings(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Mapping>],
) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM mapping WHERE organization_id = $1 AND mapping_id = ANY($2)",
        &params![organization, ids_before(changes)],
    )
    .await?;
    Ok(())
}

pub(super) async fn take_decisions(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Decision>],
) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM decision WHERE organization_id = $1 AND decision_id = ANY($2)",
        &params![organization, ids_before(changes)],
    )
    .await?;
    Ok(())
}

pub(super) async fn put_mappings(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Mapping>],
) -> Applied {
    if afters(changes).next().is_none() {
        return Ok(());
    }
    expect_no_overlap(client, organization, changes).await?;
    let (mut ids, mut connections, mut people) = (Vec::new(), Vec::new(), Vec::new());
    let (mut users, mut from, mut to) = (Vec::new(), Vec::new(), Vec::new());
    let (mut person_exclusive, mut crm_user_exclusive) = (Vec::new(), Vec::new());
    let (mut origins, mut evidence, mut witnesses) = (Vec::new(), Vec::new(), Vec::new());
    let (mut created_at, mut versions) = (Vec::new(), Vec::new());
    for mapping in afters(changes) {
        ids.push(mapping.id);
        connections.push(mapping.connection_id);
        people.push(mapping.person_id);
        users.push(&mapping.crm_user_id);
        from.push(mapping.period.from());
        to.push(mapping.period.to());
        person_exclusive.push(mapping.person_exclusive);
        crm_user_exclusive.push(mapping.crm_user_exclusive);
        origins.push(mapping.origin.as_str());
        evidence.push(to_json(&mapping.evidence)?);
        witnesses.push(mapping.witness.as_ref().map(to_json).transpose()?);
        created_at.push(mapping.created_at);
        versions.push(mapping.version);
    }
    sql::execute(
        client,
        "INSERT INTO mapping
            (organization_id, mapping_id, connection_id, person_id, crm_user_id, valid_from,
             valid_to, person_exclusive, crm_user_exclusive, origin, evidence, created_at, version,
             witness)
         SELECT $1, mapping.*
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[],
                     $8::bool[], $9::bool[], $10::text[], $11::text[], $12::bigint[],
                     $13::bigint[], $14::text[]) AS mapping",
        &params![
            organization,
            ids,
            connections,
            people,
            users,
            from,
            to,
            person_exclusive,
            crm_user_exclusive,
            origins,
            evidence,
            created_at,
            versions,
            witnesses,
        ],
    )
    .await?;
    Ok(())
}

/// Fails when a mapping cannot stand beside another one, outside the change set or inside it.
async fn expect_no_overlap(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Mapping>],
) -> Applied {
    let (mut connections, mut people, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for mapping in afters(changes) {
        connections.push(mapping.connection_id);
        people.push(mapping.person_id);
        users.push(&mapping.crm_user_id);
    }
    let rows = sql::query(
        client,
        "SELECT * FROM mapping
         WHERE organization_id = $1 AND connection_id = ANY($2) AND person_id = ANY($3)
         UNION
         SELECT * FROM mapping
         WHERE organization_id = $1 AND connection_id = ANY($2) AND crm_user_id = ANY($4)
         ORDER BY mapping_id",
        &params![organization, connections, people, users],
    )
    .await?;
    let standing = rows.iter().map(mapping_of).collect::<Result<Vec<_>>>()?;
    let mut by_person: HashMap<_, Vec<&Mapping>> = HashMap::new();
    let mut by_user: HashMap<_, Vec<&Mapping>> = HashMap::new();
    for (mapping, wanted) in standing
        .iter()
        .map(|mapping| (mapping, false))
        .chain(afters(changes).map(|mapping| (mapping, true)))
    {
        let same_person = by_person
            .entry((mapping.connection_id, mapping.person_id))
            .or_default();
        let same_user = by_user
            .entry((mapping.connection_id, &mapping.crm_user_id))
            .or_default();
        let mut others = same_person.iter().chain(same_user.iter());
        if wanted && let Some(standing) = others.find(|other| other.clashes_with(mapping)) {
            return Err(ApplyError::Overlap {
                wanted: Box::new(mapping.clone()),
                standing: Box::new(Mapping::clone(standing)),
            });
        }
        same_person.push(mapping);
        same_user.push(mapping);
    }
    Ok(())
}

pub(super) async fn put_decisions(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Decision>],
) -> Applied {
    for change in changes {
        let Some(decision) = &change.after else {
            continue;
        };
        let added = sql::execute(
            client,
            "INSERT INTO decision
                (organization_id, decision_id, connection_id, kind, person_id, crm_user_id,
                 reason, expires_at, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (organization_id, connection_id, kind, person_id, crm_user_id)
             DO NOTHING",
            &params![
                organization,
                decision.id,
                decision.connection_id,
                decision.kind.as_str(),
                decision.kind.person_id(),
                decision.kind.crm_user_id(),
                decision.reason.as_deref(),
                decision.expires_at,
                decision.created_at,
                decision.version,
            ],
        )
        .await?;
        // Its maker did not see that somebody had decided the same.
        if added == 0 {
            return Err(ApplyError::Stale { line: change.line });
        }
    }
    Ok(())
}
