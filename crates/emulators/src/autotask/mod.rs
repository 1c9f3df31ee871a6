//! Autotask PSA: zone look-up and the REST API 1.0, paths in any case.

mod checks;
mod entities;
mod errors;
mod fields;
mod filter;
mod metadata;
mod pages;
mod query;
mod rows;
mod service_fields;
mod webhooks;
mod writes;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use self::entities::Entity;
use self::errors::{failed, not_found, unauthorised};
use self::query::Pages;
use self::writes::Desk;
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::directory::{User, UserKind};
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The API user's name.
const USERNAME: &str = "counterpart.connector@northwind-support.example";

/// The API user's secret.
const SECRET: &str = "n0rthw1nd#aut0task$emulat0r";

/// The tracking code of the integration, 27 characters.
const INTEGRATION_CODE: &str = "NWSUPPORTCOUNTERPART0EMU001";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 10_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(Autotask::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "autotask",
    title: "Autotask PSA",
    settings: &[
        FieldInfo {
            name: "address",
            value: "{base_url}",
        },
        FieldInfo {
            name: "lines_of_business",
            value: "all_now_and_future",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "username",
            value: USERNAME,
        },
        FieldInfo {
            name: "secret",
            value: SECRET,
        },
        FieldInfo {
            name: "integration_code",
            value: INTEGRATION_CODE,
        },
    ],
    habits: Habits::PLAIN,
    note: "The zone look-up answers with the emulator's own address. Lines of business are Managed \
           Services, Telephony and Projects.",
};

/// Departments as Autotask has them here, in the order of the platform's.
const DEPARTMENTS: &[&str] = &[
    "Service Desk",
    "Business Development",
    "Engineering",
    "NOC",
    "Account Management",
    "Administration",
    "Dispatch",
    "Security Operations",
];

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "autotask",
    other_domain: "northwind-msp.example",
    email: EmailMix {
        other_case: 15,
        plus_tag: 2,
        other_domain: 20,
        short: 9,
    },
    name: NameMix {
        nick: 12,
        folded: 12,
        native: 3,
        initial: 4,
        maiden: 60,
        swapped: 0,
    },
    has_phone: 70,
    has_extension: 70,
    has_employee_number: 40,
    departments: DEPARTMENTS,
    id: resource_id,
    record_id,
    username,
    freezes: false,
};

/// Contacts, companies: whole numbers in ranges of their own.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" {
        29_683_500
    } else {
        30_684_000
    };
    (from + nth).to_string()
}

/// Where the ids of resources start.
const RESOURCE_IDS_FROM: i64 = 29_682_885;

fn resource_id(nth: usize) -> String {
    (RESOURCE_IDS_FROM + i64::try_from(nth).unwrap_or(0)).to_string()
}

/// First letter and family name, as the vendor suggests; the API user signs in by its address.
fn username(user: &User) -> String {
    if user.kind == UserKind::Connecting {
        return USERNAME.to_owned();
    }
    let local = user
        .email
        .split('@')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let local = local.split('+').next().unwrap_or_default();
    match local.split_once('.') {
        Some((given, family)) => format!("{}{family}", &given[..given.len().min(1)]),
        None => local.to_owned(),
    }
}

/// A time as Autotask writes it.
fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The emulated Autotask.
#[derive(Debug)]
pub(crate) struct Autotask {
    core: Arc<Core>,
    pages: Pages,
    desk: Desk,
}

