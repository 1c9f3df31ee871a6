//! Puts the service together from what the command line says.

use std::path::Path;
use std::sync::Arc;

use counterpart_connector::Registry;
use counterpart_model::Code;
use counterpart_outbound::{
    Client, ClientOptions, MasterKey, MasterKeyError, Network, OutboundError, Vault,
};
use counterpart_service::{Error, Parts, Service};
use counterpart_store::{Store, StoreError};
use counterpart_store_postgres::{PostgresOptions, PostgresStore};
use counterpart_store_sqlite::{Options, SqliteStore};
use secrecy::SecretString;

use crate::cli::Global;
use crate::clock::{SystemClock, SystemEntropy};

/// The file of the master key in the data folder.
const KEY_FILE: &str = "master.key";
/// The master key itself, 32 bytes in base64.
const KEY_VARIABLE: &str = "COUNTERPART_MASTER_KEY";
/// A command that prints the master key, for secret stores.
const KEY_COMMAND_VARIABLE: &str = "COUNTERPART_MASTER_KEY_COMMAND";

/// The service cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// No threads to be had.
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
    /// The connectors of this build contradict themselves.
    #[error("the connectors cannot be loaded: {0}")]
    Connectors(String),
    /// The operator's own connectors cannot be loaded.
    #[error("your own connectors cannot be loaded: {0}")]
    OwnConnectors(String),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] OutboundError),
    /// There is no usable master key.
    #[error(transparent)]
    Key(#[from] MasterKeyError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        let detail = error.to_string();
        match error {
            StartError::Runtime(_) | StartError::Connectors(_) => Self::internal(detail),
            StartError::OwnConnectors(_) => Self::new(Code::Usage, detail),
            StartError::Client(error) => Self::new(error.code(), detail),
            StartError::Key(error) => Self::new(error.code(), detail),
            StartError::Store(error) => error.into(),
        }
    }
}

/// The service on the database that the command line names.
pub(crate) async fn service(global: &Global) -> Result<Service, Error> {
    service_allowing(global, &global.allow).await
}

/// The same, with other private addresses allowed.
pub(crate) async fn service_allowing(global: &Global, allow: &[Network]) -> Result<Service, Error> {
    let store = open_store(global).await?;
    let client = Client::new(ClientOptions {
        allowed_networks: allow.to_vec(),
        ..ClientOptions::default()
    })
    .map_err(StartError::Client)?;
    let connectors = connectors(global)?;
    let key = master_key(&global.data_dir, store.as_ref()).await?;
    Ok(Service::new(Parts {
        store,
        connectors: Arc::new(connectors),
        client,
        vault: Vault::new(key),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    }))
}

/// The connectors of this program, and those of the folder that the command line names.
pub(crate) fn connectors(global: &Global) -> Result<Registry, StartError> {
    let mut registry = counterpart_connectors::registry()
        .map_err(|error| StartError::Connectors(error.to_string()))?;
    if let Some(folder) = &global.connectors {
        let added = registry.add_folder(folder, &global.connector_hosts);
        let added = added.map_err(|error| StartError::OwnConnectors(error.to_string()))?;
        tracing::info!(folder = %folder.display(), added, "connectors of your own");
    }
    Ok(registry)
}

async fn open_store(global: &Global) -> Result<Arc<dyn Store>, StartError> {
    Ok(match &global.database {
        Some(url) => Arc::new(PostgresStore::connect(url, PostgresOptions::default()).await?),
        None => Arc::new(SqliteStore::open(&global.data_dir, Options::default()).await?),
    })
}

/// The key under which secrets are sealed. A new one is made only for a database that holds
/// nothing yet: elsewhere its absence must be noticed.
async fn master_key(folder: &Path, store: &dyn Store) -> Result<MasterKey, StartError> {
    let read = |name: &str| std::env::var(name).ok().map(SecretString::from);
    let command = std::env::var(KEY_COMMAND_VARIABLE).ok();
    if let Some(key) = MasterKey::from_environment(read(KEY_VARIABLE), command.as_deref()).await? {
        return Ok(key);
    }
    let path = folder.join(KEY_FILE);
    if store.list_organizations().await?.is_empty() {
        std::fs::create_dir_all(folder).map_err(|error| {
            StoreError::Unavailable(format!(
                "cannot make the folder {}: {error}",
                folder.display()
            ))
        })?;
        Ok(MasterKey::load_or_create(&path, &SystemEntropy)?)
    } else {
        Ok(MasterKey::load(&path)?)
    }
}
