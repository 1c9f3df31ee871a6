//! `SyncroMSP`: API v1 of one account.

mod customers;
mod errors;
mod pages;
mod tickets;
mod users;

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::{Core, Provider, Quota, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::bearer;
use crate::people::{EmailMix, Flavour, NameMix};

/// A token with custom permissions of the connecting user.
const API_TOKEN: &str = "T4f1c0ffee0a7b1d3e-9b2c5d7e8f10213243546576";

/// How long the allowance lasts, in seconds.
const WINDOW: i64 = 60;

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 180,
    has_sessions: false,
    hides_fields: false,
    provider: |core| {
        Box::new(Syncro {
            core,
            window: Mutex::new(None),
        })
    },
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "syncromsp",
    title: "SyncroMSP",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[FieldInfo {
        name: "api_token",
        value: API_TOKEN,
    }],
    habits: Habits::PLAIN,
    note: "A token with custom permissions. 180 requests a minute; addresses of users come one by one.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "syncromsp",
    other_domain: "northwind-msp.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 2,
        other_domain: 18,
        short: 9,
    },
    name: NameMix {
        nick: 14,
        folded: 12,
        native: 0,
        initial: 4,
        maiden: 55,
        swapped: 2,
    },
    // A user has no telephone and no number here.
    has_phone: 0,
    has_extension: 0,
    has_employee_number: 0,
    departments: &["Technicians"],
    id: |nth| (151_203 + 4 * nth).to_string(),
    record_id,
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

fn record_id(kind: &str, nth: usize) -> String {
    let from = match kind {
        "lead" => 41_071_399,
        "company" => 900_100,
        _ => 34_288_070,
    };
    (from + 3 * nth).to_string()
}

/// An id as the number it is in the API; 0 when it is none.
fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

/// The digits of a telephone number, which is all that is kept of it.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// A time as Syncro writes it.
fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00").to_string()
}

/// The emulated Syncro.
#[derive(Debug)]
pub(crate) struct Syncro {
    core: Arc<Core>,
    /// When the minute of the allowance began.
    window: Mutex<Option<Timestamp>>,
}

impl Syncro {
    /// The token of the header, or of `api_key` in the query.
    fn may_enter(&self, request: &ApiRequest) -> bool {
        let token = bearer(request).or_else(|| request.parameter("api_key"));
        let directory = self.core.directory();
        token == Some(API_TOKEN) && directory.connecting().is_some_and(User::is_active)
    }

    /// Counts one request of the minute; false when there were too many.
    fn spend(&self) -> bool {
        let now = self.core.clock.now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let began = *window.get_or_insert(now);
        if now.as_second() - began.as_second() >= WINDOW {
            *window = Some(now);
            let limit = self.core.quota().limit;
            self.core.set_quota(Quota { limit, used: 0 });
        }
        self.core.spend()
    }

    fn routed(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, ApiError> {
        let core = &self.core;
        let body = read(request)?;
        match (&request.method, path) {
            (_, ["customers", rest @ ..]) => customers::answer(core, request, rest, &body),
            (_, ["tickets", rest @ ..]) => tickets::answer(core, request, rest, &body),
            (&Method::GET, ["contacts", rest @ ..]) => customers::contacts(core, request, rest),
            (&Method::GET, ["users"]) => Ok(users::list(core, request)),
            (&Method::GET, ["users", id]) => users::one(core, id),
            (&Method::GET, ["me"]) => users::own(core, API_TOKEN),
            (&Method::GET, ["callerid"]) => customers::caller(core, request),
            (&Method::GET, ["search"]) => Ok(customers::search(core, request)),
            (&Method::GET, ["leads"]) => Ok(customers::leads(core, request)),
            (&Method::GET, ["ticket_timers"]) => Ok(tickets::timers(core, request)),
            _ => Err(ApiError::not_found()),
        }
    }
}

/// The parameters of a body: a JSON object, or the fields of a form; nothing is nothing.
fn read(request: &ApiRequest) -> Result<Value, ApiError> {
    if request.body.is_empty() {
        return Ok(json!({}));
    }
    let kind = request.header("content-type").unwrap_or_default();
    if kind.to_lowercase().starts_with("application/json") {
        let body = serde_json::from_slice(&request.body).ok();
        return body.filter(Value::is_object).ok_or_else(|| {
            let message = "There was a problem in the JSON you submitted";
            ApiError::text(StatusCode::BAD_REQUEST, message)
        });
    }
    let fields = request.form().into_iter();
    Ok(fields.map(|(name, value)| (name, json!(value))).collect())
}

impl Provider for Syncro {
    fn place(&self, request: &ApiRequest) -> Place {
        match request.segments().as_slice() {
            ["api", "v1", "users"] => Place::Users { page: 1 },
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let path = request.segments();
        let ["api", "v1", path @ ..] = path.as_slice() else {
            return ApiError::not_found().answer();
        };
        if !self.spend() {
            return errors::refuse(Refusal::TooManyRequests);
        }
        if !self.may_enter(request) {
            return errors::refuse(Refusal::WrongCredentials);
        }
        let answer = self.routed(request, path);
        answer.unwrap_or_else(|error| error.answer())
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    /// What the notification centre posts, unsigned. Users are no matter of it.
    fn webhook(&self, what: &Happening, url: &str, _secret: &str) -> Option<SentWebhook> {
        let Happening::ContactChanged(id) = what else {
            return None;
        };
        let attributes = customers::with_customer(&self.core, id, customers::row).ok()?;
        let name = attributes["fullname"].as_str().unwrap_or_default();
        let text = format!("Customer {name} was updated");
        let body = json!({
            "text": text,
            "html": format!("<p>{text}</p>"),
            "link": format!("{}/customers/{id}", self.core.base_url),
            "attributes": attributes,
        });
        Some(SentWebhook {
            url: url.to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        })
    }
}
