//! Microsoft Dynamics 365: the Web API of Dataverse, version 9.2, as a client needs it to sign in,
//! list users, find customers and log phone calls.

mod auth;
mod definitions;
mod entities;
mod errors;
mod filter;
mod ids;
mod list;
mod options;
mod record;
mod rows;
mod schema;
mod shown;
mod write;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::auth::{CLIENT_ID, CLIENT_SECRET, Caller, RULES, TENANT_ID};
use self::errors::ApiError;
use self::list::Marks;
use self::record::Key;
use self::schema::by_set;
use crate::answer::{Answer, ApiRequest, pairs};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{EmailMix, Flavour, NameMix};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 6_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(Dynamics::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "dynamics-365",
    title: "Microsoft Dynamics 365",
    settings: &[
        FieldInfo {
            name: "environment_url",
            value: "{base_url}",
        },
        FieldInfo {
            name: "tenant_id",
            value: TENANT_ID,
        },
        FieldInfo {
            name: "login_url",
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
    ],
    habits: Habits::PLAIN,
    note: "The login address stands for login.microsoftonline.com; it is the environment's here.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "dynamics-365",
    other_domain: "northwindsupport.example",
    email: EmailMix {
        other_case: 25,
        plus_tag: 0,
        other_domain: 12,
        short: 8,
    },
    name: NameMix {
        nick: 6,
        folded: 8,
        native: 15,
        initial: 2,
        maiden: 60,
        swapped: 8,
    },
    has_phone: 55,
    has_extension: 0,
    has_employee_number: 40,
    departments: &[
        "Support",
        "Sales",
        "Field Service",
        "NOC",
        "Customer Success",
        "Finance",
        "Dispatch",
        "Security",
    ],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

fn user_id(nth: usize) -> String {
    ids::make("systemuser", nth)
}

fn record_id(kind: &str, nth: usize) -> String {
    match kind {
        "company" => ids::make("account", nth),
        kind => ids::make(kind, nth),
    }
}

/// The name to sign in with at Entra; unique.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}

/// What the Web API's answers are.
const JSON: &str = "application/json; odata.metadata=minimal";

/// A request, its parts at hand.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a ApiRequest,
    pub(crate) caller: &'a Caller,
    /// The address of the Web API, version included.
    pub(crate) root: &'a str,
}

/// The emulated Dynamics 365.
#[derive(Debug)]
pub(crate) struct Dynamics {
    core: Arc<Core>,
    oauth: OAuth,
    marks: Marks,
}

impl Dynamics {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            oauth: OAuth::new(&core, RULES),
            core,
            marks: Marks::default(),
        }
    }

    fn api(&self, request: &ApiRequest, version: &str, rest: &[&str]) -> Answer {
        if self.oauth.scope_of_bearer(&self.core, request).is_none() {
            return errors::unauthorised(&self.core.base_url);
        }
        if !self.core.spend() {
            return errors::refuse(Refusal::TooManyRequests).with("retry-after", "300");
        }
        let answer = self.authorised(request, version, rest);
        let answer = answer.unwrap_or_else(|error| error.answer());
        let quota = self.core.quota();
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with(
                "x-ms-ratelimit-burst-remaining-xrm-requests",
                &left.to_string(),
            )
            .with("x-ms-ratelimit-time-remaining-xrm-requests", "1,200.00")
    }

    fn authorised(
        &self,
        request: &ApiRequest,
        version: &str,
        rest: &[&str],
    ) -> Result<Answer, ApiError> {
        if !is_version(version) {
            return Err(ApiError::no_segment(version));
        }
        if request
            .header("odata-version")
            .is_some_and(|version| version != "4.0")
        {
            let message = "The value of the 'OData-Version' header is not supported.";
            return Err(ApiError::query(message));
        }
        let caller = Caller::of(&self.core, request)?;
        let root = format!("{}/api/data/{version}", self.core.base_url);
        let call = Call {
            request,
            caller: &caller,
            root: &root,
        };
        let rest: Vec<String> = rest.iter().map(|segment| decoded(segment)).collect();
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        self.resource(call, &rest)
    }

    fn resource(&self, call: Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
        let core = &self.core;
        let Some((first, rest)) = rest.split_first() else {
            return Ok(service(call));
        };
        let (name, key) = match first.split_once('(') {
            Some((name, key)) => (name, key.strip_suffix(')')),
            None => (*first, None),
        };
        match name {
            "WhoAmI" if rest.is_empty() => return Ok(who_am_i(call)),
            "$metadata" if rest.is_empty() => return Ok(definitions::metadata()),
            "EntityDefinitions" => return definitions::answer(call, key, rest),
            _ => {}
        }
        let entity = by_set(name).ok_or_else(|| ApiError::no_segment(name))?;
        let key = key.map(|key| Key::read(key, entity)).transpose()?;
        match (&key, rest, &call.request.method) {
            (None, [], &Method::GET | &Method::HEAD) => list::list(core, &self.marks, call, entity),
            (None, [], &Method::POST) => record::create(core, call, entity),
            (None, ["$count"], &Method::GET) => list::count(core, call.request, entity),
            (Some(key), [], _) => record::answer(core, call, entity, key),
            (Some(Key::Id(id)), [function], &Method::GET)
                if entity.name == "systemuser" && is_privileges(function) =>
            {
                Ok(privileges(call, id))
            }
            (Some(key), [property], _) => record::property(core, call, entity, key, property),
            (None, [], method) => Err(ApiError::method_not_allowed(method.as_str())),
            _ => Err(ApiError::no_segment(rest.last().unwrap_or(first))),
        }
    }
}

