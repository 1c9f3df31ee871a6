//! The accounts host: a self-client's code, pasted by somebody, becomes a refresh token once;
//! refresh tokens give access tokens of an hour.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::errors::{ApiError, token_error, too_many_tokens};
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

/// What the usual code allows.
pub(crate) const SCOPE: &str =
    "ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.settings.READ,ZohoCRM.modules.READ";

/// How long an unused code works; in the console one chooses three to ten minutes.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long an access token works.
const ACCESS_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Live access tokens of a refresh token; the next one ends the oldest.
const ACCESS_TOKENS: usize = 15;

/// Refreshes of a refresh token within the window; the next one is refused.
const REFRESHES: usize = 10;

/// The window of [`REFRESHES`].
const REFRESH_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Codes and tokens.
#[derive(Debug)]
pub(crate) struct Grants(Mutex<Live>);

#[derive(Debug, Default)]
struct Live {
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
    access: VecDeque<Access>,
    made: usize,
}

#[derive(Debug)]
struct Code {
    scope: String,
    expires: Timestamp,
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
    pub(crate) fn new(core: &Core) -> Self {
        let mut live = Live::default();
        let expires = later(core.clock.now(), CODE_LIFE);
        live.codes.insert(
            GRANT_CODE.to_owned(),
            Code {
                scope: SCOPE.to_owned(),
                expires,
            },
        );
        let first = Refresh {
            scope: SCOPE.to_owned(),
            refreshed: VecDeque::new(),
        };
        live.refresh.insert(first_refresh_token(core.seed), first);
        Self(Mutex::new(live))
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn expire_access(&self) {
        self.lock().access.clear();
    }

    pub(crate) fn issue_code(&self, core: &Core, scope: Option<&str>) -> GrantCode {
        let mut live = self.lock();
        let issued = live.new_token(core.seed);
        let scope = scope.unwrap_or(SCOPE).to_owned();
        let expires_at = later(core.clock.now(), CODE_LIFE);
        live.codes.insert(
            issued.clone(),
            Code {
                scope: scope.clone(),
                expires: expires_at,
            },
        );
        GrantCode {
            code: issued,
            scope,
            expires_at,
        }
    }

    /// The session of a request to the CRM, if it has one of these scopes.
    pub(crate) fn check(
        &self,
        core: &Core,
        request: &ApiRequest,
        scopes: &[&str],
    ) -> Result<(), ApiError> {
        let header = request.header("authorization").unwrap_or_default();
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| {
                ["zoho-oauthtoken", "bearer"].contains(&scheme.to_lowercase().as_str())
            })
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                let message = "Authentication failed";
                ApiError::new(StatusCode::UNAUTHORIZED, "AUTHENTICATION_FAILURE", message)
            })?;
        let now = core.clock.now();
        let live = self.lock();
        let access = live
            .access
            .iter()
            .find(|access| access.token == token && access.expires > now);
        let access = access.ok_or_else(ApiError::invalid_token)?;
        let allowed = access
            .scope
            .split(',')
            .any(|own| scopes.iter().any(|need| covers(own.trim(), need)));
        if allowed {
            Ok(())
        } else {
            Err(ApiError::scope_mismatch())
        }
    }
}

/// `ZohoCRM.users.ALL` covers `ZohoCRM.users.READ`.
fn covers(own: &str, need: &str) -> bool {
    own.eq_ignore_ascii_case(need)
        || own
            .strip_suffix(".ALL")
            .is_some_and(|area| need.starts_with(&format!("{area}.")))
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
        Some("authorization_code") => {
            exchange(core, grants, find(&fields, "code").unwrap_or_default())
        }
        Some("refresh_token") => refresh(
            core,
            grants,
            find(&fields, "refresh_token").unwrap_or_default(),
        ),
        Some(_) => token_error("unsupported_grant_type"),
        None => token_error("invalid_request"),
    }
}

fn exchange(core: &Core, grants: &Grants, pasted: &str) -> Answer {
    let mut live = grants.lock();
    // Taken out whether it still works or not: a code is for one use.
    let Some(found) = live
        .codes
        .remove(pasted)
        .filter(|found| found.expires > core.clock.now())
    else {
        return token_error("invalid_code");
    };
    let token = if pasted == GRANT_CODE {
        first_refresh_token(core.seed)
    } else {
        let token = live.new_token(core.seed);
        let refresh = Refresh {
            scope: found.scope.clone(),
            refreshed: VecDeque::new(),
        };
        live.refresh.insert(token.clone(), refresh);
        token
    };
    let mut body = live.access(core, &token, &found.scope);
    body["refresh_token"] = json!(token);
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
    let mut live = grants.lock();
    if live.refresh.remove(token).is_none() {
        return token_error("invalid_code");
    }
    live.access.retain(|access| access.refresh != token);
    Answer::json(StatusCode::OK, &json!({ "status": "success" }))
}
