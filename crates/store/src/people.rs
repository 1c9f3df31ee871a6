//! People and their identities.

use async_trait::async_trait;
use counterpart_model::{
    Identity, IdentityKind, OrganizationId, Page, PageRequest, Person, PersonId, Timestamp,
};

use crate::Result;

/// Which people are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    /// Words that must all occur in the person's search text, as parts of it. Already folded.
    pub words: Vec<String>,
    /// Only those who work here now (`true`) or do not (`false`).
    pub active: Option<bool>,
}

/// How many people there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeopleCount {
    /// Who work here now.
    pub active: u64,
    /// Who do not.
    pub inactive: u64,
}

/// People and identities, for reading. They are written by change sets.
#[async_trait]
pub trait People {
    /// The person of an id.
    async fn find_person(
        &self,
        organization: OrganizationId,
        id: PersonId,
    ) -> Result<Option<Person>>;

    /// The people of several ids, in no particular order; unknown ids are left out.
    async fn find_people(
        &self,
        organization: OrganizationId,
        ids: &[PersonId],
    ) -> Result<Vec<Person>>;

    /// The departments there are, in one spelling each, by their folded names; at most `most`.
    async fn list_departments(
        &self,
        organization: OrganizationId,
        most: u32,
    ) -> Result<Vec<String>>;

    /// The person of an external id, compared byte by byte.
    async fn find_person_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Option<Person>>;

    /// The people that fit, by sort key and id.
    async fn list_people(
        &self,
        organization: OrganizationId,
        query: &PeopleQuery,
        page: &PageRequest,
    ) -> Result<Page<Person>>;

    /// How many people there are.
    async fn count_people(&self, organization: OrganizationId) -> Result<PeopleCount>;

    /// The identities of some people, past and future ones too, by person, kind and beginning.
    async fn list_identities(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Identity>>;

    /// Who has a handle at an instant, in any connection.
    async fn find_identities(
        &self,
        organization: OrganizationId,
        kind: IdentityKind,
        value: &str,
        at: Timestamp,
    ) -> Result<Vec<Identity>>;
}
