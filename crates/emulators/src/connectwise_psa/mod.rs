//! `ConnectWise` PSA (formerly Manage): the company look-up and the REST API 3.0.

mod auth;
mod callbacks;
mod checks;
mod conditions;
mod entry;
mod errors;
mod flavour;
mod lexer;
mod list;
mod patch;
mod read_only;
mod records;
mod schema;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::auth::{Caller, Tokens};
use self::callbacks::Keys;
use self::entry::{
    Member, MemberInfo, communication_items, company_rows, contact_row, number, without_nulls,
};
use self::errors::{no_method, no_path, no_record};
use self::flavour::FLAVOUR;
use self::list::{count, list, one};
use self::read_only::{COMMUNICATIONS, COMPANIES, CONTACTS, MEMBER_INFOS, MEMBERS, SETUP};
use self::records::{Ask, Desk, body, ticket_of};
use self::schema::{
    ACTIVITY, ACTIVITY_STATUSES, ACTIVITY_TYPES, BOARD_STATUSES, BOARDS, CALLBACK, NOTE,
    PRIORITIES, SOURCES, TICKET, TIME, WORK_ROLES, WORK_TYPES,
};
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserChange, UserState};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::ORGANIZATION;

/// The company's id, as one types it to sign in.
const COMPANY_ID: &str = "northwind";
const PUBLIC_KEY: &str = "nW7pUbL1cK3y0001";
const PRIVATE_KEY: &str = "nW7pR1vAt3K3y001";
/// The integration's id from the vendor's developer site.
const CLIENT_ID: &str = "6f2c1d7a-3b0e-4a52-9c7f-5d1e8b2a4c90";
/// What callbacks are signed with when nobody says otherwise.
const SIGNING_KEY: &str = "c0nn3ctw1se-emulated-signing-key";
/// The release, in the address and in `version`.
const CODEBASE: &str = "v2025_1";
const VERSION: &str = "v2025.1.109540";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 1_000_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(ConnectWise::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "connectwise-psa",
    title: "ConnectWise PSA",
    settings: &[
        FieldInfo {
            name: "address",
            value: "{base_url}",
        },
        FieldInfo {
            name: "company_id",
            value: COMPANY_ID,
        },
    ],
    credentials: &[
        FieldInfo {
            name: "public_key",
            value: PUBLIC_KEY,
        },
        FieldInfo {
            name: "private_key",
            value: PRIVATE_KEY,
        },
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
    ],
    habits: Habits::PLAIN,
    note: "Requests need the clientId header besides the keys. Service boards are Help Desk and \
           Telephony.",
};

/// The emulated `ConnectWise` PSA.
#[derive(Debug)]
pub(crate) struct ConnectWise {
    core: Arc<Core>,
    tokens: Tokens,
    keys: Keys,
    desk: Desk,
}

