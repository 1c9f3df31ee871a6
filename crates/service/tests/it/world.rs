//! A service in a folder of its own, with a clock that stands until it is told otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use counterpart_connector::Registry;
use counterpart_emulators::{Options, Running, start};
use counterpart_model::{
    ChangeSetOrigin, Clock, Connection, Entropy, Organization, Role, Timestamp,
};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::connections::ConnectionInput;
use counterpart_service::people::{ImportRow, PersonInput};
use counterpart_service::{Actor, Parts, Service};
use counterpart_store::Store;
use counterpart_store_sqlite::SqliteStore;
use secrecy::SecretString;
use tempfile::TempDir;

/// A clock that stands until it is moved, but for a microsecond a look, so that no two events are
/// at the same instant.
pub(crate) struct TestClock {
    now: AtomicI64,
    /// In microseconds.
    a_look: AtomicI64,
}

impl TestClock {
    fn new() -> Self {
        Self {
            now: AtomicI64::new(1_790_000_000_000_000),
            a_look: AtomicI64::new(1),
        }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Lets it stand still however often somebody looks, for who has to know what it said.
    pub(crate) fn stand_still(&self) {
        self.a_look.store(0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let a_look = self.a_look.load(Ordering::SeqCst);
        Timestamp::from_micros(self.now.fetch_add(a_look, Ordering::SeqCst))
    }
}

/// Random bytes that are the same in every run (`SplitMix64`).
struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) owner: Actor,
    pub(crate) organization: Organization,
    pub(crate) folder: TempDir,
    pub(crate) store: Arc<dyn Store>,
}

/// The password of every account here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

impl World {
    /// A service with one organization, its owner signed in.
    pub(crate) async fn new() -> Self {
        Self::of(counterpart_connectors::registry().expect("connectors")).await
    }

    /// The same, over connectors of one's own.
    pub(crate) async fn of(connectors: Registry) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = store_in(&folder).await;
        Self::over(store, folder, connectors).await
    }

    /// The same on another database.
    pub(crate) async fn on(store: Arc<dyn Store>, folder: TempDir) -> Self {
        let connectors = counterpart_connectors::registry().expect("connectors");
        Self::over(store, folder, connectors).await
    }

    /// The same on another database, over connectors of one's own.
    pub(crate) async fn over(store: Arc<dyn Store>, folder: TempDir, connectors: Registry) -> Self {
        let clock = Arc::new(TestClock::new());
        let service = service_on(Arc::clone(&store), Arc::clone(&clock), connectors);
        let organization = service
            .create_organization("Northwind", "Europe/Berlin", false)
            .await
            .expect("an organization");
        let operator = service.operator(organization.id, ChangeSetOrigin::Cli);
        let account = service
            .create_account(&operator, "owner@example.com", password(), Role::Owner)
            .await
            .expect("an account");
        let (owner, _) = service
            .enter(account.id, organization.id, ChangeSetOrigin::Portal)
            .await
            .expect("the owner enters");
        Self {
            service,
            clock,
            owner,
            organization,
            folder,
            store,
        }
    }

    /// Another process on the same database, which remembers nothing.
    pub(crate) fn another_process(&self) -> Service {
        let connectors = counterpart_connectors::registry().expect("connectors");
        service_on(Arc::clone(&self.store), Arc::clone(&self.clock), connectors)
    }

    /// A member with a role, signed in.
    pub(crate) async fn member(&self, email: &str, role: Role) -> Actor {
        let account = self
            .service
            .create_account(&self.owner, email, password(), role)
            .await
            .expect("an account");
        let entered = self
            .service
            .enter(account.id, self.organization.id, ChangeSetOrigin::Portal)
            .await;
        entered.expect("the member enters").0
    }

    /// The emulators' organization as people.
    pub(crate) async fn add_people(&self, seed: u64, people: usize) {
        let rows = counterpart_emulators::platform_directory(seed, people)
            .into_iter()
            .zip(1..)
            .map(|(person, line)| ImportRow {
                line,
                input: input_of(person),
            })
            .collect();
        let plan = self
            .service
            .plan_import(&self.owner, rows)
            .await
            .expect("a plan");
        assert_eq!(plan.problems, []);
        self.service
            .apply_import(&self.owner, &plan, None)
            .await
            .expect("people");
    }

    /// A saved connection to an emulator.
    pub(crate) async fn connect(&self, emulator: &Running) -> Connection {
        let input = input_for(emulator);
        self.service
            .save_connection(&self.owner, input)
            .await
            .expect("a connection")
    }
}

pub(crate) fn password() -> SecretString {
    PASSWORD.to_owned().into()
}

pub(crate) async fn service_in(folder: &TempDir, clock: Arc<TestClock>) -> Service {
    let connectors = counterpart_connectors::registry().expect("connectors");
    service_on(store_in(folder).await, clock, connectors)
}

async fn store_in(folder: &TempDir) -> Arc<dyn Store> {
    let store = SqliteStore::open(folder.path(), counterpart_store_sqlite::Options::default());
    Arc::new(store.await.expect("a store"))
}

fn service_on(store: Arc<dyn Store>, clock: Arc<TestClock>, connectors: Registry) -> Service {
    let entropy = Arc::new(TestEntropy(AtomicU64::new(7)));
    let client = Client::new(ClientOptions {
        allowed_networks: vec!["127.0.0.0/8".parse().expect("a network")],
        ..ClientOptions::default()
    })
    .expect("a client");
    Service::new(Parts {
        store,
        connectors: Arc::new(connectors),
        client,
        vault: Vault::new(MasterKey::generate(entropy.as_ref())),
        clock,
        entropy,
    })
}

/// An emulator with a seeded directory.
pub(crate) async fn emulator(provider: &str, people: usize) -> Running {
    let options = Options {
        people,
        page_size: Some(25),
        ..Options::default()
    };
    start(provider, options).await.expect("an emulator")
}

pub(crate) fn input_for(emulator: &Running) -> ConnectionInput {
    ConnectionInput {
        existing: None,
        provider: emulator.info().name.to_owned(),
        name: String::new(),
        environment: None,
        settings: emulator.settings(),
        credentials: emulator
            .credentials()
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect(),
        untested: false,
    }
}

fn input_of(person: counterpart_emulators::Person) -> PersonInput {
    PersonInput {
        external_id: person.external_id,
        display_name: person.display_name,
        given_name: person.given,
        family_name: person.family,
        emails: vec![person.email],
        username: person.username,
        extension: person.extension.unwrap_or_default(),
        phones: person.phone.into_iter().chain(person.mobile).collect(),
        employee_number: person.employee_number.unwrap_or_default(),
        title: person.title,
        department: person.department,
    }
}

/// A person with a name and an address.
pub(crate) fn person(name: &str, email: &str) -> PersonInput {
    PersonInput {
        display_name: name.to_owned(),
        emails: vec![email.to_owned()],
        ..PersonInput::default()
    }
}