impl Autotask {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            pages: Pages::default(),
            desk: Desk::default(),
        }
    }

    /// `GET /zoneInformation?user=…`, for everybody. An unknown user is a server error.
    fn zone(&self, request: &ApiRequest) -> Answer {
        let user = request
            .query
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("user"));
        match user {
            Some((_, user)) if user.eq_ignore_ascii_case(USERNAME) => {
                let base = &self.core.base_url;
                let body = json!({
                    "zoneName": "UK 3", "url": format!("{base}/ATServicesRest/"), "webUrl": format!("{base}/"), "ci": 118_406,
                });
                Answer::json(StatusCode::OK, &body)
            }
            Some((_, user)) if !user.is_empty() => failed(format!(
                "Zone information could not be determined for the user {user}."
            )),
            _ => failed("The user parameter is required."),
        }
    }

    fn may_enter(&self, request: &ApiRequest) -> bool {
        let active = self
            .core
            .directory()
            .connecting()
            .is_some_and(User::is_active);
        active
            && request.header("apiintegrationcode") == Some(INTEGRATION_CODE)
            && request.header("secret") == Some(SECRET)
            && request
                .header("username")
                .is_some_and(|name| name.eq_ignore_ascii_case(USERNAME))
    }

    fn authorised(&self, request: &ApiRequest, rest: &[&str]) -> Answer {
        if !self.may_enter(request) {
            return unauthorised();
        }
        let has_body = matches!(request.method, Method::POST | Method::PATCH | Method::PUT);
        if has_body && !is_json(request) {
            let message = "The request entity's media type is not supported for this resource.";
            return Answer::json(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                &json!({ "Message": message }),
            );
        }
        if rest == ["thresholdinformation"] {
            return self.threshold();
        }
        if !self.core.spend() {
            return errors::refuse(Refusal::QuotaExhausted);
        }
        let path = place(request, rest);
        // Impersonation is for writing; a query that tries it is refused.
        if path != Place::Write && request.header("impersonationresourceid").is_some() {
            return errors::refuse(Refusal::MissingPermission);
        }
        match rest {
            ["version"] => Answer::json(StatusCode::OK, &json!({ "apiVersions": ["V1.0"] })),
            [path, id, name, rest @ ..] if id.parse::<i64>().is_ok() => {
                match (entities::find(path), entities::child(path, name)) {
                    (Some(parent), Some(child)) => self.child(request, parent, child, id, rest),
                    _ => not_found(&request.path),
                }
            }
            [path, rest @ ..] => match entities::find(path) {
                Some(entity) => self.entity(request, entity, rest),
                None => not_found(&request.path),
            },
            [] => not_found(&request.path),
        }
    }

    /// What is written under a record of another entity: only there, and never queried there.
    fn child(
        &self,
        request: &ApiRequest,
        parent: &'static Entity,
        child: &'static Entity,
        parent_id: &str,
        rest: &[&str],
    ) -> Answer {
        let core = &self.core;
        let found = parent_id.parse().ok();
        let found = found.filter(|id| rows::one(core, parent, *id).is_some());
        let (Some(parent_id), Some((_, _, field))) = (found, child.parent) else {
            return not_found(&request.path);
        };
        match (&request.method, rest) {
            (&Method::GET, []) => query::children(core, child, field, parent_id),
            (&Method::GET, [id]) if id.parse::<i64>().is_ok() => query::one(core, child, id),
            (&Method::POST | &Method::PATCH | &Method::PUT, []) => {
                self.desk.write(core, request, child, Some(parent_id))
            }
            (&Method::DELETE, [id]) => writes::delete(core, child, id),
            (_, []) => no_method(),
            _ => not_found(&request.path),
        }
    }

    fn entity(&self, request: &ApiRequest, entity: &'static Entity, rest: &[&str]) -> Answer {
        let core = &self.core;
        let reads = matches!(request.method, Method::GET | Method::POST);
        let is_child = entity.parent.is_some();
        match rest {
            ["query"] if reads => self.pages.first(core, request, entity),
            ["query", "next"] if reads => self.pages.next(core, request, entity),
            ["query", "count"] if reads => query::count(core, request, entity),
            [] if !is_child
                && request.method != Method::GET
                && request.method != Method::DELETE =>
            {
                self.desk.write(core, request, entity, None)
            }
            [id] if !is_child && request.method == Method::DELETE => {
                writes::delete(core, entity, id)
            }
            _ if request.method != Method::GET => no_method(),
            ["entityinformation"] => Answer::json(StatusCode::OK, &metadata::information(entity)),
            ["entityinformation", "fields"] => {
                Answer::json(StatusCode::OK, &metadata::described(entity))
            }
            ["entityinformation", "userdefinedfields"] => {
                Answer::json(StatusCode::OK, &json!({ "fields": [] }))
            }
            [id] => query::one(&self.core, entity, id),
            _ => not_found(&request.path),
        }
    }

    fn threshold(&self) -> Answer {
        let quota = self.core.quota();
        let body = json!({
            "externalRequestThreshold": quota.limit,
            "requestThresholdTimeframe": 60,
            "currentTimeframeRequestCount": quota.used,
        });
        Answer::json(StatusCode::OK, &body)
    }
}

fn no_method() -> Answer {
    let message = "The requested resource does not support this HTTP method.";
    let body = json!({ "Message": message });
    Answer::json(StatusCode::METHOD_NOT_ALLOWED, &body)
}

/// Whether a request below `V1.0` writes: queries are posted as well.
fn place(request: &ApiRequest, path: &[&str]) -> Place {
    if request.method == Method::GET || path.contains(&"query") {
        Place::Other
    } else {
        Place::Write
    }
}

fn is_json(request: &ApiRequest) -> bool {
    request
        .header("content-type")
        .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"))
}

/// The parts of the path below `/ATServicesRest`, in small letters.
fn path_below(request: &ApiRequest) -> Option<Vec<String>> {
    let parts: Vec<String> = request
        .segments()
        .iter()
        .map(|part| part.to_lowercase())
        .collect();
    match parts.split_first() {
        Some((first, rest)) if first == "atservicesrest" => Some(rest.to_vec()),
        _ => None,
    }
}

impl Provider for Autotask {
    fn place(&self, request: &ApiRequest) -> Place {
        let path = path_below(request).unwrap_or_default();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["v1.0", "zoneinformation"] => Place::Token,
            ["v1.0", path @ "resources", "query"]
            | ["v1.0", path @ "resources", "query", "next"] => entities::find(path)
                .map_or(Place::Other, |entity| {
                    query::place(&self.core, request, entity)
                }),
            ["v1.0", rest @ ..] => place(request, rest),
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        if request.path.to_lowercase() == "/autotask/autotaskextend/executecommand.aspx" {
            return pages::screen(request);
        }
        let Some(path) = path_below(request) else {
            return not_found(&request.path);
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["versioninformation"] => {
                Answer::json(StatusCode::OK, &json!({ "apiVersions": ["V1.0"] }))
            }
            ["v1.0", "zoneinformation"] => self.zone(request),
            ["v1.0", rest @ ..] => self.authorised(request, rest),
            _ => not_found(&request.path),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        webhooks::webhook(&self.core, what, url, secret)
    }
}