impl ConnectWise {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            tokens: Tokens::default(),
            keys: Keys::default(),
            desk: Desk::default(),
        }
    }

    /// `GET /login/companyinfo/{company id}`, for everybody.
    fn company_info(&self, request: &ApiRequest, company: &str) -> Answer {
        if !company.eq_ignore_ascii_case(COMPANY_ID) {
            return no_path(&request.path);
        }
        let base = &self.core.base_url;
        let body = json!({
            "CompanyName": ORGANIZATION,
            "Codebase": format!("{CODEBASE}/"),
            "VersionCode": "v2025.1",
            "VersionNumber": VERSION,
            "CompanyID": COMPANY_ID,
            "IsCloud": true,
            "SiteUrl": base.split_once("://").map_or(base.as_str(), |(_, host)| host),
        });
        Answer::json(StatusCode::OK, &body)
    }

    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let caller = match self.tokens.caller(&self.core, request) {
            Ok(caller) => caller,
            Err(answer) => return *answer,
        };
        if !self.core.spend() {
            return errors::refuse(Refusal::QuotaExhausted);
        }
        match path {
            ["system", "info"] if request.method == Method::GET => system_info(),
            ["system", rest @ ..] => self.system(request, &caller, rest),
            ["company", rest @ ..] => self.company(request, rest),
            _ => self.work(request, &caller, path),
        }
    }

    fn system(&self, request: &ApiRequest, caller: &Caller, path: &[&str]) -> Answer {
        let ask = self.ask(request, caller);
        match path {
            ["members", id, "deactivate"] if request.method == Method::POST => self.deactivate(id),
            ["members", identifier, "tokens"] if request.method == Method::POST => {
                self.tokens.issue(&self.core, request, identifier)
            }
            ["callbacks", rest @ ..] => self.desk.answer(ask, &CALLBACK, rest),
            ["info", "members", ..] | ["members", ..] if request.method != Method::GET => {
                no_method()
            }
            ["info", "members", rest @ ..] => {
                let directory = self.core.directory();
                let rows: Vec<_> = seen(directory.users()).map(MemberInfo).collect();
                self.read(request, &MEMBER_INFOS, &rows, rest)
            }
            ["members", rest @ ..] => {
                let directory = self.core.directory();
                let rows: Vec<_> = seen(directory.users()).map(Member).collect();
                self.read(request, &MEMBERS, &rows, rest)
            }
            _ => no_path(&request.path),
        }
    }

    fn company(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        if request.method != Method::GET {
            return no_method();
        }
        let contacts = self.core.contacts().all().to_vec();
        match path {
            ["contacts", id, "communications", rest @ ..] => {
                match contacts.iter().find(|contact| contact.id == **id) {
                    Some(contact) => {
                        let rows = communication_items(contact);
                        self.read(request, &COMMUNICATIONS, &rows, rest)
                    }
                    None => no_record("contact", id),
                }
            }
            ["contacts", rest @ ..] => {
                let rows: Vec<Value> = contacts.iter().map(contact_row).collect();
                self.read(request, &CONTACTS, &rows, rest)
            }
            ["companies", rest @ ..] => {
                self.read(request, &COMPANIES, &company_rows(&contacts), rest)
            }
            _ => no_path(&request.path),
        }
    }

    fn work(&self, request: &ApiRequest, caller: &Caller, path: &[&str]) -> Answer {
        let ask = self.ask(request, caller);
        let setup = |rows: &[(i64, &str)], rest: &[&str]| {
            let rows = rows
                .iter()
                .map(|(id, name)| json!({ "id": id, "name": name }));
            self.read(request, &SETUP, &rows.collect::<Vec<_>>(), rest)
        };
        match path {
            ["sales", "activities", "types", rest @ ..] => setup(ACTIVITY_TYPES, rest),
            ["sales", "activities", "statuses", rest @ ..] => setup(ACTIVITY_STATUSES, rest),
            ["sales", "activities", rest @ ..] => self.desk.answer(ask, &ACTIVITY, rest),
            ["service", "boards", id, "statuses"] => {
                let board = number(id);
                let own = BOARD_STATUSES.iter().filter(|(_, _, of)| *of == board);
                let rows: Vec<_> = own.map(|(id, name, _)| (*id, *name)).collect();
                setup(&rows, &[])
            }
            ["service", "boards", rest @ ..] => setup(BOARDS, rest),
            ["service", "priorities", rest @ ..] => setup(PRIORITIES, rest),
            ["service", "sources", rest @ ..] => setup(SOURCES, rest),
            ["service", "tickets", "search"] if request.method == Method::POST => {
                match body(request) {
                    Ok(extra) => list(
                        &self.core,
                        request,
                        &extra,
                        &TICKET.listed,
                        &ask.rows(&TICKET),
                    ),
                    Err(answer) => *answer,
                }
            }
            ["service", "tickets", id, "notes", rest @ ..] => match ticket_of(&self.core, id) {
                Ok(ticket) => {
                    let ticket = Some(ticket);
                    self.desk.answer(Ask { ticket, ..ask }, &NOTE, rest)
                }
                Err(answer) => *answer,
            },
            ["service", "tickets", rest @ ..] => self.desk.answer(ask, &TICKET, rest),
            ["time", "entries", rest @ ..] => self.desk.answer(ask, &TIME, rest),
            ["time", "worktypes", rest @ ..] => setup(WORK_TYPES, rest),
            ["time", "workroles", rest @ ..] => setup(WORK_ROLES, rest),
            _ => no_path(&request.path),
        }
    }

    /// A list that is only read, its count, or one of its records.
    fn read<E: entry::Entry>(
        &self,
        request: &ApiRequest,
        listed: &list::Listed,
        rows: &[E],
        rest: &[&str],
    ) -> Answer {
        match rest {
            _ if request.method != Method::GET => no_method(),
            [] => list(&self.core, request, &Value::Null, listed, rows),
            ["count"] => count(&self.core, request, listed, rows),
            [id] => one(request, listed, rows, id),
            _ => no_path(&request.path),
        }
    }

    fn ask<'a>(&'a self, request: &'a ApiRequest, caller: &'a Caller) -> Ask<'a> {
        Ask {
            core: &self.core,
            request,
            caller,
            ticket: None,
        }
    }

    fn deactivate(&self, id: &str) -> Answer {
        let change = UserChange {
            state: Some(UserState::Inactive),
            ..UserChange::default()
        };
        let now = self.core.clock.now();
        match self.core.directory().change(id, change, now) {
            Ok(_) => Answer::empty(StatusCode::NO_CONTENT),
            Err(_) => no_record("member", id),
        }
    }
}

