//! The accounts host, one for all products: a code, pasted by somebody or brought by a redirect,
//! becomes a refresh token once; refresh tokens give access tokens of an hour.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::errors::{ApiError, token_error, too_many_tokens};
use super::scopes::Need;
use crate::answer::{Answer, ApiRequest, find};
use crate::control::GrantCode;
use crate::core::Core;
use crate::random::Random;

/// The self-client's id.
pub(crate) const CLIENT_ID: &str = "1000.NORTHWINDCOUNTERPARTSELFCLIENT0A";

/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "c4a1d07northwind0zoho0crm0emulator0secret92";

/// The code the emulator starts with, for the first connection.
pub(crate) const GRANT_CODE: &str =
    "1000.a3northwind0first0grant0code00000.7f3c2e51d98b40a6northwind";

/// How long an unused code works; in the console one chooses three to ten minutes.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long an access token works.
const ACCESS_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Live access tokens of a refresh token; the next one ends the oldest.
const ACCESS_TOKENS: usize = 15;

/// Refreshes of a refresh token within the window; the next one is refused.
const REFRESHES: usize = 10;

/// Refresh tokens of a user and client; the next one ends the oldest.
const REFRESH_TOKENS: usize = 20;

/// The window of [`REFRESHES`].
const REFRESH_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Codes and tokens.
#[derive(Debug)]
pub(crate) struct Grants {
    /// What the usual code allows.
    scope: &'static str,
    live: Mutex<Live>,
}

#[derive(Debug, Default)]
struct Live {
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
    access: VecDeque<Access>,
    /// Refresh tokens, oldest first.
    order: VecDeque<String>,
    made: usize,
}

#[derive(Debug)]
struct Code {
    scope: String,
    expires: Timestamp,
    /// Where a redirect brought it; none for a self-client's.
    redirect_uri: Option<String>,
    /// Whether it yields a refresh token.
    offline: bool,
}

#[derive(Debug, Default)]
struct Refresh {
    scope: String,
    refreshed: VecDeque<Timestamp>,
}

#[derive(Debug)]
struct Access {
    token: String,
    refresh: String,
    scope: String,
    expires: Timestamp,
}

impl Grants {
    /// The first code works from the start. The refresh token it yields depends on the seed alone
    /// and is known from the start, so that a stored connection outlives a restart.
    pub(crate) fn new(core: &Core, scope: &'static str) -> Self {
        let mut live = Live::default();
        live.codes.insert(
            GRANT_CODE.to_owned(),
            Code {
                scope: scope.to_owned(),
                expires: later(core.clock.now(), CODE_LIFE),
                redirect_uri: None,
                offline: true,
            },
        );
        live.remember(first_refresh_token(core.seed), scope);
        Self {
            scope,
            live: Mutex::new(live),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn expire_access(&self) {
        self.lock().access.clear();
    }

    pub(crate) fn issue_code(&self, core: &Core, scope: Option<&str>) -> GrantCode {
        self.code(core, scope, None, true)
    }

    /// A fresh code, bound to the address it is brought to if there is one.
    pub(crate) fn code(
        &self,
        core: &Core,
        scope: Option<&str>,
        redirect_uri: Option<String>,
        offline: bool,
    ) -> GrantCode {
        let mut live = self.lock();
        let issued = live.new_token(core.seed);
        let scope = scope.unwrap_or(self.scope).to_owned();
        let expires_at = later(core.clock.now(), CODE_LIFE);
        live.codes.insert(
            issued.clone(),
            Code {
                scope: scope.clone(),
                expires: expires_at,
                redirect_uri,
                offline,
            },
        );
        GrantCode {
            code: issued,
            scope,
            expires_at,
        }
    }

    /// The scope of the live token that a request bears.
    pub(crate) fn scope(&self, core: &Core, request: &ApiRequest) -> Result<String, BadToken> {
        let header = request.header("authorization").unwrap_or_default();
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| {
                ["zoho-oauthtoken", "bearer"].contains(&scheme.to_lowercase().as_str())
            })
            .map(|(_, token)| token.trim())
            .ok_or(BadToken::None)?;
        let now = core.clock.now();
        let live = self.lock();
        live.access
            .iter()
            .find(|access| access.token == token && access.expires > now)
            .map(|access| access.scope.clone())
            .ok_or(BadToken::Dead)
    }

    /// Whether a request to a CRM bears a live token whose scope meets every need.
    pub(crate) fn check(
        &self,
        core: &Core,
        request: &ApiRequest,
        needs: &[Need],
    ) -> Result<(), ApiError> {
        let scope = self.scope(core, request).map_err(|bad| match bad {
            BadToken::None => {
                let message = "Authentication failed";
                ApiError::new(StatusCode::UNAUTHORIZED, "AUTHENTICATION_FAILURE", message)
            }
            BadToken::Dead => ApiError::invalid_token(),
        })?;
        if needs.iter().all(|need| need.is_met_by(&scope)) {
            Ok(())
        } else {
            Err(ApiError::scope_mismatch())
        }
    }
}

/// Why a request has no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadToken {
    /// It bears none.
    None,
    /// It is unknown, revoked or expired.
    Dead,
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn first_refresh_token(seed: u64) -> String {
    let mut random = Random::new(seed, "zoho refresh token", 0);
    format!(
        "1000.{}.{}",
        random.text(32).to_lowercase(),
        random.text(32).to_lowercase()
    )
}

impl Live {
    fn new_token(&mut self, seed: u64) -> String {
        self.made += 1;
        let mut random = Random::new(seed, "zoho token", self.made);
        format!(
            "1000.{}.{}",
            random.text(32).to_lowercase(),
            random.text(32).to_lowercase()
        )
    }

