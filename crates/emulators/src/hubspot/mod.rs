//! `HubSpot`: owners, users, contacts, calls, notes, tasks and tickets by the CRM API's version 3,
//! for a private app's token or a public app's OAuth.

mod auth;
mod batch;
mod errors;
mod objects;
mod owners;
mod properties;
mod rows;
mod schema;
mod search;
mod webhook;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::auth::{CLIENT_ID, CLIENT_SECRET, Caller, PRIVATE_TOKEN};
use self::errors::{Problem, no_such_path, wrong_verb};
use self::properties::CustomProperties;
use self::rows::Row;
use self::schema::Kind;
use crate::answer::{Answer, ApiRequest};
use crate::control::{GrantCode, Happening, SentWebhook};
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
    allowance: 250_000,
    has_sessions: false,
    hides_fields: false,
    provider: |core| Box::new(HubSpot::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "hubspot",
    title: "HubSpot",
    settings: &[FieldInfo {
        name: "api_url",
        value: "{base_url}",
    }],
    credentials: &[
        FieldInfo {
            name: "access_token",
            value: PRIVATE_TOKEN,
        },
        FieldInfo {
            name: "client_id",
            value: CLIENT_ID,
        },
        FieldInfo {
            name: "client_secret",
            value: CLIENT_SECRET,
        },
    ],
    habits: Habits {
        lists_deleted: false,
        // It is some person's account that a connection signs in by.
        tells_own_user: false,
        leads_are_contacts: true,
    },
    note: "The access token is a private app's and never ends. Client id and secret are a public app's: consent at /oauth/authorize, tokens of half an hour at /oauth/v1/token.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "hubspot",
    other_domain: "northwind-group.example",
    email: EmailMix {
        other_case: 0,
        plus_tag: 6,
        other_domain: 22,
        short: 7,
    },
    name: NameMix {
        nick: 18,
        folded: 5,
        native: 8,
        initial: 1,
        maiden: 50,
        swapped: 0,
    },
    has_phone: 30,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Support Team",
        "Sales Team",
        "Field Team",
        "Network Team",
        "Success Team",
        "Back Office",
        "Dispatch Team",
        "Security Team",
    ],
    id: owner_id,
    record_id,
    username,
    freezes: false,
};

/// The portal.
const HUB_ID: u64 = 144_871_309;

/// Where owners' ids start, and users' numbers.
const OWNERS_FROM: usize = 64_492_917;
const USERS_FROM: u64 = 1_296_619;

fn owner_id(nth: usize) -> String {
    (OWNERS_FROM + nth).to_string()
}

/// The position of an owner in the directory.
fn position_of(owner: &str) -> Option<usize> {
    owner.parse::<usize>().ok()?.checked_sub(OWNERS_FROM)
}

/// A user's number is not the owner's id, though it is the same person.
fn user_number(owner: &str) -> u64 {
    let position = position_of(owner).and_then(|position| u64::try_from(position).ok());
    USERS_FROM + position.unwrap_or(0) * 3
}

/// Contacts and companies are numbered apart.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" {
        18_221_504_873_usize
    } else {
        52_847_310_951
    };
    (from + nth * 50).to_string()
}

fn username(user: &User) -> String {
    user.email.to_lowercase()
}

/// A time as the vendor writes it.
fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn is_json(request: &ApiRequest) -> bool {
    let kind = request.header("content-type");
    kind.is_some_and(|kind| kind.to_lowercase().starts_with("application/json"))
}

fn body(request: &ApiRequest) -> Result<Value, Problem> {
    serde_json::from_slice(&request.body).map_err(|error| Problem::bad_json(&error.to_string()))
}

/// The emulated `HubSpot`.
#[derive(Debug)]
pub(crate) struct HubSpot {
    core: Arc<Core>,
    oauth: OAuth,
    customs: CustomProperties,
}

