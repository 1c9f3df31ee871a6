//! Insightly: REST API 3.1, paths in any case.

mod activities;
mod customers;
mod errors;
mod lists;
mod users;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::activities::ACTIVITIES;
use self::customers::Object;
use self::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The key of the connecting user, from the user settings.
const API_KEY: &str = "7c1f0a52-5b7e-4d0b-9c41-3f1d6b2e8a94";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 60_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(Insightly { core }),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "insightly",
    title: "Insightly",
    settings: &[FieldInfo {
        name: "api_url",
        value: "{base_url}/v3.1",
    }],
    credentials: &[FieldInfo {
        name: "api_key",
        value: API_KEY,
    }],
    habits: Habits::PLAIN,
    note: "API URL and API key as the user settings show them. The key has the rights of its user.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "insightly",
    other_domain: "northwind-projects.example",
    email: EmailMix {
        other_case: 14,
        plus_tag: 2,
        other_domain: 16,
        short: 10,
    },
    name: NameMix {
        nick: 14,
        folded: 12,
        native: 3,
        initial: 5,
        maiden: 50,
        swapped: 0,
    },
    // A user has no telephone, number or department here.
    has_phone: 0,
    has_extension: 0,
    has_employee_number: 0,
    departments: &["Support"],
    id: |nth| (2_317_004 + 3 * nth).to_string(),
    record_id,
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

/// Ids that only just fit 32 bits, in ranges of their own.
fn record_id(kind: &str, nth: usize) -> String {
    let from = match kind {
        "company" => 142_660_101,
        "lead" => 88_214_050,
        _ => 2_147_480_021,
    };
    (from + 7 * nth).to_string()
}

/// An id as the number it is in the API.
fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

/// The emulated Insightly.
#[derive(Debug)]
pub(crate) struct Insightly {
    core: Arc<Core>,
}

impl Insightly {
    /// Whether the request bears the key: as the name of basic authentication, with or without
    /// the colon before the empty password.
    fn may_enter(&self, request: &ApiRequest) -> bool {
        let given = request.header("authorization").and_then(|header| {
            let (scheme, encoded) = header.split_once(' ')?;
            let decoded = STANDARD.decode(encoded.trim()).ok()?;
            let text = String::from_utf8(decoded).ok()?;
            scheme.eq_ignore_ascii_case("basic").then_some(text)
        });
        let key = given
            .as_deref()
            .map(|text| text.strip_suffix(':').unwrap_or(text));
        let directory = self.core.directory();
        key == Some(API_KEY) && directory.connecting().is_some_and(User::is_active)
    }

    fn routed(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, ApiError> {
        let core = &self.core;
        let nothing = || Err(ApiError::bare(StatusCode::NOT_FOUND));
        let Some((first, rest)) = path.split_first() else {
            return nothing();
        };
        let activity = ACTIVITIES.iter().find(|activity| activity.path == *first);
        if let Some(activity) = activity {
            return activities::answer(core, request, activity, rest);
        }
        if let Some(object) = Object::at(first) {
            return customers::answer(core, request, object, rest);
        }
        if request.method != Method::GET {
            return nothing();
        }
        match path {
            ["users"] => users::list(core, request, false),
            ["users", "search"] => users::list(core, request, true),
            ["users", id] => Ok(users::one(core, id)),
            ["instance"] => Ok(users::instance()),
            ["permissions"] => Ok(users::permissions()),
            _ => nothing(),
        }
    }
}

/// The parts of the path below `/v3.1`, in small letters.
fn path_below(request: &ApiRequest) -> Option<Vec<String>> {
    let parts = request.segments();
    let (first, rest) = parts.split_first()?;
    (*first == "v3.1").then(|| rest.iter().map(|part| part.to_lowercase()).collect())
}

impl Provider for Insightly {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = path_below(request).unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["users"] | ["users", "search"] => Place::Users {
                page: lists::page_number(&self.core, request),
            },
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let Some(path) = path_below(request) else {
            return Answer::empty(StatusCode::NOT_FOUND);
        };
        if !self.may_enter(request) {
            return errors::refuse(Refusal::WrongCredentials);
        }
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let answer = if self.core.spend() {
            self.routed(request, &path)
                .unwrap_or_else(|error| error.answer())
        } else {
            errors::refuse(Refusal::QuotaExhausted)
        };
        let quota = self.core.quota();
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with("x-ratelimit-limit", &quota.limit.to_string())
            .with("x-ratelimit-remaining", &left.to_string())
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }
}
