//! `ServiceNow`: the Table API, signing in, voice interactions and batches.

mod auth;
mod errors;
mod ids;
mod query;
mod read;
mod rows;
mod tables;
mod voice;
mod write;

use std::sync::Arc;

use axum::http::Method;

use self::auth::{CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME};
use self::tables::Table;
use crate::answer::{Answer, ApiRequest};
use crate::control::GrantCode;
use crate::core::{Core, Provider, Refusal};
use crate::directory::UserKind;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::OAuth;
use crate::people::{EmailMix, Flavour, NameMix};

/// Requests per hour. An instance has no limit out of the box; this one acts as none, and any
/// other number is a rule that the answers then tell of.
const NO_RULE: u64 = 1_000_000;

/// The id of that rule.
const RULE_ID: &str = "c2b71f0edb9e01103f9d8c7e0b9619f4";

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: NO_RULE,
    has_sessions: true,
    hides_fields: false,
    provider: |core| {
        let oauth = OAuth::new(&core, auth::RULES);
        Box::new(ServiceNow { core, oauth })
    },
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "servicenow",
    title: "ServiceNow",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[
        FieldInfo {
            name: "username",
            value: USERNAME,
        },
        FieldInfo {
            name: "password",
            value: PASSWORD,
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
    habits: Habits::PLAIN,
    note: "Either name and password, or the OAuth application, with or without them. Customers \
           are in sys_user as well, without the role itil.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "servicenow",
    other_domain: "northwind-it.example",
    email: EmailMix {
        other_case: 20,
        plus_tag: 0,
        other_domain: 18,
        short: 6,
    },
    name: NameMix {
        nick: 6,
        folded: 10,
        native: 0,
        initial: 0,
        maiden: 60,
        swapped: 0,
    },
    has_phone: 60,
    has_extension: 0,
    has_employee_number: 70,
    departments: &[
        "Customer Support",
        "Sales",
        "Field Service",
        "IT Operations",
        "Account Management",
        "Finance",
        "Dispatch",
        "Information Security",
    ],
    id: ids::user,
    record_id: ids::record,
    username: |user| {
        if user.kind == UserKind::Connecting {
            return USERNAME.to_owned();
        }
        let local = user.email.split('@').next().unwrap_or_default();
        local.split('+').next().unwrap_or_default().to_lowercase()
    },
    freezes: false,
};

/// The emulated `ServiceNow`.
#[derive(Debug)]
pub(crate) struct ServiceNow {
    core: Arc<Core>,
    oauth: OAuth,
}

impl ServiceNow {
    /// Everything below `/api/now`.
    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        if !auth::may_enter(&self.core, &self.oauth, request) {
            return errors::unauthorised();
        }
        let may = self.core.spend();
        let answer = if may {
            self.answered(request, path)
        } else {
            self.refuse(Refusal::QuotaExhausted)
                .with("retry-after", "3600")
        };
        let limit = self.core.quota().limit;
        if limit == NO_RULE {
            return answer;
        }
        let now = self.core.clock.now().as_second();
        let next_hour = now - now.rem_euclid(3_600) + 3_600;
        answer
            .with("x-ratelimit-limit", &limit.to_string())
            .with("x-ratelimit-reset", &next_hour.to_string())
            .with("x-ratelimit-rule", RULE_ID)
    }

    fn answered(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        match path {
            ["table", table, rest @ ..] if rest.len() < 2 => match Table::find(table) {
                None => errors::no_such_table(table),
                Some(table) => match (&request.method, rest.first()) {
                    (&Method::GET, None) => self.list(request, table),
                    (&Method::GET, Some(id)) => self.one(request, table, id),
                    (_, id) => self.write(request, table, id.copied()),
                },
            },
            ["openframe", "voice-interaction"] => self.voice(request, None),
            ["openframe", "voice-interaction", id] => self.voice(request, Some(id)),
            ["batch"] => self.batch(request),
            _ => errors::no_such_path(),
        }
    }
}

/// The path below `/api/now`, with or without a version.
fn path_below<'a>(segments: &'a [&'a str]) -> Option<&'a [&'a str]> {
    match segments {
        ["api", "now", "v1" | "v2", rest @ ..] | ["api", "now", rest @ ..] => Some(rest),
        _ => None,
    }
}

impl Provider for ServiceNow {
    fn place(&self, request: &ApiRequest) -> Place {
        let segments = request.segments();
        if matches!(segments.as_slice(), ["oauth_token.do" | "oauth_auth.do"]) {
            return Place::Token;
        }
        match (&request.method, path_below(&segments)) {
            (&Method::GET, Some(["table", table])) => self.list_place(request, table),
            (&Method::GET, _) => Place::Other,
            _ => Place::Write,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let segments = request.segments();
        match segments.as_slice() {
            ["oauth_token.do"] => auth::token(&self.core, &self.oauth, request),
            ["oauth_auth.do"] => auth::authorize(&self.core, &self.oauth, request),
            _ => match path_below(&segments) {
                Some(path) => self.api(request, path),
                None => errors::no_such_path(),
            },
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal, self.core.quota().limit)
    }

    fn takes_keys(&self) -> bool {
        true
    }

    fn has_issued_tokens(&self) -> bool {
        self.oauth.has_issued()
    }

    fn expire_tokens(&self) {
        self.oauth.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.oauth.issue_code(&self.core, scope))
    }
}
