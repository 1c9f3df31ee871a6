//! System checks that were made.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, OrganizationId, Page, PageRequest, PersonId, SystemCheck, SystemCheckId,
    Timestamp,
};

use crate::Result;

/// Of what system checks are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CheckSubject {
    /// Of the connection itself and of everybody there.
    #[default]
    All,
    /// Of the connection itself.
    Connection,
    /// Of one person there.
    Person(PersonId),
}

/// Which system checks are wanted. Conditions are joined by *and*.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckQuery {
    /// In which connection.
    pub connection_id: Option<ConnectionId>,
    /// Of what.
    pub subject: CheckSubject,
}

/// How many earlier system checks of the same connection, or of the same person there, are left
/// when one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepChecks {
    /// Those that began before this are forgotten.
    pub since: Timestamp,
    /// Of the others the newest stay: this many, with the one that is kept.
    pub most: u32,
}

/// System checks.
#[async_trait]
pub trait Checks {
    /// Keeps a system check and forgets old ones of the same connection, or of the same person
    /// there.
    async fn keep_system_check(
        &self,
        organization: OrganizationId,
        check: &SystemCheck,
        keep: KeepChecks,
    ) -> Result<()>;

    /// The system check of an id.
    async fn find_system_check(
        &self,
        organization: OrganizationId,
        id: SystemCheckId,
    ) -> Result<Option<SystemCheck>>;

    /// The system checks that fit, newest first.
    async fn list_system_checks(
        &self,
        organization: OrganizationId,
        query: &CheckQuery,
        page: &PageRequest,
    ) -> Result<Page<SystemCheck>>;

    /// The newest system check of each connection itself, by connection.
    async fn newest_system_checks(&self, organization: OrganizationId) -> Result<Vec<SystemCheck>>;
}
