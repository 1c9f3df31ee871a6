//! Signing in: client credentials (on the organization's own domain only), the web server flow
//! with or without PKCE, refresh tokens, and signed assertions.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::assertion;
use super::errors::{ApiError, token_error};
use super::rows::date_time;
use super::sessions::Sessions;
use super::setup::ORGANIZATION_ID;
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::directory::{User, UserKind};
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules, basic};

/// The consumer key of the connected app.
pub(crate) const CLIENT_ID: &str = "3MVG9northwind_counterpart_connected_app.key_0A1b2C3d4E5f";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "7D41A0F2C8B96E35northwind0salesforce0emulator0secret9C20";

/// The user name a connection signs in with by a signed assertion.
pub(crate) const USERNAME: &str = "counterpart.connector@northwind-support.example.crm";

/// The grant of RFC 7523.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Codes and refresh tokens; access tokens are sessions.
const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Either,
    grants: &["authorization_code", "refresh_token"],
    scope: "refresh_token api id",
    first_code: "",
    first_refresh: "",
    access_seconds: 7200,
    rotates: false,
    token_prefix: "",
    one_live_token: true,
};

/// All that signing in needs.
#[derive(Debug)]
pub(crate) struct SigningIn {
    pub(crate) sessions: Sessions,
    oauth: OAuth,
}

impl SigningIn {
    pub(crate) fn new(core: &Core) -> Self {
        Self {
            sessions: Sessions::default(),
            oauth: OAuth::new(core, RULES),
        }
    }
}

/// `GET /services/oauth2/authorize`: somebody consents at once.
pub(crate) fn authorize(core: &Core, signing_in: &SigningIn, request: &ApiRequest) -> Answer {
    let description = match signing_in.oauth.authorize(core, request) {
        Ok(address) => return Answer::empty(StatusCode::FOUND).with("location", &address),
        Err("unauthorized_client") => {
            return token_error("invalid_client_id", "client identifier invalid");
        }
        Err("unsupported_response_type") => "response type not supported",
        Err(_) => "invalid or missing redirect_uri or code challenge",
    };
    token_error("invalid_request", description)
}

/// `POST /services/oauth2/token`.
pub(crate) fn token(core: &Core, signing_in: &SigningIn, request: &ApiRequest) -> Answer {
    if request.method != Method::POST {
        return token_error("invalid_request", "must use HTTP POST");
    }
    let form = request.form();
    match find(&form, "grant_type") {
        Some("client_credentials") => client_credentials(core, signing_in, request, &form),
        Some("authorization_code" | "refresh_token") => exchanged(core, signing_in, request, &form),
        Some(JWT_BEARER) => assertion(core, signing_in, &form),
        Some(_) => token_error("unsupported_grant_type", "grant type not supported"),
        None => token_error("invalid_request", "missing required parameter: grant_type"),
    }
}

fn client_credentials(
    core: &Core,
    signing_in: &SigningIn,
    request: &ApiRequest,
    form: &[(String, String)],
) -> Answer {
    if let Some(refusal) = wrong_client(request, form) {
        return refusal;
    }
    let user = core.directory().connecting().cloned();
    match user.filter(User::is_active) {
        Some(user) => granted(core, signing_in, &user, "api", None),
        None => token_error("invalid_grant", "no client credentials user enabled"),
    }
}

/// A code or a refresh token for a session.
fn exchanged(
    core: &Core,
    signing_in: &SigningIn,
    request: &ApiRequest,
    form: &[(String, String)],
) -> Answer {
    if let Some(refusal) = wrong_client(request, form) {
        return refusal;
    }
    let is_refresh = find(form, "grant_type") == Some("refresh_token");
    let grant = match signing_in.oauth.grant(core, request, form) {
        Ok(grant) => grant,
        Err(GrantError::Grant) if is_refresh => {
            return token_error("invalid_grant", "expired access/refresh token");
        }
        Err(GrantError::Grant) => {
            return token_error("invalid_grant", "invalid authorization code");
        }
        Err(other) => return token_error(other.code(), "grant type not supported"),
    };
    let user = core.directory().connecting().cloned();
    let Some(user) = user.filter(User::is_active) else {
        return token_error("invalid_grant", "authentication failure");
    };
    // Only who asked to stay signed in gets a refresh token, and only once.
    let offline = |scope: &str| matches!(scope, "refresh_token" | "offline_access" | "full");
    let refresh = grant.refresh_token.filter(|token| {
        let kept = !is_refresh && grant.scope.split_whitespace().any(offline);
        if !kept {
            signing_in.oauth.revoke_refresh(token);
        }
        kept
    });
    granted(core, signing_in, &user, &grant.scope, refresh)
}

/// A session for whom a signed assertion names.
fn assertion(core: &Core, signing_in: &SigningIn, form: &[(String, String)]) -> Answer {
    let written = find(form, "assertion").unwrap_or_default();
    let claims = match assertion::read(written, core) {
        Ok(claims) => claims,
        Err(description) => return token_error("invalid_grant", description),
    };
    if claims.iss != CLIENT_ID {
        return token_error("invalid_client_id", "client identifier invalid");
    }
    let user = {
        let directory = core.directory();
        let mut users = directory.users().iter();
        users
            .find(|user| user.username.eq_ignore_ascii_case(&claims.sub))
            .cloned()
    };
    match user {
        Some(user) if user.is_active() => granted(core, signing_in, &user, "api", None),
        Some(_) => token_error("inactive_user", "user is inactive"),
        None => token_error("invalid_grant", "user hasn't approved this consumer"),
    }
}

