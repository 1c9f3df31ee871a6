//! Keap (Infusionsoft): the accounts host, the token endpoint, REST API v2 and the hooks of v1,
//! at one address.

mod body;
mod contacts;
mod errors;
mod hooks;
mod lists;
mod notes;
mod tasks;
mod users;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::json;

use self::contacts::Owners;
use self::errors::ApiError;
use self::lists::Token;
use crate::answer::{Answer, ApiRequest, find};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::{Fault, Place};
use crate::oauth::{ClientPlace, GrantError, OAuth, Rules, bearer};
use crate::people::{EmailMix, Flavour, NameMix};

/// A personal access token or service account key: a bearer token that does not end.
const ACCESS_KEY: &str = "KeapAK-6e6f72746877696e64737570706f72746b6579";

/// Requests a key has in a day; a token has the whole allowance.
const KEY_A_DAY: u64 = 30_000;

const CLIENT_ID: &str = "nW8kQ2pTz5Yc1LrVb7HsXd4Jm9Gf3Ua6";
const CLIENT_SECRET: &str = "c0uNterP4rtEmuL8";
const REFRESH_TOKEN: &str = "rT7northwindSupportFirstRefreshT0ken";

/// The tenant, as application and by id.
const TENANT: &str = "nw417";

/// What the token endpoint asks for. The code comes with the client in the form, a refresh with
/// the client in the header; see [`Keap::token`].
const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Either,
    grants: &["authorization_code", "refresh_token"],
    scope: "full",
    first_code: "",
    first_refresh: REFRESH_TOKEN,
    access_seconds: 86_399,
    rotates: true,
    token_prefix: "",
    one_live_token: false,
};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 150_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Keap::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "keap",
    title: "Keap",
    settings: &[
        FieldInfo {
            name: "api_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "accounts_url",
            value: "{base_url}",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "access_key",
            value: ACCESS_KEY,
        },
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
        FieldInfo {
            name: "refresh_token",
            value: REFRESH_TOKEN,
        },
    ],
    habits: Habits::PLAIN,
    note: "Either the access key, or client id, client secret and refresh token. The refresh token \
           works once and is replaced at every use.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "keap",
    other_domain: "northwind-marketing.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 4,
        other_domain: 18,
        short: 8,
    },
    name: NameMix {
        nick: 16,
        folded: 10,
        native: 4,
        initial: 4,
        maiden: 45,
        swapped: 2,
    },
    has_phone: 60,
    has_extension: 55,
    has_employee_number: 0,
    departments: &[
        "Support",
        "Sales",
        "Engineering",
        "Network",
        "Customer Success",
        "Finance",
        "Dispatch",
        "Security",
    ],
    id: user_id,
    record_id,
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

/// Users: odd numbers, which are small because every tenant counts for itself.
fn user_id(nth: usize) -> String {
    (1 + 2 * nth).to_string()
}

/// Contacts and companies share one sequence of numbers.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" { 410 } else { 1_001 };
    (from + 2 * nth).to_string()
}

/// The digits of a telephone number.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The number in E.164, in a British tenant; none when it cannot be one.
fn e164(typed: &str) -> Option<String> {
    let digits = digits(&typed.replace("(0)", ""));
    let number = match (
        typed.trim_start().starts_with('+'),
        digits.strip_prefix('0'),
    ) {
        (true, _) => digits,
        (false, Some(national)) => format!("44{national}"),
        (false, None) => return None,
    };
    (8..=15)
        .contains(&number.len())
        .then(|| format!("+{number}"))
}

/// The emulated Keap.
#[derive(Debug)]
pub(crate) struct Keap {
    core: Arc<Core>,
    oauth: OAuth,
    owners: Owners,
}

