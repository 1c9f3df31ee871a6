//! Odoo: JSON-RPC as versions 14 to 18 answer it, and JSON-2 as version 19 does.

mod call;
mod data;
mod domain;
mod errors;
mod fixed;
mod json2;
mod models;
mod read;
mod rpc;
mod write;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::call::Call;
use self::errors::{Exception, http_in_json2, not_found, page};
use self::read::Asked;
use self::write::Sequence;
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserKind};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The connecting user's name to sign in with.
const LOGIN: &str = "counterpart.connector@northwind-support.example";

/// Its API key: 40 hexadecimal digits.
const API_KEY: &str = "5f0c1e9ab7d24836e1409c7fa2b36d58041e7c93";

/// Its password, which does where a key does.
const PASSWORD: &str = "n0rthw1nd-0d00-emulat0r";

/// The database on the server of version 18.
const DATABASE: &str = "northwind";

/// The database on a server of version 19 behind the same address.
const DATABASE_19: &str = "northwind19";

/// The path under which that server can be reached by itself.
const PREFIX_19: &str = "/odoo19";

/// Below are the users that every database has from the start.
const USER_IDS_FROM: i64 = 6;

/// Where the ids of customers start; companies have a range below, users' partners one above.
const CONTACT_IDS_FROM: i64 = 1_000_000;

/// Where the ids of leads start.
const LEAD_IDS_FROM: i64 = 1;

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    // The community edition counts nothing.
    allowance: 100_000_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(Odoo::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "odoo",
    title: "Odoo",
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
            name: "api_key",
            value: API_KEY,
        },
    ],
    habits: Habits::PLAIN,
    note: "The address is an Odoo 18.0 without JSON-2. The database northwind19, or /odoo19 after the address, is an \
           Odoo 19.0 with both dialects.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "odoo",
    other_domain: "northwind-erp.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 3,
        other_domain: 15,
        short: 7,
    },
    name: NameMix {
        nick: 14,
        folded: 10,
        native: 4,
        initial: 3,
        maiden: 50,
        swapped: 6,
    },
    has_phone: 60,
    has_extension: 0,
    has_employee_number: 30,
    departments: &[
        "Support",
        "Sales",
        "Field Service",
        "Network",
        "Success",
        "Finance",
        "Dispatch",
        "Security",
    ],
    id: user_id,
    record_id,
    username: login,
    freezes: false,
};

fn numbered(from: i64, nth: usize) -> String {
    (from + i64::try_from(nth).unwrap_or(0)).to_string()
}

fn user_id(nth: usize) -> String {
    numbered(USER_IDS_FROM, nth)
}

fn record_id(kind: &str, nth: usize) -> String {
    match kind {
        "company" => numbered(500_000, nth),
        "lead" => numbered(LEAD_IDS_FROM, nth),
        _ => numbered(CONTACT_IDS_FROM, nth),
    }
}

/// The address in small letters; the users that every database has are called by the vendor.
fn login(user: &User) -> String {
    match user.kind {
        UserKind::Connecting => LOGIN.to_owned(),
        UserKind::Automated => "__system__".to_owned(),
        UserKind::Guest => "public".to_owned(),
        _ => user.email.to_lowercase(),
    }
}

/// The emulated Odoo.
#[derive(Debug)]
pub(crate) struct Odoo {
    core: Arc<Core>,
    sequence: Sequence,
}

/// The major version of the server that a request reaches, by the path or by the database it
/// names, and the path on that server.
fn server<'a>(request: &'a ApiRequest, database: Option<&str>) -> (u32, &'a str) {
    match request.path.strip_prefix(PREFIX_19) {
        Some(path) if path.is_empty() || path.starts_with('/') => (19, path),
        _ => {
            let named = database.or_else(|| request.header("x-odoo-database"));
            let version = if named == Some(DATABASE_19) { 19 } else { 18 };
            (version, request.path.as_str())
        }
    }
}

/// Whether that server has a database of that name.
fn has_database(version: u32, name: &str) -> bool {
    name == DATABASE_19 && version == 19 || name == DATABASE
}

fn version_info(version: u32) -> Value {
    json!({
        "server_version": format!("{version}.0"),
        "server_version_info": [version, 0, 0, "final", 0, ""],
        "server_serie": format!("{version}.0"),
        "protocol_version": 1,
    })
}

impl Odoo {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            sequence: Sequence::default(),
        }
    }

    /// The id of the connecting user; none when it is switched off.
    fn user(&self) -> Option<i64> {
        let directory = self.core.directory();
        let user = directory.connecting().filter(|user| user.is_active())?;
        user.id.parse().ok()
    }

    /// Runs a method, whichever dialect it came in.
    fn run(
        &self,
        request: &ApiRequest,
        version: u32,
        user: i64,
        call: &Call,
    ) -> Result<Value, Exception> {
        let model =
            models::find(&call.model).ok_or_else(|| Exception::no_such_model(&call.model))?;
        let asked = Asked {
            core: &self.core,
            request,
            model,
            version,
            user,
        };
        if let Some(answer) = about(&asked, call) {
            return answer;
        }
        let (right, doing) = match call.method.name {
            "create" => (2, "create"),
            "write" => (1, "modify"),
            "unlink" => (3, "delete"),
            _ => (0, "access"),
        };
        if !model.rights[right] {
            return Err(Exception::access_error(model, doing));
        }
        read::answer(&asked, call)
            .or_else(|| write::answer(&asked, &self.sequence, call))
            .unwrap_or_else(|| Err(Exception::no_such_method(model.name, call.method.name)))
    }
}

