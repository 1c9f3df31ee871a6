//! A service over SQLite in a folder of its own, with role clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use counterpart_connector::Registry;
use counterpart_model::{ChangeSetOrigin, Clock, Entropy, OrganizationId, Role, Timestamp};
use counterpart_outbound::{Client, ClientOptions, MasterKey, Vault};
use counterpart_service::{Parts, Service};
use counterpart_store_sqlite::SqliteStore;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::acme::{Acme, AcmeUsers, KEY};
use crate::pilot::Pilot;

/// A clock that goes on by a millisecond whenever somebody looks, so that ids are in order.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1_000, Ordering::Relaxed))
    }
}

/// 2026-11-22T09:00:00Z.
const START: i64 = 1_795_338_000_000_000;

/// Bytes of `SplitMix64` from a fixed seed.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            let mut z = self
                .0
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = z.to_le_bytes()[7];
        }
    }
}

/// Everything a test needs.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) router: Router,
    pub(crate) acme: AcmeUsers,
    _folder: TempDir,
}

impl World {
    /// A service without any organization.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path(), counterpart_store_sqlite::Options::default())
            .await
            .expect("a database");
        let acme = AcmeUsers::default();
        let mut connectors = Registry::new();
        connectors
            .add(Arc::new(Acme::new(acme.clone())))
            .expect("one connector");
        for product in ["sales", "desk"] {
            let pilot = Arc::new(Pilot::new(product));
            connectors.add(pilot).expect("another connector");
        }
        let entropy = Arc::new(Seeded(AtomicU64::new(7)));
        let service = Service::new(Parts {
            store: Arc::new(store),
            connectors: Arc::new(connectors),
            client: Client::new(ClientOptions {
                // For webhooks to a port where nobody listens.
                allowed_networks: vec!["127.0.0.1".parse().expect("an address")],
                ..ClientOptions::default()
            })
            .expect("a client"),
            vault: Vault::new(MasterKey::generate(entropy.as_ref())),
            clock: Arc::new(Ticking(AtomicI64::new(START))),
            entropy,
        });
        Self {
            router: counterpart_api::router(service.clone()),
            service,
            acme,
            _folder: folder,
        }
    }

    /// A new organization with a client for each role.
    pub(crate) async fn organization(&self, name: &str) -> Tenant {
        let organization = self
            .service
            .create_organization(name, "Europe/Berlin", false)
            .await
            .expect("an organization");
        let operator = self.service.operator(organization.id, ChangeSetOrigin::Cli);
        let mut tokens = Vec::new();
        for role in Role::ALL {
            let made = self
                .service
                .create_token(&operator, role.as_str(), role)
                .await
                .expect("a token");
            tokens.push((role, made.secret.expose_secret().to_owned()));
        }
        Tenant {
            id: organization.id,
            router: self.router.clone(),
            tokens,
        }
    }
}

/// One organization, seen through the API.
pub(crate) struct Tenant {
    pub(crate) id: OrganizationId,
    router: Router,
    tokens: Vec<(Role, String)>,
}

impl Tenant {
    /// The token of a role.
    pub(crate) fn token(&self, role: Role) -> &str {
        let (_, token) = self
            .tokens
            .iter()
            .find(|(known, _)| *known == role)
            .expect("every role has a token");
        token
    }

    /// A request with the token of `role` below the organization.
    pub(crate) fn request(&self, role: Option<Role>, method: Method, path: &str) -> Call {
        let uri = if path.starts_with("/api") || path.starts_with("/healthz") {
            path.to_owned()
        } else {
            format!("/api/v1/organizations/{}{path}", self.id)
        };
        Call {
            router: self.router.clone(),
            method,
            uri,
            headers: role
                .map(|role| {
                    (
                        "authorization".to_owned(),
                        format!("Bearer {}", self.token(role)),
                    )
                })
                .into_iter()
                .collect(),
            body: Vec::new(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Some(Role::Viewer), Method::GET, path)
            .send()
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.request(Some(Role::Owner), Method::POST, path)
            .json(&body)
            .send()
            .await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request(Some(Role::Admin), Method::PATCH, path)
            .json(&body)
            .send()
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.request(Some(Role::Owner), Method::DELETE, path)
            .send()
            .await
    }

    /// Adds a person; its id.
    pub(crate) async fn person(&self, name: &str, email: &str) -> String {
        let body = json!({"display_name": name, "emails": [email]});
        self.post("/people", body).await.created()
    }

    /// Connects Acme; the connection's id.
    pub(crate) async fn acme(&self) -> String {
        let body = json!({
            "provider": "acme",
            "settings": {"address": "acme.example.com"},
            "credentials": {"api_key": KEY},
        });
        self.post("/connections", body).await.created()
    }

    /// Syncs a connection to the end.
    pub(crate) async fn sync(&self, connection: &str) -> Value {
        self.post(
            &format!("/connections/{connection}/sync?wait=true"),
            json!({}),
        )
        .await
        .ok()
    }
}

/// A request on its way.
pub(crate) struct Call {
    router: Router,
    method: Method,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    pub(crate) async fn send(self) -> Answer {
        let mut request = Request::builder().method(self.method).uri(self.uri);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).expect("a request");
        let response = self.router.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .expect("a whole body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).expect("text"),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text))
    }

    pub(crate) fn header(&self, name: &header::HeaderName) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {self:?}"))
            .to_str()
            .expect("text")
    }

    /// The body of an answer that went well.
    pub(crate) fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self.json()
    }

    /// The id of what was created.
    pub(crate) fn created(&self) -> String {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text);
        let id = self.json()["id"].as_str().expect("an id").to_owned();
        assert!(self.header(&header::LOCATION).ends_with(&id));
        id
    }

    /// The problem of an answer that did not.
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(problem["code"], code, "{}", self.text);
        assert_eq!(problem["status"], status);
        assert_eq!(
            self.header(&header::CONTENT_TYPE),
            "application/problem+json"
        );
        problem
    }
}
