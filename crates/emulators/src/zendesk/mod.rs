//! Zendesk Support: API v2, as a client needs it to sign in, list staff, find callers and write
//! calls as tickets.

mod auth;
mod calls;
mod errors;
mod export;
mod hooks;
mod paging;
mod save;
mod search;
mod tickets;
mod users;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use self::auth::{API_TOKEN, CLIENT_ID, CLIENT_SECRET, Caller};
use crate::answer::{Answer, ApiRequest};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{EmailMix, Flavour, NameMix, ORGANIZATION};

/// The account's id, which webhooks carry.
const ACCOUNT_ID: i64 = 22_116_284;

/// The one brand.
const BRAND_ID: i64 = 26_914_498_310_045;

/// The group everybody is in.
const GROUP_ID: i64 = 26_914_499_821_213;

/// How long the answer to an idempotency key is kept.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(2);

/// The emulator, for the catalogue. The allowance is that of an Enterprise plan, per minute.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 700,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Zendesk::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zendesk",
    title: "Zendesk Support",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[
        FieldInfo {
            name: "email",
            value: "counterpart.connector@northwind-support.example",
        },
        FieldInfo {
            name: "api_token",
            value: API_TOKEN,
        },
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
    ],
    habits: Habits::PLAIN,
    note: "Either the address with the API token, or the OAuth client, which also has client \
           credentials. The token acts as whichever member of staff it is sent with.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "zendesk",
    other_domain: "northwind-help.example",
    email: EmailMix {
        other_case: 8,
        plus_tag: 8,
        other_domain: 12,
        short: 6,
    },
    name: NameMix {
        nick: 18,
        folded: 6,
        native: 20,
        initial: 5,
        maiden: 50,
        swapped: 0,
    },
    has_phone: 45,
    has_extension: 30,
    has_employee_number: 30,
    departments: &[
        "Support", "Sales", "Field", "Ops", "Success", "Finance", "Dispatch", "Security",
    ],
    id: |nth| id(26_914_503_117_085, nth),
    record_id: |kind, nth| match kind {
        "company" => id(26_914_611_402_333, nth),
        _ => id(31_207_718_540_909, nth),
    },
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

fn id(from: usize, nth: usize) -> String {
    (from + nth * 64).to_string()
}

/// What changes while it runs, besides what every emulator keeps.
#[derive(Debug, Default)]
struct State {
    /// External ids that clients gave to end users.
    external_ids: HashMap<String, String>,
    /// Answers by idempotency key: the body it belongs to, when, and the answer.
    answers: HashMap<String, (Bytes, Timestamp, Answer)>,
    /// When the export was asked for within the last minute.
    exports: VecDeque<Timestamp>,
    /// When the current minute of the allowance began.
    minute: Option<Timestamp>,
}

/// The emulated Zendesk.
#[derive(Debug)]
pub(crate) struct Zendesk {
    core: Arc<Core>,
    oauth: OAuth,
    state: Mutex<State>,
}

