//! Signing in: a private app's token, or OAuth 2.0 with codes and refresh tokens. Both give a
//! bearer token; what it may do is in its scopes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::errors::{Problem, no_such_path, token_error, wrong_verb};
use super::{HUB_ID, user_number};
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::oauth::{ClientPlace, Grant, GrantError, OAuth, Rules, bearer};

/// The private app's token.
pub(crate) const PRIVATE_TOKEN: &str = "pat-eu1-5d0c1a7e-3b92-4c48-9f06-2a71e84cd935";

/// The public app's client id; also the key of its webhooks' signatures beside the secret.
pub(crate) const CLIENT_ID: &str = "c0a1f5e2-7d34-4b8e-91aa-5e1f2d3c4b5a";

/// The public app's secret, with which its webhooks are signed as well.
pub(crate) const CLIENT_SECRET: &str = "8e7d6c5b-4a39-4281-b0c9-d8e7f6a5b4c3";

/// The number of either app.
pub(crate) const APP_ID: u64 = 7_906_213;

/// What an app is granted when nobody says otherwise.
pub(crate) const SCOPES: &str = "oauth crm.objects.owners.read crm.objects.contacts.read crm.objects.contacts.write crm.objects.companies.read crm.objects.users.read crm.schemas.contacts.read crm.schemas.contacts.write settings.users.read tickets";

/// The life of an access token.
const ACCESS_SECONDS: i64 = 1800;

/// What the token endpoint asks for and gives.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Form,
    grants: &["authorization_code", "refresh_token", "client_credentials"],
    scope: SCOPES,
    first_code: "",
    first_refresh: "",
    access_seconds: ACCESS_SECONDS,
    rotates: false,
    token_prefix: "CI",
    one_live_token: false,
};

/// Whose token a request bears.
#[derive(Debug)]
pub(crate) struct Caller {
    scopes: Vec<String>,
    /// Only private apps have an allowance per day.
    pub(crate) is_private_app: bool,
}

impl Caller {
    /// The bearer of a request.
    pub(crate) fn of(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Result<Self, Problem> {
        let token = bearer(request).ok_or_else(Problem::unauthenticated)?;
        if token == PRIVATE_TOKEN {
            return Ok(Self {
                scopes: words(SCOPES),
                is_private_app: true,
            });
        }
        match oauth.scope_of(core, token) {
            Some(scope) => Ok(Self {
                scopes: words(&scope),
                is_private_app: false,
            }),
            None if token.starts_with(RULES.token_prefix) => Err(Problem::expired()),
            None => Err(Problem::unauthenticated()),
        }
    }

    /// That at least one of the scopes was granted.
    pub(crate) fn needs(&self, scopes: &[&str]) -> Result<(), Problem> {
        let has = |scope: &&str| self.scopes.iter().any(|own| own == scope);
        if scopes.is_empty() || scopes.iter().any(has) {
            Ok(())
        } else {
            Err(Problem::missing_scopes(scopes))
        }
    }
}

fn words(scope: &str) -> Vec<String> {
    scope.split_whitespace().map(str::to_owned).collect()
}

/// Everything below `/oauth`.
pub(crate) fn answer(core: &Core, oauth: &OAuth, request: &ApiRequest, rest: &[&str]) -> Answer {
    match (&request.method, rest) {
        (&Method::GET, ["authorize"]) => authorize(core, oauth, request),
        (&Method::POST, ["v1" | "v3", "token"]) => token(core, oauth, request, rest[0]),
        (&Method::GET, ["v1", "access-tokens", token]) => match described(core, oauth, token) {
            Some(body) => Answer::json(StatusCode::OK, &body),
            None => Problem::not_found().answer(),
        },
        (&Method::POST, ["v3", "token", "introspect"]) => introspect(core, oauth, request),
        (&Method::POST, ["v2", "private-apps", "get", "access-token-info"]) => {
            private_app(core, request)
        }
        (_, ["authorize" | "v1" | "v2" | "v3", ..]) => wrong_verb(),
        _ => no_such_path(),
    }
}

/// The consent page. It does not ask for `response_type`; there is but one.
fn authorize(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let whole = request.with_parameter("response_type", "code");
    match oauth.authorize(core, &whole) {
        Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
        Err(_) => token_error(
            "BAD_REQUEST",
            "Authorization failed because the client ID or redirect URI is missing or unknown.",
        ),
    }
}

fn token(core: &Core, oauth: &OAuth, request: &ApiRequest, version: &str) -> Answer {
    let is_form = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Problem::unsupported_media_type();
    }
    let form = request.form();
    if version == "v1" && find(&form, "grant_type") == Some("client_credentials") {
        return refused(&form, GrantError::Unsupported);
    }
    match oauth.grant(core, request, &form) {
        Ok(grant) => Answer::json(StatusCode::OK, &granted(core, &form, grant)),
        Err(error) => refused(&form, error),
    }
}