impl Keap {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let oauth = OAuth::new(&core, RULES);
        Self {
            core,
            oauth,
            owners: Owners::default(),
        }
    }

    /// `GET /app/oauth/authorize`, where somebody consents at once.
    fn authorize(&self, request: &ApiRequest) -> Answer {
        let scope = request.parameter("scope").unwrap_or("full");
        let address = if scope == "full" {
            self.oauth.authorize(&self.core, request)
        } else {
            Err("invalid_scope")
        };
        match address {
            Ok(address) => Answer::empty(StatusCode::FOUND).with("location", &address),
            Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
        }
    }

    /// `POST /token`. A code is exchanged with the client in the form, a refresh token with the
    /// client in the header, and neither the other way round.
    fn token(&self, request: &ApiRequest) -> Answer {
        let is_form = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return token_error("invalid_request");
        }
        let fields = request.form();
        let in_header = request.header("authorization").is_some();
        let wants_header = find(&fields, "grant_type") == Some("refresh_token");
        let granted = if in_header == wants_header {
            self.oauth.grant(&self.core, request, &fields)
        } else {
            Err(GrantError::Client)
        };
        match granted {
            Err(error) => token_error(error.code()),
            Ok(grant) => {
                let body = json!({
                    "access_token": grant.access_token,
                    "token_type": "bearer",
                    "expires_in": grant.expires_in,
                    "refresh_token": grant.refresh_token,
                    "scope": format!("{}|{TENANT}.infusionsoft.com", grant.scope),
                });
                Answer::json(StatusCode::OK, &body)
            }
        }
    }

    /// Who asks, as far as the gateway looks.
    fn bearer(&self, request: &ApiRequest) -> Result<Bearer, Box<Answer>> {
        let token = bearer(request).or_else(|| request.header("x-keap-api-key"));
        let Some(token) = token else {
            return Err(Box::new(errors::no_token()));
        };
        let active = self
            .core
            .directory()
            .connecting()
            .is_some_and(User::is_active);
        if token == ACCESS_KEY && active && !self.keys_are_refused() {
            return Ok(Bearer::Key);
        }
        if active && self.oauth.scope_of(&self.core, token).is_some() {
            return Ok(Bearer::Token);
        }
        Err(Box::new(errors::bad_token()))
    }

    /// A key is the credential itself, at every request: it is refused as long as credentials
    /// are to be.
    fn keys_are_refused(&self) -> bool {
        let faults = self.core.faults.list();
        faults
            .iter()
            .any(|switch| switch.fault == Fault::WrongCredentials)
    }

    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let bearer = match self.bearer(request) {
            Ok(bearer) => bearer,
            Err(answer) => return self.metered(*answer, None),
        };
        let answer = if self.spend(bearer) {
            self.routed(request, path)
                .unwrap_or_else(|error| error.answer())
        } else {
            errors::refuse(Refusal::QuotaExhausted)
        };
        self.metered(answer, Some(bearer))
    }

    /// Counts one request; false when the day's allowance was spent before it. A key has less of
    /// it than a token.
    fn spend(&self, bearer: Bearer) -> bool {
        self.core.quota().used < self.a_day(bearer) && self.core.spend()
    }

    fn a_day(&self, bearer: Bearer) -> u64 {
        let limit = self.core.quota().limit;
        match bearer {
            Bearer::Key => limit.min(KEY_A_DAY),
            Bearer::Token => limit,
        }
    }

    fn routed(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, ApiError> {
        let core = &self.core;
        match (request.method.as_str(), path) {
            (_, ["rest", "v1", "hooks", rest @ ..]) => hooks::answer(core, request, rest),
            ("GET", ["rest", "v2", "oauth", "connect", "userinfo"]) => users::own(core),
            ("GET", ["rest", "v2", "users"]) => users::list(core, request),
            ("GET", ["rest", "v2", "users", id]) => users::one(core, id),
            (_, ["rest", "v2", "contacts", rest @ ..]) => self.contacts(request, rest),
            ("GET", ["rest", "v2", "notes"]) => notes::list(core, request, None),
            ("GET", ["rest", "v2", "tasks"]) => tasks::list(core, request),
            ("POST", ["rest", "v2", "tasks"]) => tasks::create(core, request),
            ("GET", ["rest", "v2", "tasks", id]) => tasks::one(core, id),
            ("PATCH", ["rest", "v2", "tasks", id]) => tasks::change(core, request, id),
            ("DELETE", ["rest", "v2", "tasks", id]) => tasks::delete(core, id),
            (method, ["rest", "v2", "users" | "notes" | "tasks", ..]) => {
                Err(ApiError::no_method(method))
            }
            _ => Err(ApiError::no_path()),
        }
    }

    fn contacts(&self, request: &ApiRequest, rest: &[&str]) -> Result<Answer, ApiError> {
        let (core, owners) = (&self.core, &self.owners);
        match (request.method.as_str(), rest) {
            ("GET", []) => contacts::list(core, owners, request),
            ("POST", []) => contacts::create(core, owners, request),
            ("GET", ["model"]) => Ok(Answer::json(StatusCode::OK, &contacts::model())),
            ("GET", [id]) => contacts::one(core, owners, request, id),
            ("PATCH", [id]) => contacts::change(core, owners, request, id),
            ("GET", [id, "notes"]) => notes::list(core, request, Some(id)),
            ("POST", [id, "notes"]) => notes::create(core, request, id),
            ("GET", [id, "notes", note]) => notes::one(core, id, note),
            ("PATCH", [id, "notes", note]) => notes::change(core, request, id, note),
            ("DELETE", [id, "notes", note]) => notes::delete(core, id, note),
            (method, [] | [_] | [_, "notes", ..]) => Err(ApiError::no_method(method)),
            _ => Err(ApiError::no_path()),
        }
    }

    /// Adds what the gateway tells of the allowances. Without a valid token the numbers are
    /// blank. The tenant's are two in one: per minute and per day.
    fn metered(&self, answer: Answer, bearer: Option<Bearer>) -> Answer {
        let quota = self.core.quota();
        let a_day = bearer.map_or(quota.limit, |bearer| self.a_day(bearer));
        let left = a_day.saturating_sub(quota.used);
        let shown = |number: u64| bearer.map_or_else(String::new, |_| number.to_string());
        let a_minute: u64 = match bearer {
            Some(Bearer::Key) => 240,
            _ => 1_500,
        };
        let tenant = |minute: u64, day: u64| format!("{}|{}", shown(minute), shown(day));
        let midnight = self.core.clock.now().strftime("%Y-%m-%dT23:59:59Z");
        answer
            .with("x-keap-product-quota-limit", &shown(a_day))
            .with("x-keap-product-quota-time-unit", "day")
            .with("x-keap-product-quota-interval", "1")
            .with("x-keap-product-quota-available", &shown(left))
            .with("x-keap-product-quota-used", &shown(quota.used))
            .with("x-keap-product-quota-expiry-time", &midnight.to_string())
            .with("x-keap-product-throttle-limit", &shown(a_minute))
            .with("x-keap-product-throttle-time-unit", "minute")
            .with("x-keap-product-throttle-interval", "1")
            .with("x-keap-product-throttle-available", &shown(a_minute - 1))
            .with("x-keap-product-throttle-used", &shown(1))
            .with("x-keap-tenant-id", TENANT)
            .with("x-keap-tenant-throttle-limit", &tenant(10_000, 250_000))
            .with("x-keap-tenant-throttle-time-unit", "minute|day")
            .with("x-keap-tenant-throttle-interval", "1|1")
            .with("x-keap-tenant-throttle-available", &tenant(9_999, 249_999))
            .with("x-keap-tenant-throttle-used", &tenant(1, 1))
    }
}

