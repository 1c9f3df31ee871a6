//! Kylas: the sign-in of the marketplace and API v1, at one address.

mod activities;
mod customers;
mod errors;
mod pages;
mod rules;
mod users;
mod webhooks;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::customers::Entity;
use self::errors::{ApiError, unauthorized};
use crate::answer::{Answer, ApiRequest, find};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserState};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::{Fault, Place};
use crate::oauth::{ClientPlace, OAuth, Rules, bearer};
use crate::people::{EmailMix, Flavour, NameMix};

/// The key of the connecting user.
const API_KEY: &str = "5d0c8f3e-1a77-4c5b-9e02-6b7a41f2d38c:8812";

const CLIENT_ID: &str = "3f6a1f60-58f7-4d0e-a8a1-6a0d8c2b9e17";
const CLIENT_SECRET: &str = "nWkYl4sEmuL4t0rS3cret";
const REFRESH_TOKEN: &str = "b2f1c7d4-0e93-4f68-8a55-c31d7e90a6f2";

/// The tenant's id.
const TENANT: u64 = 3_082;

/// What the token endpoint asks for.
const RULES: Rules = Rules {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    client: ClientPlace::Basic,
    grants: &["authorization_code", "refresh_token"],
    scope: "user:read contact:read lead:read call:write note:write task:write",
    first_code: "",
    first_refresh: REFRESH_TOKEN,
    access_seconds: 86_399,
    rotates: false,
    token_prefix: "",
    one_live_token: false,
};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    // No allowance per day is known; this one is for the switch.
    allowance: 432_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Kylas::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "kylas",
    title: "Kylas",
    settings: &[
        FieldInfo {
            name: "api_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "app_url",
            value: "{base_url}",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "api_key",
            value: API_KEY,
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
    note: "Either the API key, or client id, client secret and refresh token of a marketplace app. \
           Calls belong to whose key or token it is.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "kylas",
    other_domain: "northwind-india.example",
    email: EmailMix {
        other_case: 10,
        plus_tag: 3,
        other_domain: 22,
        short: 9,
    },
    name: NameMix {
        nick: 12,
        folded: 10,
        native: 5,
        initial: 6,
        maiden: 50,
        swapped: 3,
    },
    has_phone: 75,
    // A user has no internal number here.
    has_extension: 0,
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
    id: |nth| (124_122 + 5 * nth).to_string(),
    record_id,
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

fn record_id(kind: &str, nth: usize) -> String {
    let from = match kind {
        "company" => 1_776_620,
        "lead" => 15_769_866,
        _ => 112_936,
    };
    (from + 2 * nth).to_string()
}

/// An id as the number it is in the API.
fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

/// A time as Kylas writes it.
fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

/// Calling codes and countries of the numbers there are, longer codes first.
const DIAL_CODES: &[(&str, &str)] = &[
    ("353", "IE"),
    ("91", "IN"),
    ("49", "DE"),
    ("46", "SE"),
    ("44", "GB"),
    ("33", "FR"),
    ("1", "US"),
];

/// A telephone number as Kylas keeps it: country, calling code and the national number apart.
fn split(kind: &str, typed: &str, primary: bool) -> Value {
    let cleaned = typed.replace("(0)", "");
    let digits: String = cleaned.chars().filter(char::is_ascii_digit).collect();
    let foreign = cleaned.trim_start().starts_with('+');
    let mut codes = DIAL_CODES.iter();
    let known = codes.find_map(|(code, country)| {
        let national = digits.strip_prefix(code).filter(|_| foreign)?;
        Some((*code, *country, national))
    });
    let national = digits.strip_prefix('0').unwrap_or(&digits);
    let (code, country, value) = known.unwrap_or(("44", "GB", national));
    json!({
        "type": kind, "code": country, "value": value, "dialCode": format!("+{code}"), "primary": primary,
    })
}

/// Refuses the id of a user there is none of. Inactive users are taken.
fn user_exists(core: &Core, id: &Value) -> Result<(), ApiError> {
    let id = id.as_u64().map(|id| id.to_string()).unwrap_or_default();
    let directory = core.directory();
    match directory.find(&id) {
        Some(user) if user.state != UserState::Deleted => Ok(()),
        _ => Err(ApiError::invalid("Invalid user")),
    }
}

/// Adds what the gateway tells of its bucket.
fn metered(answer: Answer, left: u64) -> Answer {
    answer
        .with("x-ratelimit-replenish-rate", "5")
        .with("x-ratelimit-burst-capacity", "5")
        .with("x-ratelimit-requested-tokens", "1")
        .with("x-ratelimit-remaining", &left.to_string())
}

/// The emulated Kylas.
#[derive(Debug)]
pub(crate) struct Kylas {
    core: Arc<Core>,
    oauth: OAuth,
}

impl Kylas {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let oauth = OAuth::new(&core, RULES);
        Self { core, oauth }
    }

    /// The consent page of the application, where somebody consents at once.
    fn authorize(&self, request: &ApiRequest) -> Answer {
        match self.oauth.authorize(&self.core, request) {
            Ok(address) => Answer::empty(StatusCode::FOUND).with("location", &address),
            Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
        }
    }

    /// `POST /oauth/token`. A refresh gives the same refresh token back.
    fn token(&self, request: &ApiRequest) -> Answer {
        let fields = request.form();
        let grant = match self.oauth.grant(&self.core, request, &fields) {
            Ok(grant) => grant,
            Err(error) => {
                let status = match error.code() {
                    "invalid_client" => StatusCode::UNAUTHORIZED,
                    _ => StatusCode::BAD_REQUEST,
                };
                return Answer::json(status, &json!({ "error": error.code() }));
            }
        };
        let directory = self.core.directory();
        let user = directory.connecting().map_or("0", |user| user.id.as_str());
        let refresh = grant
            .refresh_token
            .as_deref()
            .or(find(&fields, "refresh_token"));
        let body = json!({
            "access_token": format!("{}:{TENANT}:{user}", grant.access_token),
            "token_type": "bearer",
            "refresh_token": refresh,
            "expires_in": grant.expires_in,
            "scope": grant.scope,
        });
        Answer::json(StatusCode::OK, &body)
    }

    /// The refusal of a request that bears neither the key nor a live token.
    fn refused(&self, request: &ApiRequest) -> Option<Answer> {
        let directory = self.core.directory();
        let active = directory.connecting().is_some_and(User::is_active);
        if let Some(key) = request.header("api-key") {
            let refused = key != API_KEY || !active || self.keys_are_refused();
            return refused.then(|| unauthorized("Invalid API key"));
        }
        let token = bearer(request).and_then(|token| token.split(':').next());
        let live = token.and_then(|token| self.oauth.scope_of(&self.core, token));
        (live.is_none() || !active).then(|| unauthorized("Unauthorized"))
    }

    /// A key is the credential itself, at every request: it is refused as long as credentials
    /// are to be.
    fn keys_are_refused(&self) -> bool {
        let faults = self.core.faults.list();
        faults
            .iter()
            .any(|switch| switch.fault == Fault::WrongCredentials)
    }

    fn routed(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, ApiError> {
        let core = &self.core;
        let body = || read(request);
        match (request.method.as_str(), path) {
            ("GET", ["users"]) => users::list(core, request),
            ("GET", ["users", "lookup"]) => users::lookup(core, request),
            ("GET", ["users", id]) => users::one(core, id),
            ("GET", ["tenants"]) => Ok(users::tenant()),
            ("POST", ["search", "user"]) => users::search(core, request, &body()?),
            ("POST", ["search", name]) => {
                let entity = Entity::named(name).ok_or_else(ApiError::no_path)?;
                customers::search(core, request, entity, &body()?)
            }
            ("GET", ["entities", name, "fields"]) if Entity::named(name).is_some() => {
                Ok(customers::fields(core, request))
            }
            ("POST", ["call-logs"]) => activities::log_call(core, &body()?),
            ("GET", ["call-logs", id]) => activities::calls(core, request, id),
            ("POST", ["notes", "relation"]) => activities::note(core, &body()?),
            ("POST", ["tasks"]) => activities::task(core, &body()?),
            ("GET", ["tasks", id]) => activities::one_task(core, id),
            (method, ["webhooks", rest @ ..]) => webhooks::answer(core, method, rest, body),
            (method, ["contacts" | "leads", ..]) => self.record(request, method, path),
            _ => Err(ApiError::no_path()),
        }
    }

    fn record(
        &self,
        request: &ApiRequest,
        method: &str,
        path: &[&str],
    ) -> Result<Answer, ApiError> {
        let (name, rest) = path.split_first().ok_or_else(ApiError::no_path)?;
        let entity = Entity::named(name).ok_or_else(ApiError::no_path)?;
        match (method, rest) {
            ("POST", []) => customers::create(&self.core, entity, &read(request)?),
            ("GET", [id]) => customers::one(&self.core, entity, id),
            ("PUT", [id]) => customers::change(&self.core, entity, id, &read(request)?),
            ("PATCH", [id]) => customers::patch(&self.core, entity, id, &read(request)?),
            _ => Err(ApiError::no_path()),
        }
    }
}

/// The JSON of a body.
fn read(request: &ApiRequest) -> Result<Value, ApiError> {
    let is_json = request
        .header("content-type")
        .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"));
    let body = serde_json::from_slice(&request.body).ok();
    body.filter(|_| is_json)
        .ok_or_else(|| ApiError::invalid("Malformed JSON request"))
}

impl Provider for Kylas {
    fn place(&self, request: &ApiRequest) -> Place {
        let page = pages::page_number(request);
        match request.segments().as_slice() {
            ["oauth", ..] => Place::Token,
            ["v1", "users"] | ["v1", "users", "lookup"] | ["v1", "search", "user"] => {
                Place::Users { page }
            }
            ["v1", "search", ..] => Place::Other,
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let path = request.segments();
        let path = match (request.method.as_str(), path.as_slice()) {
            ("GET", ["oauth", "authorize"]) => return self.authorize(request),
            ("POST", ["oauth", "token"]) => return self.token(request),
            (_, ["v1", path @ ..]) => path,
            _ => return ApiError::no_path().answer(),
        };
        if let Some(refused) = self.refused(request) {
            return refused;
        }
        if !self.core.spend() {
            return errors::refuse(Refusal::QuotaExhausted);
        }
        let answer = self.routed(request, path);
        metered(answer.unwrap_or_else(|error| error.answer()), 4)
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        webhooks::sent(&self.core, what, url, secret)
    }
}
