//! Pipedrive: users, persons, call logs, activities, notes and webhooks by versions 1 and 2 of
//! its API, for a user's API token or an app's OAuth.

mod activities;
mod auth;
mod call_logs;
mod errors;
mod notes;
mod persons;
mod users;
mod webhooks;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use self::auth::{API_TOKEN, CLIENT_ID, CLIENT_SECRET, Caller};
use self::errors::{Problem, no_such_path};
use crate::answer::{Answer, ApiRequest};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserState};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{EmailMix, Flavour, NameMix};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    // 30,000 tokens a day for each of some sixty seats on the smallest plan.
    allowance: 1_800_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(Pipedrive::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "pipedrive",
    title: "Pipedrive",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[
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
    habits: Habits {
        lists_deleted: false,
        // It is some person's account that a connection signs in by.
        tells_own_user: false,
        leads_are_contacts: true,
    },
    note: "The API token is a user's own. Client id and secret are an app's: consent at /oauth/authorize, tokens of an hour at /oauth/token. The list of users has no pages.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "pipedrive",
    other_domain: "northwind-sales.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 4,
        other_domain: 18,
        short: 8,
    },
    name: NameMix {
        nick: 20,
        folded: 8,
        native: 4,
        initial: 3,
        maiden: 40,
        swapped: 1,
    },
    has_phone: 50,
    has_extension: 0,
    has_employee_number: 0,
    departments: &["Sales"; 8],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// The company's number.
const COMPANY_ID: u64 = 13_372_904;

fn user_id(nth: usize) -> String {
    (21_457_803 + nth).to_string()
}

/// Persons and organizations are numbered apart, from small numbers on.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" { 201 } else { 1_001 };
    (from + nth).to_string()
}

fn username(user: &User) -> String {
    user.email.to_lowercase()
}

/// An id as the number it is.
fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

/// A time as version 1 writes it, in UTC.
fn local_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time as version 2 writes it.
fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The body of a write, which must be a JSON object.
fn body(request: &ApiRequest) -> Result<Value, Problem> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Problem::invalid("Request body must be application/json"));
    }
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|_| Problem::invalid("Request body is not valid JSON"))?;
    if body.is_object() {
        Ok(body)
    } else {
        Err(Problem::invalid("Request body must be an object"))
    }
}

/// The whole number in a field, which may be absent.
fn whole(body: &Value, field: &str) -> Result<Option<u64>, Problem> {
    match &body[field] {
        Value::Null => Ok(None),
        value => match value.as_u64() {
            Some(number) => Ok(Some(number)),
            None => Err(Problem::invalid(format!("{field} must be an integer"))),
        },
    }
}

/// The emulated Pipedrive.
#[derive(Debug)]
pub(crate) struct Pipedrive {
    core: Arc<Core>,
    oauth: OAuth,
    /// How many records were made, those that were removed included.
    made: AtomicUsize,
}

