//! The PostgreSQL store, for PostgreSQL 15 or newer.
//!
//! Invariants:
//! - Every statement on a table of an organization carries the organization's id, and every key
//!   of such a table starts with it, so that a cluster can shard by organization.
//! - It works through a pooler in transaction mode: nothing is kept in a session. Statements are
//!   unnamed, settings are local to a transaction, locks are locks on rows.
//! - Whoever writes several rows of an organization locks its row in `organization_head` first.
//! - Nothing here shows the URL's password, nor SQL or values in an error.
//!
//! What is *not* here: use cases, and the texts by which people are searched and sorted, which
//! the model makes.

mod accounts;
mod changes;
mod checks;
mod connections;
mod credentials;
mod crm_users;
mod cursor;
mod drafts;
mod drifts;
mod error;
mod evaluations;
mod events;
mod grid;
mod grid_rows;
mod inconsistencies;
mod mappings;
mod migrations;
mod options;
mod organizations;
mod params;
mod pending;
mod people;
mod resolve;
mod review;
mod runs;
mod saved_views;
mod sql;
mod staging;
mod things;
mod tls;
mod transaction;
mod unit_of_work;
mod webhooks;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use counterpart_model::OrganizationId;
use counterpart_store::{Result, Store, UnitOfWork};
use deadpool_postgres::{Object, Pool};

pub use migrations::{MigrationReport, schema_fingerprint};
pub use options::PostgresOptions;

use transaction::Queues;
use unit_of_work::PostgresUnit;

/// A PostgreSQL database of Counterpart.
pub struct PostgresStore {
    pool: Pool,
    queues: Arc<Queues>,
    options: PostgresOptions,
    /// The URL without its password.
    address: String,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("address", &self.address)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the database of a URL like `postgres://user:password@host:5432/database`.
    ///
    /// `sslmode` in the URL is `disable`, `prefer` (the default: encrypted when the server can,
    /// without asking who it is) or `require` (also spelled `verify-full`: the certificate is
    /// verified against Mozilla's authorities). With [`PostgresOptions::ca_file`] certificates
    /// are verified against that file, under `prefer` too. Sockets in the file system are never
    /// encrypted.
    ///
    /// Checks that the server is PostgreSQL 15 or newer with a UTF-8 database, and that the
    /// schema is this version's: fails with [`counterpart_store::StoreError::Outdated`] or
    /// [`counterpart_store::StoreError::Newer`] when it is not. Never migrates.
    pub async fn connect(url: &str, options: PostgresOptions) -> Result<Self> {
        let target = options::Target::parse(url)?;
        let pool = options::pool(&target, &options)?;
        let client = pool.get().await.map_err(|e| error::from_pool(&e))?;
        options::check_server(&client).await?;
        migrations::check(&client).await?;
        drop(client);
        Ok(Self {
            queues: Arc::new(Queues::new(options.connections)),
            address: target.address,
            pool,
            options,
        })
    }

    /// Brings the schema of the database of a URL up to this version; without pending migrations
    /// it does nothing. Either all pending migrations are applied or none. Of several nodes that
    /// do this at once one migrates and the others wait for it.
    pub async fn migrate(url: &str, options: &PostgresOptions) -> Result<MigrationReport> {
        let target = options::Target::parse(url)?;
        let pool = options::pool(&target, options)?;
        let client = pool.get().await.map_err(|e| error::from_pool(&e))?;
        options::check_server(&client).await?;
        migrations::migrate(client).await
    }

    /// A connection for one statement.
    async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(|e| error::from_pool(&e))
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self, organization: OrganizationId) -> Result<Box<dyn UnitOfWork>> {
        Ok(Box::new(PostgresUnit::begin(self, organization).await?))
    }

    async fn ping(&self) -> Result<()> {
        let client = self.client().await?;
        sql::execute(&client, "SELECT 1", &[]).await?;
        Ok(())
    }
}
