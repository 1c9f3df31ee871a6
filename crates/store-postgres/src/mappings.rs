//! Mappings, proposals and decisions, for reading. They are written in a unit of work.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, Decision, DecisionId, DecisionKind, Mapping, MappingId,
    MatchingSettings, OrganizationId, Page, PageRequest, PersonId, Proposal,
};
use counterpart_store::mappings::{MappingQuery, ProposalQuery};
use counterpart_store::{Mappings, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::people::period_of;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, cursor, error};

pub(crate) fn mapping_of(row: &Row) -> Result<Mapping> {
    Ok(Mapping {
        id: row.read("mapping_id")?,
        connection_id: row.read("connection_id")?,
        person_id: row.read("person_id")?,
        crm_user_id: row.read("crm_user_id")?,
        period: period_of(row)?,
        person_exclusive: row.read("person_exclusive")?,
        crm_user_exclusive: row.read("crm_user_exclusive")?,
        origin: row.word("origin")?,
        evidence: row.json("evidence")?,
        witness: row.json_opt("witness")?,
        created_at: row.read("created_at")?,
        version: row.read("version")?,
    })
}

pub(crate) fn matching_settings_of(row: &Row) -> Result<MatchingSettings> {
    Ok(MatchingSettings {
        connection_id: row.read("connection_id")?,
        rules: row.json("rules")?,
        version: row.read("version")?,
    })
}

pub(crate) fn decision_of(row: &Row) -> Result<Decision> {
    let kind: String = row.read("kind")?;
    let person: Option<PersonId> = row.read("person_id")?;
    let crm_user: Option<CrmUserId> = row.read("crm_user_id")?;
    let kind = match (kind.as_str(), person, crm_user) {
        ("not_this_pair", Some(person_id), Some(crm_user_id)) => DecisionKind::NotThisPair {
            person_id,
            crm_user_id,
        },
        ("no_account", Some(person_id), None) => DecisionKind::NoAccount { person_id },
        ("not_a_person", None, Some(crm_user_id)) => DecisionKind::NotAPerson { crm_user_id },
        ("shared_seat", None, Some(crm_user_id)) => DecisionKind::SharedSeat { crm_user_id },
        _ => {
            return Err(error::unreadable(
                "kind",
                format!("{kind} of the wrong subject"),
            ));
        }
    };
    Ok(Decision {
        id: row.read("decision_id")?,
        connection_id: row.read("connection_id")?,
        kind,
        reason: row.read("reason")?,
        expires_at: row.read("expires_at")?,
        created_at: row.read("created_at")?,
        version: row.read("version")?,
    })
}

pub(crate) fn proposal_of(row: &Row) -> Result<Proposal> {
    Ok(Proposal {
        connection_id: row.read("connection_id")?,
        person_id: row.read("person_id")?,
        crm_user_id: row.read("crm_user_id")?,
        score: row.read("score")?,
        certain: row.read("certain")?,
        ambiguous: row.read("ambiguous")?,
        evidence: row.json("evidence")?,
        rivals: row.json("rivals")?,
    })
}

#[async_trait]
impl Mappings for PostgresStore {
    async fn find_mapping(
        &self,
        organization: OrganizationId,
        id: MappingId,
    ) -> Result<Option<Mapping>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM mapping WHERE organization_id = $1 AND mapping_id = $2",
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(mapping_of)
        .transpose()
    }

    async fn list_mappings(
        &self,
        organization: OrganizationId,
        query: &MappingQuery,
        page: &PageRequest,
    ) -> Result<Page<Mapping>> {
        let after: Option<MappingId> = cursor::after(page)?;
        let mappings = sql::query(
            &*self.client().await?,
            "SELECT * FROM mapping
             WHERE organization_id = $1
               AND ($2::uuid IS NULL OR connection_id = $2)
               AND ($3::uuid IS NULL OR person_id = $3)
               AND ($4::text IS NULL OR crm_user_id = $4)
               AND ($5::bigint IS NULL OR (valid_from <= $5 AND $5 < valid_to))
               AND ($6::uuid IS NULL OR mapping_id > $6)
             ORDER BY mapping_id
             LIMIT $7",
            &params![
                organization,
                query.connection_id,
                query.person_id,
                query.crm_user_id.as_ref(),
                query.at,
                after,
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(mapping_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, mappings, |mapping| mapping.id)
    }

    async fn find_proposal(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Option<Proposal>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM proposal
             WHERE organization_id = $1 AND connection_id = $2 AND person_id = $3",
            &params![organization, connection, person],
        )
        .await?
        .as_ref()
        .map(proposal_of)
        .transpose()
    }

    async fn find_proposals(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM proposal
             WHERE organization_id = $1 AND connection_id = $2 AND person_id = ANY($3)",
            &params![organization, connection, people.to_vec()],
        )
        .await?
        .iter()
        .map(proposal_of)
        .collect()
    }

    async fn list_proposals(
        &self,
        organization: OrganizationId,
        query: &ProposalQuery,
        page: &PageRequest,
    ) -> Result<Page<Proposal>> {
        let (connection, person) = cursor::after::<(ConnectionId, PersonId)>(page)?.unzip();
        let proposals = sql::query(
            &*self.client().await?,
            "SELECT * FROM proposal AS p
             WHERE organization_id = $1
               AND ($2::uuid IS NULL OR connection_id = $2)
               AND (NOT $3 OR (certain AND EXISTS (
                    SELECT FROM situation AS s
                    WHERE s.organization_id = p.organization_id
                      AND s.connection_id = p.connection_id
                      AND s.person_id = p.person_id
                      AND s.situation = 'proposed'
               )))
               AND ($4::uuid IS NULL OR (connection_id, person_id) > ($4, $5))
             ORDER BY connection_id, person_id
             LIMIT $6",
            &params![
                organization,
                query.connection_id,
                query.certain_only,
                connection,
                person,
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(proposal_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, proposals, |p| (p.connection_id, p.person_id))
    }

    async fn list_decisions(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> Result<Page<Decision>> {
        let after: Option<DecisionId> = cursor::after(page)?;
        let decisions = sql::query(
            &*self.client().await?,
            "SELECT * FROM decision
             WHERE organization_id = $1
               AND ($2::uuid IS NULL OR connection_id = $2)
               AND ($3::uuid IS NULL OR decision_id > $3)
             ORDER BY decision_id
             LIMIT $4",
            &params![organization, connection, after, cursor::limit(page)],
        )
        .await?
        .iter()
        .map(decision_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, decisions, |decision| decision.id)
    }

    async fn decisions_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<Decision>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM decision WHERE organization_id = $1 AND person_id = $2
             ORDER BY decision_id",
            &params![organization, person],
        )
        .await?
        .iter()
        .map(decision_of)
        .collect()
    }
}
