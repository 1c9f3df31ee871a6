//! Signing in: client credentials on the organization's own domain. Tokens carry no lifetime;
//! they end with the session, two hours after their last use, or when somebody revokes them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;

use super::errors::{ApiError, token_error};
use super::rows::{ORGANIZATION_ID, date_time};
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::directory::User;
use crate::random::Random;

/// The consumer key of the connected app.
pub(crate) const CLIENT_ID: &str = "3MVG9northwind_counterpart_connected_app.key_0A1b2C3d4E5f";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "7D41A0F2C8B96E35northwind0salesforce0emulator0secret9C20";

/// The default session timeout of an organization.
const SESSION: SignedDuration = SignedDuration::from_hours(2);

/// The live sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Live>);

#[derive(Debug, Default)]
struct Live {
    /// Access token to its last use.
    tokens: HashMap<String, Timestamp>,
    issued: usize,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, Live> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn end_all(&self) {
        self.lock().tokens.clear();
    }

    fn begin(&self, core: &Core) -> String {
        let mut live = self.lock();
        live.issued += 1;
        let tail = Random::new(core.seed, "salesforce session", live.issued).text(80);
        let token = format!("{}!AQ{tail}", &ORGANIZATION_ID[..15]);
        live.tokens.insert(token.clone(), core.clock.now());
        token
    }

    fn end(&self, token: &str) -> bool {
        self.lock().tokens.remove(token).is_some()
    }

    /// Whether the session lives; using it keeps it alive.
    fn renew(&self, token: &str, now: Timestamp) -> bool {
        let mut live = self.lock();
        live.tokens
            .retain(|_, used| now.duration_since(*used) < SESSION);
        live.tokens.get_mut(token).map(|used| *used = now).is_some()
    }

    /// The session of a request to the REST API.
    pub(crate) fn check(&self, core: &Core, request: &ApiRequest) -> Result<(), ApiError> {
        let header = request
            .header("authorization")
            .ok_or_else(ApiError::invalid_session)?;
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| ["bearer", "oauth"].contains(&scheme.to_lowercase().as_str()))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                let status = StatusCode::UNAUTHORIZED;
                ApiError::new(status, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
            })?;
        if self.renew(token, core.clock.now()) {
            Ok(())
        } else {
            Err(ApiError::invalid_session())
        }
    }
}

/// `POST /services/oauth2/token`.
pub(crate) fn token(core: &Core, sessions: &Sessions, request: &ApiRequest) -> Answer {
    if request.method != Method::POST {
        return token_error("invalid_request", "must use HTTP POST");
    }
    let form = request.form();
    let (client_id, client_secret) = client(request, &form);
    match find(&form, "grant_type") {
        Some("client_credentials") => {}
        Some(_) => return token_error("unsupported_grant_type", "grant type not supported"),
        None => return token_error("invalid_request", "missing required parameter: grant_type"),
    }
    if client_id.as_deref() != Some(CLIENT_ID) {
        return token_error("invalid_client_id", "client identifier invalid");
    }
    if client_secret.as_deref() != Some(CLIENT_SECRET) {
        return token_error("invalid_client", "invalid client credentials");
    }
    let user = core.directory().connecting().cloned();
    let Some(user) = user.filter(User::is_active) else {
        return token_error("invalid_grant", "no client credentials user enabled");
    };
    let id = identity_url(core, &user);
    let issued_at = core.clock.now().as_millisecond().to_string();
    let body = json!({
        "access_token": sessions.begin(core),
        "signature": signature(&id, &issued_at),
        "scope": "api",
        "instance_url": core.base_url,
        "id": id,
        "token_type": "Bearer",
        "issued_at": issued_at,
    });
    Answer::json(StatusCode::OK, &body).with("cache-control", "no-store")
}

/// Key and secret from the form, or from HTTP Basic.
fn client(request: &ApiRequest, form: &[(String, String)]) -> (Option<String>, Option<String>) {
    let basic = request
        .header("authorization")
        .and_then(|header| header.strip_prefix("Basic "))
        .and_then(|encoded| BASE64_STANDARD.decode(encoded.trim()).ok())
        .and_then(|decoded| String::from_utf8(decoded).ok());
    if let Some((id, secret)) = basic.as_deref().and_then(|pair| pair.split_once(':')) {
        return (Some(id.to_owned()), Some(secret.to_owned()));
    }
    let field = |name| find(form, name).map(str::to_owned);
    (field("client_id"), field("client_secret"))
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

/// `POST /services/oauth2/revoke`.
pub(crate) fn revoke(sessions: &Sessions, request: &ApiRequest) -> Answer {
    let form = request.form();
    let token = find(&form, "token").or_else(|| request.parameter("token"));
    match token {
        Some(token) if sessions.end(token) => Answer::empty(StatusCode::OK),
        Some(_) => token_error("unsupported_token_type", "this token type is not supported"),
        None => token_error("invalid_request", "missing required parameter: token"),
    }
}

/// `GET /services/oauth2/userinfo`: who the session belongs to.
pub(crate) fn userinfo(core: &Core, sessions: &Sessions, request: &ApiRequest) -> Answer {
    if sessions.check(core, request).is_err() {
        let body = b"Bad_OAuth_Token".to_vec();
        return Answer::bytes(StatusCode::FORBIDDEN, "text/html;charset=UTF-8", body);
    }
    let Some(user) = core.directory().connecting().cloned() else {
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
        "is_salesforce_integration_user": true,
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