    /// Keeps a refresh token; the one too many ends the oldest and its access tokens.
    fn remember(&mut self, token: String, scope: &str) {
        let refresh = Refresh {
            scope: scope.to_owned(),
            refreshed: VecDeque::new(),
        };
        self.refresh.insert(token.clone(), refresh);
        self.order.push_back(token);
        if self.order.len() > REFRESH_TOKENS
            && let Some(oldest) = self.order.pop_front()
        {
            self.forget(&oldest);
        }
    }

    /// Ends a refresh token with its access tokens; whether there was one.
    fn forget(&mut self, token: &str) -> bool {
        self.order.retain(|own| own != token);
        self.access.retain(|access| access.refresh != token);
        self.refresh.remove(token).is_some()
    }

    fn access(&mut self, core: &Core, refresh: &str, scope: &str) -> Value {
        let now = core.clock.now();
        let token = self.new_token(core.seed);
        self.access.retain(|access| access.expires > now);
        let own = self
            .access
            .iter()
            .filter(|access| access.refresh == refresh)
            .count();
        if own >= ACCESS_TOKENS
            && let Some(oldest) = self
                .access
                .iter()
                .position(|access| access.refresh == refresh)
        {
            self.access.remove(oldest);
        }
        self.access.push_back(Access {
            token: token.clone(),
            refresh: refresh.to_owned(),
            scope: scope.to_owned(),
            expires: later(now, ACCESS_LIFE),
        });
        json!({
            "access_token": token,
            "scope": scope.replace(',', " "),
            "api_domain": core.base_url,
            "token_type": "Bearer",
            "expires_in": ACCESS_LIFE.as_secs(),
        })
    }
}

/// `POST /oauth/v2/token`, parameters in the query or in the form.
pub(crate) fn token(core: &Core, grants: &Grants, request: &ApiRequest) -> Answer {
    if request.method != Method::POST {
        return token_error("invalid_request");
    }
    let mut fields = request.query.clone();
    fields.extend(request.form());
    if find(&fields, "client_id") != Some(CLIENT_ID) {
        return token_error("invalid_client");
    }
    if find(&fields, "client_secret") != Some(CLIENT_SECRET) {
        return token_error("invalid_client_secret");
    }
    match find(&fields, "grant_type") {
        Some("authorization_code") => exchange(core, grants, &fields),
        Some("refresh_token") => refresh(
            core,
            grants,
            find(&fields, "refresh_token").unwrap_or_default(),
        ),
        Some("client_credentials") => on_its_own(core, grants, &fields),
        Some(_) => token_error("unsupported_grant_type"),
        None => token_error("invalid_request"),
    }
}

fn exchange(core: &Core, grants: &Grants, fields: &[(String, String)]) -> Answer {
    let pasted = find(fields, "code").unwrap_or_default();
    let mut live = grants.lock();
    // Taken out whether it still works or not: a code is for one use.
    let Some(found) = live
        .codes
        .remove(pasted)
        .filter(|found| found.expires > core.clock.now())
    else {
        return token_error("invalid_code");
    };
    if found.redirect_uri.is_some() && found.redirect_uri.as_deref() != find(fields, "redirect_uri")
    {
        return token_error("invalid_redirect_uri");
    }
    if !found.offline {
        let body = live.access(core, "", &found.scope);
        return Answer::json(StatusCode::OK, &body);
    }
    let token = if pasted == GRANT_CODE {
        first_refresh_token(core.seed)
    } else {
        let token = live.new_token(core.seed);
        live.remember(token.clone(), &found.scope);
        token
    };
    let mut body = live.access(core, &token, &found.scope);
    body["refresh_token"] = json!(token);
    Answer::json(StatusCode::OK, &body)
}

/// A client's own token, for an organization that it names as `soid=Product.id`. There is no
/// refresh token.
fn on_its_own(core: &Core, grants: &Grants, fields: &[(String, String)]) -> Answer {
    let Some(scope) = find(fields, "scope").filter(|scope| !scope.is_empty()) else {
        return token_error("invalid_scope");
    };
    if find(fields, "soid").is_none_or(|soid| !soid.contains('.')) {
        return token_error("invalid_soid");
    }
    let body = grants.lock().access(core, "", scope);
    Answer::json(StatusCode::OK, &body)
}

fn refresh(core: &Core, grants: &Grants, token: &str) -> Answer {
    let now = core.clock.now();
    let mut live = grants.lock();
    let Some(refresh) = live.refresh.get_mut(token) else {
        return token_error("invalid_code");
    };
    while refresh
        .refreshed
        .front()
        .is_some_and(|at| now.duration_since(*at) >= REFRESH_WINDOW)
    {
        refresh.refreshed.pop_front();
    }
    if refresh.refreshed.len() >= REFRESHES {
        return too_many_tokens();
    }
    refresh.refreshed.push_back(now);
    let scope = refresh.scope.clone();
    let body = live.access(core, token, &scope);
    Answer::json(StatusCode::OK, &body)
}

/// `POST /oauth/v2/token/revoke?token=…`.
pub(crate) fn revoke(grants: &Grants, request: &ApiRequest) -> Answer {
    let form = request.form();
    let token = request
        .parameter("token")
        .or_else(|| find(&form, "token"))
        .unwrap_or_default();
    if !grants.lock().forget(token) {
        return token_error("invalid_code");
    }
    Answer::json(StatusCode::OK, &json!({ "status": "success" }))
}
