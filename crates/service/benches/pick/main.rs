//! How long a change of one mapping takes at the server among very many people, with everything
//! that follows from it, on both databases: `make bench-pick`.

#![expect(clippy::print_stdout, reason = "a table of figures is what it is for")]

#[path = "../../../web/benches/grid/figures.rs"]
#[expect(dead_code, reason = "searches are the other bench's")]
mod figures;
#[path = "../../../web/benches/grid/filling.rs"]
#[expect(dead_code, reason = "searches are the other bench's")]
mod filling;

use std::sync::Arc;
use std::time::{Duration, Instant};

use counterpart_model::{
    ChangeSetOrigin, Clock, ConnectionId, DraftEdit, Entropy, OrganizationId, PageRequest,
    PersonId, Timestamp,
};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::mapping::CellEdit;
use counterpart_service::{Parts, Service};
use counterpart_store::Store;
use counterpart_store::mappings::MappingQuery;
use counterpart_store_postgres::{PostgresOptions, PostgresStore, schema_fingerprint};
use counterpart_store_sqlite::SqliteStore;
use counterpart_test_postgres::TestDatabase;

use filling::Size;

/// How many mappings are taken away and made again.
const PICKS: usize = 60;
/// How many where everybody is looked at behind each.
const SLOW_PICKS: usize = 4;
/// What a pick may take, in milliseconds.
const AIM: f64 = 50.0;

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

/// A process that remembers nothing yet.
fn process(store: &Arc<dyn Store>) -> Service {
    Service::new(Parts {
        store: Arc::clone(store),
        connectors: Arc::new(counterpart_connectors::registry().expect("connectors")),
        client: Client::new(ClientOptions::default()).expect("a client"),
        vault: Vault::new(MasterKey::generate(&SystemEntropy)),
        clock: Arc::new(WallClock),
        entropy: Arc::new(SystemEntropy),
    })
}

/// Fills a database, changes mappings in it, and prints how long that took.
async fn measure(name: &str, store: Arc<dyn Store>, size: Size) {
    let service = process(&store);
    let providers: Vec<String> = service
        .connectors()
        .providers()
        .map(str::to_owned)
        .collect();
    let filled = filling::fill(store.as_ref(), size, &providers).await;
    let id = filled.organization;
    let began = Instant::now();
    service.reconcile_due().await.expect("looked at everybody");
    let everybody = began.elapsed();
    figures::row(
        name,
        "everybody, all connections",
        &[everybody],
        f64::INFINITY,
    );
    let picked = picked(store.as_ref(), id, PICKS).await;
    let times = picks(&service, id, &picked).await;
    figures::row(name, "a mapping taken away", &times.away, AIM);
    figures::row(name, "a pick", &times.made, AIM);
    let whole = process(&store).settling_at_once(u64::MAX);
    let times = picks(&whole, id, &picked[..SLOW_PICKS.min(picked.len())]).await;
    figures::row(name, "a pick, everybody looked at", &times.made, AIM);
}

/// Some mappings, spread over all.
async fn picked(
    store: &dyn Store,
    id: OrganizationId,
    count: usize,
) -> Vec<(ConnectionId, PersonId, DraftEdit)> {
    let mut picked = Vec::new();
    let connections = store.list_connections(id).await.expect("connections");
    for connection in &connections {
        let query = MappingQuery {
            connection_id: Some(connection.id),
            ..MappingQuery::default()
        };
        let first = PageRequest::first(1_000);
        let page = store.list_mappings(id, &query, &first).await;
        let mappings = page.expect("mappings").items;
        let step = (mappings.len() * connections.len() / count).max(1);
        picked.extend(mappings.into_iter().step_by(step).map(|mapping| {
            let edit = DraftEdit::Map {
                crm_user_id: mapping.crm_user_id,
                accepted: false,
            };
            (connection.id, mapping.person_id, edit)
        }));
    }
    picked
}

/// How long each change took.
#[derive(Default)]
struct Times {
    away: Vec<Duration>,
    made: Vec<Duration>,
}

/// Takes mappings away and makes them again.
async fn picks(
    service: &Service,
    id: OrganizationId,
    picked: &[(ConnectionId, PersonId, DraftEdit)],
) -> Times {
    let actor = service.operator(id, ChangeSetOrigin::Portal);
    let mut times = Times::default();
    for (connection, person, edit) in picked {
        for (edit, times) in [
            (DraftEdit::Unmap, &mut times.away),
            (edit.clone(), &mut times.made),
        ] {
            let edit = CellEdit::new(*connection, *person, edit);
            let began = Instant::now();
            let applied = service.apply_edits(&actor, &[edit], None).await;
            applied.expect("applied");
            times.push(began.elapsed());
        }
    }
    times
}
