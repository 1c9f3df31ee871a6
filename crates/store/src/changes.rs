//! Change sets and the audit chain, for reading.

use async_trait::async_trait;
use counterpart_model::{
    ChangeLine, ChangeSet, OrganizationId, Page, PageRequest, PersonId, Subject, Thing,
    audit::AuditEntry,
};

use crate::Result;

/// Change sets and audit entries.
#[async_trait]
pub trait Changes {
    /// The change set of a number.
    async fn find_change_set(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<ChangeSet>>;

    /// The change sets, newest first.
    async fn list_change_sets(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>>;

    /// The change sets with a line about a person, newest first: the person, their identities,
    /// mappings and decisions.
    async fn change_sets_about(
        &self,
        organization: OrganizationId,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<ChangeSet>>;

    /// The lines of a change set, in the order in which they were given.
    async fn list_change_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>>;

    /// What stands now of some things, in no particular order; what is not there is left out.
    async fn standing(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<Thing>>;

    /// The identities, mappings and decisions about some people, in no particular order.
    async fn about_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Thing>>;

    /// Everything that claims a place which one of `wanted` claims too, whether or not at the same
    /// time, and `wanted` itself where it stands: mappings of the same person or CRM user in a
    /// connection, identities with the same handle in a connection, decisions of the same kind
    /// about the same, the person with the same external id. In no particular order, some perhaps
    /// twice.
    async fn rivals(&self, organization: OrganizationId, wanted: &[Thing]) -> Result<Vec<Thing>>;

    /// The number of the change set that last changed each of some things, in no particular
    /// order; what never was changed is left out.
    async fn last_changed(
        &self,
        organization: OrganizationId,
        subjects: &[Subject],
    ) -> Result<Vec<(Subject, u64)>>;

    /// The audit chain, newest first.
    async fn list_audit(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>>;
}
