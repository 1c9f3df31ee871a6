//! Signing in: OAuth 2.0 codes, and refresh tokens that work once. A token may be had once a
//! minute; the exchange of a code is not counted, which is kinder than the vendor: whoever loses
//! the session right after connecting can get another without waiting.

use std::sync::{Mutex, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use super::errors::{Problem, no_such_path, wrong_verb};
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules};

/// The app's client id.
pub(crate) const CLIENT_ID: &str = "Nw3kZq8rT1vX5yB7cD9eF2gH4jL6mP0s";

/// The app's secret.
pub(crate) const CLIENT_SECRET: &str = "q7W2e9R4t1Y6u3I8o5P0aSdFgHjKlZxCvBnM";

/// A code as the address has it after consent, which works once.
pub(crate) const CODE: &str = "Kx2Rn7fE4wQ9tB1yLs6VdJ3hZ8mC5pGu";

/// What the app may do.
const SCOPES: &str = "users.read prospects.read calls.all tasks.all webhooks.all";

/// The fewest seconds between two tokens of one user and app.
const APART: i64 = 60;

/// What the token endpoint asks for and gives.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Form,
    grants: &["authorization_code", "refresh_token"],
    scope: SCOPES,
    first_code: CODE,
    first_refresh: "",
    access_seconds: 7200,
    rotates: true,
    token_prefix: "",
    one_live_token: false,
};

/// When the last token was had by a refresh.
#[derive(Debug, Default)]
pub(crate) struct Mint(Mutex<Option<Timestamp>>);

impl Mint {
    /// How many seconds to wait until another token can be had; 0 when it can be had now.
    fn wait(&self, now: Timestamp) -> i64 {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = last.map_or(APART, |last| now.duration_since(last).as_secs());
        (APART - since).clamp(0, APART)
    }

    fn remember(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// As if the minute were over.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Everything below `/oauth`.
pub(crate) fn answer(
    core: &Core,
    oauth: &OAuth,
    mint: &Mint,
    request: &ApiRequest,
    rest: &[&str],
) -> Answer {
    match (&request.method, rest) {
        (&Method::GET, ["authorize"]) => match oauth.authorize(core, request) {
            Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
            Err(error) => refused_as(StatusCode::BAD_REQUEST, error),
        },
        (&Method::POST, ["token"]) => token(core, oauth, mint, request),
        (_, ["authorize" | "token"]) => wrong_verb(),
        _ => no_such_path(),
    }
}

fn token(core: &Core, oauth: &OAuth, mint: &Mint, request: &ApiRequest) -> Answer {
    let form = request.form();
    if find(&form, "redirect_uri").is_none_or(str::is_empty) {
        return refused_as(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let now = core.clock.now();
    let refreshes = find(&form, "grant_type") == Some("refresh_token");
    let wait = if refreshes { mint.wait(now) } else { 0 };
    if wait > 0 {
        let detail = "An access token can be requested once every 60 seconds.".to_owned();
        return Problem::too_many(detail)
            .answer()
            .with("retry-after", &wait.to_string());
    }
    match oauth.grant(core, request, &form) {
        Ok(grant) => {
            if refreshes {
                mint.remember(now);
            }
            let body = json!({
                "access_token": grant.access_token, "token_type": "Bearer",
                "expires_in": grant.expires_in, "refresh_token": grant.refresh_token,
                "scope": grant.scope, "created_at": now.as_second(),
            });
            Answer::json(StatusCode::OK, &body)
        }
        Err(error) => refused(error),
    }
}

/// The token endpoint's refusals, as RFC 6749 has them.
pub(crate) fn refused(error: GrantError) -> Answer {
    let status = match error {
        GrantError::Client => StatusCode::UNAUTHORIZED,
        GrantError::Grant | GrantError::Unsupported => StatusCode::BAD_REQUEST,
    };
    refused_as(status, error.code())
}

fn refused_as(status: StatusCode, code: &str) -> Answer {
    let why = match code {
        "invalid_client" => {
            "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
        }
        "invalid_grant" => {
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
        }
        "unsupported_grant_type" => {
            "The authorization grant type is not supported by the authorization server."
        }
        _ => {
            "The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed."
        }
    };
    Answer::json(status, &json!({ "error": code, "error_description": why }))
}
