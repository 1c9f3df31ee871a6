//! Mappings, proposals and decisions, for reading. They are written in a unit of work.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, Decision, Mapping, MappingId, OrganizationId, Page, PageRequest,
    PersonId, Proposal, Timestamp,
};

use crate::Result;

/// Which mappings are wanted. Conditions are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingQuery {
    /// In which connection.
    pub connection_id: Option<ConnectionId>,
    /// Whose.
    pub person_id: Option<PersonId>,
    /// To whom.
    pub crm_user_id: Option<CrmUserId>,
    /// Holding at this instant.
    pub at: Option<Timestamp>,
}

/// Which proposals are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposalQuery {
    /// In which connection.
    pub connection_id: Option<ConnectionId>,
    /// Only those that are certain and whose person is *proposed* in the connection.
    pub certain_only: bool,
}

/// Mappings, proposals, decisions.
#[async_trait]
pub trait Mappings {
    /// The mapping of an id.
    async fn find_mapping(
        &self,
        organization: OrganizationId,
        id: MappingId,
    ) -> Result<Option<Mapping>>;

    /// The mappings that fit, by id.
    async fn list_mappings(
        &self,
        organization: OrganizationId,
        query: &MappingQuery,
        page: &PageRequest,
    ) -> Result<Page<Mapping>>;

    /// What the matcher suggests for a person in a connection.
    async fn find_proposal(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Option<Proposal>>;

    /// What the matcher suggests for some people in a connection, in no particular order.
    async fn find_proposals(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>>;

    /// The proposals that fit, by connection and person.
    async fn list_proposals(
        &self,
        organization: OrganizationId,
        query: &ProposalQuery,
        page: &PageRequest,
    ) -> Result<Page<Proposal>>;

    /// The decisions of a connection, or of all, expired ones included, by id.
    async fn list_decisions(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> Result<Page<Decision>>;

    /// The decisions about a person, in any connection, expired ones included.
    async fn decisions_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<Decision>>;
}
