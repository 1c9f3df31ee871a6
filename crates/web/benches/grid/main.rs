//! How long the mapping page takes at the server among very many people, on both databases:
//! `make bench-grid`.
//!
//! The organization is written through the store, the pages are asked for through the portal's own
//! router, with sign-in, drafts, counts and templates; only the network is left out.

#![expect(clippy::print_stdout, reason = "a table of figures is what it is for")]

mod figures;
mod filling;
mod visitor;

use std::sync::Arc;

use counterpart_model::{Clock, Entropy, Role, Timestamp};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::{Parts, Service};
use counterpart_store::Store;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_store_sqlite::SqliteStore;
use counterpart_test_postgres::TestDatabase;
use counterpart_web::{PortalOptions, router};

use filling::Size;
use visitor::Visitor;

/// Tells the time of the machine.
struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
        let micros = since.expect("a date behind 1970").as_micros();
        Timestamp::from_micros(i64::try_from(micros).expect("a date before 292000"))
    }
}

/// Random bytes of the operating system.
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        rand::fill(buffer);
    }
}

#[tokio::main]
async fn main() {
    let size = Size::asked();
    println!(
        "{} people × {} connections; times at the server, in milliseconds\n",
        size.people, size.connections
    );
    figures::head();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sqlite = SqliteStore::open(folder.path(), counterpart_store_sqlite::Options::default());
    measure("SQLite", Arc::new(sqlite.await.expect("a database")), size).await;
    if let Some(database) = postgres().await {
        let store = PostgresStore::connect(database.url(), PostgresOptions::default()).await;
        measure("PostgreSQL", Arc::new(store.expect("a database")), size).await;
    }
}

/// A migrated database of PostgreSQL, unless it is left out.
async fn postgres() -> Option<TestDatabase> {
    let label = format!("schema {:016x}", schema_fingerprint());
    TestDatabase::create(&label, async |url| {
        let migrated = PostgresStore::migrate(&url, &PostgresOptions::default()).await;
        migrated.expect("migrated");
    })
    .await
}

/// Fills a database, looks around in it, and prints how long that took.
async fn measure(name: &str, store: Arc<dyn Store>, size: Size) {
    let service = Service::new(Parts {
        store: Arc::clone(&store),
        connectors: Arc::new(counterpart_connectors::registry().expect("connectors")),
        client: Client::new(ClientOptions::default()).expect("a client"),
        vault: Vault::new(MasterKey::generate(&SystemEntropy)),
        clock: Arc::new(WallClock),
        entropy: Arc::new(SystemEntropy),
    });
    let providers: Vec<String> = service
        .connectors()
        .providers()
        .map(str::to_owned)
        .collect();
    let filled = filling::fill(store.as_ref(), size, &providers).await;
    let operator = service.operator(
        filled.organization,
        counterpart_model::ChangeSetOrigin::Demo,
    );
    let (email, password) = ("owner@example.com", "correct horse battery staple");
    service
        .create_account(&operator, email, password.to_owned().into(), Role::Owner)
        .await
        .expect("an account");
    let app = router(service, PortalOptions::default());
    let visitor = Visitor::signed_in(app, filled.organization, email, password).await;

    let mut first = Vec::new();
    for _ in 0..20 {
        first.push(visitor.opens("/mapping").await);
    }
    figures::row(name, "first screen", &first, 100.0);
    let mut others = Vec::new();
    for path in ["", "/mapping?show=needs-you", "/mapping?show=unmapped"] {
        others.push(visitor.opens(path).await);
    }
    figures::row(name, "overview and tabs", &others, 100.0);
    let mut searches = Vec::new();
    for words in &filled.searches {
        searches.push(visitor.searches(words).await);
    }
    figures::row(name, "search", &searches, 50.0);
    figures::slowest(&filled.searches, &searches);
}