impl HubSpot {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            oauth: OAuth::new(&core, auth::RULES),
            customs: CustomProperties::default(),
            core,
        }
    }

    /// All records of a kind, in the order of their ids.
    fn with_rows<T>(&self, kind: &Kind, read: impl FnOnce(&[Row]) -> T) -> T {
        match kind.name {
            "contacts" => {
                let contacts = self.core.contacts();
                let rows: Vec<Row> = contacts.all().iter().map(Row::Contact).collect();
                read(&rows)
            }
            "companies" => {
                let contacts = self.core.contacts();
                let mut all: Vec<_> = contacts.all().iter().collect();
                all.sort_by_key(|contact| contact.company_id.parse::<u64>().unwrap_or(0));
                all.dedup_by(|one, other| one.company_id == other.company_id);
                let rows: Vec<Row> = all.into_iter().map(Row::Company).collect();
                read(&rows)
            }
            "users" => {
                let directory = self.core.directory();
                let rows: Vec<Row> = directory.users().iter().map(Row::User).collect();
                read(&rows)
            }
            name => {
                let records = self.core.records();
                let rows: Vec<Row> = records.of(name).map(Row::Written).collect();
                read(&rows)
            }
        }
    }

    /// One record, when it is there.
    fn with_row<T>(&self, kind: &Kind, id: &str, read: impl FnOnce(Row) -> T) -> Option<T> {
        match kind.name {
            "contacts" => self
                .core
                .contacts()
                .find(id)
                .map(|one| read(Row::Contact(one))),
            "companies" | "users" => self.with_rows(kind, |rows| {
                let row = rows.iter().find(|row| row.id() == id);
                row.map(|row| read(*row))
            }),
            name => {
                let records = self.core.records();
                records.find(name, id).map(|one| read(Row::Written(one)))
            }
        }
    }

    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        let caller = match Caller::of(&self.core, &self.oauth, request) {
            Ok(caller) => caller,
            Err(problem) => return problem.answer(),
        };
        if caller.is_private_app && !self.core.spend() {
            return self.with_limits(errors::refuse(Refusal::QuotaExhausted), true);
        }
        let answer = match self.authorised(request, &caller, path) {
            Ok(answer) => answer,
            Err(problem) => problem.answer(),
        };
        // Answers to searches carry no limits.
        if path.last() == Some(&"search") {
            answer
        } else {
            self.with_limits(answer, caller.is_private_app)
        }
    }

    fn with_limits(&self, answer: Answer, has_daily: bool) -> Answer {
        let answer = answer
            .with("x-hubspot-ratelimit-max", "100")
            .with("x-hubspot-ratelimit-remaining", "99")
            .with("x-hubspot-ratelimit-interval-milliseconds", "10000");
        if !has_daily {
            return answer;
        }
        let quota = self.core.quota();
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with("x-hubspot-ratelimit-daily", &quota.limit.to_string())
            .with("x-hubspot-ratelimit-daily-remaining", &left.to_string())
    }

    fn authorised(
        &self,
        request: &ApiRequest,
        caller: &Caller,
        path: &[&str],
    ) -> Result<Answer, Problem> {
        match path {
            ["crm", "v3", "owners", rest @ ..]
            | [
                "crm",
                "owners",
                "2025-09" | "2026-03" | "2026-09",
                rest @ ..,
            ] => {
                caller.needs(&["crm.objects.owners.read"])?;
                owners::answer(&self.core, request, rest)
            }
            ["settings", "users", "v3"] | ["settings", "v3", "users"] => {
                caller.needs(USERS_READ)?;
                owners::settings(&self.core, request, None)
            }
            ["settings", "v3", "users", id] => {
                caller.needs(USERS_READ)?;
                owners::settings(&self.core, request, Some(id))
            }
            ["crm", "v3", "objects", kind, rest @ ..]
            | [
                "crm",
                "objects",
                "2025-09" | "2026-03" | "2026-09",
                kind,
                rest @ ..,
            ] => {
                let kind = known(kind)?;
                objects::answer(self, caller, request, kind, rest)
            }
            ["crm", "v4", "objects", kind, rest @ ..] => {
                objects::associations(self, caller, request, known(kind)?, rest)
            }
            ["crm", "v3", "properties", kind, rest @ ..] if rest.len() < 2 => {
                caller.needs(&[if request.method == Method::GET {
                    "crm.schemas.contacts.read"
                } else {
                    "crm.schemas.contacts.write"
                }])?;
                let now = self.core.clock.now();
                let name = rest.first().copied();
                self.customs.answer(request, known(kind)?, name, now)
            }
            ["account-info", "v3", ..] | ["calling", "v1", "dispositions"]
                if request.method != Method::GET =>
            {
                Ok(wrong_verb())
            }
            ["account-info", "v3", "details"] => Ok(Answer::json(StatusCode::OK, &account())),
            ["account-info", "v3", "api-usage", "daily", "private-apps"] => Ok(self.usage()),
            ["calling", "v1", "dispositions"] => Ok(dispositions()),
            _ => Ok(no_such_path()),
        }
    }

    fn usage(&self) -> Answer {
        let (quota, now) = (self.core.quota(), self.core.clock.now());
        let midnight = now.as_second() / 86_400 * 86_400 + 86_400;
        let resets = Timestamp::from_second(midnight).unwrap_or(now);
        let row = json!({
            "name": "private-apps-api-calls-daily", "usageLimit": quota.limit,
            "currentUsage": quota.used, "collectedAt": date_time(now), "fetchStatus": "SUCCESS",
            "resetsAt": date_time(resets),
        });
        Answer::json(StatusCode::OK, &json!({ "results": [row] }))
    }
}

