//! A suite of two products that exist in memory only: one sign-in, by a code or by a redirect.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use counterpart_connector::{
    Access, Capabilities, CheckReport, Connector, ConnectorError, Consent, ErrorClass,
    FieldProblem, Hooks, ListScope, ManifestConnector, Settled, UserPage,
};
use counterpart_manifest::Manifest;
use counterpart_model::CrmUserId;
use counterpart_outbound::Url;
use secrecy::ExposeSecret as _;

const MANIFEST: &str = r##"
manifest = 1
provider = "pilot-{product}"
title = "Pilot {product}"
initial = "P"
colour = "#336699"
side = "crm"
delivery = "C"

[vocabulary]
user = ["user", "users"]
company = ["account", "accounts"]
contact = ["contact", "contacts"]
organization = ["organization", "organizations"]

[[settings]]
name = "sign_in"
label = "Way"
kind = "choice"
default = "code"
choices = [{ value = "code", label = "Code" }, { value = "redirect", label = "Redirect" }]

[[credentials]]
name = "client_id"
label = "Client"
kind = "text"
required = true

[[credentials]]
name = "client_secret"
label = "Secret"
kind = "secret"
required = true

[[credentials]]
name = "pasted"
label = "Code"
kind = "secret"
required = true
one_time = true
lives_minutes = 3
ways = ["code"]

[[credentials]]
name = "returned"
label = "Code"
kind = "secret"
one_time = true
internal = true

[[credentials]]
name = "refresh_token"
label = "Refresh token"
kind = "secret"
internal = true

[suite]
name = "pilot"
title = "Pilot Suite"
scopes = ["{product}.read", "who"]

[hosts]
api = [{ fixed = "https://pilot.example" }]

[[sign_in]]
kind = "oauth2_refresh"
name = "code"
title = "Code"
code = "pasted"
token = { host = "api", path = "/token" }
yields = { access_token = { pointer = "/access_token" } }
headers = { Authorization = "Bearer {access_token}" }

[[sign_in]]
kind = "oauth2_refresh"
name = "redirect"
title = "Redirect"
code = "returned"
token = { host = "api", path = "/token" }
authorize = { host = "api", path = "/consent", pkce = true, query = { scope = "{scopes}" } }
yields = { access_token = { pointer = "/access_token" } }
headers = { Authorization = "Bearer {access_token}" }

[org]
id = [{ text = "pilot" }]

[[steps]]
title = "Make a client"
where = "Settings › API"
what = "Make a client."

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

/// The code that Pilot accepts.
pub(crate) const CODE: &str = "pilot-code";
/// The token that it gives for the code.
const TOKEN: &str = "pilot-refresh-token";

pub(crate) struct Pilot(ManifestConnector);

impl Pilot {
    pub(crate) fn new(product: &str) -> Self {
        let text = MANIFEST.replace("{product}", product);
        let manifest = ManifestConnector::load("pilot", &text, Hooks::default());
        Self(manifest.unwrap_or_else(|error| panic!("{error}")))
    }
}

fn holds(access: &Access<'_>, name: &str, value: &str) -> bool {
    let kept = access.credentials.get(name);
    kept.is_some_and(|kept| kept.expose_secret() == value)
}

#[async_trait]
impl Connector for Pilot {
    fn manifest(&self) -> &Manifest {
        self.0.manifest()
    }

    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
        self.0.normalise(settings)
    }

    fn missing_credentials(
        &self,
        settings: &BTreeMap<String, String>,
        present: &BTreeSet<String>,
    ) -> Vec<FieldProblem> {
        self.0.missing_credentials(settings, present)
    }

    async fn settle(&self, access: &Access<'_>) -> Result<Settled, ConnectorError> {
        for name in ["pasted", "returned"] {
            if holds(access, name, CODE) {
                return Ok(Settled {
                    credentials: vec![("refresh_token".to_owned(), TOKEN.to_owned().into())],
                    forget: [name, "redirect_uri", "code_verifier"]
                        .map(str::to_owned)
                        .into(),
                    ..Settled::default()
                });
            }
            if access.credentials.get(name).is_some() {
                let why = "Pilot does not know the code";
                return Err(ConnectorError::new(ErrorClass::Auth, why));
            }
        }
        Ok(Settled::default())
    }

    async fn check(&self, access: &Access<'_>) -> Result<CheckReport, ConnectorError> {
        if holds(access, "refresh_token", TOKEN) {
            return Ok(CheckReport::default());
        }
        let why = "Pilot does not know the token";
        Err(ConnectorError::new(ErrorClass::Auth, why))
    }

    async fn list_users(
        &self,
        _: &Access<'_>,
        _: ListScope,
        _: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        Ok(UserPage::default())
    }

    fn consent(&self, access: &Access<'_>, consent: &Consent) -> Result<Url, ConnectorError> {
        self.0.consent(access, consent)
    }

    fn user_link(&self, _: &BTreeMap<String, String>, _: &CrmUserId) -> Option<String> {
        None
    }

    fn normalise_id(&self, typed: &str) -> Option<CrmUserId> {
        self.0.normalise_id(typed)
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
}
