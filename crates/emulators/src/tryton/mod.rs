//! Tryton 7: users, employees, parties, opportunities and notes of one database, by JSON-RPC.

mod data;
mod domain;
mod errors;
mod methods;
mod models;
mod numbers;
mod session;
mod write;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::errors::{Refused, page, unauthorised};
use self::session::Sessions;
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserKind};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The one database.
const DATABASE: &str = "northwind";

/// The connecting user's login.
const LOGIN: &str = "counterpart";

/// Its password.
const PASSWORD: &str = "n0rthw1nd-tryt0n-emulat0r";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    // Nothing is counted but failed log-ins.
    allowance: 100_000_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Tryton::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "tryton",
    title: "Tryton",
    settings: &[
        FieldInfo {
            name: "address",
            value: "{base_url}",
        },
        FieldInfo {
            name: "database",
            value: DATABASE,
        },
    ],
    credentials: &[
        FieldInfo {
            name: "username",
            value: LOGIN,
        },
        FieldInfo {
            name: "password",
            value: PASSWORD,
        },
    ],
    habits: Habits::PLAIN,
    note: "Modules party, company and sale_opportunity. Work belongs to employees; their ids are 3000 and a user's \
           own id.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "tryton",
    other_domain: "northwind-erp.example",
    email: EmailMix {
        other_case: 5,
        plus_tag: 1,
        other_domain: 20,
        short: 12,
    },
    name: NameMix {
        nick: 8,
        folded: 14,
        native: 3,
        initial: 3,
        maiden: 50,
        swapped: 15,
    },
    has_phone: 60,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Support", "Sales", "Field", "Network", "Success", "Finance", "Dispatch", "Security",
    ],
    id: |nth| number(USER_IDS_FROM, nth),
    record_id: |kind, nth| {
        number(
            if kind == "company" {
                COMPANIES_FROM
            } else {
                CUSTOMERS_FROM
            },
            nth,
        )
    },
    username,
    freezes: false,
};

/// Below are `root` and `admin` of a fresh database.
const USER_IDS_FROM: i64 = 2;

/// Where the parties of companies start, those of customers above them.
const COMPANIES_FROM: i64 = 500_000;
const CUSTOMERS_FROM: i64 = 1_000_000;

fn number(from: i64, nth: usize) -> String {
    (from + i64::try_from(nth).unwrap_or(0)).to_string()
}

/// The part of the address before the `@`; the server's own user is called `root`.
fn username(user: &User) -> String {
    match user.kind {
        UserKind::Connecting => LOGIN.to_owned(),
        UserKind::Automated => "root".to_owned(),
        _ => {
            let local = user.email.split(['@', '+']).next().unwrap_or_default();
            local.to_lowercase()
        }
    }
}

/// The emulated Tryton.
#[derive(Debug)]
pub(crate) struct Tryton {
    core: Arc<Core>,
    sessions: Sessions,
    sequence: write::Sequence,
}

/// The database of the path: `/northwind/`.
fn database(path: &str) -> Option<&str> {
    let inner = path.strip_prefix('/')?;
    let name = inner.strip_suffix('/').unwrap_or(inner);
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// What is called: id, method, parameters.
pub(crate) struct Called {
    id: Value,
    method: String,
    params: Vec<Value>,
}

fn called(request: &ApiRequest) -> Option<Called> {
    let kind = request.header("content-type").unwrap_or_default();
    if !matches!(
        kind.split(';').next(),
        Some("application/json" | "application/json-rpc")
    ) {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    Some(Called {
        id: body["id"].clone(),
        method: body["method"].as_str()?.to_owned(),
        params: body["params"].as_array()?.clone(),
    })
}

fn result(id: &Value, value: &Value) -> Answer {
    let body = json!({ "id": id, "result": value });
    Answer::bytes(
        StatusCode::OK,
        "application/json",
        body.to_string().into_bytes(),
    )
}

impl Tryton {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            sessions: Sessions::default(),
            sequence: write::Sequence::default(),
        }
    }

    fn in_database(&self, request: &ApiRequest, call: &Called) -> Answer {
        if call.method == "common.db.login" {
            return self.sessions.log_in(&self.core, call);
        }
        let Some(user) = self.sessions.user(&self.core, request) else {
            return unauthorised();
        };
        if call.method == "common.db.logout" {
            self.sessions.log_out(request);
            return result(&call.id, &Value::Null);
        }
        let asked = methods::Asked {
            core: &self.core,
            request,
            user,
            sequence: &self.sequence,
        };
        match methods::answer(&asked, call) {
            Ok(value) => result(&call.id, &value),
            Err(refused) => refused.answer(&call.id),
        }
    }
}

/// Without a database there are but two things to ask for.
fn server(call: &Called) -> Answer {
    match call.method.as_str() {
        "common.server.version" => result(&call.id, &json!("7.0.59")),
        "common.db.list" => result(&call.id, &json!([DATABASE])),
        other => Refused::key(other).answer(&call.id),
    }
}

impl Provider for Tryton {
    fn place(&self, request: &ApiRequest) -> Place {
        let Some(call) = called(request) else {
            return Place::Other;
        };
        match call.method.as_str() {
            "common.db.login" => Place::Token,
            "model.res.user.search_read" | "model.res.user.search" => Place::Users {
                page: methods::page(&self.core, &call.params),
            },
            other
                if matches!(
                    other.rsplit('.').next(),
                    Some("create" | "write" | "delete")
                ) =>
            {
                Place::Write
            }
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let name = database(&request.path);
        if request.path != "/"
            && name.is_none_or(|name| name != DATABASE)
            && request.method == Method::POST
        {
            return page(
                StatusCode::NOT_FOUND,
                "The requested URL was not found on the server. If you entered the URL manually please check your \
                 spelling and try again.",
            );
        }
        if request.method != Method::POST {
            let sentence = "The method is not allowed for the requested URL.";
            return page(StatusCode::METHOD_NOT_ALLOWED, sentence);
        }
        if !self.core.spend() {
            return self.refuse(Refusal::QuotaExhausted);
        }
        let Some(call) = called(request) else {
            return self.refuse(Refusal::ServerError);
        };
        if name.is_some() {
            self.in_database(request, &call)
        } else {
            server(&call)
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal, &Value::Null)
    }

    fn refuse_to(&self, request: &ApiRequest, refusal: Refusal) -> Answer {
        let call = called(request);
        if refusal == Refusal::WrongCredentials && self.place(request) != Place::Token {
            return unauthorised();
        }
        refused(refusal, &call.map_or(Value::Null, |call| call.id))
    }

    fn expire_tokens(&self) {
        self.sessions.end_all();
    }
}

fn refused(refusal: Refusal, id: &Value) -> Answer {
    match refusal {
        Refusal::WrongCredentials => errors::wrong_password(),
        Refusal::MissingPermission => Refused::access("User").answer(id),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => errors::too_many(),
        Refusal::ServerError => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server encountered an internal error and was unable to complete your request. Either the server is \
             overloaded or there is an error in the application.",
        ),
        Refusal::Unavailable => page(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is temporarily unable to service your request due to maintenance downtime or capacity \
             problems. Please try again later.",
        ),
    }
}
