//! Who is whom at an instant, for many at a time: each method is one round trip however much is
//! asked, and finds what it looks for through an index.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Decision, IdentityKind, Mapping, OrganizationId, PersonId,
    Proposal, Timestamp,
};

use crate::Result;

/// A handle, of whoever has it at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandleAt {
    /// What kind of handle.
    pub kind: IdentityKind,
    /// The handle, compared byte by byte.
    pub value: String,
    /// In which connection; in any without it.
    pub connection_id: Option<ConnectionId>,
    /// When.
    pub at: Timestamp,
}

/// One side of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MappedSide {
    /// A person, in one connection or any.
    Person(PersonId, Option<ConnectionId>),
    /// A CRM user of a connection.
    CrmUser(ConnectionId, CrmUserId),
}

/// A side whose mappings at an instant are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedAt {
    /// Who.
    pub side: MappedSide,
    /// When.
    pub at: Timestamp,
}

/// Answers for many at a time. What answers the question of index `n` comes with `n`.
#[async_trait]
pub trait Resolve {
    /// Who has which external id, compared byte by byte, in no particular order.
    async fn people_of_external_ids(
        &self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, PersonId)>>;

    /// In whose profile which address stands, by
    /// [`email_keys`](counterpart_model::Person::email_keys), in order of address and id.
    async fn people_of_emails(
        &self,
        organization: OrganizationId,
        emails: &[String],
    ) -> Result<Vec<(String, PersonId)>>;

    /// Who has which handle, in order of the questions and then of the people, each once.
    async fn people_of_handles(
        &self,
        organization: OrganizationId,
        handles: &[HandleAt],
    ) -> Result<Vec<(usize, PersonId)>>;

    /// The mappings that hold, in order of the questions and then of the mappings' ids.
    async fn mappings_at(
        &self,
        organization: OrganizationId,
        asked: &[MappedAt],
    ) -> Result<Vec<(usize, Mapping)>>;

    /// The decisions *no account* about `people`, and *not a person* and *shared seat* about
    /// `crm_users`, expired ones included, by id.
    async fn decisions_on(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<Decision>>;

    /// What the matcher suggests for `people` where several CRM users fit about as well, by
    /// connection and person.
    async fn ambiguous_proposals(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>>;

    /// The CRM users of some ids, of any connections, in no particular order; unknown ids are
    /// left out.
    async fn crm_users_of_ids(
        &self,
        organization: OrganizationId,
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<CrmUser>>;
}
