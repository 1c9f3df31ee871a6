//! Organizations.

use async_trait::async_trait;
use counterpart_model::{
    Account, Connection, Membership, Organization, OrganizationId, Timestamp, audit::AuditEvent,
};

use crate::Result;

/// Everything that comes into being together with an organization.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// The organization.
    pub organization: Organization,
    /// Its built-in connection, the directory.
    pub directory: Connection,
    /// A new account that comes with it, if any.
    pub account: Option<Account>,
    /// Who may do what in it; the account may be a new or an existing one.
    pub membership: Option<Membership>,
    /// The set-up link that is used up by it, with the present instant.
    pub setup_link: Option<([u8; 32], Timestamp)>,
    /// The first entry of its audit chain.
    pub event: AuditEvent,
}

/// How founding an organization ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Founded {
    /// Everything is there.
    Done,
    /// The folded name is taken; nothing was written.
    NameTaken,
    /// The account's address is taken; nothing was written.
    AccountExists,
    /// The set-up link is not valid (any more); nothing was written.
    LinkInvalid,
}

/// Organizations.
#[async_trait]
pub trait Organizations {
    /// Founds an organization with all that belongs to it, or writes nothing.
    async fn found_organization(&self, new: &NewOrganization) -> Result<Founded>;

    /// The organization of an id.
    async fn find_organization(&self, id: OrganizationId) -> Result<Option<Organization>>;

    /// The organization of a name, by its folded form.
    async fn find_organization_by_name(&self, name: &str) -> Result<Option<Organization>>;

    /// Every organization, by folded name.
    async fn list_organizations(&self) -> Result<Vec<Organization>>;
}
