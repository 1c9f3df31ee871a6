//! A made-up provider, and a connection to a scripted server of it.

use std::collections::BTreeMap;

use counterpart_connector::kit::{MemorySessions, RecordedPause, SetClock};
use counterpart_connector::{
    Access, Connector as _, ConnectorError, Credentials, Hooks, ListScope, ManifestConnector,
    RegistryError, UserPage,
};
use counterpart_model::Timestamp;
use counterpart_outbound::{Client, ClientOptions};
use secrecy::SecretString;

use crate::script::Server;

/// Its manifest: a refresh token, numbered pages, an optional table and join.
const MANIFEST: &str = r##"
manifest = 1
provider = "acme"
title = "Acme"
initial = "A"
colour = "#112233"
side = "crm"
delivery = "C"
settings = [
  { name = "address", label = "Address", kind = "url", required = true, normalise = "origin" },
  { name = "portal", label = "Portal", kind = "text" },
  { name = "centre", label = "Centre", kind = "choice", default = "us", choices = [
    { value = "us", label = "America", hosts = ["acme.example"] },
    { value = "au", label = "Australia", hosts = ["au.acme.example"] },
  ] },
]
credentials = [
  { name = "client_id", label = "Key", kind = "text", required = true },
  { name = "client_secret", label = "Secret", kind = "secret", required = true },
  { name = "code", label = "Code", kind = "secret", required = true, one_time = true },
  { name = "refresh_token", label = "Refresh token", kind = "secret", internal = true },
]
hosts = { api = [{ setting = "address" }], web = [{ setting = "portal" }, { region = { setting = "centre", addresses = { us = "https://www.acme.example" } } }] }
user_link = "{web}/users/{user_id}"
steps = [{ title = "Make a key", what = "Make one." }]
permissions = []
errors = [{ status = [422], pointer = "/why", class = "permanent", message = "/why" }]
probes = [
  { name = "users", title = "Users can be listed", request = { path = "/users" } },
  { name = "writing", title = "Nothing can be written", need = "must_be_absent", request = { path = "/writing" } },
]

[vocabulary]
user = ["agent", "agents"]
company = ["firm", "firms"]
contact = ["contact", "contacts"]
organization = ["account", "accounts"]

[[sign_in]]
kind = "oauth2_refresh"
token = { host = "api", path = "/token", expires_in = "/expires_in" }
code = "code"
yields = { access_token = { pointer = "/access_token" } }
headers = { Authorization = "Bearer {access_token}" }

[org]
request = { path = "/me" }
id = [{ pointer = "/id" }]

[users]
id = { pointer = "/id", type = "text" }
page_size = 2
full = { items = "/users", paging = { kind = "next_url", pointer = "/next" }, requests = [{ path = "/users" }] }
lookups = [{ name = "roles", optional = true, request = { path = "/roles" }, items = "/roles", key = "/id", value = "/name", paging = { kind = "none", because = "there are few roles" } }]
joins = [{ name = "staff", optional = true, on = "/id", request = { path = "/staff", query = { ids = "{keys}" } }, items = "/staff", key = "/user", paging = { kind = "none", because = "one answer holds all" } }]
fields = { display_name = ["/name"], role = [{ pointer = "/role", lookup = "roles" }], other_ids = [{ kind = "staff", each = "/@staff", pointer = "/number" }] }
"##;

/// The connector, whose manifest names hooks, as TOML.
pub(crate) fn load(named: &str, hooks: Hooks) -> Result<ManifestConnector, RegistryError> {
    let manifest = format!("hooks = {named}\n{MANIFEST}");
    ManifestConnector::load("acme", &manifest, hooks)
}

/// A connection.
pub(crate) struct World {
    pub(crate) connector: ManifestConnector,
    pub(crate) sessions: MemorySessions,
    pub(crate) clock: SetClock,
    pub(crate) pause: RecordedPause,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    client: Client,
}

impl World {
    pub(crate) fn new(server: &Server) -> Self {
        Self::with_hooks(server, "[]", Hooks::default())
    }

    /// A connection whose manifest says more, as TOML.
    pub(crate) fn with_manifest(server: &Server, more: &str) -> Self {
        let manifest = format!("{more}\n{MANIFEST}");
        let connector = ManifestConnector::load("acme", &manifest, Hooks::default());
        Self::of(server, connector.unwrap_or_else(|error| panic!("{error}")))
    }

    /// A connection whose manifest names hooks, as TOML.
    pub(crate) fn with_hooks(server: &Server, named: &str, hooks: Hooks) -> Self {
        let connector = load(named, hooks).unwrap_or_else(|error| panic!("{error}"));
        Self::of(server, connector)
    }

    /// A connection whose manifest has one text in place of another, and more at its end.
    pub(crate) fn changed(server: &Server, old: &str, new: &str, more: &str) -> Self {
        let manifest = format!("{}\n{more}", MANIFEST.replacen(old, new, 1));
        let connector = ManifestConnector::load("acme", &manifest, Hooks::default());
        Self::of(server, connector.unwrap_or_else(|error| panic!("{error}")))
    }

    fn of(server: &Server, connector: ManifestConnector) -> Self {
        let typed = BTreeMap::from([("address".to_owned(), format!("http://{}/", server.address))]);
        let credentials = [
            ("client_id", "the-key"),
            ("client_secret", "the-secret"),
            ("refresh_token", "first-refresh"),
        ];
        let allowed_networks = vec!["127.0.0.0/8".parse().expect("a network")];
        let options = ClientOptions {
            allowed_networks,
            ..ClientOptions::default()
        };
        Self {
            settings: connector.normalise(typed).expect("an address"),
            connector,
            sessions: MemorySessions::new(),
            clock: SetClock::at(Timestamp::from_micros(1_800_000_000_000_000)),
            pause: RecordedPause::new(),
            credentials: credentials
                .into_iter()
                .map(|(name, value)| (name.to_owned(), SecretString::from(value)))
                .collect(),
            client: Client::new(options).expect("these options are valid"),
        }
    }

    /// The same connection with a code pasted into its form.
    pub(crate) fn with_code(mut self, code: &str) -> Self {
        self.credentials.remove("refresh_token");
        self.credentials.insert("code", code.to_owned().into());
        self
    }

    pub(crate) fn access(&self) -> Access<'_> {
        Access {
            settings: &self.settings,
            credentials: &self.credentials,
            client: &self.client,
            pace: None,
            sessions: &self.sessions,
            clock: &self.clock,
            pause: &self.pause,
        }
    }

    pub(crate) async fn page(&self, cursor: Option<&str>) -> Result<UserPage, ConnectorError> {
        self.connector
            .list_users(&self.access(), ListScope::Full, cursor)
            .await
    }
}
