//! Drift: why mappings that hold may be true no longer. Found at every evaluation and replaced
//! in a unit of work.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, Drift, DriftCause, DriftPolicies, MappingId, OrganizationId, Page, PageRequest,
    PersonId,
};

use crate::Result;

/// Which drift is wanted. Conditions are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriftQuery {
    /// In which connection.
    pub connection_id: Option<ConnectionId>,
    /// Whose.
    pub person_id: Option<PersonId>,
    /// Of which mapping.
    pub mapping_id: Option<MappingId>,
    /// Why.
    pub cause: Option<DriftCause>,
    /// Only the most specific cause of each mapping.
    pub primary_only: bool,
}

/// How many mappings drift for a cause, the most specific of each counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriftCount {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Why.
    pub cause: DriftCause,
    /// How many.
    pub mappings: u64,
}

/// Drift, for reading, and what is to happen then. Rows of mappings that are not there any more
/// are left out.
#[async_trait]
pub trait Drifts {
    /// The drift that fits, by mapping and the name of the cause.
    async fn list_drift(
        &self,
        organization: OrganizationId,
        query: &DriftQuery,
        page: &PageRequest,
    ) -> Result<Page<Drift>>;

    /// All drift of some people, by mapping and the name of the cause.
    async fn drift_of_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Drift>>;

    /// How many mappings drift, by connection and the name of the cause.
    async fn count_drift(&self, organization: OrganizationId) -> Result<Vec<DriftCount>>;

    /// What happens when a mapping of a connection drifts.
    async fn drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<DriftPolicies>;

    /// Says what happens when a mapping of a connection drifts.
    async fn set_drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        policies: &DriftPolicies,
    ) -> Result<()>;
}
