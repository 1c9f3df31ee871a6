//! Drafts: edits that are kept until they are saved or discarded.

use async_trait::async_trait;
use counterpart_model::{
    AccountId, ConnectionId, Draft, OrganizationId, Page, PageRequest, PersonId,
};

use crate::Result;

/// Drafts. One account has one draft in an organization, made of cells.
#[async_trait]
pub trait Drafts {
    /// Keeps edits, each in place of any earlier one of its cell; all or none.
    async fn put_drafts(&self, organization: OrganizationId, drafts: &[Draft]) -> Result<()>;

    /// Drops the edit of a cell; none is no error.
    async fn delete_draft(
        &self,
        organization: OrganizationId,
        account: AccountId,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<()>;

    /// Drops all edits of an account.
    async fn clear_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<()>;

    /// An account's edits, by connection and person.
    async fn list_drafts(
        &self,
        organization: OrganizationId,
        account: AccountId,
        page: &PageRequest,
    ) -> Result<Page<Draft>>;

    /// An account's edits about some people.
    async fn drafts_about(
        &self,
        organization: OrganizationId,
        account: AccountId,
        people: &[PersonId],
    ) -> Result<Vec<Draft>>;

    /// How many edits an account has.
    async fn count_drafts(&self, organization: OrganizationId, account: AccountId) -> Result<u64>;
}
