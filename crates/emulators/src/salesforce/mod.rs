//! Salesforce: the REST API, versions 31.0 to 68.0, as a client needs it to sign in, list users,
//! find customers, log calls and find out what it may do.

mod assertion;
mod auth;
mod composite;
mod describe;
mod errors;
mod ids;
mod objects;
mod query;
mod records;
mod rows;
mod schema;
mod search;
mod sessions;
mod setup;
mod soql;
mod world;
mod write;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::assertion::PRIVATE_KEY;
use self::auth::{CLIENT_ID, CLIENT_SECRET, SigningIn, USERNAME};
use self::errors::ApiError;
use self::query::Cursors;
use self::records::Caller;
use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::people::{EmailMix, Flavour, NameMix};

/// The emulator, for the catalogue.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 100_000,
    has_sessions: true,
    hides_fields: true,
    provider: |core| Box::new(Salesforce::new(core)),
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "salesforce",
    title: "Salesforce",
    settings: &[FieldInfo {
        name: "domain",
        value: "{base_url}",
    }],
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
            name: "username",
            value: USERNAME,
        },
        FieldInfo {
            name: "private_key",
            value: PRIVATE_KEY,
        },
    ],
    habits: Habits::PLAIN,
    note: "The domain is the organization's own (My Domain); client credentials work there only. \
           User name and private key are for signing in by a signed assertion instead of the secret.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "salesforce",
    other_domain: "northwind.example",
    email: EmailMix {
        other_case: 15,
        plus_tag: 5,
        other_domain: 14,
        short: 5,
    },
    name: NameMix {
        nick: 14,
        folded: 6,
        native: 30,
        initial: 2,
        maiden: 70,
        swapped: 2,
    },
    has_phone: 65,
    has_extension: 60,
    has_employee_number: 55,
    departments: &[
        "Customer Support",
        "Sales",
        "Field Services",
        "Operations",
        "Customer Success",
        "Finance",
        "Dispatch",
        "InfoSec",
    ],
    id: user_id,
    record_id,
    username,
    freezes: true,
};

/// Contacts, leads and accounts by their key prefixes.
fn record_id(kind: &str, nth: usize) -> String {
    let prefix = match kind {
        "lead" => "00Q",
        "company" => "001",
        _ => "003",
    };
    ids::make(prefix, nth)
}

fn user_id(nth: usize) -> String {
    ids::make("005", nth)
}

/// User names look like addresses and are unique over all organizations, hence the suffix.
fn username(user: &User) -> String {
    format!("{}.crm", user.email.to_lowercase())
}

/// The oldest and newest version of the API.
const VERSIONS: std::ops::RangeInclusive<u32> = 31..=68;

/// The emulated Salesforce.
#[derive(Debug)]
pub(crate) struct Salesforce {
    core: Arc<Core>,
    signing_in: SigningIn,
    cursors: Cursors,
}

impl Salesforce {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            signing_in: SigningIn::new(&core),
            core,
            cursors: Cursors::default(),
        }
    }

    fn data(&self, request: &ApiRequest, rest: &[&str]) -> Answer {
        if rest.is_empty() {
            return versions();
        }
        let answer = match self.authorised_data(request, rest) {
            Ok(answer) => answer,
            Err(error) => error.answer(),
        };
        let quota = self.core.quota();
        answer.with(
            "sforce-limit-info",
            &format!("api-usage={}/{}", quota.used, quota.limit),
        )
    }

    fn authorised_data(&self, request: &ApiRequest, rest: &[&str]) -> Result<Answer, ApiError> {
        let user = self.signing_in.sessions.check(&self.core, request)?;
        let Some((version, rest)) = rest
            .split_first()
            .filter(|(version, _)| is_version(version))
        else {
            return Err(ApiError::not_found());
        };
        if !self.core.spend() {
            return Ok(errors::refuse(Refusal::QuotaExhausted));
        }
        let base = format!("/services/data/{version}");
        let caller = Caller {
            user: &user,
            base: &base,
        };
        self.resource(request, rest, caller)
    }

    /// Answers a resource of one version.
    fn resource(
        &self,
        request: &ApiRequest,
        rest: &[&str],
        caller: Caller<'_>,
    ) -> Result<Answer, ApiError> {
        let (core, base) = (&self.core, caller.base);
        match rest {
            ["sobjects", rest @ ..] => return records::answer(core, request, rest, caller),
            ["composite"] if request.method == Method::POST => {
                return self.composite(request, caller);
            }
            ["composite", "batch"] if request.method == Method::POST => {
                return self.batch(request, caller);
            }
            ["composite", "sobjects"] if matches!(request.method, Method::POST | Method::PATCH) => {
                return composite::collection(core, request, caller);
            }
            ["parameterizedSearch"] if request.method == Method::POST => {
                return search::parameterized(core, request, base);
            }
            _ => {}
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(ApiError::method_not_allowed(
                request.method.as_str(),
                "GET,HEAD",
            ));
        }
        match rest {
            [] => Ok(resources(base)),
            ["limits"] => Ok(Answer::json(StatusCode::OK, &self.limits())),
            ["query" | "queryAll"] => self.cursors.query(core, request, base),
            ["query" | "queryAll", locator] => self.cursors.next(core, request, locator, base),
            ["search"] => search::search(core, request, base),
            ["parameterizedSearch"] => search::parameterized(core, request, base),
            _ => Err(ApiError::not_found()),
        }
    }

    fn limits(&self) -> Value {
        let quota = self.core.quota();
        let day = |max: u64, left: u64| json!({ "Max": max, "Remaining": left });
        json!({
            "DailyApiRequests": day(quota.limit, quota.limit.saturating_sub(quota.used)),
            "DailyBulkApiBatches": day(15_000, 15_000),
            "DailyBulkV2QueryJobs": day(10_000, 10_000),
            "DailyStreamingApiEvents": day(200_000, 200_000),
            "HourlyODataCallout": day(20_000, 20_000),
            "DataStorageMB": day(10_240, 9_813),
            "FileStorageMB": day(10_240, 10_104),
        })
    }
}

