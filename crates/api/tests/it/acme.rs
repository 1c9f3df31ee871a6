//! A CRM that exists in memory only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use counterpart_connector::{
    Access, Capabilities, CheckReport, Connector, ConnectorError, ErrorClass, FieldProblem, Hooks,
    ListScope, ManifestConnector, ProbeOutcome, ProbeResult, PulledUser, Settled, UserPage,
};
use counterpart_manifest::Manifest;
use counterpart_model::connection::RemoteOrg;
use counterpart_model::{CrmUserId, CrmUserProfile};
use secrecy::ExposeSecret as _;

const MANIFEST: &str = r##"
manifest = 1
provider = "acme"
title = "Acme CRM"
initial = "A"
colour = "#336699"
side = "crm"
delivery = "B"

[vocabulary]
user = ["user", "users"]
company = ["account", "accounts"]
contact = ["contact", "contacts"]
organization = ["organization", "organizations"]

[[settings]]
name = "address"
label = "Address"
help = "Where your Acme is."
kind = "url"
required = true
normalise = "base_url"

[[credentials]]
name = "api_key"
label = "Key"
kind = "secret"
required = true

[hosts]
api = [{ setting = "address" }]

[[sign_in]]
kind = "keys"
[sign_in.headers]
Authorization = "Bearer {api_key}"

[org]
id = [{ text = "{address}" }]

[[steps]]
title = "Make a key"
where = "Settings › API"
what = "Make a key that may read users."

[[permissions]]
name = "Read users"
need = "required"
why = "Lists the people to map."

[users]
id = { pointer = "/id", type = "text" }
page_size = 100
[users.full]
items = "/users"
paging = { kind = "none", because = "the list comes whole" }
[[users.full.requests]]
method = "GET"
path = "/users"
[users.fields]
display_name = ["/name"]
"##;

/// The key that Acme accepts.
pub(crate) const KEY: &str = "acme-secret-key";

/// The users of Acme, shared by whoever holds it.
#[derive(Clone, Default)]
pub(crate) struct AcmeUsers(Arc<Mutex<Vec<PulledUser>>>);

impl AcmeUsers {
    /// Puts a user in.
    pub(crate) fn add(&self, id: &str, name: &str, email: &str) {
        self.lock().push(PulledUser {
            id: CrmUserId(id.to_owned()),
            profile: CrmUserProfile {
                display_name: name.to_owned(),
                emails: vec![email.to_owned()],
                ..CrmUserProfile::default()
            },
        });
    }

    /// Takes all users away.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<PulledUser>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct Acme {
    manifest: ManifestConnector,
    users: AcmeUsers,
}

impl Acme {
    pub(crate) fn new(users: AcmeUsers) -> Self {
        let manifest = ManifestConnector::load("acme", MANIFEST, Hooks::default());
        Self {
            manifest: manifest.unwrap_or_else(|error| panic!("{error}")),
            users,
        }
    }

    fn signed_in(access: &Access<'_>) -> Result<(), ConnectorError> {
        match access.credentials.get("api_key") {
            Some(key) if key.expose_secret() == KEY => Ok(()),
            _ => Err(ConnectorError::new(
                ErrorClass::Auth,
                "Acme does not know the key",
            )),
        }
    }
}

#[async_trait]
impl Connector for Acme {
    fn manifest(&self) -> &Manifest {
        self.manifest.manifest()
    }

    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
        self.manifest.normalise(settings)
    }

    fn missing_credentials(
        &self,
        settings: &BTreeMap<String, String>,
        present: &BTreeSet<String>,
    ) -> Vec<FieldProblem> {
        self.manifest.missing_credentials(settings, present)
    }

    async fn settle(&self, _: &Access<'_>) -> Result<Settled, ConnectorError> {
        Ok(Settled::default())
    }

    async fn check(&self, access: &Access<'_>) -> Result<CheckReport, ConnectorError> {
        Self::signed_in(access)?;
        Ok(CheckReport {
            org: Some(RemoteOrg {
                id: "acme-1".to_owned(),
                name: Some("Acme of Berlin".to_owned()),
            }),
            signed_in_as: Some("counterpart".to_owned()),
            probes: vec![ProbeResult {
                name: "users".to_owned(),
                title: "Users can be listed".to_owned(),
                outcome: ProbeOutcome::Passed,
                code: None,
                detail: None,
                took_millis: 0,
            }],
            ..CheckReport::default()
        })
    }

    async fn list_users(
        &self,
        access: &Access<'_>,
        _: ListScope,
        _: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        Self::signed_in(access)?;
        Ok(UserPage {
            users: self.users.lock().clone(),
            ..UserPage::default()
        })
    }

    fn user_link(&self, _: &BTreeMap<String, String>, _: &CrmUserId) -> Option<String> {
        None
    }

    fn normalise_id(&self, typed: &str) -> Option<CrmUserId> {
        self.manifest.normalise_id(typed)
    }

    fn capabilities(&self) -> Capabilities {
        self.manifest.capabilities()
    }
}
