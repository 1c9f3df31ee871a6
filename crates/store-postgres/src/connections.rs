//! Connections, their sealed credentials, and leases.

use async_trait::async_trait;
use counterpart_model::audit::AuditEvent;
use counterpart_model::connection::{Health, RemoteOrg};
use counterpart_model::event::ConnectionStateChange;
use counterpart_model::{
    Code, Connection, ConnectionId, NewEvent, OrganizationId, Sealed, Timestamp, folding,
};
use counterpart_store::connections::{SaveConnection, Saved};
use counterpart_store::{Connections, Result, StoreError};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::transaction::append_audit;
use crate::{PostgresStore, events};

/// A connection with the names of its credentials, as a JSON array.
const SELECT: &str = "SELECT connection.*, (
        SELECT coalesce(json_agg(credential.name ORDER BY credential.name), '[]')::text
        FROM credential
        WHERE credential.organization_id = connection.organization_id
          AND credential.connection_id = connection.connection_id
    ) AS credentials
    FROM connection WHERE connection.organization_id = $1";

fn connection_of(row: &Row) -> Result<Connection> {
    let code: Option<String> = row.read("health_code")?;
    Ok(Connection {
        id: row.read("connection_id")?,
        name: row.read("name")?,
        provider: row.read("provider")?,
        side: row.word("side")?,
        environment: row.word("environment")?,
        settings: row.json("settings")?,
        credentials: row.json("credentials")?,
        cardinality: row.word("cardinality")?,
        policy: row.json("policy")?,
        health: Health {
            state: row.word("health_state")?,
            since: row.read("health_since")?,
            code: code
                .map(|code| sql::word("health_code", &code))
                .transpose()?,
            detail: row.read("health_detail")?,
            retry: row.json_opt("retry")?,
        },
        remote_org: row.json_opt("remote_org")?,
        created_at: row.read("created_at")?,
        synced_at: row.read("synced_at")?,
        changed_since: row.read("changed_since")?,
        version: row.read("version")?,
    })
}

/// Adds a connection with everything it has but its credentials.
pub(crate) async fn insert(
    client: &Client,
    organization: OrganizationId,
    connection: &Connection,
    version: u64,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO connection
            (organization_id, connection_id, name, name_key, provider, side, environment,
             settings, cardinality, health_state, health_since, health_code, health_detail,
             remote_org, created_at, synced_at, changed_since, version, policy)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)",
        &params![
            organization,
            connection.id,
            connection.name.as_str(),
            folding::fold(&connection.name),
            connection.provider.as_str(),
            connection.side.as_str(),
            connection.environment.as_str(),
            to_json(&connection.settings)?,
            connection.cardinality.as_str(),
            connection.health.state.as_str(),
            connection.health.since,
            connection.health.code.map(Code::as_str),
            connection.health.detail.as_deref(),
            connection.remote_org.as_ref().map(to_json).transpose()?,
            connection.created_at,
            connection.synced_at,
            connection.changed_since,
            version,
            to_json(&connection.policy)?,
        ],
    )
    .await?;
    Ok(())
}

/// Changes what a connection's saver may change.
async fn update(
    client: &Client,
    organization: OrganizationId,
    connection: &Connection,
) -> Result<()> {
    sql::execute(
        client,
        "UPDATE connection SET
            name = $3, name_key = $4, provider = $5, side = $6, environment = $7, settings = $8,
            cardinality = $9, policy = $10, version = version + 1
         WHERE organization_id = $1 AND connection_id = $2",
        &params![
            organization,
            connection.id,
            connection.name.as_str(),
            folding::fold(&connection.name),
            connection.provider.as_str(),
            connection.side.as_str(),
            connection.environment.as_str(),
            to_json(&connection.settings)?,
            connection.cardinality.as_str(),
            to_json(&connection.policy)?,
        ],
    )
    .await?;
    Ok(())
}

async fn upsert_credential(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
    name: &str,
    sealed: &Sealed,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO credential
            (organization_id, connection_id, name, key_id, nonce, ciphertext)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (organization_id, connection_id, name) DO UPDATE SET
            key_id = excluded.key_id, nonce = excluded.nonce, ciphertext = excluded.ciphertext",
        &params![
            organization,
            connection,
            name,
            sealed.key_id.as_str(),
            sealed.nonce.as_slice(),
            sealed.ciphertext.as_slice(),
        ],
    )
    .await?;
    Ok(())
}

/// The event that tells of another state, or of the same for another reason.
async fn state_change(
    client: &Client,
    organization: OrganizationId,
    id: ConnectionId,
    health: &Health,
) -> Result<Option<NewEvent>> {
    let before = sql::find(
        client,
        "SELECT name, health_state FROM connection
         WHERE organization_id = $1 AND connection_id = $2
           AND (health_state, health_code) IS DISTINCT FROM ($3, $4)",
        &params![
            organization,
            id,
            health.state.as_str(),
            health.code.map(Code::as_str),
        ],
    )
    .await?;
    before
        .map(|row| {
            Ok(NewEvent::ConnectionState(ConnectionStateChange {
                connection_id: id,
                name: row.read("name")?,
                before: row.word("health_state")?,
                state: health.state,
                code: health.code,
                detail: health.detail.clone(),
            }))
        })
        .transpose()
}

