//! Change sets that wait for a second person, for reading. They are kept and ended in a unit of
//! work: [`crate::UnitOfWork::keep_pending`], [`crate::UnitOfWork::end_pending`].

use async_trait::async_trait;
use counterpart_model::{
    ChangeLine, OrganizationId, Page, PageRequest, PendingChangeSet, PendingState,
};

use crate::Result;

/// Change sets that wait, or waited.
#[async_trait]
pub trait Pendings {
    /// The one of a number.
    async fn find_pending(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<PendingChangeSet>>;

    /// Those in a state, or all, newest first.
    async fn list_pending(
        &self,
        organization: OrganizationId,
        state: Option<PendingState>,
        page: &PageRequest,
    ) -> Result<Page<PendingChangeSet>>;

    /// How many are in a state.
    async fn count_pending(&self, organization: OrganizationId, state: PendingState)
    -> Result<u64>;

    /// The lines of one, in the order in which they were given.
    async fn list_pending_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>>;
}