/// The refresh token of a refresh stays the same and is told again.
fn granted(core: &Core, form: &[(String, String)], grant: Grant) -> Value {
    let given = find(form, "refresh_token").map(str::to_owned);
    let mut body = json!({
        "token_type": "bearer", "access_token": grant.access_token,
        "expires_in": grant.expires_in, "hub_id": HUB_ID, "user_id": own_number(core),
        "scopes": words(&grant.scope), "token_use": "access_token",
    });
    if let Some(refresh) = grant.refresh_token.or(given) {
        body["refresh_token"] = json!(refresh);
    }
    body
}

fn refused(form: &[(String, String)], error: GrantError) -> Answer {
    match error {
        GrantError::Client if find(form, "client_id") == Some(CLIENT_ID) => {
            token_error("BAD_CLIENT_SECRET", "missing or unknown client secret")
        }
        GrantError::Client => token_error("BAD_CLIENT_ID", "missing or unknown client id"),
        GrantError::Unsupported => token_error("BAD_GRANT_TYPE", "missing or unknown grant type"),
        GrantError::Grant if find(form, "grant_type") == Some("refresh_token") => {
            token_error("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        }
        GrantError::Grant => token_error("BAD_AUTH_CODE", "missing or unknown auth code"),
    }
}

/// What there is to know about an access token.
fn described(core: &Core, oauth: &OAuth, token: &str) -> Option<Value> {
    let scope = oauth.scope_of(core, token)?;
    Some(json!({
        "token": token, "user": own_email(core), "hub_domain": "northwind-support.example",
        "scopes": words(&scope), "hub_id": HUB_ID, "app_id": APP_ID,
        "expires_in": oauth.seconds_left(core, token), "user_id": own_number(core),
        "token_type": "access", "is_private_distribution": false,
    }))
}

fn introspect(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let form = request.form();
    let knows = find(&form, "client_id") == Some(CLIENT_ID)
        && find(&form, "client_secret") == Some(CLIENT_SECRET);
    if !knows {
        return refused(&form, GrantError::Client);
    }
    let token = find(&form, "token").unwrap_or_default();
    let body = match described(core, oauth, token) {
        Some(mut body) => {
            body["active"] = json!(true);
            body["token_use"] = json!("access_token");
            body
        }
        None => json!({ "active": false }),
    };
    Answer::json(StatusCode::OK, &body)
}

/// What a private app's token may do: asked for with the token in the body, for everybody.
fn private_app(core: &Core, request: &ApiRequest) -> Answer {
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(body) => body,
        Err(_) => return Problem::bad_json("tokenKey is required").answer(),
    };
    if body["tokenKey"].as_str() != Some(PRIVATE_TOKEN) {
        return Problem::unauthenticated().answer();
    }
    let body = json!({
        "userId": own_number(core), "hubId": HUB_ID, "appId": APP_ID, "scopes": words(SCOPES),
    });
    Answer::json(StatusCode::OK, &body)
}

/// The number of the user who installed the app.
fn own_number(core: &Core) -> Option<u64> {
    let directory = core.directory();
    directory.connecting().map(|user| user_number(&user.id))
}

fn own_email(core: &Core) -> Option<String> {
    let directory = core.directory();
    directory.connecting().map(|user| user.email.clone())
}
