//! Signing in at Entra and acting for somebody else.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::errors::{ApiError, token_error, wrong_secret};
use super::ids;
use super::rows::entra_id;
use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::directory::UserState;
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules};

/// The directory the application is registered in.
pub(crate) const TENANT_ID: &str = "7f3c1a52-0d4e-4b8a-9c61-52b7e8d0f913";

/// The application's id.
pub(crate) const CLIENT_ID: &str = "c41f6a0e-93b5-4d27-8a7c-1e5f0b9d2a64";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "Qx~8Q~northwind.dynamics.emulator.secret.7bR";

/// The directory's other name.
const TENANT_DOMAIN: &str = "northwind-support.example";

/// What the token endpoint asks for and gives.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Either,
    grants: &["client_credentials", "authorization_code", "refresh_token"],
    scope: "",
    first_code: "",
    first_refresh: "",
    access_seconds: 3599,
    rotates: true,
    token_prefix: "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.",
    one_live_token: false,
};

/// `/{tenant}/oauth2/v2.0/…`, when it is about this directory.
pub(crate) fn answer(
    core: &Core,
    oauth: &OAuth,
    request: &ApiRequest,
    tenant: &str,
    what: &str,
) -> Option<Answer> {
    if !["token", "authorize"].contains(&what) {
        return None;
    }
    let known = [TENANT_ID, TENANT_DOMAIN, "organizations", "common"];
    let is_app_only = request
        .form()
        .iter()
        .any(|(_, value)| value == "client_credentials");
    let known = if is_app_only { &known[..2] } else { &known[..] };
    if !known.contains(&tenant) {
        let what = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        );
        return Some(token_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            90002,
            &what,
        ));
    }
    Some(match (what, &request.method) {
        ("authorize", &Method::GET) => authorize(core, oauth, request),
        ("token", &Method::POST) => token(core, oauth, request),
        _ => {
            let what = "Endpoint only accepts POST requests. Received a GET request.";
            token_error(StatusCode::BAD_REQUEST, "invalid_request", 900_561, what)
        }
    })
}

fn authorize(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let scope = request.parameter("scope").unwrap_or_default();
    if let Some(refusal) = wrong_scope(core, scope) {
        return refusal;
    }
    match oauth.authorize(core, request) {
        Ok(address) => Answer::empty(StatusCode::FOUND).with("location", &address),
        Err("unauthorized_client") => unknown_application(request.parameter("client_id")),
        Err(_) => {
            let what = "The request body must contain the following parameter: 'redirect_uri' and \
                        'response_type=code'.";
            token_error(StatusCode::BAD_REQUEST, "invalid_request", 900_144, what)
        }
    }
}

fn unknown_application(id: Option<&str>) -> Answer {
    let id = id.unwrap_or_default();
    let what = format!(
        "Application with identifier '{id}' was not found in the directory 'Northwind Support'."
    );
    token_error(
        StatusCode::BAD_REQUEST,
        "unauthorized_client",
        700_016,
        &what,
    )
}

/// What is said to a scope that is neither the environment's nor the directory's.
fn wrong_scope(core: &Core, scope: &str) -> Option<Answer> {
    let own = ["offline_access", "openid", "profile", "email"];
    let mut foreign = scope.split_whitespace().filter(|scope| {
        let ours = scope.strip_prefix(&core.base_url);
        let ours = ours.map(|rest| rest.trim_start_matches('/'));
        !own.contains(scope) && !matches!(ours, Some(".default" | "user_impersonation"))
    });
    let foreign = foreign.next()?;
    let what = format!(
        "The resource principal named {foreign} was not found in the tenant named Northwind Support. \
         This can happen if the application has not been installed by the administrator of the tenant."
    );
    let status = StatusCode::BAD_REQUEST;
    Some(token_error(status, "invalid_resource", 500_011, &what))
}