/// A deleted user is one the connection can no longer see: members are only made inactive.
fn seen(users: &[User]) -> impl Iterator<Item = &User> {
    users.iter().filter(|user| user.state != UserState::Deleted)
}

fn system_info() -> Answer {
    let body = without_nulls(json!({
        "version": VERSION,
        "isCloud": true,
        "serverTimeZone": "GMT Standard Time",
        "licenseBits": [{ "name": "CRM", "activeFlag": true }, { "name": "ServiceDesk", "activeFlag": true }],
        "cloudRegion": "EU",
    }));
    Answer::json(StatusCode::OK, &body)
}

/// What a link to a record opens: `ConnectWise.aspx?routeTo=ContactFV&recid=…`.
fn screen(request: &ApiRequest) -> Answer {
    let route = request.parameter("routeTo").unwrap_or_default();
    let id = request.parameter("recid").unwrap_or_default();
    let known = matches!(
        route,
        "ContactFV" | "CompanyFV" | "ServiceFV" | "ActivityFV"
    );
    if !known || id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return no_path(&request.path);
    }
    let page = format!("<!DOCTYPE html>\n<title>{route} {id}</title><h1>{route} {id}</h1>\n");
    Answer::bytes(
        StatusCode::OK,
        "text/html; charset=utf-8",
        page.into_bytes(),
    )
}

/// The parts of the path below a codebase, in small letters: its own and the one that always works.
fn path_below(request: &ApiRequest) -> Option<Vec<String>> {
    let parts: Vec<String> = request
        .segments()
        .iter()
        .map(|part| part.to_lowercase())
        .collect();
    match parts.split_first() {
        Some((first, rest)) if first == CODEBASE || first == "v4_6_release" => Some(rest.to_vec()),
        _ => None,
    }
}

impl Provider for ConnectWise {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = path_below(request).unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["apis", "3.0", "system", "members"] | ["apis", "3.0", "system", "info", "members"]
                if request.method == Method::GET =>
            {
                list::place(&self.core, request)
            }
            [.., "search" | "tokens"] => Place::Other,
            ["apis", ..] if request.method != Method::GET => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        if let ["login", "companyinfo", company] = request.segments().as_slice() {
            return self.company_info(request, company);
        }
        let path = path_below(request).unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let answer = match path.as_slice() {
            ["system", "callbackkey", "index.rails"] => self.keys.answer(request),
            ["connectwise.aspx"] => screen(request),
            ["apis", "3.0", rest @ ..] => self.api(request, rest),
            _ => no_path(&request.path),
        };
        let vendor_type = "application/vnd.connectwise.com+json";
        let asks = request.header("accept").unwrap_or_default();
        if asks.contains(vendor_type) && !answer.body.is_empty() {
            answer.with("content-type", &format!("{vendor_type}; version=2025.1"))
        } else {
            answer
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        self.keys.callback(&self.core, what, url, secret)
    }
}