/// Notes how a connection is; whether its state is another one than before.
async fn note_health(
    client: &Client,
    organization: OrganizationId,
    id: ConnectionId,
    health: &Health,
    remote_org: Option<&RemoteOrg>,
) -> Result<bool> {
    let noted = sql::find(
        client,
        "WITH before AS (
            SELECT health_state FROM connection
            WHERE organization_id = $1 AND connection_id = $2 FOR NO KEY UPDATE
         )
         UPDATE connection SET
            health_since = CASE
                WHEN connection.health_state = $3
                    AND connection.health_code IS NOT DISTINCT FROM $5
                THEN connection.health_since ELSE $4
            END,
            health_state = $3, health_code = $5, health_detail = $6,
            remote_org = coalesce($7, remote_org), retry = $8
         FROM before
         WHERE organization_id = $1 AND connection_id = $2
         RETURNING before.health_state <> $3 AS changed",
        &params![
            organization,
            id,
            health.state.as_str(),
            health.since,
            health.code.map(Code::as_str),
            health.detail.as_deref(),
            remote_org.map(to_json).transpose()?,
            health.retry.as_ref().map(to_json).transpose()?,
        ],
    )
    .await?;
    match noted {
        Some(row) => row.read("changed"),
        None => Err(StoreError::Misuse(format!("there is no connection {id}"))),
    }
}

#[async_trait]
impl Connections for PostgresStore {
    async fn find_connection(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Option<Connection>> {
        sql::find(
            &*self.client().await?,
            &format!("{SELECT} AND connection_id = $2"),
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(connection_of)
        .transpose()
    }

    async fn list_connections(&self, organization: OrganizationId) -> Result<Vec<Connection>> {
        sql::query(
            &*self.client().await?,
            &format!("{SELECT} ORDER BY created_at, connection_id"),
            &params![organization],
        )
        .await?
        .iter()
        .map(connection_of)
        .collect()
    }

    async fn save_connection(
        &self,
        organization: OrganizationId,
        save: &SaveConnection,
    ) -> Result<Saved> {
        let (transaction, _turn) = self.exclusive(organization).await?;
        let connection = &save.connection;
        let standing = sql::query(
            &transaction,
            "SELECT connection_id, version FROM connection
             WHERE organization_id = $1 AND (connection_id = $2 OR name_key = $3)",
            &params![organization, connection.id, folding::fold(&connection.name)],
        )
        .await?;
        let mut version = None;
        let mut name_taken = false;
        for row in &standing {
            if row.read::<ConnectionId>("connection_id")? == connection.id {
                version = Some(row.read::<u64>("version")?);
            } else {
                name_taken = true;
            }
        }
        if version.unwrap_or(0) != connection.version {
            return Ok(Saved::Stale);
        }
        if name_taken {
            return Ok(Saved::NameTaken);
        }
        match version {
            Some(_) => update(&transaction, organization, connection).await?,
            None => insert(&transaction, organization, connection, 1).await?,
        }
        sql::execute(
            &transaction,
            "DELETE FROM credential
             WHERE organization_id = $1 AND connection_id = $2 AND name = ANY($3)",
            &params![organization, connection.id, save.forget.clone()],
        )
        .await?;
        for (name, sealed) in &save.seal {
            upsert_credential(&transaction, organization, connection.id, name, sealed).await?;
        }
        append_audit(&transaction, organization, save.event.clone()).await?;
        transaction.commit().await?;
        Ok(Saved::Done(connection.version + 1))
    }

    async fn note_health(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        health: &Health,
        remote_org: Option<&RemoteOrg>,
        event: Option<AuditEvent>,
    ) -> Result<bool> {
        let (transaction, _turn) = self.exclusive(organization).await?;
        let told = state_change(&transaction, organization, id, health).await?;
        let changed = note_health(&transaction, organization, id, health, remote_org).await?;
        events::append(
            &transaction,
            organization,
            &Vec::from_iter(told),
            health.since,
        )
        .await?;
        if let Some(event) = event.filter(|_| changed) {
            append_audit(&transaction, organization, event).await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }

    async fn load_credentials(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
    ) -> Result<Vec<(String, Sealed)>> {
        sql::query(
            &*self.client().await?,
            "SELECT name, key_id, nonce, ciphertext FROM credential
             WHERE organization_id = $1 AND connection_id = $2 ORDER BY name",
            &params![organization, id],
        )
        .await?
        .iter()
        .map(|row| {
            let sealed = Sealed {
                key_id: row.read("key_id")?,
                nonce: row.read("nonce")?,
                ciphertext: row.read("ciphertext")?,
            };
            Ok((row.read("name")?, sealed))
        })
        .collect()
    }

    async fn put_credential(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        name: &str,
        sealed: &Sealed,
    ) -> Result<()> {
        upsert_credential(&*self.client().await?, organization, id, name, sealed).await
    }

    async fn take_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool> {
        let taken = sql::execute(
            &*self.client().await?,
            "INSERT INTO lease (organization_id, name, holder, until) VALUES ($1, $2, $3, $5)
             ON CONFLICT (organization_id, name)
             DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE lease.holder = excluded.holder OR lease.until <= $4",
            &params![organization, name, holder, now, until],
        )
        .await?;
        Ok(taken == 1)
    }

    async fn release_lease(
        &self,
        organization: OrganizationId,
        name: &str,
        holder: &str,
    ) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "DELETE FROM lease WHERE organization_id = $1 AND name = $2 AND holder = $3",
            &params![organization, name, holder],
        )
        .await?;
        Ok(())
    }
}
