//! Databases for tests.

use std::time::Duration;

use counterpart_store::Store;
use counterpart_store::conformance::Fixture;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_test_postgres::TestDatabase;
use tokio_postgres::{Client, Config, NoTls};

/// A store on a database of its own.
pub(crate) struct Opened {
    pub(crate) store: PostgresStore,
    pub(crate) database: TestDatabase,
}

impl Fixture for Opened {
    fn store(&self) -> &dyn Store {
        &self.store
    }
}

/// A store for the conformance suite, which has nothing to run on without PostgreSQL: the
/// process ends then, successfully, when `COUNTERPART_SKIP` says so.
pub(crate) async fn open(deadline: Duration) -> Opened {
    match try_open(deadline).await {
        Some(opened) => opened,
        None => std::process::exit(0),
    }
}

/// A store on a migrated database of its own, in which a unit of work may stay open for
/// `deadline`. `None` when PostgreSQL is left out.
pub(crate) async fn try_open(deadline: Duration) -> Option<Opened> {
    let database = migrated().await?;
    let store = connect(&database, deadline).await;
    Some(Opened { store, database })
}

/// Another node's store on a database.
pub(crate) async fn connect(database: &TestDatabase, deadline: Duration) -> PostgresStore {
    let options = PostgresOptions {
        deadline,
        ..options()
    };
    let store = PostgresStore::connect(database.url(), options).await;
    store.expect("opened")
}

/// Few connections, so that many tests may run at once.
pub(crate) fn options() -> PostgresOptions {
    PostgresOptions {
        connections: 8,
        ..PostgresOptions::default()
    }
}

/// A migrated database, unless PostgreSQL is left out.
pub(crate) async fn migrated() -> Option<TestDatabase> {
    let label = format!("schema {:016x}", schema_fingerprint());
    TestDatabase::create(&label, async |url| {
        let migrated = PostgresStore::migrate(&url, &options()).await;
        migrated.expect("migrated");
    })
    .await
}

/// An empty database, unless PostgreSQL is left out.
pub(crate) async fn empty() -> Option<TestDatabase> {
    TestDatabase::create("empty", async |_| {}).await
}

/// A connection that knows nothing of the store.
pub(crate) async fn plain_client(database: &TestDatabase) -> Client {
    let config: Config = database.url().parse().expect("a URL");
    let (client, connection) = config.connect(NoTls).await.expect("connected");
    tokio::spawn(connection);
    client
}
