//! How long the mapping page takes at the server among very many people, on both databases:
//! `make bench-grid`; `PEOPLE` and `CONNECTIONS` say how many, `DATABASE` where (`sqlite`,
//! `postgres`).
//!
//! The organization is written through the store, the pages are asked for through the portal's own
//! router, with sign-in, drafts, counts and templates; only the network is left out.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table of figures is what it is for"
)]

mod figures;
mod filling;
mod visitor;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use counterpart_model::{Clock, Entropy, Role, Timestamp};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::{Parts, Service};
use counterpart_store::Store;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_store_sqlite::SqliteStore;
use counterpart_test_postgres::TestDatabase;
use counterpart_web::{PortalOptions, router};

use filling::{Filled, Size};
use visitor::Visitor;

/// How long a unit of work may take while an organization is written. How long that takes is not
/// what is measured here, and other work may go on beside it.
const FILLING: Duration = Duration::from_hours(1);

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
    if wanted("sqlite") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = kept().map(PathBuf::from);
        sqlite(kept.as_deref().unwrap_or(folder.path()), size).await;
    }
    if wanted("postgres") {
        if let Some(url) = kept() {
            migrate(&url).await;
            postgres(&url, size).await;
        } else if let Some(database) = throw_away().await {
            postgres(database.url(), size).await;
        }
    }
}

async fn sqlite(folder: &Path, size: Size) {
    let options = counterpart_store_sqlite::Options {
        deadline: FILLING,
        ..counterpart_store_sqlite::Options::default()
    };
    let store = SqliteStore::open(folder, options).await;
    let store: Arc<dyn Store> = Arc::new(store.expect("a database"));
    let filled = filled(&store, size).await;
    measure("SQLite", store, filled).await;
}

async fn postgres(url: &str, size: Size) {
    let options = PostgresOptions {
        deadline: FILLING,
        ..PostgresOptions::default()
    };
    let store = PostgresStore::connect(url, options).await;
    let store: Arc<dyn Store> = Arc::new(store.expect("a database"));
    let filled = filled(&store, size).await;
    tidy_up(url).await;
    measure("PostgreSQL", store, filled).await;
}

/// Where the organization is written and left, to be measured again: `KEPT`, a folder or the URL of
/// a database, of the one that `DATABASE` names.
fn kept() -> Option<String> {
    std::env::var("KEPT").ok().filter(|kept| !kept.is_empty())
}

/// Whether a database is to be measured: `DATABASE` names one of them, or both are.
fn wanted(database: &str) -> bool {
    std::env::var("DATABASE").map_or(true, |one| one.is_empty() || one == database)
}

/// What a server does by itself after so much was written, and the one of tests does not.
async fn tidy_up(url: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .expect("a connection");
    tokio::spawn(connection);
    client
        .batch_execute("VACUUM ANALYZE")
        .await
        .expect("tidied up");
}

/// A migrated database of PostgreSQL, unless it is left out.
async fn throw_away() -> Option<TestDatabase> {
    let label = format!("schema {:016x}", schema_fingerprint());
    TestDatabase::create(&label, async |url| migrate(&url).await).await
}

async fn migrate(url: &str) {
    let migrated = PostgresStore::migrate(url, &PostgresOptions::default()).await;
    migrated.expect("migrated");
}

/// The providers whose connections an organization has in turn.
fn providers() -> Vec<String> {
    counterpart_connectors::registry()
        .expect("connectors")
        .providers()
        .map(str::to_owned)
        .collect()
}

async fn filled(store: &Arc<dyn Store>, size: Size) -> Filled {
    let begun = Instant::now();
    let filled = filling::fill(store.as_ref(), size, &providers()).await;
    eprintln!("written in {:.0} s", begun.elapsed().as_secs_f64());
    filled
}

/// Looks around in a database, and prints how long that took.
async fn measure(name: &str, store: Arc<dyn Store>, filled: Filled) {
    let service = Service::new(Parts {
        store,
        connectors: Arc::new(counterpart_connectors::registry().expect("connectors")),
        client: Client::new(ClientOptions::default()).expect("a client"),
        vault: Vault::new(MasterKey::generate(&SystemEntropy)),
        clock: Arc::new(WallClock),
        entropy: Arc::new(SystemEntropy),
    });
    let operator = service.operator(
        filled.organization,
        counterpart_model::ChangeSetOrigin::Demo,
    );
    let (email, password) = ("owner@example.com", "correct horse battery staple");
    if !filled.known {
        let password = password.to_owned().into();
        let made = service.create_account(&operator, email, password, Role::Owner);
        made.await.expect("an account");
    }
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
