//! 3CX V20, a phone system: the configuration API (OData v4 under `/xapi/v1`), the call control
//! API, and the tokens for both.

mod auth;
mod calls;
mod entities;
mod errors;
mod filter;
mod odata;
mod pbx;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::json;

use self::auth::{bears_token, rules, token};
use self::errors::{forbidden, not_found, refused};
use self::odata::Path;
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{EmailMix, Flavour, NameMix};

/// The client's id, which is also the extension of its route point.
const CLIENT_ID: &str = "9000";

/// The API key that the console shows once.
const CLIENT_SECRET: &str = "qT7mZk3vXw9LpRb2NcYd8HsJf5Ga1EuK";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    // The vendor publishes no limit.
    allowance: 100_000_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Pbx::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "3cx",
    title: "3CX",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[
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
    note: "A phone system: its users are the organization's people with their extensions. One token per client is \
           live at a time; a new one ends the one before.",
};

/// The platform's own directory: names and addresses are as the platform has them.
const FLAVOUR: Flavour = Flavour {
    provider: "3cx",
    other_domain: "northwind-support.example",
    email: EmailMix {
        other_case: 0,
        plus_tag: 0,
        other_domain: 0,
        short: 0,
    },
    name: NameMix {
        nick: 0,
        folded: 0,
        native: 0,
        initial: 0,
        maiden: 0,
        swapped: 0,
    },
    has_phone: 100,
    has_extension: 100,
    has_employee_number: 0,
    departments: entities::DEPARTMENTS,
    id: user_id,
    record_id,
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

/// Where the ids of users start; those below belong to the system.
const USER_IDS_FROM: i64 = 41;

fn user_id(nth: usize) -> String {
    (USER_IDS_FROM + i64::try_from(nth).unwrap_or(0)).to_string()
}

/// A phone system has no customers; the ids are never seen.
fn record_id(kind: &str, nth: usize) -> String {
    format!("{kind}-{nth}")
}

/// The extension of the nth of all users: their own, or one from a range of its own for those
/// who have none.
fn number(user: &User, all: usize) -> String {
    let nth = user.id.parse::<i64>().unwrap_or(0) - USER_IDS_FROM;
    let from = if all < 900 { 7_000 } else { 700_000 };
    user.extension
        .clone()
        .unwrap_or_else(|| (from + nth).to_string())
}

/// The emulated phone system.
#[derive(Debug)]
pub(crate) struct Pbx {
    core: Arc<Core>,
    oauth: OAuth,
}

impl Pbx {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let oauth = OAuth::new(&core, rules());
        Self { core, oauth }
    }

    fn authorize(&self, request: &ApiRequest) -> Answer {
        match self.oauth.authorize(&self.core, request) {
            Ok(back) => Answer::empty(StatusCode::FOUND).with("location", &back),
            Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error })),
        }
    }

    fn xapi(&self, request: &ApiRequest, path: &str) -> Answer {
        if !bears_token(&self.core, &self.oauth, request) {
            return errors::unauthorized();
        }
        if !self.core.spend() {
            return refused(Refusal::QuotaExhausted);
        }
        let path = Path::read(path);
        if request.method == Method::POST && path.is("Users/Pbx.MakeCall") {
            return calls::make_by_configuration(&self.core, request);
        }
        if request.method != Method::GET {
            // The client's role may look and call, not change.
            return if entities::find(&path.set).is_some() {
                forbidden()
            } else {
                not_found()
            };
        }
        pbx::answer(&self.core, request, &path)
    }
}

impl Provider for Pbx {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = odata::decoded(&request.path);
        if path == "/connect/token" {
            return Place::Token;
        }
        if request.method != Method::GET {
            return Place::Write;
        }
        match path.strip_prefix("/xapi/v1/") {
            Some("Users") => Place::Users {
                page: odata::page(&self.core, request),
            },
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let path = odata::decoded(&request.path);
        match path.as_str() {
            "/connect/token" if request.method == Method::POST => {
                token(&self.core, &self.oauth, request)
            }
            "/connect/authorize" if request.method == Method::GET => self.authorize(request),
            _ => match path.strip_prefix("/xapi/v1/") {
                Some(rest) => self
                    .xapi(request, rest)
                    .with("x-3cx-version", entities::VERSION),
                None if path == "/callcontrol" || path.starts_with("/callcontrol/") => {
                    if bears_token(&self.core, &self.oauth, request) {
                        calls::control(&self.core, request, &path)
                    } else {
                        errors::unauthorized()
                    }
                }
                None => not_found(),
            },
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal)
    }

    fn refuse_to(&self, request: &ApiRequest, refusal: Refusal) -> Answer {
        if refusal == Refusal::WrongCredentials && request.path == "/connect/token" {
            return errors::invalid_client();
        }
        refused(refusal)
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }
}
