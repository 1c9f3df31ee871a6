//! Change sets and the audit chain, for reading.

use async_trait::async_trait;
use counterpart_model::{
    ChangeLine, ChangeSet, OrganizationId, Page, PageRequest, audit::AuditEntry,
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

    /// The lines of a change set, in the order in which they were given.
    async fn list_change_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>>;

    /// The audit chain, newest first.
    async fn list_audit(
        &self,
        organization: OrganizationId,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>>;
}
