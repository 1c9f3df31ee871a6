//! Connections and their sealed credentials.

use async_trait::async_trait;
use counterpart_model::{
    Connection, ConnectionId, OrganizationId, Sealed, Timestamp, audit::AuditEvent,
    connection::Health,
};

use crate::Result;

/// A connection to be kept, with what changes of its credentials.
#[derive(Debug, Clone)]
pub struct SaveConnection {
    /// The connection. Its version is the one its maker saw: 0 for a new one.
    pub connection: Connection,
    /// Credentials to keep.
    pub seal: Vec<(String, Sealed)>,
    /// Names of credentials to forget.
    pub forget: Vec<String>,
    /// The audit entry about it.
    pub event: AuditEvent,
}

/// How saving a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is kept, with this version.
    Done(u64),
    /// Another one has its folded name; nothing was written.
    NameTaken,
    /// It was changed meanwhile; nothing was written.
    Stale,
}

/// Connections.
#[async_trait]
pub trait Connections {
    /// The connection of an id.
    async fn find_connection(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Option<Connection>>;

    /// The connections of an organization, the built-in directory included, by time of making.
    async fn list_connections(&self, organization: OrganizationId) -> Result<Vec<Connection>>;

    /// Keeps a connection. `health`, `remote_org`, `synced_at`, `changed_since` and
    /// `credentials` of a known one are left as they stand: they have writers of their own.
    /// `credentials` is derived from what is stored.
    async fn save_connection(
        &self,
        organization: OrganizationId,
        save: &SaveConnection,
    ) -> Result<Saved>;

    /// Notes how a connection is and, when given, which organization it leads to. `since` moves
    /// only when state or code change; then an event of the log tells of it. When the state is another
    /// one than before, `event` joins the audit chain with it. Says whether it is another one.
    async fn note_health(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        health: &Health,
        remote_org: Option<&counterpart_model::connection::RemoteOrg>,
        event: Option<AuditEvent>,
    ) -> Result<bool>;

    /// The sealed credentials of a connection, by name. Refreshed tokens are among them.
    async fn load_credentials(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Vec<(String, Sealed)>>;

    /// Keeps one credential, in place of any earlier one of its name.
    async fn put_credential(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        name: &str,
        sealed: &Sealed,
    ) -> Result<()>;

    /// Takes the lease `name` for `holder` until `until`, unless somebody else holds it at `now`.
    /// Whoever holds it already prolongs it.
    async fn take_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool>;

    /// Gives a lease back; somebody else's is left alone.
    async fn release_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
    ) -> Result<()>;
}