/// Scopes of which the users of the settings need one.
const USERS_READ: &[&str] = &["settings.users.read", "crm.objects.users.read"];

fn known(kind: &str) -> Result<&'static Kind, Problem> {
    schema::kind(kind)
        .ok_or_else(|| Problem::invalid(format!("Unable to infer object type from: {kind}")))
}

fn account() -> Value {
    json!({
        "portalId": HUB_ID, "accountType": "STANDARD", "timeZone": "Europe/London",
        "companyCurrency": "GBP", "additionalCurrencies": [], "utcOffset": "+00:00",
        "utcOffsetMilliseconds": 0, "uiDomain": "app-eu1.hubspot.com",
        "dataHostingLocation": "eu1",
    })
}

/// The outcomes that every portal has, by the same ids.
fn dispositions() -> Answer {
    let all = [
        ("Busy", "9d9162e7-6cf3-4944-bf63-4dff82258764"),
        ("Connected", "f240bbac-87c9-4f6e-bf70-924b57d47db7"),
        ("Left live message", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"),
        ("Left voicemail", "b2cf5968-551e-4856-9783-52b3da59a7d0"),
        ("No answer", "73a0d17f-1163-4015-bdd5-ec830791da20"),
        ("Wrong number", "17b47fee-58de-441e-a44c-c6300d46f273"),
    ];
    let rows: Vec<Value> = all
        .iter()
        .map(|(label, id)| json!({ "id": id, "label": label, "deleted": false }))
        .collect();
    Answer::json(StatusCode::OK, &json!(rows))
}

impl Provider for HubSpot {
    fn place(&self, request: &ApiRequest) -> Place {
        let writes = request.method != Method::GET;
        match request.segments().as_slice() {
            ["oauth", "v1" | "v3", "token"] => Place::Token,
            ["crm", "v3", "owners"] | ["crm", "owners", _] if !writes => owners::place(request),
            [.., "search"] | [.., "batch", "read"] => Place::Other,
            ["crm", ..] if writes => Place::Write,
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match request.segments().as_slice() {
            ["oauth", rest @ ..] => auth::answer(&self.core, &self.oauth, request, rest),
            path => self.api(request, path),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        webhook::sent(&self.core, what, url, secret)
    }
}