/// The methods that tell about rights, the user and the database.
fn about(asked: &Asked<'_>, call: &Call) -> Option<Result<Value, Exception>> {
    Some(match call.method.name {
        "has_access" | "check_access_rights" => {
            let operation = call.argument("operation").as_str().unwrap_or_default();
            let operations = [
                ("read", "access"),
                ("write", "modify"),
                ("create", "create"),
                ("unlink", "delete"),
            ];
            let Some(at) = operations.iter().position(|(name, _)| *name == operation) else {
                return Some(Err(Exception::assertion("Invalid access mode")));
            };
            let allowed = asked.model.rights[at];
            let silent = call.method.name == "has_access"
                || call.argument("raise_exception") == &json!(false);
            if allowed || silent {
                Ok(json!(allowed))
            } else {
                Err(Exception::access_error(asked.model, operations[at].1))
            }
        }
        "context_get" => Ok(json!({ "lang": "en_US", "tz": "Europe/London", "uid": asked.user })),
        "get_param" => Err(Exception::access_error(asked.model, "access")),
        "check_object_reference" => {
            let of = |name| call.argument(name).as_str().unwrap_or_default();
            let (module, name) = (of("module"), of("xml_id"));
            let mut all = fixed::rows("ir.model.data").iter();
            let found = all.find(|(_, cells)| cells[0] == module && cells[1] == name);
            found.map_or_else(
                || {
                    let message = format!("External ID not found in the system: {module}.{name}");
                    Err(Exception::value(message))
                },
                |(_, cells)| Ok(json!([cells[2], cells[3].parse::<i64>().unwrap_or(0)])),
            )
        }
        _ => return None,
    })
}

impl Provider for Odoo {
    fn place(&self, request: &ApiRequest) -> Place {
        let (_, path) = server(request, None);
        match path {
            "/jsonrpc" => rpc::place(&self.core, request),
            _ if path.starts_with("/json/2/") => {
                let (version, _) = server(request, None);
                json2::call(request, path, version)
                    .map_or(Place::Other, |call| read::place(&self.core, &call))
            }
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let (version, path) = server(request, None);
        if !self.core.spend() {
            return self.refuse_to(request, Refusal::QuotaExhausted);
        }
        match path {
            "/jsonrpc" | "/web/webclient/version_info" => rpc::answer(self, request, path, version),
            "/web/version" if version >= 19 && request.method == Method::GET => {
                let body = json!({ "version_info": [19, 0, 0, "final", 0, ""], "version": "19.0" });
                Answer::bytes(
                    StatusCode::OK,
                    "application/json; charset=utf-8",
                    body.to_string().into_bytes(),
                )
            }
            _ if version >= 19 && (path == "/json/2" || path.starts_with("/json/2/")) => {
                json2::answer(self, request, path, version)
            }
            _ if rpc::is_json(request) => not_found(),
            _ => page(
                StatusCode::NOT_FOUND,
                "The requested URL was not found on the server. If you entered the URL manually please check your \
                 spelling and try again.",
            ),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refused(refusal, |exception| exception.in_rpc(&Value::Null))
    }

    fn refuse_to(&self, request: &ApiRequest, refusal: Refusal) -> Answer {
        let (_, path) = server(request, None);
        if path.starts_with("/json/2/") {
            if refusal == Refusal::WrongCredentials {
                return http_in_json2(StatusCode::UNAUTHORIZED, "Unauthorized", "Invalid apikey");
            }
            return refused(refusal, Exception::in_json2);
        }
        let id = rpc::id(request);
        // Signing in with a wrong password is no error.
        if refusal == Refusal::WrongCredentials && rpc::place(&self.core, request) == Place::Token {
            return rpc::result(&id, &json!(false));
        }
        refused(refusal, |exception| exception.in_rpc(&id))
    }
}

fn refused(refusal: Refusal, say: impl Fn(&Exception) -> Answer) -> Answer {
    match refusal {
        Refusal::WrongCredentials => say(&Exception::access_denied()),
        Refusal::MissingPermission => models::find("res.users").map_or_else(not_found, |model| {
            say(&Exception::access_error(model, "access"))
        }),
        // Odoo itself counts nothing; what stands before a hosted one does.
        Refusal::TooManyRequests | Refusal::QuotaExhausted => page(
            StatusCode::TOO_MANY_REQUESTS,
            "This user has exceeded an allotted request count. Try again later.",
        ),
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