fn token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    let form = request.form();
    let missing = |name: &str| {
        let what = format!("The request body must contain the following parameter: '{name}'.");
        token_error(StatusCode::BAD_REQUEST, "invalid_request", 900_144, &what)
    };
    let Some(kind) = find(&form, "grant_type") else {
        return missing("grant_type");
    };
    if let Some(id) = find(&form, "client_id").filter(|id| *id != CLIENT_ID) {
        return unknown_application(Some(id));
    }
    let app_only = kind == "client_credentials";
    match find(&form, "scope") {
        None if app_only => return missing("scope"),
        Some(scope) if app_only && !scope.ends_with("/.default") => {
            let what = format!(
                "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
            );
            return token_error(StatusCode::BAD_REQUEST, "invalid_scope", 1_002_012, &what);
        }
        Some(scope) => {
            if let Some(refusal) = wrong_scope(core, scope) {
                return refusal;
            }
        }
        None => {}
    }
    match oauth.grant(core, request, &form) {
        Ok(grant) => {
            let mut body = json!({
                "token_type": "Bearer",
                "expires_in": grant.expires_in,
                "ext_expires_in": grant.expires_in,
                "access_token": grant.access_token,
            });
            if !app_only {
                body["scope"] = json!(grant.scope);
            }
            // Only who asked to stay signed in gets one.
            let stays = grant
                .scope
                .split_whitespace()
                .any(|scope| scope == "offline_access");
            if let Some(refresh) = grant.refresh_token.filter(|_| stays) {
                body["refresh_token"] = json!(refresh);
            }
            Answer::json(StatusCode::OK, &body).with("cache-control", "no-store, no-cache")
        }
        Err(GrantError::Client) => wrong_secret(),
        Err(GrantError::Grant) => token_error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            70008,
            "The provided authorization code or refresh token has expired due to inactivity. Send a \
             new interactive authorization request for this user and resource.",
        ),
        Err(GrantError::Unsupported) => token_error(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            70003,
            &format!("The app requested an unsupported grant type '{kind}'."),
        ),
    }
}

/// Who a request is made as, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The id of the user whose doing it is.
    pub(crate) user: String,
    /// The id of the application's user, when it acts for somebody else.
    pub(crate) on_behalf_by: Option<String>,
}

impl Caller {
    /// The connecting user, or the one that `CallerObjectId` or `MSCRMCallerID` names.
    pub(crate) fn of(core: &Core, request: &ApiRequest) -> Result<Self, ApiError> {
        let directory = core.directory();
        let own = directory
            .connecting()
            .filter(|user| user.state != UserState::Deleted);
        let own = own.ok_or_else(|| ApiError::disabled("?"))?;
        if !own.is_active() {
            return Err(ApiError::disabled(&own.id));
        }
        let by_entra = request.header("callerobjectid");
        let by_id = request.header("mscrmcallerid");
        let Some(named) = by_entra.or(by_id) else {
            return Ok(Self {
                user: own.id.clone(),
                on_behalf_by: None,
            });
        };
        let unknown = || match by_entra {
            Some(_) => ApiError::new(
                StatusCode::FORBIDDEN,
                "0x80072560",
                "The user is not a member of the organization.",
            ),
            None => ApiError::new(
                StatusCode::FORBIDDEN,
                "0x80041d1f",
                format!("The user with SystemUserId={named} does not exist."),
            ),
        };
        let id = ids::normalise(named).ok_or_else(unknown)?;
        let (kind, wanted) = match by_entra {
            Some(_) => ("entra", Some(id.clone())),
            None => ("systemuser", None),
        };
        let nth = ids::number(kind, &id).ok_or_else(unknown)?;
        let user = directory.users().get(nth);
        let user = user.filter(|user| {
            user.state != UserState::Deleted && (wanted.is_none() || entra_id(user) == wanted)
        });
        let user = user.ok_or_else(unknown)?;
        if !user.is_active() {
            return Err(ApiError::disabled(&user.id));
        }
        Ok(Self {
            user: user.id.clone(),
            on_behalf_by: Some(own.id.clone()),
        })
    }
}