impl Zendesk {
    fn new(core: Arc<Core>) -> Self {
        let oauth = OAuth::new(&core, auth::RULES);
        Self {
            core,
            oauth,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn external_id(&self, contact: &str) -> Option<String> {
        self.state().external_ids.get(contact).cloned()
    }

    fn keep_external_id(&self, contact: &str, external_id: Option<String>) {
        if let Some(external_id) = external_id {
            let owner = contact.to_owned();
            self.state().external_ids.insert(owner, external_id);
        }
    }

    /// The answer that this key had within the last two hours.
    fn idempotent(&self, key: &str, body: &Bytes) -> Result<Option<Answer>, Answer> {
        if key.len() > 255 {
            let text = "Idempotency key is longer than 255 characters";
            return Err(errors::of(
                StatusCode::BAD_REQUEST,
                "IdempotentRequestError",
                text,
            ));
        }
        let now = self.core.clock.now();
        let mut state = self.state();
        state
            .answers
            .retain(|_, (_, at, _)| now.duration_since(*at) < KEY_LIFE);
        match state.answers.get(key) {
            None => Ok(None),
            Some((known, _, answer)) if known == body => Ok(Some(answer.clone())),
            Some(_) => {
                let text = "Request parameters don't match the given idempotency key";
                Err(errors::of(
                    StatusCode::BAD_REQUEST,
                    "IdempotentRequestError",
                    text,
                ))
            }
        }
    }

    fn keep_answer(&self, key: String, body: &Bytes, answer: &Answer) {
        let kept = (body.clone(), self.core.clock.now(), answer.clone());
        self.state().answers.insert(key, kept);
    }

    /// Counts a request; a new minute starts sixty seconds after the last one did.
    fn spend(&self) -> bool {
        let now = self.core.clock.now();
        let mut state = self.state();
        let began = *state.minute.get_or_insert(now);
        if now.duration_since(began) >= SignedDuration::from_mins(1) {
            state.minute = Some(now);
            let mut quota = self.core.quota();
            quota.used = 0;
            self.core.set_quota(quota);
        }
        drop(state);
        self.core.spend()
    }

    /// Everything below `/api/v2`.
    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let answer = if self.spend() {
            self.answered(request, path)
                .unwrap_or_else(|refusal| refusal)
        } else {
            errors::refuse(Refusal::QuotaExhausted).with("retry-after", "60")
        };
        let quota = self.core.quota();
        let (limit, left) = (
            quota.limit.to_string(),
            quota.limit.saturating_sub(quota.used).to_string(),
        );
        let answer = answer
            .with("x-rate-limit", &limit)
            .with("x-rate-limit-remaining", &left);
        if ["tickets", "users", "search"].contains(path.first().unwrap_or(&"")) {
            answer
                .with("ratelimit-limit", &limit)
                .with("ratelimit-remaining", &left)
                .with("ratelimit-reset", "41")
        } else {
            answer
        }
    }

    fn answered(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, Answer> {
        let caller = auth::caller(&self.core, &self.oauth, request)?;
        if let (&Method::GET, ["users", "me"]) = (&request.method, path) {
            return Ok(self.me(caller.as_ref()));
        }
        let caller = caller.ok_or_else(errors::unauthorised)?;
        if request.method == Method::GET {
            return self.read(request, path, &caller);
        }
        if !caller.writes {
            return Err(errors::insufficient_scope());
        }
        let has_body =
            matches!(request.method, Method::POST | Method::PUT) && !request.body.is_empty();
        if has_body && !is_json(request) {
            let text = "The content type must be application/json";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(errors::of(status, "UnsupportedContentType", text));
        }
        self.write(request, path, &caller)
    }

    fn read(&self, request: &ApiRequest, path: &[&str], caller: &Caller) -> Result<Answer, Answer> {
        match path {
            ["users"] => self.list(request),
            ["users", "count"] => self.count(request),
            ["users", "show_many"] => Ok(self.show_many(request)),
            ["users", "search"] => self.search_users(request),
            ["users", "autocomplete"] => self.autocomplete(request),
            ["users", id] => Ok(self.one(id)),
            ["users", id, "identities"] => Ok(self.identities(id)),
            ["incremental", "users", "cursor"] => self.export(request, caller),
            ["search"] => self.search(request),
            ["tickets"] => self.tickets(request),
            ["tickets", id] => Ok(self.ticket(id)),
            ["tickets", id, "comments"] => self.comments(request, id),
            ["custom_roles"] => Ok(users::custom_roles(&self.core)),
            ["groups"] => Ok(self.groups()),
            ["brands"] => Ok(self.brands()),
            ["webhooks", rest @ ..] if caller.is_admin() => Ok(self.webhooks(request, rest)),
            ["webhooks", ..] => Err(errors::forbidden()),
            _ => Err(errors::no_such_path()),
        }
    }

    fn write(
        &self,
        request: &ApiRequest,
        path: &[&str],
        caller: &Caller,
    ) -> Result<Answer, Answer> {
        match (&request.method, path) {
            (&Method::POST, ["users"]) => self.create_user(request, false),
            (&Method::POST, ["users", "create_or_update"]) => self.create_user(request, true),
            (&Method::PUT, ["users", id]) => self.update_user(request, id),
            (&Method::POST, ["tickets"]) => self.create_ticket(request, &caller.user.id),
            (&Method::POST, ["imports", "tickets"]) if caller.is_admin() => {
                self.create_ticket(request, &caller.user.id)
            }
            (&Method::PUT, ["tickets", id]) => self.update_ticket(request, id, &caller.user.id),
            (&Method::POST, ["channels", "voice", "tickets"]) => self.voice_ticket(request),
            (
                &Method::POST,
                [
                    "channels",
                    "voice",
                    "agents",
                    agent,
                    what @ ("users" | "tickets"),
                    id,
                    "display",
                ],
            ) => Ok(self.display(agent, what, id)),
            (_, ["webhooks", rest @ ..]) if caller.is_admin() => Ok(self.webhooks(request, rest)),
            (_, ["webhooks" | "imports", ..]) => Err(errors::forbidden()),
            _ => Err(errors::no_such_path()),
        }
    }

    fn groups(&self) -> Answer {
        let group = json!({
            "id": GROUP_ID, "url": format!("{}/api/v2/groups/{GROUP_ID}.json", self.core.base_url),
            "name": "Support", "description": "", "default": true, "deleted": false,
            "is_public": true, "created_at": "2024-02-01T09:00:00Z", "updated_at": "2024-02-01T09:00:00Z",
        });
        let body =
            json!({ "groups": [group], "count": 1, "next_page": null, "previous_page": null });
        Answer::json(StatusCode::OK, &body)
    }

    fn brands(&self) -> Answer {
        let base = &self.core.base_url;
        let brand = json!({
            "id": BRAND_ID, "url": format!("{base}/api/v2/brands/{BRAND_ID}.json"),
            "name": ORGANIZATION, "brand_url": base, "subdomain": "northwind-support",
            "has_help_center": true, "help_center_state": "enabled", "active": true, "default": true,
            "created_at": "2024-02-01T09:00:00Z", "updated_at": "2024-02-01T09:00:00Z",
        });
        let body =
            json!({ "brands": [brand], "count": 1, "next_page": null, "previous_page": null });
        Answer::json(StatusCode::OK, &body)
    }
}

fn is_json(request: &ApiRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    kind.to_lowercase().starts_with("application/json")
}

/// The parts of the path, with or without `.json` at its end.
fn parts(request: &ApiRequest) -> Vec<&str> {
    let mut parts = request.segments();
    if let Some(last) = parts.last_mut() {
        *last = last.strip_suffix(".json").unwrap_or(last);
    }
    parts
}

impl Provider for Zendesk {
    fn place(&self, request: &ApiRequest) -> Place {
        let parts = parts(request);
        match (&request.method, parts.as_slice()) {
            (_, ["oauth", ..]) => Place::Token,
            (&Method::GET, ["api", "v2", "users"]) if users::holds_staff(request) => Place::Users {
                page: paging::page_number(request),
            },
            (&Method::GET, ["api", "v2", "incremental", "users", ..]) => Place::Users {
                page: export::page_number(request),
            },
            (&Method::GET, _) | (&Method::POST, [.., "display"]) => Place::Other,
            _ => Place::Write,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match parts(request).as_slice() {
            ["oauth", "tokens"] => auth::token(&self.core, &self.oauth, request),
            ["oauth", "authorizations", "new"] => auth::authorize(&self.core, &self.oauth, request),
            ["api", "v2", path @ ..] => self.api(request, path),
            _ => errors::no_such_path(),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn takes_keys(&self) -> bool {
        true
    }

    fn has_issued_tokens(&self) -> bool {
        self.oauth.has_issued()
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        self.event(what, url, secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_staff_come_before_those_of_end_users() {
        let last: u64 = (FLAVOUR.id)(250_000).parse().expect("a number");
        let first: u64 = (FLAVOUR.record_id)("contact", 0).parse().expect("a number");
        assert!(last < first);
    }
}
