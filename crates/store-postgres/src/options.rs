//! How to reach the database: the URL, the pool, and what the server has to be.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use counterpart_store::unit_of_work::DEADLINE;
use counterpart_store::{Result, StoreError};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};

use crate::sql::{self, ReadRow as _};
use crate::tls;

/// The oldest server that has what the schema needs: unique keys in which NULL equals NULL.
const OLDEST_SERVER: i64 = 15;

/// How to use a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// The most connections to keep open, at least 2. A unit of work holds one; half of them may
    /// be held that way.
    pub connections: usize,
    /// How long a unit of work may stay open, and how long one waits for another.
    pub deadline: Duration,
    /// The certificate authorities to trust, PEM, instead of Mozilla's.
    pub ca_file: Option<PathBuf>,
}

impl Default for PostgresOptions {
    /// 16 connections, [`DEADLINE`], Mozilla's authorities.
    fn default() -> Self {
        Self {
            connections: 16,
            deadline: DEADLINE,
            ca_file: None,
        }
    }
}

/// A URL that was understood.
pub(crate) struct Target {
    config: Config,
    /// Where it leads to, without user or password.
    pub(crate) address: String,
}

impl Target {
    /// Reads a URL. The error does not repeat it: a part of a mistyped password could be in any
    /// of its parts.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let mut config = Config::from_str(&plain_ssl_mode(url)).map_err(|_| {
            StoreError::Unavailable(
                "its URL cannot be read; write it like \
                 postgres://user:password@host:5432/database, with special characters of the \
                 password as %XX"
                    .into(),
            )
        })?;
        if config.get_application_name().is_none() {
            config.application_name("counterpart");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        let address = address(&config);
        Ok(Self { config, address })
    }
}

/// Other clients' spellings of a verified connection mean `require` here, which verifies.
fn plain_ssl_mode(url: &str) -> String {
    url.replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require")
}

fn address(config: &Config) -> String {
    let hosts: Vec<_> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        })
        .collect();
    let database = config.get_dbname().unwrap_or_default();
    format!("{}/{database}", hosts.join(","))
}

/// Whether it leads to sockets in the file system only: they have no name that a certificate
/// could prove, and nobody listens in.
fn is_local(config: &Config) -> bool {
    #[cfg(unix)]
    let local = |host: &Host| matches!(host, Host::Unix(_));
    #[cfg(not(unix))]
    let local = |_: &Host| false;
    config.get_hosts().iter().all(local)
}

/// The pool of connections to a target.
pub(crate) fn pool(target: &Target, options: &PostgresOptions) -> Result<Pool> {
    let config = target.config.clone();
    let managing = ManagerConfig {
        // No statement when a connection is taken again: a broken one is found out by use.
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = if is_local(&config) {
        Manager::from_config(config, NoTls, managing)
    } else {
        let verify = config.get_ssl_mode() == SslMode::Require;
        let tls = tls::connector(options.ca_file.as_deref(), verify)?;
        Manager::from_config(config, tls, managing)
    };
    Pool::builder(manager)
        .max_size(options.connections.max(2))
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: Some(options.deadline),
            create: Some(Duration::from_secs(15)),
            recycle: Some(Duration::from_secs(15)),
        })
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Refuses a server that is too old, or a database that cannot keep every text.
pub(crate) async fn check_server(client: &Client) -> Result<()> {
    let row = sql::get(
        client,
        "SELECT current_setting('server_version_num')::bigint / 10000 AS version,
                current_setting('server_encoding') AS encoding",
        &[],
    )
    .await?;
    let version: i64 = row.read("version")?;
    if version < OLDEST_SERVER {
        return Err(StoreError::Unavailable(format!(
            "the server is PostgreSQL {version}; PostgreSQL {OLDEST_SERVER} or newer is needed"
        )));
    }
    let encoding: String = row.read("encoding")?;
    if encoding != "UTF8" {
        return Err(StoreError::Unavailable(format!(
            "the database's encoding is {encoding}; create it with encoding UTF8"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_url_is_not_repeated() {
        for url in [
            "postgres://ann:pa?ss=wörd@host/db",
            "postgres://ann:plänted@host:port/db",
            "mysql://ann:plänted@host/db",
        ] {
            let message = match Target::parse(url) {
                Err(error) => error.to_string(),
                Ok(target) => target.address,
            };
            assert!(
                !message.contains("wörd") && !message.contains("plänted"),
                "{message}"
            );
        }
    }

    #[test]
    fn an_address_has_no_sign_in() {
        let target = Target::parse("postgres://ann:planted@db.example:6432/voice");
        let address = target.map(|target| target.address);
        assert_eq!(address.ok().as_deref(), Some("db.example/voice"));
    }

    #[test]
    fn other_spellings_of_verified_are_understood() {
        let target = Target::parse("postgres://db.example/voice?sslmode=verify-full");
        let mode = target.map(|target| target.config.get_ssl_mode());
        assert_eq!(mode.ok(), Some(SslMode::Require));
    }
}
