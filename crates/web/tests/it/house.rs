//! A portal over a service in a folder of its own, filled from the emulators.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use counterpart_connector::Registry;
use counterpart_emulators::{Options, Running, platform_directory, start};
use counterpart_model::{Clock, Connection, Entropy, Organization, Role};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::connections::ConnectionInput;
use counterpart_service::people::{ImportRow, PersonInput};
use counterpart_service::sync::SyncMode;
use counterpart_service::{Actor, Parts, Service};
use counterpart_store_sqlite::SqliteStore;
use secrecy::SecretString;
use tempfile::TempDir;

/// The password of every account here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Random bytes that are the same in every run (`SplitMix64`).
struct Sequence(AtomicU64);

impl Entropy for Sequence {
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

/// A service on a folder that goes with it.
pub(crate) struct House {
    pub(crate) service: Service,
    _folder: TempDir,
}

impl House {
    /// An empty service with these connectors, whose time is told by `clock`.
    pub(crate) async fn new(clock: Arc<dyn Clock>, connectors: Registry) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let entropy = Arc::new(Sequence(AtomicU64::new(7)));
        let store = SqliteStore::open(folder.path(), counterpart_store_sqlite::Options::default())
            .await
            .expect("a database");
        let loopback = "127.0.0.0/8".parse().expect("a range");
        let client = Client::new(ClientOptions {
            allowed_networks: vec![loopback],
            ..ClientOptions::default()
        });
        let service = Service::new(Parts {
            store: Arc::new(store),
            connectors: Arc::new(connectors),
            client: client.expect("a client"),
            vault: Vault::new(MasterKey::generate(entropy.as_ref())),
            clock,
            entropy,
        });
        Self {
            service,
            _folder: folder,
        }
    }

    /// An organization with its operator.
    pub(crate) async fn organization(&self, name: &str, demo: bool) -> (Organization, Actor) {
        let organization = self
            .service
            .create_organization(name, "Europe/Berlin", demo)
            .await
            .expect("an organization");
        let operator = self
            .service
            .operator(organization.id, counterpart_model::ChangeSetOrigin::Demo);
        (organization, operator)
    }

    /// A member with the password of every account here.
    pub(crate) async fn member(&self, operator: &Actor, email: &str, role: Role) {
        self.service
            .create_account(operator, email, SecretString::from(PASSWORD), role)
            .await
            .expect("an account");
    }

    /// The emulators' organization as people.
    pub(crate) async fn people(&self, operator: &Actor, people: usize) {
        let rows = platform_directory(1, people)
            .into_iter()
            .zip(1..)
            .map(|(person, line)| ImportRow {
                line,
                input: PersonInput {
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
                },
            })
            .collect();
        let plan = self
            .service
            .plan_import(operator, rows)
            .await
            .expect("a plan");
        assert_eq!(plan.problems, []);
        let reason = Some("people of the phone system".to_owned());
        self.service
            .apply_import(operator, &plan, reason)
            .await
            .expect("people");
    }

    /// A connection to an emulator, with its users read.
    pub(crate) async fn connect(&self, operator: &Actor, emulator: &Running) -> Connection {
        let input = ConnectionInput {
            existing: None,
            provider: emulator.info().name.to_owned(),
            name: String::new(),
            environment: None,
            settings: emulator.settings(),
            credentials: emulator
                .credentials()
                .into_iter()
                .map(|(name, value)| (name, SecretString::from(value)))
                .collect(),
            untested: false,
        };
        let saved = self
            .service
            .save_connection(operator, input)
            .await
            .expect("a connection");
        self.service
            .sync(operator, saved.id, SyncMode::Full)
            .await
            .expect("a sync");
        saved
    }
}

/// An emulator on a free port of this machine.
pub(crate) async fn emulator(name: &str, people: usize) -> Running {
    start(
        name,
        Options {
            people,
            ..Options::default()
        },
    )
    .await
    .expect("an emulator")
}
