//! People whose CRM users disagree. Found at every evaluation and replaced in a unit of work.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserProfile, Inconsistency, OrganizationId, Page, PageRequest,
    PersonId,
};

use crate::Result;

/// A CRM user that a person is mapped to now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedUser {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Which.
    pub id: CrmUserId,
    /// What the CRM says of it.
    pub profile: CrmUserProfile,
}

/// Two CRM users of one person, in two connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedPair {
    /// Who is mapped to both.
    pub person_id: PersonId,
    /// One of them, in the connection that was asked for.
    pub one: MappedUser,
    /// The other.
    pub other: MappedUser,
}

/// Inconsistencies, for reading. One whose mappings are others by now is left out.
#[async_trait]
pub trait Inconsistencies {
    /// The pairs of CRM users of one person, one of them in `connection`, that do not have the
    /// same folded name: human beings' accounts, in their person's cells, and nobody else's. Of
    /// all people or of some, by person and the other connection.
    async fn list_differing_pairs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        page: &PageRequest,
    ) -> Result<Page<MappedPair>>;

    /// The inconsistencies of some people, by person and both connections.
    async fn inconsistencies_of(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Inconsistency>>;

    /// How many people have CRM users that disagree, counted up to `most`.
    async fn count_inconsistent(&self, organization: OrganizationId, most: u32) -> Result<u64>;
}
