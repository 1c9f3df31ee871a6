//! Signing in: a user's API token in a header, or OAuth 2.0 with the client in HTTP Basic.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::errors::{Problem, no_such_path, token_error, wrong_verb};
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::directory::User;
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules};

/// The connecting user's API token: forty hexadecimal digits.
pub(crate) const API_TOKEN: &str = "6f2a9c41d07be8835fa41c9960e27d3b8c15fa04";

/// The app's client id.
pub(crate) const CLIENT_ID: &str = "9b1d7c3e5f7a2b4c";

/// The app's secret.
pub(crate) const CLIENT_SECRET: &str = "3c5e7a9b1d2f4a6c8e0b2d4f6a8c0e1f3a5b7c9d";

/// What the app may do, comma-separated.
const SCOPES: &str = "base,users:read,contacts:read,contacts:full,search:read,activities:full,phone-integration,admin";

/// What the token endpoint asks for and gives.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Basic,
    grants: &["authorization_code", "refresh_token"],
    scope: SCOPES,
    first_code: "",
    first_refresh: "",
    access_seconds: 3599,
    rotates: false,
    token_prefix: "v1u:",
    one_live_token: false,
};

/// Whose token a request bears.
#[derive(Debug)]
pub(crate) struct Caller {
    /// None with an API token, which may do what its user may.
    scopes: Option<Vec<String>>,
}

impl Caller {
    /// The caller of a request. A user who is switched off takes the token along.
    pub(crate) fn of(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Result<Self, Problem> {
        let is_active = core.directory().connecting().is_some_and(User::is_active);
        if !is_active {
            return Err(Problem::unauthorized());
        }
        if let Some(token) = request.header("x-api-token") {
            return if token == API_TOKEN {
                Ok(Self { scopes: None })
            } else {
                Err(Problem::unauthorized())
            };
        }
        let granted = oauth.scope_of_bearer(core, request);
        let granted = granted.ok_or_else(Problem::unauthorized)?;
        let words = granted.split([',', ' ']).map(str::to_owned);
        Ok(Self {
            scopes: Some(words.collect()),
        })
    }

    /// That one of the scopes was granted.
    pub(crate) fn needs(&self, wanted: &[&str]) -> Result<(), Problem> {
        let Some(granted) = &self.scopes else {
            return Ok(());
        };
        if granted.iter().any(|own| wanted.contains(&own.as_str())) {
            Ok(())
        } else {
            Err(Problem::scope())
        }
    }

    /// Whether the caller has access to the account's settings, and so may write in the name of
    /// others: the user of the API token has; an app has it with the scope `admin`.
    pub(crate) fn is_admin(&self) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope == "admin"))
    }
}

/// Everything below `/oauth`.
pub(crate) fn answer(core: &Core, oauth: &OAuth, request: &ApiRequest, rest: &[&str]) -> Answer {
    match (&request.method, rest) {
        (&Method::GET, ["authorize"]) => {
            // There is but one response type, and scopes are the app's, not the request's.
            let whole = request.with_parameter("response_type", "code");
            let whole = whole.with_parameter("scope", SCOPES);
            match oauth.authorize(core, &whole) {
                Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
                Err(error) => token_error(StatusCode::BAD_REQUEST, error, "Invalid request"),
            }
        }
        (&Method::POST, ["token"]) => token(core, oauth, request),
        (_, ["authorize" | "token"]) => wrong_verb(),
        _ => no_such_path(),
    }
}

/// The refresh token of a refresh stays the same and is told again.
fn token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let form = request.form();
    match oauth.grant(core, request, &form) {
        Ok(grant) => {
            let given = find(&form, "refresh_token").map(str::to_owned);
            let body = json!({
                "access_token": grant.access_token, "token_type": "Bearer",
                "refresh_token": grant.refresh_token.or(given), "scope": grant.scope,
                "expires_in": grant.expires_in, "api_domain": core.base_url,
            });
            Answer::json(StatusCode::OK, &body)
        }
        Err(error) => {
            let (status, message) = match error {
                GrantError::Client => (StatusCode::UNAUTHORIZED, "Invalid client credentials"),
                GrantError::Grant => (
                    StatusCode::BAD_REQUEST,
                    "Invalid grant: it is invalid or expired",
                ),
                GrantError::Unsupported => {
                    (StatusCode::BAD_REQUEST, "Invalid grant_type parameter")
                }
            };
            token_error(status, error.code(), message)
        }
    }
}
