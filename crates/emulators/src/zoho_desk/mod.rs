//! Zoho Desk: the accounts host and the API, version 1, at one address.

mod activities;
mod agents;
mod contacts;
mod errors;
mod input;
mod organization;
mod tickets;
mod webhooks;

use axum::http::Method;

use self::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::{Core, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};
use crate::zoho::{BadToken, CLIENT_ID, CLIENT_SECRET, Estate, GRANT_CODE, Need, Product, Suite};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 75_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Suite::new(core, SCOPE, &PRODUCT, &[])),
};

/// What the printed code allows.
const SCOPE: &str = "Desk.basic.READ,Desk.settings.READ,Desk.search.READ,Desk.contacts.READ,\
                     Desk.calls.ALL,Desk.tickets.ALL,Desk.webhooks.ALL";

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zoho-desk",
    title: "Zoho Desk",
    settings: &[
        FieldInfo {
            name: "data_centre",
            value: "other",
        },
        FieldInfo {
            name: "accounts_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "api_url",
            value: "{base_url}",
        },
    ],
    credentials: &[
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
        FieldInfo {
            name: "grant_code",
            value: GRANT_CODE,
        },
    ],
    habits: Habits {
        lists_deleted: false,
        tells_own_user: false,
        leads_are_contacts: true,
        ..Habits::PLAIN
    },
    note: "The grant code works once and for ten minutes; POST /_emulator/grant-codes gives another. \
           GET /api/v1/organizations tells the orgId that every other request needs. The API has a \
           host of its own, which no token names.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "zoho-desk",
    other_domain: "northwind-care.example",
    email: EmailMix {
        other_case: 10,
        plus_tag: 5,
        other_domain: 22,
        short: 10,
    },
    name: NameMix {
        nick: 15,
        folded: 10,
        native: 10,
        initial: 6,
        maiden: 50,
        swapped: 3,
    },
    has_phone: 55,
    has_extension: 60,
    has_employee_number: 0,
    departments: &[
        "Service Desk",
        "Sales Care",
        "Field Support",
        "NOC",
        "Accounts",
        "Billing",
        "Dispatch",
        "Security",
    ],
    id: agent_id,
    record_id,
    username,
    freezes: false,
};

/// Numbers beyond what a double holds exactly.
fn agent_id(nth: usize) -> String {
    format!("1892000000{:07}", 1_056_007 + nth * 11)
}

fn record_id(kind: &str, nth: usize) -> String {
    let from: u64 = match kind {
        "company" => 18_920_000_004_000_000,
        _ => 18_920_000_003_000_000,
    };
    (from + nth as u64).to_string()
}

/// Zoho users sign in with their address.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}

/// The product.
pub(crate) static PRODUCT: Desk = Desk;

/// Zoho Desk.
#[derive(Debug)]
pub(crate) struct Desk;

/// A request below `/api/v1`.
#[derive(Clone, Copy, Debug)]
struct Call<'a> {
    estate: &'a Estate,
    request: &'a ApiRequest,
}

impl Call<'_> {
    fn core(&self) -> &Core {
        &self.estate.core
    }

    /// The kind of the records of a module.
    fn kind(&self, module: &str) -> String {
        self.estate.kind(Desk.name(), module)
    }

    /// The JSON object of the body, which must say that it is JSON.
    fn body(&self) -> Result<serde_json::Map<String, serde_json::Value>, ApiError> {
        let json = self
            .request
            .header("content-type")
            .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"));
        if !json {
            return Err(ApiError::media_type());
        }
        serde_json::from_slice(&self.request.body).map_err(|_| ApiError::unreadable())
    }
}

fn below<'a, 'b>(segments: &'b [&'a str]) -> Option<&'b [&'a str]> {
    match segments {
        ["api", "v1", rest @ ..] => Some(rest),
        _ => None,
    }
}

