//! Signing in: name and password at every request, or OAuth.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::answer::{Answer, ApiRequest, find};
use crate::core::Core;
use crate::directory::User;
use crate::oauth::{ClientPlace, Grant, OAuth, Rules, basic};

/// The integration user's name.
pub(crate) const USERNAME: &str = "counterpart.connector";

/// The integration user's password.
pub(crate) const PASSWORD: &str = "N0rthw1nd:Serv1ceN0w+Emulat0r";

/// The id of the OAuth application.
pub(crate) const CLIENT_ID: &str = "7c1f0e5a9b3d4286a0e4d9f1c2b83a65";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "N0rthw1nd$servicenow0app";

/// What the token endpoint asks for. A refresh gives the same refresh token again.
pub(crate) const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Either,
    grants: &[
        "authorization_code",
        "refresh_token",
        "password",
        "client_credentials",
    ],
    scope: "useraccount",
    first_code: "",
    first_refresh: "",
    access_seconds: 1_799,
    rotates: false,
    token_prefix: "",
    one_live_token: false,
};

/// Whether the request comes from the integration user.
pub(crate) fn may_enter(core: &Core, oauth: &OAuth, request: &ApiRequest) -> bool {
    let active = core.directory().connecting().is_some_and(User::is_active);
    let by_password =
        basic(request).is_some_and(|(name, password)| name == USERNAME && password == PASSWORD);
    active && (by_password || oauth.scope_of_bearer(core, request).is_some())
}

/// `GET /oauth_auth.do`: consents at once.
pub(crate) fn authorize(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    match oauth.authorize(core, request) {
        Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
        Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
    }
}

/// `POST /oauth_token.do`, a form.
pub(crate) fn token(core: &Core, oauth: &OAuth, request: &ApiRequest) -> Answer {
    if request.method != Method::POST {
        return refused();
    }
    let mut form = request.form();
    let given_refresh = find(&form, "refresh_token").map(str::to_owned);
    if find(&form, "grant_type") == Some("password") {
        let is = |name, value| find(&form, name) == Some(value);
        if !is("username", USERNAME) || !is("password", PASSWORD) {
            return refused();
        }
        // A password yields a refresh token as a code does, so it is turned into one.
        let grant_code = oauth.issue_code(core, None).code;
        form.retain(|(name, _)| name != "grant_type" && name != "code");
        form.push(("grant_type".to_owned(), "authorization_code".to_owned()));
        form.push(("code".to_owned(), grant_code));
    }
    match oauth.grant(core, request, &form) {
        Ok(grant) => granted(&grant, given_refresh.as_deref()),
        Err(_) => refused(),
    }
}

fn granted(grant: &Grant, given_refresh: Option<&str>) -> Answer {
    let mut body = json!({
        "access_token": grant.access_token,
        "scope": grant.scope,
        "token_type": "Bearer",
        "expires_in": grant.expires_in,
    });
    if let Some(refresh) = grant.refresh_token.as_deref().or(given_refresh) {
        body["refresh_token"] = json!(refresh);
    }
    Answer::json(StatusCode::OK, &body)
}

/// Whatever is wrong, the answer is the same.
pub(crate) fn refused() -> Answer {
    let body = json!({ "error_description": "access_denied", "error": "server_error" });
    Answer::json(StatusCode::UNAUTHORIZED, &body)
}