fn granted(
    core: &Core,
    signing_in: &SigningIn,
    user: &User,
    scope: &str,
    refresh_token: Option<String>,
) -> Answer {
    let id = identity_url(core, user);
    let issued_at = core.clock.now().as_millisecond().to_string();
    let mut body = json!({
        "access_token": signing_in.sessions.begin(core, &user.id),
        "signature": signature(&id, &issued_at),
        "scope": scope,
        "instance_url": core.base_url,
        "id": id,
        "token_type": "Bearer",
        "issued_at": issued_at,
    });
    if let Some(token) = refresh_token {
        body["refresh_token"] = json!(token);
    }
    Answer::json(StatusCode::OK, &body).with("cache-control", "no-store")
}

/// What a client with a wrong key or secret is told. Both come in the form or by HTTP Basic.
fn wrong_client(request: &ApiRequest, form: &[(String, String)]) -> Option<Answer> {
    let in_header = basic(request);
    let (id, secret) = match &in_header {
        Some((id, secret)) => (Some(id.as_str()), Some(secret.as_str())),
        None => (find(form, "client_id"), find(form, "client_secret")),
    };
    if id != Some(CLIENT_ID) {
        return Some(token_error(
            "invalid_client_id",
            "client identifier invalid",
        ));
    }
    (secret != Some(CLIENT_SECRET))
        .then(|| token_error("invalid_client", "invalid client credentials"))
}

/// Base64 of HMAC-SHA256 over the identity address and the time of issue.
fn signature(id: &str, issued_at: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()) else {
        return String::new(); // HMAC takes keys of every length.
    };
    mac.update(id.as_bytes());
    mac.update(issued_at.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

fn identity_url(core: &Core, user: &User) -> String {
    format!("{}/id/{ORGANIZATION_ID}/{}", core.base_url, user.id)
}

/// `POST /services/oauth2/revoke`: ends a session or a refresh token.
pub(crate) fn revoke(signing_in: &SigningIn, request: &ApiRequest) -> Answer {
    let form = request.form();
    let token = find(&form, "token").or_else(|| request.parameter("token"));
    match token {
        Some(token) if signing_in.sessions.end(token) => Answer::empty(StatusCode::OK),
        Some(token) if signing_in.oauth.revoke_refresh(token) => Answer::empty(StatusCode::OK),
        Some(_) => token_error("unsupported_token_type", "this token type is not supported"),
        None => token_error("invalid_request", "missing required parameter: token"),
    }
}

/// `GET /services/oauth2/userinfo`: who the session belongs to.
pub(crate) fn userinfo(core: &Core, signing_in: &SigningIn, request: &ApiRequest) -> Answer {
    let Ok(user) = signing_in.sessions.check(core, request) else {
        let body = b"Bad_OAuth_Token".to_vec();
        return Answer::bytes(StatusCode::FORBIDDEN, "text/html;charset=UTF-8", body);
    };
    let Some(user) = core.directory().find(&user).cloned() else {
        return ApiError::not_found().answer();
    };
    let base = &core.base_url;
    let body = json!({
        "sub": identity_url(core, &user),
        "user_id": user.id,
        "organization_id": ORGANIZATION_ID,
        "preferred_username": user.username,
        "nickname": user.username.split('@').next(),
        "name": user.full_name(),
        "email": user.email,
        "email_verified": true,
        "given_name": user.given,
        "family_name": user.family,
        "zoneinfo": "Europe/London",
        "photos": { "picture": format!("{base}/profilephoto/005/F"), "thumbnail": format!("{base}/profilephoto/005/T") },
        "profile": format!("{base}/{}", user.id),
        "picture": format!("{base}/profilephoto/005/F"),
        "address": {},
        "is_salesforce_integration_user": user.kind == UserKind::Connecting,
        "urls": {
            "rest": format!("{base}/services/data/v{{version}}/"),
            "sobjects": format!("{base}/services/data/v{{version}}/sobjects/"),
            "query": format!("{base}/services/data/v{{version}}/query/"),
            "custom_domain": base,
        },
        "active": user.is_active(),
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": user.locale,
        "utcOffset": 0,
        "updated_at": date_time(user.modified),
        "is_app_installed": true,
    });
    Answer::json(StatusCode::OK, &body)
}

/// `GET /id/{organization}/{user}`: the same under the address that a token answer names.
pub(crate) fn identity(
    core: &Core,
    signing_in: &SigningIn,
    request: &ApiRequest,
    organization: &str,
    user: &str,
) -> Answer {
    let caller = signing_in.sessions.check(core, request);
    if organization != ORGANIZATION_ID || !caller.is_ok_and(|caller| caller == user) {
        let body = b"Bad_OAuth_Token".to_vec();
        return Answer::bytes(StatusCode::FORBIDDEN, "text/html;charset=UTF-8", body);
    }
    let Some(user) = core.directory().find(user).cloned() else {
        return ApiError::not_found().answer();
    };
    let body = json!({
        "id": identity_url(core, &user),
        "asserted_user": true,
        "user_id": user.id,
        "organization_id": ORGANIZATION_ID,
        "username": user.username,
        "nick_name": user.username.split('@').next(),
        "display_name": user.full_name(),
        "email": user.email,
        "first_name": user.given,
        "last_name": user.family,
        "timezone": "Europe/London",
        "active": user.is_active(),
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": user.locale,
        "utcOffset": 0,
        "last_modified_date": date_time(user.modified),
        "urls": { "custom_domain": core.base_url },
    });
    Answer::json(StatusCode::OK, &body)
}
