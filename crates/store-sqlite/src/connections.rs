//! Connections, their credentials, and leases.

use async_trait::async_trait;
use counterpart_model::audit::AuditEvent;
use counterpart_model::connection::{Health, RemoteOrg};
use counterpart_model::event::ConnectionStateChange;
use counterpart_model::folding::fold;
use counterpart_model::{
    Code, Connection, ConnectionId, NewEvent, OrganizationId, Sealed, Timestamp,
};
use counterpart_store::connections::{SaveConnection, Saved};
use counterpart_store::{Connections, Result};
use rusqlite::{Connection as Database, params};

use crate::query::{all, execute, execute_one, exists, first, key, number};
use crate::{SqliteStore, audit, events, fault, rows};

/// Adds a connection, as version 1.
pub(crate) fn insert(
    db: &Database,
    organization: OrganizationId,
    connection: &Connection,
) -> fault::Result<()> {
    let sql = "INSERT INTO connection (organization_id, connection_id, name, name_key, provider, \
        side, environment, settings, cardinality, health_state, health_since, health_code, \
        health_detail, remote_org, created_at, synced_at, changed_since, policy, version) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)";
    let remote = connection.remote_org.as_ref().map(serde_json::to_string);
    let values = params![
        key(organization),
        key(connection.id),
        connection.name,
        fold(&connection.name),
        connection.provider,
        connection.side.as_str(),
        connection.environment.as_str(),
        serde_json::to_string(&connection.settings)?,
        connection.cardinality.as_str(),
        connection.health.state.as_str(),
        connection.health.since.as_micros(),
        connection.health.code.map(Code::as_str),
        connection.health.detail,
        remote.transpose()?,
        connection.created_at.as_micros(),
        connection.synced_at.map(Timestamp::as_micros),
        connection.changed_since.map(Timestamp::as_micros),
        serde_json::to_string(&connection.policy)?
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// Writes what the maker of a connection owns.
fn update(
    db: &Database,
    organization: OrganizationId,
    connection: &Connection,
    version: u64,
) -> fault::Result<()> {
    let sql = "UPDATE connection SET name = ?, name_key = ?, provider = ?, side = ?, \
        environment = ?, settings = ?, cardinality = ?, policy = ?, created_at = ?, version = ? \
        WHERE organization_id = ? AND connection_id = ?";
    let values = params![
        connection.name,
        fold(&connection.name),
        connection.provider,
        connection.side.as_str(),
        connection.environment.as_str(),
        serde_json::to_string(&connection.settings)?,
        connection.cardinality.as_str(),
        serde_json::to_string(&connection.policy)?,
        connection.created_at.as_micros(),
        number(version),
        key(organization),
        key(connection.id)
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn save(db: &Database, organization: OrganizationId, save: SaveConnection) -> fault::Result<Saved> {
    let connection = &save.connection;
    let ids = [key(organization), key(connection.id)];
    let sql = "SELECT version FROM connection WHERE organization_id = ? AND connection_id = ?";
    let standing = first(db, sql, ids, |row| rows::count(row, 0))?;
    if standing.unwrap_or(0) != connection.version {
        return Ok(Saved::Stale);
    }
    let sql = "SELECT 1 FROM connection \
        WHERE organization_id = ? AND connection_id <> ? AND name_key = ?";
    if exists(db, sql, params![ids[0], ids[1], fold(&connection.name)])? {
        return Ok(Saved::NameTaken);
    }
    let version = connection.version + 1;
    match standing {
        None => insert(db, organization, connection)?,
        Some(_) => update(db, organization, connection, version)?,
    }
    let sql = "DELETE FROM credential \
        WHERE organization_id = ? AND connection_id = ? AND name = ?";
    for name in &save.forget {
        execute(db, sql, params![ids[0], ids[1], name])?;
    }
    for (name, sealed) in &save.seal {
        put_credential(db, organization, connection.id, name, sealed)?;
    }
    audit::append(db, organization, save.event)?;
    Ok(Saved::Done(version))
}

fn put_credential(
    db: &Database,
    organization: OrganizationId,
    id: ConnectionId,
    name: &str,
    sealed: &Sealed,
) -> fault::Result<()> {
    let sql = "INSERT INTO credential \
        (organization_id, connection_id, name, key_id, nonce, ciphertext) \
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (organization_id, connection_id, name) \
        DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce, \
        ciphertext = excluded.ciphertext";
    let values = params![
        key(organization),
        key(id),
        name,
        sealed.key_id,
        sealed.nonce,
        sealed.ciphertext
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn note_health(
    db: &Database,
    organization: OrganizationId,
    id: ConnectionId,
    health: &Health,
    remote_org: Option<&RemoteOrg>,
    event: Option<AuditEvent>,
) -> fault::Result<bool> {
    let told = state_change(db, organization, id, health)?;
    let ids = (key(organization), key(id));
    let sql = "SELECT health_state = ? FROM connection \
        WHERE organization_id = ? AND connection_id = ?";
    let values = params![health.state.as_str(), ids.0, ids.1];
    let same: Option<bool> = first(db, sql, values, |row| Ok(row.get(0)?))?;
    // Every right-hand side sees the row as it was.
    let sql = "UPDATE connection SET \
        health_since = CASE WHEN health_state = ?1 AND health_code IS ?2 \
        THEN health_since ELSE ?3 END, \
        health_state = ?1, health_code = ?2, health_detail = ?4, \
        remote_org = coalesce(?5, remote_org), retry = ?6 \
        WHERE organization_id = ?7 AND connection_id = ?8";
    let remote = remote_org.map(serde_json::to_string).transpose()?;
    let retry = health.retry.as_ref().map(serde_json::to_string);
    let values: [&dyn rusqlite::ToSql; 8] = [
        &health.state.as_str(),
        &health.code.map(Code::as_str),
        &health.since.as_micros(),
        &health.detail,
        &remote,
        &retry.transpose()?,
        &ids.0,
        &ids.1,
    ];
    execute_one(db, sql, &values, "the connection")?;
    events::append(db, organization, &Vec::from_iter(told), health.since)?;
    let changed = same == Some(false);
    if let Some(event) = event.filter(|_| changed) {
        audit::append(db, organization, event)?;
    }
    Ok(changed)
}

/// The event that tells of another state, or of the same for another reason.
fn state_change(
    db: &Database,
    organization: OrganizationId,
    id: ConnectionId,
    health: &Health,
) -> fault::Result<Option<NewEvent>> {
    let sql = "SELECT name, health_state, health_code FROM connection \
        WHERE organization_id = ? AND connection_id = ? \
        AND (health_state, health_code) IS NOT (?, ?)";
    let code = health.code.map(Code::as_str);
    let values = params![key(organization), key(id), health.state.as_str(), code];
    first(db, sql, values, |row| {
        Ok(NewEvent::ConnectionState(ConnectionStateChange {
            connection_id: id,
            name: row.get(0)?,
            before: rows::word(row, 1)?,
            state: health.state,
            code: health.code,
            detail: health.detail.clone(),
        }))
    })
}

#[async_trait]
impl Connections for SqliteStore {
    async fn find_connection(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Option<Connection>> {
        let sql = format!(
            "SELECT {} FROM connection WHERE organization_id = ? AND connection_id = ?",
            rows::CONNECTION
        );
        self.read(move |db| first(db, &sql, [key(organization), key(id)], rows::connection))
            .await
    }

    async fn list_connections(&self, organization: OrganizationId) -> Result<Vec<Connection>> {
        let sql = format!(
            "SELECT {} FROM connection WHERE organization_id = ? \
             ORDER BY created_at, connection_id",
            rows::CONNECTION
        );
        self.read(move |db| all(db, &sql, [key(organization)], rows::connection))
            .await
    }

    async fn save_connection(
        &self,
        organization: OrganizationId,
        save: &SaveConnection,
    ) -> Result<Saved> {
        let wanted = save.clone();
        self.write(move |db| self::save(db, organization, wanted))
            .await
    }

    async fn note_health(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        health: &Health,
        remote_org: Option<&RemoteOrg>,
        event: Option<AuditEvent>,
    ) -> Result<bool> {
        let (health, remote) = (health.clone(), remote_org.cloned());
        self.write(move |db| note_health(db, organization, id, &health, remote.as_ref(), event))
            .await
    }

    async fn load_credentials(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Vec<(String, Sealed)>> {
        let sql = format!(
            "SELECT {} FROM credential WHERE organization_id = ? AND connection_id = ? \
             ORDER BY name",
            rows::CREDENTIAL
        );
        self.read(move |db| all(db, &sql, [key(organization), key(id)], rows::credential))
            .await
    }

    async fn put_credential(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        name: &str,
        sealed: &Sealed,
    ) -> Result<()> {
        let (name, sealed) = (name.to_owned(), sealed.clone());
        self.write(move |db| put_credential(db, organization, id, &name, &sealed))
            .await
    }

    async fn take_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.write(move |db| {
            let sql = "INSERT INTO lease (organization_id, name, holder, until) \
                VALUES (?1, ?2, ?3, ?4) ON CONFLICT (organization_id, name) \
                DO UPDATE SET holder = excluded.holder, until = excluded.until \
                WHERE lease.holder = excluded.holder OR lease.until <= ?5";
            let organization = key(organization);
            let (until, now) = (until.as_micros(), now.as_micros());
            Ok(execute(db, sql, params![organization, name, holder, until, now])? == 1)
        })
        .await
    }

    async fn release_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
    ) -> Result<()> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        self.write(move |db| {
            let sql = "DELETE FROM lease WHERE organization_id = ? AND name = ? AND holder = ?";
            execute(db, sql, params![key(organization), name, holder])?;
            Ok(())
        })
        .await
    }
}