/// With what a request is signed.
#[derive(Clone, Copy, Debug)]
enum Bearer {
    Key,
    Token,
}

/// The token endpoint's refusal, the same status for all.
fn token_error(error: &str) -> Answer {
    let body = json!({ "error": error, "error_description": "The request could not be granted" });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

impl Provider for Keap {
    fn place(&self, request: &ApiRequest) -> Place {
        match request.segments().as_slice() {
            ["token"] | ["app", "oauth", "authorize"] => Place::Token,
            ["crm", "rest", "v2", "users"] => {
                let page = Token::of(request).map_or(1, |token| token.number);
                Place::Users { page }
            }
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("GET", ["app", "oauth", "authorize"]) => self.authorize(request),
            ("POST", ["token"]) => self.token(request),
            (_, ["crm", path @ ..]) => self.api(request, path),
            _ => errors::fault(
                StatusCode::NOT_FOUND,
                "Unable to identify proxy for host: secure and url",
                "messaging.adaptors.http.flow.ApplicationNotFound",
            ),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let answer = errors::refuse(refusal);
        if refusal == Refusal::QuotaExhausted {
            return answer.with("x-keap-product-quota-available", "0");
        }
        answer
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, _secret: &str) -> Option<SentWebhook> {
        hooks::webhook(&self.core, what, url)
    }
}
