//! Mappings, proposals and decisions, for reading.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, Decision, Mapping, MappingId, OrganizationId, Page, PageRequest, PersonId,
    Proposal,
};
use counterpart_store::mappings::{MappingQuery, ProposalQuery};
use counterpart_store::{Mappings, Result};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::query::{KEYS, Query, after, all, first, key, keys, limit, page};
use crate::{SqliteStore, fault, rows};

fn list_mappings(
    db: &Connection,
    organization: OrganizationId,
    wanted: &MappingQuery,
    request: &PageRequest,
) -> fault::Result<Page<Mapping>> {
    let mut query = Query::new("SELECT");
    query.text(rows::MAPPING);
    query.with(
        "FROM mapping WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    if let Some(connection) = wanted.connection_id {
        query.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(person) = wanted.person_id {
        query.with("AND person_id = ?", key(person).to_vec());
    }
    if let Some(user) = &wanted.crm_user_id {
        query.with("AND crm_user_id = ?", user.0.clone());
    }
    if let Some(at) = wanted.at {
        query.with("AND valid_from <= ?", at.as_micros());
        query.with("AND valid_to > ?", at.as_micros());
    }
    if let Some(id) = after::<Uuid>(request)? {
        query.with("AND mapping_id > ?", key(id).to_vec());
    }
    query.with("ORDER BY mapping_id LIMIT ?", limit(request));
    let mappings = query.all(db, rows::mapping)?;
    page(request, mappings, |mapping| Uuid::from(mapping.id))
}

fn list_proposals(
    db: &Connection,
    organization: OrganizationId,
    wanted: &ProposalQuery,
    request: &PageRequest,
) -> fault::Result<Page<Proposal>> {
    let mut query = Query::new("SELECT");
    query.text(rows::PROPOSAL);
    query.with(
        "FROM proposal WHERE proposal.organization_id = ?",
        key(organization).to_vec(),
    );
    if let Some(connection) = wanted.connection_id {
        query.with("AND proposal.connection_id = ?", key(connection).to_vec());
    }
    if wanted.certain_only {
        query.text(
            "AND proposal.certain AND EXISTS (SELECT 1 FROM situation \
             WHERE situation.organization_id = proposal.organization_id \
             AND situation.connection_id = proposal.connection_id \
             AND situation.person_id = proposal.person_id AND situation.situation = 'proposed')",
        );
    }
    if let Some((connection, person)) = after::<(Uuid, Uuid)>(request)? {
        query.with(
            "AND (proposal.connection_id, proposal.person_id) > (?, ?)",
            key(connection).to_vec(),
        );
        query.bind(key(person).to_vec());
    }
    query.with(
        "ORDER BY proposal.connection_id, proposal.person_id LIMIT ?",
        limit(request),
    );
    let proposals = query.all(db, rows::proposal)?;
    page(request, proposals, |proposal| {
        (
            Uuid::from(proposal.connection_id),
            Uuid::from(proposal.person_id),
        )
    })
}

fn list_decisions(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    request: &PageRequest,
) -> fault::Result<Page<Decision>> {
    let mut query = Query::new("SELECT");
    query.text(rows::DECISION);
    query.with(
        "FROM decision WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    if let Some(connection) = connection {
        query.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(id) = after::<Uuid>(request)? {
        query.with("AND decision_id > ?", key(id).to_vec());
    }
    query.with("ORDER BY decision_id LIMIT ?", limit(request));
    let decisions = query.all(db, rows::decision)?;
    page(request, decisions, |decision| Uuid::from(decision.id))
}

#[async_trait]
impl Mappings for SqliteStore {
    async fn find_mapping(
        &self,
        organization: OrganizationId,
        id: MappingId,
    ) -> Result<Option<Mapping>> {
        let sql = format!(
            "SELECT {} FROM mapping WHERE organization_id = ? AND mapping_id = ?",
            rows::MAPPING
        );
        self.read(move |db| first(db, &sql, [key(organization), key(id)], rows::mapping))
            .await
    }

    async fn list_mappings(
        &self,
        organization: OrganizationId,
        query: &MappingQuery,
        page: &PageRequest,
    ) -> Result<Page<Mapping>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list_mappings(db, organization, &query, &page))
            .await
    }

    async fn find_proposal(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Option<Proposal>> {
        let sql = format!(
            "SELECT {} FROM proposal \
             WHERE organization_id = ? AND connection_id = ? AND person_id = ?",
            rows::PROPOSAL
        );
        let cell = [key(organization), key(connection), key(person)];
        self.read(move |db| first(db, &sql, cell, rows::proposal))
            .await
    }

    async fn find_proposals(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>> {
        let people = keys(people);
        let sql = format!(
            "SELECT {} FROM proposal \
             WHERE organization_id = ? AND connection_id = ? AND person_id IN {KEYS}",
            rows::PROPOSAL
        );
        self.read(move |db| {
            let values = params![key(organization), key(connection), people];
            all(db, &sql, values, rows::proposal)
        })
        .await
    }

    async fn list_proposals(
        &self,
        organization: OrganizationId,
        query: &ProposalQuery,
        page: &PageRequest,
    ) -> Result<Page<Proposal>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list_proposals(db, organization, &query, &page))
            .await
    }

    async fn list_decisions(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> Result<Page<Decision>> {
        let page = page.clone();
        self.read(move |db| list_decisions(db, organization, connection, &page))
            .await
    }

    async fn decisions_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<Decision>> {
        let sql = format!(
            "SELECT {} FROM decision WHERE organization_id = ? AND person_id = ? \
             ORDER BY decision_id",
            rows::DECISION
        );
        self.read(move |db| all(db, &sql, [key(organization), key(person)], rows::decision))
            .await
    }
}
