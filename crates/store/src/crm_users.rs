//! CRM users, as of the last complete run.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, OrganizationId, Page, PageRequest, PersonId, Timestamp,
};

use crate::Result;

/// Which CRM users of a connection are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmUserQuery {
    /// Words that must all occur in the user's search text, as parts of it. Already folded.
    pub words: Vec<String>,
    /// Only those that can be chosen for the present ([`CrmUser::is_usable`]).
    pub usable_only: bool,
    /// Only human beings' accounts.
    pub people_only: bool,
    /// Only those that full runs no longer find, and that do not count as gone yet.
    pub missing_only: bool,
    /// Only those without a mapping at this instant.
    pub unmapped_at: Option<Timestamp>,
    /// Only those of a kind to look at.
    pub subset: Option<CrmUserSubset>,
}

/// Some of a connection's CRM users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrmUserSubset {
    /// Those that cannot be chosen for the present: deactivated, deleted or gone.
    Unusable,
    /// Accounts that are no human being's.
    NotPeople,
    /// Those whose mapping drifts.
    Drifted,
    /// Those that are proposed to somebody.
    Proposed,
}

/// A person to whom a CRM user is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedAt {
    /// The CRM user.
    pub crm_user_id: CrmUserId,
    /// The person.
    pub person_id: PersonId,
    /// How probable the pair is, 0 to 1.
    pub score: f64,
    /// Whether it is certain.
    pub certain: bool,
}

/// How many CRM users a connection has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CrmUserCount {
    /// Known, gone ones included.
    pub known: u64,
    /// Not gone.
    pub present: u64,
    /// Of those: missing, and gone if they stay away.
    pub missing: u64,
    /// Can be chosen for the present.
    pub usable: u64,
}

/// CRM users, for reading. They are written by runs.
#[async_trait]
pub trait CrmUsers {
    /// The CRM user of an id.
    async fn find_crm_user(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        id: &CrmUserId,
    ) -> Result<Option<CrmUser>>;

    /// The CRM users of several ids, in no particular order; unknown ids are left out.
    async fn find_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<CrmUser>>;

    /// The CRM users that fit, by sort key and id.
    async fn list_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        query: &CrmUserQuery,
        page: &PageRequest,
    ) -> Result<Page<CrmUser>>;

    /// To whom some CRM users are proposed, by CRM user and person: of people who are in the
    /// situation *proposed*.
    async fn proposed_at(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Vec<ProposedAt>>;

    /// How many CRM users a connection has.
    async fn count_crm_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<CrmUserCount>;
}
