//! What a store of Counterpart can do.
//!
//! The traits here are implemented once per database, in `store-sqlite` and `store-postgres`;
//! everybody else sees `dyn Store`. There are two ways of writing:
//!
//! - **Whole commands**, methods of [`Store`] itself: complete in one call, durable when they
//!   return.
//! - **The unit of work**, [`Store::begin`]: exclusive within its organization, with a deadline.
//!   [`UnitOfWork::commit`] makes everything in it true at once; dropping it undoes everything.
//!   Inside one, nothing but the store is awaited.
//!
//! Every method but those on global things (accounts, sessions, tokens; see
//! [`global_tables::GLOBAL_TABLES`]) takes the organization first and sees no other
//! organization's rows.
//!
//! The [`conformance`] suite says what an implementation must do; both databases pass it, or the
//! build is red.

use async_trait::async_trait;
use counterpart_model::OrganizationId;

pub mod accounts;
pub mod changes;
pub mod checks;
pub mod conformance;
pub mod connections;
pub mod crm_users;
pub mod drafts;
pub mod drift;
pub mod error;
pub mod evaluations;
pub mod events;
pub mod global_tables;
pub mod grid;
pub mod inconsistencies;
pub mod mappings;
pub mod organizations;
pub mod pending;
pub mod people;
pub mod resolve;
pub mod review;
pub mod runs;
pub mod saved_views;
pub mod standings;
pub mod unit_of_work;
pub mod webhooks;

pub use accounts::Accounts;
pub use changes::Changes;
pub use checks::Checks;
pub use connections::Connections;
pub use crm_users::CrmUsers;
pub use drafts::Drafts;
pub use drift::Drifts;
pub use error::{ApplyError, StoreError};
pub use evaluations::Evaluations;
pub use events::Events;
pub use grid::Grid;
pub use inconsistencies::Inconsistencies;
pub use mappings::Mappings;
pub use organizations::Organizations;
pub use pending::Pendings;
pub use people::People;
pub use resolve::Resolve;
pub use review::Reviews;
pub use runs::Runs;
pub use saved_views::SavedViews;
pub use unit_of_work::UnitOfWork;
pub use webhooks::Webhooks;

/// The result of nearly everything here.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A database of Counterpart.
#[async_trait]
pub trait Store:
    Accounts
    + Organizations
    + People
    + CrmUsers
    + Connections
    + Runs
    + Mappings
    + Resolve
    + Drifts
    + Evaluations
    + Inconsistencies
    + Grid
    + Reviews
    + Drafts
    + SavedViews
    + Changes
    + Pendings
    + Events
    + Webhooks
    + Checks
    + Send
    + Sync
    + 'static
{
    /// Opens a unit of work in one organization. At most one is open in an organization at a
    /// time; a second waits for the first, at most until its own deadline
    /// ([`unit_of_work::DEADLINE`]), and then fails with [`StoreError::Busy`].
    async fn begin(&self, organization: OrganizationId) -> Result<Box<dyn UnitOfWork>>;

    /// Whether the database answers now.
    async fn ping(&self) -> Result<()>;
}