/// What a path needs.
fn needs(request: &ApiRequest, rest: &[&str]) -> Vec<Need> {
    let operation = match request.method {
        Method::POST => "CREATE",
        Method::PATCH | Method::PUT => "UPDATE",
        Method::DELETE => "DELETE",
        _ => "READ",
    };
    let any = |areas: &[&str]| {
        Need::any_of(
            areas
                .iter()
                .map(|area| format!("Desk.{area}.{operation}"))
                .collect(),
        )
    };
    match rest {
        ["contacts" | "accounts", "search"] => {
            vec![
                Need::one("Desk.search.READ"),
                Need::one("Desk.contacts.READ"),
            ]
        }
        ["contacts" | "accounts", ..] => vec![any(&["contacts"])],
        // What takes away is allowed as a deletion, whatever its method.
        [area @ ("calls" | "tickets"), "moveToTrash"] => {
            vec![Need::any_of(vec![
                format!("Desk.{area}.DELETE"),
                format!("Desk.activities.{area}.DELETE"),
            ])]
        }
        ["calls", "search"] => vec![
            Need::one("Desk.search.READ"),
            any(&["calls", "activities.calls", "activities"]),
        ],
        ["calls", ..] => vec![any(&["calls", "activities.calls", "activities"])],
        ["tickets", "search"] => vec![Need::one("Desk.search.READ"), any(&["tickets"])],
        // What is added to a ticket changes the ticket.
        ["tickets", _, ..] if operation == "CREATE" => vec![Need::any_of(vec![
            "Desk.tickets.CREATE".to_owned(),
            "Desk.tickets.UPDATE".to_owned(),
        ])],
        ["tickets", ..] => vec![any(&["tickets"])],
        ["webhooks", ..] => vec![any(&["webhooks"])],
        _ => vec![any(&["basic", "settings"])],
    }
}

fn respond(call: Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    let Estate { core, grants, .. } = call.estate;
    let request = call.request;
    let scope = grants.scope(core, request).map_err(|bad| match bad {
        BadToken::None => ApiError::unauthorised(),
        BadToken::Dead => ApiError::invalid_oauth(),
    })?;
    if !needs(request, rest)
        .iter()
        .all(|need| need.is_met_by(&scope))
    {
        return Err(ApiError::scope_mismatch());
    }
    if rest != ["organizations"] {
        match request.header("orgid") {
            Some(organization::ID) => {}
            Some(_) => return Err(ApiError::org_mismatch()),
            None => return Err(ApiError::org_missing()),
        }
    }
    if !core.spend() {
        return Ok(errors::refuse(Refusal::QuotaExhausted));
    }
    match rest {
        [
            "organizations" | "departments" | "myinfo" | "profiles" | "roles",
            ..,
        ] => organization::answer(&call, rest),
        ["agents" | "agentsByIds", ..] => agents::answer(&call, rest),
        ["contacts" | "accounts", ..] => contacts::answer(&call, rest),
        ["calls", below @ ..] => activities::answer(&call, below),
        ["tickets", below @ ..] => tickets::answer(&call, below),
        ["webhooks", below @ ..] => webhooks::answer(&call, below),
        _ => Err(ApiError::not_found()),
    }
}

impl Product for Desk {
    fn name(&self) -> &'static str {
        "desk"
    }

    fn place(&self, estate: &Estate, request: &ApiRequest) -> Option<Place> {
        let segments = request.segments();
        let rest = below(&segments)?;
        Some(match rest {
            _ if request.method != Method::GET => Place::Write,
            ["agents"] => agents::place(&estate.core, request),
            _ => Place::Other,
        })
    }

    fn answer(&self, estate: &Estate, request: &ApiRequest) -> Option<Answer> {
        let segments = request.segments();
        if segments == [".well-known", "jwks.json"] {
            return Some(webhooks::keys());
        }
        let rest = below(&segments)?;
        let answer = respond(Call { estate, request }, rest).unwrap_or_else(|error| error.answer());
        let quota = estate.core.quota();
        let left = quota.limit.saturating_sub(quota.used).to_string();
        Some(
            answer
                .with("x-rate-limit-request-weight-v3", "1")
                .with("x-rate-limit-remaining-v3", &left),
        )
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn webhook(
        &self,
        estate: &Estate,
        what: &Happening,
        url: &str,
        _secret: &str,
    ) -> Option<SentWebhook> {
        webhooks::callback(estate, what, url)
    }
}
