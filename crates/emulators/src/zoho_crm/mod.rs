//! Zoho CRM: the accounts host and the API, versions 2 to 8, at one address.

mod auth;
mod errors;
mod organization;
mod users;

use std::sync::Arc;

use axum::http::Method;

use self::auth::{CLIENT_ID, CLIENT_SECRET, GRANT_CODE, Grants};
use self::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::control::GrantCode;
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 65_000,
    has_sessions: true,
    hides_fields: false,
    provider: |core| Box::new(ZohoCrm::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "zoho-crm",
    title: "Zoho CRM",
    settings: &[
        FieldInfo {
            name: "data_centre",
            value: "other",
        },
        FieldInfo {
            name: "accounts_url",
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
        lists_deleted: true,
        tells_own_user: false,
        leads_are_contacts: false,
    },
    note: "The grant code works once and for ten minutes; POST /_emulator/grant-codes gives another. \
           The emulator stands for the accounts host and the API host of a data centre at once.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "zoho-crm",
    other_domain: "northwindsupport.example",
    email: EmailMix {
        other_case: 15,
        plus_tag: 3,
        other_domain: 25,
        short: 8,
    },
    name: NameMix {
        nick: 10,
        folded: 8,
        native: 20,
        initial: 3,
        maiden: 50,
        swapped: 5,
    },
    has_phone: 45,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Service Desk",
        "Sales Team",
        "Onsite",
        "NOC",
        "Accounts",
        "Billing",
        "Scheduling",
        "SOC",
    ],
    id: user_id,
    record_id,
    username,
    freezes: false,
};

/// Numbers beyond what a double holds exactly, as all of Zoho's ids.
fn record_id(kind: &str, nth: usize) -> String {
    let from: u64 = match kind {
        "lead" => 5_725_767_000_002_000_000,
        "company" => 5_725_767_000_004_000_000,
        _ => 5_725_767_000_003_000_000,
    };
    (from + nth as u64).to_string()
}

/// Nineteen digits, beyond what a floating-point number holds exactly.
fn user_id(nth: usize) -> String {
    format!("5843104000000{:06}", 411_001 + nth * 13)
}

/// Zoho users sign in with their address.
fn username(user: &User) -> String {
    user.email.to_lowercase()
}

/// The emulated Zoho CRM.
#[derive(Debug)]
pub(crate) struct ZohoCrm {
    core: Arc<Core>,
    grants: Grants,
}

impl ZohoCrm {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let grants = Grants::new(&core);
        Self { core, grants }
    }

    fn crm(&self, request: &ApiRequest, rest: &[&str]) -> Result<Answer, ApiError> {
        let scopes: &[&str] = match rest {
            ["users", ..] => &["ZohoCRM.users.READ"],
            ["org"] => &["ZohoCRM.org.READ"],
            ["settings", "roles", ..] => &["ZohoCRM.settings.READ", "ZohoCRM.settings.roles.READ"],
            ["settings", "profiles", ..] => {
                &["ZohoCRM.settings.READ", "ZohoCRM.settings.profiles.READ"]
            }
            ["settings", "modules", ..] => {
                &["ZohoCRM.settings.READ", "ZohoCRM.settings.modules.READ"]
            }
            ["settings", "fields", ..] => {
                &["ZohoCRM.settings.READ", "ZohoCRM.settings.fields.READ"]
            }
            ["__features", "user_licenses"] => &["ZohoCRM.users.READ", "ZohoCRM.settings.READ"],
            _ => return Err(ApiError::url_pattern()),
        };
        self.grants.check(&self.core, request, scopes)?;
        if !self.core.spend() {
            return Ok(errors::refuse(Refusal::QuotaExhausted));
        }
        if request.method != Method::GET {
            return Err(ApiError::new(
                axum::http::StatusCode::BAD_REQUEST,
                "INVALID_REQUEST_METHOD",
                "The http request method type is not a valid one",
            ));
        }
        match rest {
            ["users"] => users::list(&self.core, request),
            ["users", id] => Ok(users::one(&self.core, id)),
            _ => organization::answer(&self.core, request, rest),
        }
    }
}

/// The path below `/crm/v{2 to 8}`.
fn crm_path<'a, 'b>(segments: &'b [&'a str]) -> Option<&'b [&'a str]> {
    match segments {
        [
            "crm",
            "v2" | "v2.1" | "v3" | "v4" | "v5" | "v6" | "v7" | "v8",
            rest @ ..,
        ] => Some(rest),
        _ => None,
    }
}

impl Provider for ZohoCrm {
    fn place(&self, request: &ApiRequest) -> Place {
        let segments = request.segments();
        match (segments.as_slice(), crm_path(&segments)) {
            (["oauth", ..], _) => Place::Token,
            (_, Some(["users"])) if request.parameter("type") != Some("CurrentUser") => {
                let page = request.parameter("page").and_then(|page| page.parse().ok());
                Place::Users {
                    page: page.unwrap_or(1),
                }
            }
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let segments = request.segments();
        match segments.as_slice() {
            ["oauth", "v2", "token"] => return auth::token(&self.core, &self.grants, request),
            ["oauth", "v2", "token", "revoke"] => return auth::revoke(&self.grants, request),
            _ => {}
        }
        let Some(rest) = crm_path(&segments) else {
            return ApiError::url_pattern().answer();
        };
        let answer = self
            .crm(request, rest)
            .unwrap_or_else(|error| error.answer());
        let quota = self.core.quota();
        // The header appears once half of the credits are gone, not before.
        if quota.used * 2 >= quota.limit {
            let left = quota.limit.saturating_sub(quota.used).to_string();
            return answer.with("x-api-credits-remaining", &left);
        }
        answer
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.grants.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.grants.issue_code(&self.core, scope))
    }
}
