//! Signing in: an address with an API token, which acts as the user of that address, or OAuth.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::errors;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind};
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules, basic};

/// The account's API token.
pub(crate) const API_TOKEN: &str = "nW7hq2ZendeskEmulat0rT0ken4Counterpart01";

/// The identifier of the OAuth client.
pub(crate) const CLIENT_ID: &str = "counterpart_northwind";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str =
    "5f0c9d1zendesk0emulator0secret0a7e64b21f3d8c905e7714fa2b6c88d019";

/// What the token endpoint asks for. Refresh tokens work once.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Form,
    grants: &["authorization_code", "refresh_token", "client_credentials"],
    scope: "read write",
    first_code: "",
    first_refresh: "",
    access_seconds: 1_800,
    rotates: true,
    token_prefix: "",
    one_live_token: false,
};

/// How long a refresh token lives; the emulator's live for good.
const REFRESH_SECONDS: i64 = 2_592_000;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The user it acts as.
    pub(crate) user: User,
    /// Whether it may change anything.
    pub(crate) writes: bool,
}

impl Caller {
    /// Administrators may export and manage webhooks.
    pub(crate) fn is_admin(&self) -> bool {
        super::users::role(&self.user) == "admin"
    }
}

/// Who a request comes from: nobody where it carries no credentials, an answer where wrong ones.
pub(crate) fn caller(
    core: &Core,
    oauth: &OAuth,
    request: &ApiRequest,
) -> Result<Option<Caller>, Answer> {
    if request.header("authorization").is_none() {
        return Ok(None);
    }
    if let Some((name, secret)) = basic(request) {
        // Passwords are no longer taken.
        let email = name.strip_suffix("/token").filter(|_| secret == API_TOKEN);
        let user = email.and_then(|email| staff_of(core, email));
        let user = user.ok_or_else(errors::unauthorised)?;
        return Ok(Some(Caller { user, writes: true }));
    }
    let scope = oauth.scope_of_bearer(core, request);
    let user = core.directory().connecting().cloned();
    match (scope, user.filter(User::is_active)) {
        (Some(scope), Some(user)) => Ok(Some(Caller {
            user,
            writes: scope
                .split(' ')
                .any(|scope| scope == "write" || scope.ends_with(":write")),
        })),
        _ => Err(invalid_token()),
    }
}

/// The member of staff of that address who can sign in. Addresses are unique at the vendor; where
/// the seeded directory has one twice, the active one is meant.
fn staff_of(core: &Core, email: &str) -> Option<User> {
    let directory = core.directory();
    let mut all = directory.users().iter();
    all.find(|user| {
        let listed = !matches!(user.kind, UserKind::Guest | UserKind::Automated);
        listed && user.is_active() && user.email.eq_ignore_ascii_case(email)
    })
    .cloned()
}

fn invalid_token() -> Answer {
    let body = json!({
        "error": "invalid_token",
        "error_description": "The access token provided is expired, revoked, malformed or invalid for other reasons.",
    });
    Answer::json(StatusCode::UNAUTHORIZED, &body)
}

/// `GET /oauth/authorizations/new`: consents at once.
pub(crate) fn authorize(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    match oauth.authorize(core, request) {
        Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
        Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
    }
}

/// `POST /oauth/tokens`, in JSON or as a form.
pub(crate) fn token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    if request.method != Method::POST {
        return errors::no_such_path();
    }
    match oauth.grant(core, request, &fields(request)) {
        Ok(grant) => {
            let mut body = json!({
                "access_token": grant.access_token,
                "token_type": "bearer",
                "scope": grant.scope,
                "expires_in": grant.expires_in,
            });
            if let Some(refresh) = grant.refresh_token {
                body["refresh_token"] = json!(refresh);
                body["refresh_token_expires_in"] = json!(REFRESH_SECONDS);
            }
            Answer::json(StatusCode::OK, &body).with("cache-control", "no-store")
        }
        Err(error) => refused(error),
    }
}

fn refused(error: GrantError) -> Answer {
    let (status, description) = match error {
        GrantError::Client => (
            StatusCode::UNAUTHORIZED,
            "Client authentication failed due to unknown client, no client authentication included, \
             or unsupported authentication method.",
        ),
        GrantError::Grant => (
            StatusCode::BAD_REQUEST,
            "The provided authorization grant is invalid, expired, revoked, does not match the \
             redirection URI used in the authorization request, or was issued to another client.",
        ),
        GrantError::Unsupported => (
            StatusCode::BAD_REQUEST,
            "The authorization grant type is not supported by the authorization server.",
        ),
    };
    let body = json!({ "error": error.code(), "error_description": description });
    Answer::json(status, &body)
}

/// The fields of a body in either form.
fn fields(request: &ApiRequest) -> Vec<(String, String)> {
    match serde_json::from_slice::<Value>(&request.body) {
        Ok(Value::Object(object)) => object
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect(),
        _ => request.form(),
    }
}