impl Pipedrive {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            oauth: OAuth::new(&core, auth::RULES),
            made: AtomicUsize::new(0),
            core,
        }
    }

    /// The number of the next record, never given twice.
    fn next_number(&self) -> usize {
        self.made.fetch_add(1, Ordering::SeqCst)
    }

    /// The number of the user whose token it is.
    fn own_number(&self) -> Option<u64> {
        let directory = self.core.directory();
        directory.connecting().and_then(|user| number(&user.id))
    }

    /// Whether there is a user of this number, active or not.
    fn knows_user(&self, user: u64) -> bool {
        let directory = self.core.directory();
        let user = directory.find(&user.to_string());
        user.is_some_and(|user| user.state != UserState::Deleted)
    }

    /// That a person there is named, or none.
    fn check_person(&self, person: Option<u64>) -> Result<(), Problem> {
        let Some(person) = person else {
            return Ok(());
        };
        match self.core.contacts().find(&person.to_string()) {
            Some(_) => Ok(()),
            None => Err(Problem::not_found("Person")),
        }
    }

    fn api(&self, request: &ApiRequest, version: u8, path: &[&str]) -> Answer {
        let caller = match Caller::of(&self.core, &self.oauth, request) {
            Ok(caller) => caller,
            Err(problem) => return problem.answer(),
        };
        let cost = cost(request, version, path);
        if !(0..cost).all(|_| self.core.spend()) {
            return errors::refuse(Refusal::QuotaExhausted);
        }
        let answer = self.authorised(request, &caller, version, path);
        let answer = answer.unwrap_or_else(|problem| problem.answer());
        let quota = self.core.quota();
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with("x-ratelimit-limit", "100")
            .with("x-ratelimit-remaining", "99")
            .with("x-ratelimit-reset", "2")
            .with("x-daily-requests-left", &left.to_string())
    }

    fn authorised(
        &self,
        request: &ApiRequest,
        caller: &Caller,
        version: u8,
        path: &[&str],
    ) -> Result<Answer, Problem> {
        match (version, path) {
            (1, ["users", "me"]) => {
                caller.needs(&["base", "users:read"])?;
                users::answer(&self.core, request, &["me"])
            }
            (1, ["users", rest @ ..]) => {
                caller.needs(&["users:read", "admin"])?;
                users::answer(&self.core, request, rest)
            }
            (2, ["persons", "search"]) => {
                caller.needs(&["search:read", "contacts:read", "contacts:full"])?;
                persons::answer(&self.core, request, &["search"])
            }
            (2, ["persons", rest @ ..]) => {
                caller.needs(&["contacts:read", "contacts:full"])?;
                persons::answer(&self.core, request, rest)
            }
            (1, ["callLogs", rest @ ..]) => {
                caller.needs(&["phone-integration"])?;
                call_logs::answer(self, caller, request, rest)
            }
            (2, ["activities", rest @ ..]) => {
                let reads = request.method == Method::GET;
                let read: &[&str] = &["activities:read", "activities:full"];
                caller.needs(if reads { read } else { &["activities:full"] })?;
                activities::answer(self, request, rest)
            }
            (1, ["notes", rest @ ..]) => {
                caller.needs(&["contacts:full", "deals:full"])?;
                notes::answer(self, caller, request, rest)
            }
            (1, ["webhooks", rest @ ..]) => {
                caller.needs(&["admin"])?;
                webhooks::answer(self, request, rest)
            }
            _ => Ok(no_such_path()),
        }
    }
}

/// What a request costs of the day's tokens.
fn cost(request: &ApiRequest, version: u8, path: &[&str]) -> u32 {
    let reads = request.method == Method::GET;
    match (version, path) {
        (1, ["users", "find"]) => 40,
        (1, ["users"]) | (2, ["persons", "search"]) => 20,
        (1, ["users", _]) => 2,
        (1, ["callLogs" | "notes" | "webhooks", ..]) => 10,
        (2, [_]) if reads => 10,
        _ if reads => 1,
        _ => 5,
    }
}

/// Version and the rest of a path, with or without `/api` before it.
fn versioned<'a>(path: &'a [&'a str]) -> Option<(u8, &'a [&'a str])> {
    let path = path.strip_prefix(&["api"]).unwrap_or(path);
    match path {
        ["v1", rest @ ..] => Some((1, rest)),
        ["v2", rest @ ..] => Some((2, rest)),
        _ => None,
    }
}

impl Provider for Pipedrive {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = request.segments();
        if path == ["oauth", "token"] {
            return Place::Token;
        }
        match versioned(&path) {
            Some((1, ["users"])) => Place::Users { page: 1 },
            Some(_) if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let path = request.segments();
        if let ["oauth", rest @ ..] = path.as_slice() {
            return auth::answer(&self.core, &self.oauth, request, rest);
        }
        match versioned(&path) {
            Some((version, rest)) => self.api(request, version, rest),
            None => no_such_path(),
        }
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
        webhooks::sent(self, what, url, secret)
    }
}