impl Provider for Salesforce {
    fn place(&self, request: &ApiRequest) -> Place {
        match request.segments().as_slice() {
            ["services", "oauth2", "authorize" | "token" | "revoke"] => Place::Token,
            ["services", "data", _, "query" | "queryAll"] => {
                let lists_users = request.parameter("q").is_some_and(query::is_about_users);
                if lists_users {
                    Place::Users { page: 1 }
                } else {
                    Place::Other
                }
            }
            ["services", "data", _, "query" | "queryAll", locator] => self.cursors.place(locator),
            ["services", "data", _, "sobjects" | "composite", ..]
                if !matches!(request.method, Method::GET | Method::HEAD) =>
            {
                Place::Write
            }
            _ => Place::Other,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match request.segments().as_slice() {
            ["services", "oauth2", "authorize"] => {
                auth::authorize(&self.core, &self.signing_in, request)
            }
            ["services", "oauth2", "token"] => auth::token(&self.core, &self.signing_in, request),
            ["services", "oauth2", "revoke"] => auth::revoke(&self.signing_in, request),
            ["services", "oauth2", "userinfo"] => {
                auth::userinfo(&self.core, &self.signing_in, request)
            }
            ["id", organization, user] => {
                auth::identity(&self.core, &self.signing_in, request, organization, user)
            }
            ["services", "data", rest @ ..] => self.data(request, rest),
            _ => ApiError::not_found().answer(),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn expire_tokens(&self) {
        self.signing_in.sessions.end_all();
    }
}

fn is_version(segment: &str) -> bool {
    let number = segment
        .strip_prefix('v')
        .and_then(|version| version.strip_suffix(".0"));
    number
        .and_then(|number| number.parse().ok())
        .is_some_and(|number| VERSIONS.contains(&number))
}

/// `GET /services/data`, for everybody. Three releases a year; 62 was *Winter '25*.
fn versions() -> Answer {
    let all = VERSIONS.map(|number| {
        let season = ["Spring", "Summer", "Winter"][(number % 3) as usize];
        let year = (number + 13) / 3;
        json!({
            "label": format!("{season} '{year:02}"),
            "url": format!("/services/data/v{number}.0"),
            "version": format!("{number}.0"),
        })
    });
    Answer::json(StatusCode::OK, &Value::Array(all.collect()))
}

fn resources(base: &str) -> Answer {
    let names = [
        "composite",
        "limits",
        "parameterizedSearch",
        "query",
        "queryAll",
        "search",
        "sobjects",
    ];
    let all = names.map(|name| (name.to_owned(), json!(format!("{base}/{name}"))));
    Answer::json(StatusCode::OK, &Value::Object(all.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_named_after_their_season() {
        let answer: Value = serde_json::from_slice(&versions().body).expect("JSON");
        let labels: Vec<&str> = answer
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|version| version["label"].as_str())
            .collect();
        assert_eq!(labels[62 - 31], "Winter '25");
        assert_eq!(labels[63 - 31], "Spring '25");
        assert_eq!(labels[64 - 31], "Summer '25");
        assert_eq!(labels[65 - 31], "Winter '26");
    }
}