impl Provider for Dynamics {
    fn place(&self, request: &ApiRequest) -> Place {
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        match request.segments().as_slice() {
            [_, "oauth2", ..] => Place::Token,
            ["api", "data", _, "systemusers"] if reads => list::place(request),
            ["api", "data", ..] if !reads => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match request.segments().as_slice() {
            ["api", "data", version, rest @ ..] => self.api(request, version, rest),
            [tenant, "oauth2", "v2.0", what] => {
                let answer = auth::answer(&self.core, &self.oauth, request, tenant, what);
                answer.unwrap_or_else(|| Answer::empty(StatusCode::NOT_FOUND))
            }
            _ => Answer::empty(StatusCode::NOT_FOUND),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }
}

fn is_version(version: &str) -> bool {
    ["v8.2", "v9.0", "v9.1", "v9.2"].contains(&version)
}

/// A segment of a path without its percent signs; a plus is a plus there.
fn decoded(segment: &str) -> String {
    let pair = format!("v={}", segment.replace('+', "%2B"));
    let mut pairs = pairs(pair.as_bytes());
    pairs.pop().map(|(_, value)| value).unwrap_or_default()
}

/// A JSON answer of the Web API.
fn answer(status: StatusCode, body: &Value) -> Answer {
    Answer::bytes(status, JSON, body.to_string().into_bytes()).with("odata-version", "4.0")
}

fn no_content() -> Answer {
    Answer::empty(StatusCode::NO_CONTENT).with("odata-version", "4.0")
}

fn service(call: Call<'_>) -> Answer {
    let sets = entities::ENTITIES.iter();
    let sets: Vec<Value> = sets
        .map(|entity| json!({ "name": entity.set, "kind": "EntitySet", "url": entity.set }))
        .collect();
    let context = format!("{}/$metadata", call.root);
    answer(
        StatusCode::OK,
        &json!({ "@odata.context": context, "value": sets }),
    )
}

fn who_am_i(call: Call<'_>) -> Answer {
    let context = format!(
        "{}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
        call.root
    );
    let body = json!({
        "@odata.context": context,
        "BusinessUnitId": rows::business_unit_id(),
        "UserId": call.caller.user,
        "OrganizationId": rows::organization_id(),
    });
    answer(StatusCode::OK, &body)
}

fn is_privileges(function: &str) -> bool {
    let name = function.trim_end_matches("()");
    name.strip_prefix("Microsoft.Dynamics.CRM.") == Some("RetrieveUserPrivileges")
}

/// What the connecting user's role allows.
fn privileges(call: Call<'_>, id: &str) -> Answer {
    let names = [
        "prvReadUser",
        "prvReadContact",
        "prvReadLead",
        "prvReadAccount",
        "prvReadActivity",
        "prvCreateActivity",
        "prvWriteActivity",
        "prvDeleteActivity",
        "prvAssignActivity",
        "prvAppendActivity",
        "prvAppendToContact",
        "prvReadNote",
        "prvCreateNote",
        "prvWriteNote",
        "prvActOnBehalfOfAnotherUser",
    ];
    // Another user's rights are those of its own roles, of which nothing is known here.
    let names = if id == call.caller.user {
        &names[..]
    } else {
        &[]
    };
    let all = names.iter().enumerate().map(|(nth, name)| {
        json!({
            "Depth": "Global",
            "PrivilegeId": ids::make("privilege", nth),
            "BusinessUnitId": rows::business_unit_id(),
            "PrivilegeName": name,
        })
    });
    let context = format!(
        "{}/$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse",
        call.root
    );
    let body = json!({ "@odata.context": context, "RolePrivileges": all.collect::<Vec<_>>() });
    answer(StatusCode::OK, &body)
}
