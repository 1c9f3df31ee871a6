//! Kaseya BMS: the REST API 2.0, paths in any case.

mod auth;
mod contacts;
mod envelope;
mod forms;
mod lookups;
mod multipart;
mod page;
mod people;
mod tickets;
mod webhooks;

use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;

use self::auth::Sessions;
use self::envelope::{no_method, not_found, unauthorised};
use self::tickets::{Desk, all_time_logs};
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserKind};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

const USERNAME: &str = "counterpart";
const PASSWORD: &str = "n0rthw1nd-Bms#emulator";
/// The company's name, as one types it to sign in.
const TENANT: &str = "Northwind Support";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 1_500,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(KaseyaBms::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "kaseya-bms",
    title: "Kaseya BMS",
    settings: &[
        FieldInfo {
            name: "api_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "tenant",
            value: TENANT,
        },
    ],
    credentials: &[
        FieldInfo {
            name: "username",
            value: USERNAME,
        },
        FieldInfo {
            name: "password",
            value: PASSWORD,
        },
    ],
    habits: Habits::PLAIN,
    note: "The tenant is the company's name. Failures come with status 200 and Success false.",
};

/// Departments as Kaseya BMS has them here, in the order of the platform's.
const DEPARTMENTS: &[&str] = &[
    "Service Desk",
    "Sales",
    "Engineering",
    "NOC",
    "Accounts",
    "Administration",
    "Dispatch",
    "Security",
];

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "kaseya-bms",
    other_domain: "northwind-it.example",
    email: EmailMix {
        other_case: 10,
        plus_tag: 1,
        other_domain: 18,
        short: 15,
    },
    name: NameMix {
        nick: 18,
        folded: 10,
        native: 2,
        initial: 5,
        maiden: 60,
        swapped: 2,
    },
    has_phone: 40,
    has_extension: 30,
    has_employee_number: 20,
    departments: DEPARTMENTS,
    id: employee_id,
    record_id,
    username,
    freezes: false,
};

fn employee_id(nth: usize) -> String {
    (21_400 + nth).to_string()
}

/// Contacts and accounts: whole numbers in ranges of their own, leads among the contacts.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" { 2_500 } else { 61_000 };
    (from + nth).to_string()
}

/// What stands before the `@`; the connecting user has a name of its own.
fn username(user: &User) -> String {
    if user.kind == UserKind::Connecting {
        return USERNAME.to_owned();
    }
    let local = user.email.split(['@', '+']).next().unwrap_or_default();
    local.to_lowercase()
}

/// A time as Kaseya BMS writes it.
fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn number(id: &str) -> i64 {
    id.parse().unwrap_or(0)
}

/// The emulated Kaseya BMS.
#[derive(Debug)]
pub(crate) struct KaseyaBms {
    core: Arc<Core>,
    sessions: Sessions,
    desk: Desk,
}

impl KaseyaBms {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            sessions: Sessions::default(),
            desk: Desk::default(),
        }
    }

    fn signed_in(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let core = &self.core;
        match path {
            ["security", "userinfo"] if request.method == Method::GET => people::user_info(core),
            ["hr", rest @ ..] => people::answer(core, request, rest),
            ["crm", rest @ ..] => contacts::answer(core, request, rest),
            ["system", rest @ ..] => lookups::answer(request, rest),
            ["servicedesk", "tickets", rest @ ..] => self.desk.answer(core, request, rest),
            ["timelogs"] if request.method == Method::GET => {
                all_time_logs(core, request).unwrap_or_else(|answer| *answer)
            }
            ["timelogs"] | ["security", "userinfo"] => no_method(),
            ["admin", "webhooks", rest @ ..] => webhooks::answer(&self.desk, core, request, rest),
            _ => not_found(),
        }
    }
}

/// The parts of the path below `/v2`, in small letters.
fn path_below(request: &ApiRequest) -> Option<Vec<String>> {
    let parts = request.segments().into_iter().map(str::to_lowercase);
    let parts: Vec<String> = parts.collect();
    match parts.split_first() {
        Some((first, rest)) if first == "v2" => Some(rest.to_vec()),
        _ => None,
    }
}

impl Provider for KaseyaBms {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = path_below(request).unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["security", "authenticate" | "refreshtoken"] => Place::Token,
            ["hr", "employees", "searchselect" | "lookup"]
            | ["hr", "assignees"]
            | ["hr", "assignees", "lookup"] => page::place(request),
            [.., "search"] => Place::Other,
            _ if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let Some(path) = path_below(request) else {
            return not_found();
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let post = request.method == Method::POST;
        match path.as_slice() {
            ["security", "authenticate"] if post => self.sessions.authenticate(&self.core, request),
            ["security", "refreshtoken"] if post => self.sessions.refresh(&self.core, request),
            ["security", "authenticate" | "refreshtoken"] => no_method(),
            _ if !self.sessions.may_enter(&self.core, request) => unauthorised(),
            _ if !self.core.spend() => envelope::refuse(Refusal::QuotaExhausted),
            path => self.signed_in(request, path),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        envelope::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.sessions.expire_access();
    }
}
