//! The schema's migrations: applied by a command, and checked at every start.

use std::time::Duration;

use counterpart_store::{Result, StoreError};
use deadpool_postgres::Object;
use refinery::Migration;
use tokio_postgres::Client;

use crate::error;
use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::transaction::Transaction;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The key of the lock that a migration holds: the first eight letters of the product's name.
///
/// It is an advisory lock of the *transaction*, not of the session, so that it works through a
/// pooler. A lock row would need a table, whose creation two nodes would race for.
const LOCK: i64 = i64::from_be_bytes(*b"counterp");

/// How long one waits for another node's migration.
const PATIENCE: Duration = Duration::from_mins(10);

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The newest migration the database had seen before; 0 for an empty one.
    pub from: u32,
    /// The newest it has seen now.
    pub to: u32,
    /// The names of those that were applied now, in order.
    pub applied: Vec<String>,
}

/// A number that changes whenever a migration does: a name for a template of migrated databases.
pub fn schema_fingerprint() -> u64 {
    migrations().iter().fold(0, |fingerprint: u64, migration| {
        fingerprint.rotate_left(7) ^ migration.checksum()
    })
}

fn migrations() -> Vec<Migration> {
    let mut migrations = embedded::migrations::runner().get_migrations().clone();
    migrations.sort();
    migrations
}

/// Fails unless the database has seen exactly the migrations there are.
pub(crate) async fn check(client: &Client) -> Result<()> {
    let needed = newest(&migrations());
    let found = applied(client).await?.last().map_or(0, |done| done.version);
    match found {
        found if found < needed => Err(StoreError::Outdated { found, needed }),
        found if found > needed => Err(StoreError::Newer {
            found,
            known: needed,
        }),
        _ => Ok(()),
    }
}

/// Applies what is pending, all or nothing.
pub(crate) async fn migrate(client: Object) -> Result<MigrationReport> {
    let transaction = Transaction::begin(client, PATIENCE, PATIENCE).await?;
    sql::execute(
        &transaction,
        "SELECT pg_advisory_xact_lock($1)",
        &params![LOCK],
    )
    .await?;
    let known = migrations();
    let done = applied(&transaction).await?;
    let from = done.last().map_or(0, |done| done.version);
    let to = newest(&known);
    if from > to {
        return Err(StoreError::Newer {
            found: from,
            known: to,
        });
    }
    verify(&known, &done)?;
    let mut names = Vec::new();
    for migration in known.iter().filter(|m| number(m) > from) {
        apply(&transaction, migration).await?;
        names.push(migration.to_string());
    }
    transaction.commit().await?;
    Ok(MigrationReport {
        from,
        to,
        applied: names,
    })
}

/// A migration that the database has seen.
struct Done {
    version: u32,
    name: String,
    checksum: String,
}

/// The migrations that the database has seen, oldest first.
async fn applied(client: &Client) -> Result<Vec<Done>> {
    let history = sql::get(
        client,
        "SELECT to_regclass('refinery_schema_history') IS NOT NULL AS there",
        &[],
    )
    .await?;
    if !history.read::<bool>("there")? {
        return Ok(Vec::new());
    }
    let rows = sql::query(
        client,
        "SELECT version::bigint AS version, name, checksum
         FROM refinery_schema_history ORDER BY version",
        &[],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let version: i64 = row.read("version")?;
            Ok(Done {
                version: u32::try_from(version)
                    .map_err(|_| error::unreadable("version", version))?,
                name: row.read("name")?,
                checksum: row.read("checksum")?,
            })
        })
        .collect()
}

/// Fails when a migration the database has seen is another one than the one known here.
fn verify(known: &[Migration], done: &[Done]) -> Result<()> {
    for done in done {
        let same = known.iter().any(|migration| {
            number(migration) == done.version
                && migration.name() == done.name
                && migration.checksum().to_string() == done.checksum
        });
        if !same {
            return Err(StoreError::Corrupt(format!(
                "migration {} ({}) is not the one of this version; use the version that made \
                 the database",
                done.version, done.name
            )));
        }
    }
    Ok(())
}

async fn apply(client: &Client, migration: &Migration) -> Result<()> {
    let sql = migration
        .sql()
        .expect("embedded migrations come with their text");
    let failed = |error: tokio_postgres::Error| {
        let state = error.code().map_or("", |state| state.code());
        StoreError::Unavailable(match state {
            "42501" => format!(
                "migration {migration} needs the right to create tables and the extensions \
                 btree_gist and pg_trgm; let the owner of the database run it"
            ),
            "58P01" | "0A000" => format!(
                "migration {migration} needs the extensions btree_gist and pg_trgm; install \
                 the server's contrib package"
            ),
            _ => format!("migration {migration} failed (SQLSTATE {state})"),
        })
    };
    // The history has the form that refinery gives it, so that its tools can read it.
    client
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS refinery_schema_history (
                version int4 PRIMARY KEY,
                name varchar(255),
                applied_on varchar(255),
                checksum varchar(255)
            )",
        )
        .await
        .map_err(failed)?;
    client.batch_execute(sql).await.map_err(failed)?;
    sql::execute(
        client,
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES ($1, $2, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), $3)",
        &params![
            i64::from(number(migration)),
            migration.name(),
            migration.checksum().to_string(),
        ],
    )
    .await?;
    Ok(())
}

fn newest(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, number)
}

fn number(migration: &Migration) -> u32 {
    migration.version().unsigned_abs()
}
