//! Tokens: `POST /connect/token` with client credentials, or with a code.

use axum::http::StatusCode;
use serde_json::json;

use super::errors::invalid_client;
use super::{CLIENT_ID, CLIENT_SECRET};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules};

/// What the answer says a token lives. The vendor's page says that these are minutes, its
/// tutorial takes them for seconds; here they are minutes.
const SAID_TO_LIVE: i64 = 60;

pub(crate) fn rules() -> Rules {
    Rules {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        client: ClientPlace::Form,
        grants: &["client_credentials", "authorization_code", "refresh_token"],
        scope: "openid",
        first_code: "",
        first_refresh: "",
        access_seconds: SAID_TO_LIVE * 60,
        rotates: true,
        token_prefix: "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.",
        one_live_token: true,
    }
}

pub(crate) fn bears_token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> bool {
    oauth.scope_of_bearer(core, request).is_some()
}

/// The vendor's page sends a form, its samples send the parts of one: both are read.
pub(crate) fn token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let kind = request
        .header("content-type")
        .unwrap_or_default()
        .to_lowercase();
    let fields = if kind.starts_with("application/x-www-form-urlencoded") {
        request.form()
    } else if kind.starts_with("multipart/form-data") {
        parts(request)
    } else {
        return Answer::json(
            StatusCode::BAD_REQUEST,
            &json!({ "error": "invalid_request" }),
        );
    };
    match oauth.grant(core, request, &fields) {
        Ok(grant) => Answer::json(
            StatusCode::OK,
            &json!({
                "token_type": "Bearer",
                "expires_in": SAID_TO_LIVE,
                "access_token": grant.access_token,
                "refresh_token": grant.refresh_token,
            }),
        ),
        Err(GrantError::Client) => invalid_client(),
        Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error.code() })),
    }
}

/// Names and values of a `multipart/form-data` body (RFC 7578), plain fields only.
fn parts(request: &ApiRequest) -> Vec<(String, String)> {
    let kind = request.header("content-type").unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return Vec::new();
    };
    let boundary = format!("--{}", boundary.trim_matches('"'));
    let body = String::from_utf8_lossy(&request.body);
    let field = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        Some((name.to_owned(), value.trim_end_matches("\r\n").to_owned()))
    };
    body.split(boundary.as_str()).filter_map(field).collect()
}
